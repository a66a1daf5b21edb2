"""The routes of the plugin "orthanc-worklists" that the server uses, kept in memory: POST /worklists/create, GET /worklists, and GET, PUT and DELETE of /worklists/{id}.

Each worklist is made into a DICOM data set by Orthanc itself, so that what Orthanc would refuse is refused here too.
"""

import json
import threading
import uuid

import orthanc

guard = threading.Lock()
worklists = {}


def refusal(tags):
    steps = tags.get("ScheduledProcedureStepSequence")
    if not isinstance(steps, list) or len(steps) != 1:
        return "ScheduledProcedureStepSequence is missing"
    missing = [k for k in ("Modality", "ScheduledProcedureStepStartDate") if not steps[0].get(k)]
    return f"{missing[0]} is missing" if missing else None


def store(output, identifier, body):
    tags = json.loads(body)["Tags"]
    why = refusal(tags)
    if why is not None:
        output.SendHttpStatus(400, why)
        return
    dicom = orthanc.CreateDicom(json.dumps(tags), None, orthanc.CreateDicomFlags.NONE)
    text = orthanc.DicomBufferToJson(
        dicom, orthanc.DicomToJsonFormat.HUMAN, orthanc.DicomToJsonFlags.NONE, 0
    )
    with guard:
        worklists[identifier] = json.loads(text)
    answer(output, {"ID": identifier, "Path": f"/worklists/{identifier}"})


def answer(output, content):
    output.AnswerBuffer(json.dumps(content), "application/json")


def create(output, uri, **request):
    if request["method"] != "POST":
        output.SendMethodNotAllowed("POST")
    else:
        store(output, str(uuid.uuid4()), request["body"])


def every(output, uri, **request):
    with guard:
        answer(output, [{"ID": identifier, "Tags": tags} for identifier, tags in worklists.items()])


def one(output, uri, **request):
    identifier = request["groups"][0]
    method = request["method"]
    if method == "PUT":
        store(output, identifier, request["body"])
        return
    with guard:
        if identifier not in worklists:
            output.SendHttpStatus(404, "")
        elif method == "DELETE":
            del worklists[identifier]
            answer(output, {})
        else:
            answer(output, worklists[identifier])


orthanc.RegisterRestCallback("/worklists/create", create)
orthanc.RegisterRestCallback("/worklists", every)
orthanc.RegisterRestCallback("/worklists/([^/]+)", one)

"""A destination that lies: it answers success to what it is sent, by C-STORE, REST or STOW-RS, and keeps nothing."""

import gzip
import json

import orthanc


def keep_nothing(dicom, origin):
    return orthanc.ReceivedInstanceAction.DISCARD, None


def plain(request):
    """A peer may compress what it sends, which Orthanc itself would undo before it looks."""
    is_packed = request["headers"].get("content-encoding") == "gzip"
    return gzip.decompress(request["body"]) if is_packed else request["body"]


def answer_success(output, uri, **request):
    if request["method"] != "POST":
        query = "&".join("%s=%s" % pair for pair in request["get"].items())
        output.AnswerBuffer(orthanc.RestApiGet("/instances?" + query), "application/json")
        return
    # Without this, Orthanc would say "FilteredOut" to a REST client.
    answer = json.loads(orthanc.RestApiPost("/instances", plain(request)))
    for receipt in answer if isinstance(answer, list) else [answer]:
        receipt["Status"] = "Success"
    output.AnswerBuffer(json.dumps(answer), "application/json")


orthanc.RegisterReceivedInstanceCallback(keep_nothing)
orthanc.RegisterRestCallback("/instances", answer_success)

"""A PACS that answers C-MOVE itself, and misbehaves as it is told to: PUT /testbed/conduct, see `wayward-pacs.ts`.

Each image goes by an association of its own. The counts in its answers say what it would have done if it had behaved:
what it leaves out, it reports as completed. GET /testbed/moves tells every C-MOVE that it was asked for.
"""

import json
import threading
import time

import orthanc

guarded = threading.Lock()
usual = {"dropsEveryTenth": False, "neverSends": [], "hangs": None, "msPerImage": 0}
conduct = dict(usual)
moves = []
hangs_left = 0
restored = threading.Event()


def get(path):
    return json.loads(orthanc.RestApiGet(path))


def alias_of(aet):
    for alias, settings in get("/modalities?expand").items():
        if settings["AET"] == aet:
            return alias
    raise KeyError("unknown move destination: " + aet)


def instances_under(uid):
    """By routes that LimitFindInstances does not cut."""
    found = json.loads(orthanc.RestApiPost("/tools/lookup", uid))
    for place in found:
        if place["Type"] == "Instance":
            yield get(place["Path"])
        else:
            yield from get(place["Path"] + "/instances?expand")


class Move:
    def __init__(self, request):
        level = request["Level"]
        key = {"STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID"}.get(level, "SOPInstanceUID")
        uids = [uid for uid in request[key].split("\\") if uid != ""]
        found = [one for uid in uids for one in instances_under(uid)]
        self.queue = sorted((one["MainDicomTags"]["SOPInstanceUID"], one["ID"]) for one in found)
        self.size = len(self.queue)
        self.alias = alias_of(request["TargetAET"])
        self.origin = {"MoveOriginatorAet": request["OriginatorAET"], "MoveOriginatorID": request["OriginatorID"]}
        self.at = 0
        with guarded:
            moves.append({"level": level, "uids": uids, "target": request["TargetAET"], "images": self.size})

    def send_next(self):
        sop_instance_uid, instance = self.queue[self.at]
        self.at += 1
        with guarded:
            now = dict(conduct)
        hang_if_told(now, self.at)
        time.sleep(now["msPerImage"] / 1000)
        is_tenth = now["dropsEveryTenth"] and self.at % 10 == 0
        if is_tenth or sop_instance_uid in now["neverSends"]:
            return
        body = {"Resources": [instance], "Synchronous": True, **self.origin}
        orthanc.RestApiPost("/modalities/%s/store" % self.alias, json.dumps(body))


def hang_if_told(now, at):
    global hangs_left
    with guarded:
        if now["hangs"] is None or hangs_left == 0 or at != now["hangs"]["afterImages"] + 1:
            return
        hangs_left -= 1
        waiting = restored
    waiting.wait()


def create(**request):
    return Move(request)


def size(move):
    return move.size


def send(move):
    move.send_next()
    return 0


def free(move):
    pass


def change(output, uri, **request):
    global conduct, hangs_left, restored
    with guarded:
        conduct = {**usual, **json.loads(request["body"])}
        hangs_left = (conduct["hangs"] or {}).get("times", 0)
        restored.set()
        restored = threading.Event()
    output.AnswerBuffer("{}", "application/json")


def tell_moves(output, uri, **request):
    with guarded:
        output.AnswerBuffer(json.dumps(moves), "application/json")


orthanc.RegisterMoveCallback2(create, size, send, free)
orthanc.RegisterRestCallback("/testbed/conduct", change)
orthanc.RegisterRestCallback("/testbed/moves", tell_moves)

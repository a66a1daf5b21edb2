"""Counts every instance that arrives, by C-STORE, REST or STOW-RS, also one that is there already: GET /testbed/received."""

import json
import threading

import orthanc

counted = threading.Lock()
received = 0


def count(dicom, origin):
    global received
    with counted:
        received += 1
    return orthanc.ReceivedInstanceAction.KEEP_AS_IS, None


def tell(output, uri, **request):
    with counted:
        output.AnswerBuffer(json.dumps({"instances": received}), "application/json")


orthanc.RegisterReceivedInstanceCallback(count)
orthanc.RegisterRestCallback("/testbed/received", tell)

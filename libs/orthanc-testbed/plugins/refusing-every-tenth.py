"""A destination that refuses every tenth instance it is sent, by C-STORE, REST or STOW-RS, and keeps the others.

Its storage fails to write: of all that a plugin may refuse, this alone is told to every kind of sender. What a filter
discards, Orthanc answers by success to a modality, to a peer and to a DICOMweb client.
"""

import itertools
import json
import os

import orthanc

folder = json.loads(orthanc.GetConfiguration())["StorageDirectory"]
arrivals = itertools.count(1)


def path_of(uuid):
    return os.path.join(folder, uuid)


def write(uuid, content_type, data):
    if content_type == orthanc.ContentType.DICOM and next(arrivals) % 10 == 0:
        raise OSError("refused, as every tenth")
    with open(path_of(uuid), "wb") as file:
        file.write(data)


def read(uuid, content_type):
    with open(path_of(uuid), "rb") as file:
        return file.read()


def remove(uuid, content_type):
    if os.path.exists(path_of(uuid)):
        os.remove(path_of(uuid))


orthanc.RegisterStorageArea(write, read, remove)

"""A stand-in for the transfers accelerator, which Debian does not carry: its routes, its answers and its two directions.

Push: the source sends, by one of Orthanc's own jobs. Pull, where the peer's entry names the source as `RemoteSelf`: the
peer fetches, and the job is one of the peer. It has none of the speed and none of the atomicity of the real one.
"""

import json
import threading
import urllib.request
import uuid

import orthanc

pulls = {}


def peer_named(name):
    """Its URL, and the name by which it knows this Orthanc; None where there is no such peer."""
    peers = orthanc.GetPeers()
    for index in range(peers.GetPeersCount()):
        if peers.GetPeerName(index) == name:
            return peers.GetPeerUrl(index), peers.GetPeerUserProperty(index, "RemoteSelf")
    return None


def instances_of(resources):
    folders = {"Patient": "patients", "Study": "studies", "Series": "series"}
    for resource in resources:
        if resource["Level"] == "Instance":
            orthanc.RestApiGet("/instances/%s" % resource["ID"])
            yield resource["ID"]
        else:
            path = "/%s/%s/instances" % (folders[resource["Level"]], resource["ID"])
            for instance in json.loads(orthanc.RestApiGet(path)):
                yield instance["ID"]


def push(output, query, instances):
    job = {"Resources": instances, "Synchronous": False, "Compress": query["Compression"] == "gzip"}
    if "Priority" in query:
        job["Priority"] = query["Priority"]
    answer = orthanc.RestApiPost("/peers/%s/store" % query["Peer"], json.dumps(job))
    output.AnswerBuffer(answer, "application/json")


def ask_peer_to_pull(output, query, instances, url, remote_self):
    body = json.dumps({"Resources": [{"Level": "Instance", "ID": id} for id in instances], "Peer": remote_self})
    request = urllib.request.Request(url + "transfers/pull", data=body.encode(), method="POST")
    with urllib.request.urlopen(request, timeout=30) as response:
        job = json.load(response)["ID"]
    answer = {"Peer": query["Peer"], "RemoteJob": job, "URL": url + "jobs/" + job}
    output.AnswerBuffer(json.dumps(answer), "application/json")


def send(output, uri, **request):
    if request["method"] != "POST":
        output.SendMethodNotAllowed("POST")
        return
    query = json.loads(request["body"])
    peer = peer_named(query["Peer"])
    if peer is None:
        output.SendHttpStatusCode(404)
        return
    instances = list(instances_of(query["Resources"]))
    if peer[1]:
        ask_peer_to_pull(output, query, instances, *peer)
    else:
        push(output, query, instances)


def fetch_all(pull, url):
    try:
        for resource in pull["Content"]["Resources"]:
            with urllib.request.urlopen("%sinstances/%s/file" % (url, resource["ID"]), timeout=30) as response:
                orthanc.RestApiPost("/instances", response.read())
            pull["done"] += 1
            pull["Progress"] = 100 * pull["done"] // len(pull["Content"]["Resources"])
        pull["State"] = "Success"
    except Exception:
        pull.update({"State": "Failure", "ErrorCode": 9, "ErrorDescription": "Error in the network protocol"})


def receive(output, uri, **request):
    query = json.loads(request["body"])
    peer = peer_named(query["Peer"])
    if peer is None:
        output.SendHttpStatusCode(404)
        return
    job = str(uuid.uuid4())
    content = {"Resources": query["Resources"], "Peer": query["Peer"]}
    pulls[job] = {"ID": job, "Type": "PullTransfer", "State": "Running", "Progress": 0, "done": 0,
                  "ErrorCode": 0, "ErrorDescription": "Success", "Content": content}
    threading.Thread(target=fetch_all, args=(pulls[job], peer[0]), daemon=True).start()
    output.AnswerBuffer(json.dumps({"ID": job, "Path": "/jobs/" + job}), "application/json")


def tell_job(output, uri, **request):
    job = request["groups"][0]
    if request["method"] != "GET":
        output.SendMethodNotAllowed("GET")
    elif job in pulls:
        output.AnswerBuffer(json.dumps(pulls[job]), "application/json")
    else:
        tell_own_job(output, job)


def tell_own_job(output, job):
    """Orthanc forgets jobs soon. Left alone, the exception would be told as an error of the server (500)."""
    try:
        answer = orthanc.RestApiGet("/jobs/" + job)
    except orthanc.OrthancException as error:
        if error.args[0] not in (orthanc.ErrorCode.UNKNOWN_RESOURCE, orthanc.ErrorCode.INEXISTENT_ITEM):
            raise
        output.SendHttpStatusCode(404)
        return
    output.AnswerBuffer(answer, "application/json")


orthanc.RegisterRestCallback("/transfers/send", send)
orthanc.RegisterRestCallback("/transfers/pull", receive)
orthanc.RegisterRestCallback("/jobs/([-0-9a-f]+)", tell_job)

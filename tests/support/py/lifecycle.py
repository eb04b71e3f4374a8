"""The whole life of an export, driven by boto3: an independent client that knows nothing of logferry.

Every assertion names what it compares. Usage: lifecycle.py BUCKET; the endpoint, Region and keys come from the environment.
"""

import datetime
import gzip
import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

BUCKET = sys.argv[1]
GROUP = "/boto3/checkout"
NO_RETRIES = Config(retries={"max_attempts": 1, "mode": "standard"})
logs = boto3.client("logs", config=NO_RETRIES)
s3 = boto3.client("s3", config=NO_RETRIES)
sts = boto3.client("sts", config=NO_RETRIES)

NOW = int(time.time() * 1000)
START = NOW - 24 * 3600 * 1000
STREAMS = {"web/1": 40, "web/2": 7, "worker": 3}


def same(what, found, expected):
    assert found == expected, f"{what}: {found!r} is not {expected!r}"


def refused(codes, call, **arguments):
    """The call must be refused with one of these codes; answers the message."""
    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] in codes, f"{found} is none of {codes}"
        return found["Message"]
    raise AssertionError(f"{codes} was expected, but the call succeeded")


def line(event):
    at = datetime.datetime.fromtimestamp(event["timestamp"] / 1000, datetime.timezone.utc)
    return f"{at.strftime('%Y-%m-%dT%H:%M:%S')}.{event['timestamp'] % 1000:03d}Z {event['message']}"


def seed():
    logs.create_log_group(logGroupName=GROUP)
    written = []
    for stream, count in STREAMS.items():
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        events = [
            {"timestamp": START + n * 1001, "message": f"{stream} höchst {n} \"quoted\""} for n in range(count)
        ]
        logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)
        written += [line(event) for event in events]
    return sorted(written)


def create_bucket():
    region = logs.meta.region_name
    account = sts.get_caller_identity()["Account"]
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": region})
    principal = {"Service": f"logs.{region}.amazonaws.com"}
    # Before the policy the service may not even read the ACL.
    message = refused(["InvalidParameterException", "AccessDeniedException"], create, prefix="too/early")
    assert "GetBucketAcl call on the given bucket failed" in message, message
    statements = [
        {"Effect": "Allow", "Principal": principal, "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{BUCKET}",
         "Condition": {"StringEquals": {"aws:SourceAccount": account}}},
        {"Effect": "Allow", "Principal": principal, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/*",
         "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": account}}},
    ]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))


def create(prefix, **more):
    answer = logs.create_export_task(
        logGroupName=GROUP, fromTime=START - 1000, to=NOW, destination=BUCKET, destinationPrefix=prefix, **more
    )
    return answer["taskId"]


def described(task):
    tasks = logs.describe_export_tasks(taskId=task)["exportTasks"]
    same("the number of tasks with one id", len(tasks), 1)
    return tasks[0]


def watched(task, ends):
    """Polls to an end state; answers the states in the order they were seen."""
    seen = []
    deadline = time.time() + 120
    while time.time() < deadline:
        status = described(task)["status"]["code"]
        if not seen or seen[-1] != status:
            seen.append(status)
        if status in ("COMPLETED", "FAILED", "CANCELLED"):
            assert status in ends, f"{task} ended as {seen}"
            return seen
        time.sleep(0.25)  # four a second: AWS allows five
    raise AssertionError(f"{task} did not end: {seen}")


def objects(prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix, PaginationConfig={"PageSize": 2})
    return [found["Key"] for page in pages for found in page.get("Contents", [])]


def exported(prefix, task):
    keys = objects(f"{prefix}/{task}/")
    lines = []
    for key in keys:
        body = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        lines += gzip.decompress(body).decode().splitlines()
    return keys, sorted(lines)


def complete(written):
    task = create("boto3/all", taskName="nightly")
    # One active task per account and Region.
    same("the refusal's text", refused(["LimitExceededException"], create, prefix="second"), "Resource limit exceeded.")
    seen = watched(task, ["COMPLETED"])
    assert set(seen) <= {"PENDING", "RUNNING", "COMPLETED"}, seen
    found = described(task)
    same("taskName", found["taskName"], "nightly")
    same("destination", (found["destination"], found["destinationPrefix"]), (BUCKET, "boto3/all"))
    same("the range", (found["from"], found["to"]), (START - 1000, NOW))
    assert found["executionInfo"]["completionTime"] >= found["executionInfo"]["creationTime"], found
    keys, lines = exported("boto3/all", task)
    folders = {key.split("/")[3] for key in keys}
    same("the stream folders", folders, {stream.replace("/", "-") for stream in STREAMS})
    same("the first file's name", {key.split("/")[4] for key in keys}, {"000000.gz"})
    same("every line", lines, written)
    probe = s3.get_object(Bucket=BUCKET, Key="boto3/all/aws-logs-write-test")["Body"].read()
    same("the write test", probe, b"Permission Check Successful")
    late = refused(["InvalidOperationException"], logs.cancel_export_task, taskId=task)
    same("the refusal's text", late, "The specified export task has already finished")


def one_stream(written):
    task = create("boto3/web", logStreamNamePrefix="web/")
    watched(task, ["COMPLETED"])
    _, lines = exported("boto3/web", task)
    same("the lines of the streams with the prefix", lines, [text for text in written if " web/" in text])


def cancel():
    task = create("boto3/cancelled")
    logs.cancel_export_task(taskId=task)
    state = described(task)["status"]["code"]
    assert state in ("PENDING_CANCEL", "CANCELLED"), state
    watched(task, ["CANCELLED"])
    listed = logs.describe_export_tasks(statusCode="CANCELLED")["exportTasks"]
    assert task in [found["taskId"] for found in listed], "the cancelled task is not listed by its status"


def unknown():
    nobody = "00000000-0000-0000-0000-000000000000"
    same("an unknown task", logs.describe_export_tasks(taskId=nobody)["exportTasks"], [])
    same(
        "the refusal's text",
        refused(["ResourceNotFoundException"], logs.cancel_export_task, taskId=nobody),
        "The specified export task does not exist.",
    )


written = seed()
create_bucket()
complete(written)
one_stream(written)
cancel()
unknown()
print(json.dumps({"lines": len(written)}))

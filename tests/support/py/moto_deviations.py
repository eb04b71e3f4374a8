"""Where moto departs from AWS, as data, each with a check that it still does.

The referee tests rely on nothing in this table. When a newer moto comes closer to AWS, its row fails here and is taken out.
Prints one line a row; ends with 1 if a row does not hold.
"""

import gzip
import sys
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ONCE = Config(retries={"max_attempts": 1, "mode": "standard"})
logs = boto3.client("logs", config=ONCE)
s3 = boto3.client("s3", config=ONCE)
NOW = int(time.time() * 1000)
START = NOW - 3_600_000
GROUP, BUCKET = "/deviations/group", "deviations"


def put(stream, count):
    logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
    for first in range(0, count, 5_000):
        events = [{"timestamp": START + 123 + n, "message": str(n)} for n in range(first, min(first + 5_000, count))]
        logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def create(prefix, start=START, to=NOW, **more):
    arguments = {"logGroupName": GROUP, "destination": BUCKET, "destinationPrefix": prefix, "fromTime": start, "to": to}
    return logs.create_export_task(**arguments, **more)["taskId"]


def describe(**arguments):
    return logs.describe_export_tasks(**arguments)["exportTasks"]


def keys(prefix=""):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    return [found["Key"] for page in pages for found in page.get("Contents", [])]


def lines(key):
    return gzip.decompress(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()).decode().splitlines()


def code(call, **arguments):
    """The error code of a call, or none."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] or str(error.response["ResponseMetadata"]["HTTPStatusCode"])
    return None


def status_of(call, **arguments):
    try:
        return call(**arguments)["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]


def raw(query):
    """What a bucket's subresource is, byte for byte; moto wants no signature."""
    with urllib.request.urlopen(f"{s3.meta.endpoint_url}/{BUCKET}{query}") as answer:
        return answer.read()


logs.create_log_group(logGroupName=GROUP)
put("app-1", 3)
put("other", 10_100)
s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": logs.meta.region_name})
done = create("done", logStreamNamePrefix="app")
backwards = create("backwards", start=NOW, to=START)

DEVIATIONS = [
    ("a new export task is PENDING, then RUNNING", "it is COMPLETED at the first look",
     lambda: describe(taskId=done)[0]["status"]["code"] == "COMPLETED"),
    ("a task tells executionInfo", "it does not",
     lambda: "executionInfo" not in describe(taskId=done)[0]),
    ("keys are PREFIX/TASK/STREAM/000000.gz", "a random id a stream stands for the task's",
     lambda: keys("done/") and not keys(f"done/{done}/")),
    ("the write test lies under the prefix", "it lies at the bucket's root",
     lambda: "aws-logs-write-test" in keys() and "done/aws-logs-write-test" not in keys()),
    ("every event is exported", "a stream is cut at 10,000 events",
     lambda: sorted(len(lines(key)) for key in keys("done/") if key.endswith(".gz"))[-1] == 10_000),
    ("a line tells milliseconds", "they are always .000",
     lambda: all(line.split(" ")[0].endswith(".000Z") for line in lines(keys("done/")[0]))),
    ("logStreamNamePrefix limits the streams", "it is ignored",
     lambda: len({key.split("/")[-2] for key in keys("done/") if key.endswith(".gz")}) == 2),
    ("statusCode filters", "it is ignored",
     lambda: done in [task["taskId"] for task in describe(statusCode="FAILED")]),
    ("limit is honoured", "it is ignored",
     lambda: len(describe(limit=1)) > 1),
    ("from after to is refused", "the task stays in a status the service model does not know",
     lambda: describe(taskId=backwards)[0]["status"]["code"] == "active"),
    ("a second active task gives LimitExceededException", "any number is accepted",
     lambda: create("second") is not None),
    ("a bucket whose policy does not let the service in is refused", "the policy is not looked at",
     lambda: code(s3.get_bucket_policy, Bucket=BUCKET) == "NoSuchBucketPolicy"),
    ("cancelling a finished task gives InvalidOperationException", "it succeeds",
     lambda: code(logs.cancel_export_task, taskId=done) is None),
    ("an unknown task id describes an empty list", "it is an error",
     lambda: code(logs.describe_export_tasks, taskId="00000000-0000-0000-0000-000000000000") is not None),
    ("GetLogEvents leaves out events at endTime", "it includes them",
     lambda: len(logs.get_log_events(logGroupName=GROUP, logStreamName="app-1", endTime=START + 125)["events"]) == 3),
    ("ListLogGroups exists", "it answers 500",
     lambda: status_of(logs.list_log_groups) == 500),
    ("a new bucket has SSE-S3", "it has no encryption configuration",
     lambda: code(s3.get_bucket_encryption, Bucket=BUCKET) == "ServerSideEncryptionConfigurationNotFoundError"),
    ("GetBucketVersioning answers a VersioningConfiguration", "its root has a name that the Rust SDK refuses to read",
     lambda: b"<GetBucketVersioningResponse" in raw("?versioning")),
]

broken = 0
for aws, moto, check in DEVIATIONS:
    try:
        holds, why = bool(check()), ""
    except Exception as error:  # a check that cannot be made does not hold
        holds, why = False, f" ({error!r})"
    broken += not holds
    print(f"{'holds' if holds else 'NO LONGER'}: AWS: {aws}; moto: {moto}{why}")
if broken:
    sys.exit(f"{broken} rows of the table do not hold any more")

"""Puts log groups, events and buckets into moto. Prints what an export of the group must hold, as JSON.

Usage: seed_moto.py GROUP BUCKET COUNT, of whose first stream COUNT is the number of events, the last a second before the end. Events lie on whole seconds: moto drops milliseconds (see moto_deviations.py).
"""

import datetime
import json
import sys
import time

import boto3

GROUP, BUCKET = sys.argv[1:3]
COUNT = int(sys.argv[3])
logs = boto3.client("logs")
s3 = boto3.client("s3")
START = (int(time.time()) - 48 * 3600) * 1000


def line(at, message):
    moment = datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc)
    return f"{moment.strftime('%Y-%m-%dT%H:%M:%S')}.000Z {message}"


def put(group, stream, count):
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    events = [{"timestamp": START + n * 1000, "message": f"{stream} ünï {n}"} for n in range(count)]
    for first in range(0, count, 5_000):
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events[first : first + 5_000])
    return [line(event["timestamp"], event["message"]) for event in events]


for n in range(119):
    logs.create_log_group(logGroupName=f"/moto/many/{n:03}")
logs.create_log_group(logGroupName=GROUP)
logs.put_retention_policy(logGroupName=GROUP, retentionInDays=30)
lines = put(GROUP, "web/1", COUNT) + put(GROUP, "web/2", 30)
location = {"LocationConstraint": s3.meta.region_name}
s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=encryption)
print(json.dumps({"from": START, "to": START + COUNT * 1000, "lines": sorted(lines)}))

"""Writes the events of a log group to stdout, stream by stream, as a person would with boto3.

Usage: get_log_events.py GROUP FROM UNTIL, in epoch milliseconds; endpoint, Region and keys come from the environment.
"""

import datetime
import sys

import boto3

GROUP, FROM, UNTIL = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
logs = boto3.client("logs")


def streams():
    for page in logs.get_paginator("describe_log_streams").paginate(logGroupName=GROUP):
        for stream in page["logStreams"]:
            yield stream["logStreamName"]


def events(stream):
    token = {}
    while True:
        page = logs.get_log_events(
            logGroupName=GROUP, logStreamName=stream, startTime=FROM, endTime=UNTIL, startFromHead=True, **token
        )
        yield from page["events"]
        if page["nextForwardToken"] == token.get("nextToken"):
            return
        token = {"nextToken": page["nextForwardToken"]}


for stream in streams():
    for event in events(stream):
        at = datetime.datetime.fromtimestamp(event["timestamp"] / 1000, datetime.timezone.utc)
        sys.stdout.write(f"{at.isoformat(timespec='milliseconds')} {event['message']}\n")

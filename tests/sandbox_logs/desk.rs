//! A world of its own for a test, and calls to it with JSON in and out.

use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use flate2::read::GzDecoder;
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::sandbox::{Caller, Config, Seed, World, logs};
use serde_json::{Value, json};

pub const ACCOUNT: &str = "123456789012";
pub const REGION: &str = "eu-central-1";

/// A world and somebody who calls it.
pub struct Desk {
    pub world: Arc<World>,
    pub caller: Caller,
}

/// Now, in epoch milliseconds.
pub fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

impl Desk {
    /// An empty world on AWS's own clock.
    pub fn empty() -> Self {
        Self::with(Config { seed: Seed::Empty, clock: 1.0, ..Config::default() })
    }

    pub fn with(config: Config) -> Self {
        let caller =
            Caller { access_key: "test".into(), account: config.account.clone(), region: config.region.clone() };
        let world = World {
            config,
            s3: logferry::sandbox::s3::Store::default(),
            logs: logs::Store::default(),
            faults: logferry::sandbox::faults::Faults::default(),
        };
        Self { world: Arc::new(world), caller }
    }

    /// The same world, seen by somebody else.
    pub fn seen_from(&self, account: &str, region: &str) -> Self {
        let caller = Caller { access_key: "test".into(), account: account.into(), region: region.into() };
        Self { world: self.world.clone(), caller }
    }

    pub fn lane(&self) -> Lane {
        Lane::new(AccountId(self.caller.account.clone()), Region(self.caller.region.clone()))
    }

    fn call(&self, operation: &str, input: &Value) -> (u16, Value) {
        let reply = logs::handle(&self.world, &self.caller, operation, &Bytes::from(input.to_string()));
        let body = if reply.body.is_empty() { Value::Null } else { serde_json::from_slice(&reply.body).unwrap() };
        (reply.status, body)
    }

    /// The answer of a call that must succeed.
    #[track_caller]
    pub fn ok(&self, operation: &str, input: &Value) -> Value {
        let (status, body) = self.call(operation, input);
        assert_eq!(status, 200, "{operation} {input}: {body}");
        body
    }

    /// Code and message of a call that must be refused.
    #[track_caller]
    pub fn refused(&self, operation: &str, input: &Value) -> (String, String) {
        let (status, body) = self.call(operation, input);
        assert_eq!(status, 400, "{operation} {input}: {body}");
        (body["__type"].as_str().unwrap().to_owned(), body["message"].as_str().unwrap().to_owned())
    }

    /// A group with one stream and these events.
    pub fn put(&self, group: &str, stream: &str, events: &[(i64, &str)]) {
        let name = json!({"logGroupName": group, "logStreamName": stream});
        self.call("CreateLogGroup", &json!({"logGroupName": group}));
        self.call("CreateLogStream", &name);
        let events: Vec<Value> = events.iter().map(|(at, text)| json!({"timestamp": at, "message": text})).collect();
        let put = json!({"logGroupName": group, "logStreamName": stream, "logEvents": events});
        assert!(self.ok("PutLogEvents", &put)["rejectedLogEventsInfo"].is_null(), "rejected");
    }

    /// A group of computed events.
    pub fn synthesize(&self, name: &str, streams: u32, events_per_stream: u64, (from, to): (i64, i64)) {
        let group = logs::SyntheticGroup {
            name: name.to_owned(),
            streams,
            events_per_stream,
            message_bytes: 80,
            from,
            to,
            seed: 42,
        };
        self.world.logs.plant_synthetic_group(&self.lane(), &group);
    }

    /// A control call that must succeed.
    #[track_caller]
    pub fn control(&self, path: &str, body: &Value) -> Value {
        let reply = logs::control(&self.world, &self.caller, "POST", path, &Bytes::from(body.to_string()));
        assert_eq!(reply.status, 200, "{path} {body}: {:?}", reply.body);
        if reply.body.is_empty() { Value::Null } else { serde_json::from_slice(&reply.body).unwrap() }
    }

    /// A bucket with the policy AWS documents.
    pub fn ready_bucket(&self, name: &str) {
        self.world.s3.create_bucket(name, &self.caller.region, &self.caller.account);
        self.world.s3.set_policy(name, Some(policy(name, "s3:GetBucketAcl", "s3:PutObject")));
    }

    /// The object's text, unzipped.
    pub fn unzipped(&self, bucket: &str, key: &str) -> Option<String> {
        let body = self.world.s3.object(bucket, key)?;
        let mut text = String::new();
        GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
        Some(text)
    }

    /// A task as DescribeExportTasks shows it.
    pub fn task(&self, id: &str) -> Value {
        self.ok("DescribeExportTasks", &json!({"taskId": id}))["exportTasks"][0].clone()
    }

    pub fn code(&self, id: &str) -> String {
        self.task(id)["status"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Waits, on the runtime's clock, until the task has this status; fails after two days of it.
    pub async fn until(&self, id: &str, code: &str) -> Value {
        let mut clock = tokio::time::interval(Duration::from_millis(500));
        for _ in 0..345_600 {
            clock.tick().await;
            if self.code(id) == code {
                return self.task(id);
            }
        }
        panic!("never {code}: {}", self.task(id));
    }
}

/// The documented bucket policy with these two actions, one on the bucket and one on its objects.
pub fn policy(bucket: &str, on_bucket: &str, on_objects: &str) -> String {
    let service = json!({"Service": format!("logs.{REGION}.amazonaws.com")});
    let source = json!({"aws:SourceArn": format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*")});
    let account = json!({"aws:SourceAccount": [ACCOUNT]});
    let mut put = account.clone();
    put["s3:x-amz-acl"] = json!("bucket-owner-full-control");
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": service, "Action": on_bucket, "Resource": format!("arn:aws:s3:::{bucket}"),
         "Condition": {"StringEquals": account, "ArnLike": source}},
        {"Effect": "Allow", "Principal": service, "Action": on_objects, "Resource": format!("arn:aws:s3:::{bucket}/*"),
         "Condition": {"StringEquals": put, "ArnLike": source}},
    ]})
    .to_string()
}

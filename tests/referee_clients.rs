//! Referees: the AWS CLI and boto3, written by people who never saw the sandbox, drive it through the whole life of an export.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

mod support {
    pub mod client;
    pub mod exported;
    pub mod line;
    pub mod sandbox;
    pub mod server;
    pub mod venv;
}

use support::client::Client;
use support::exported::lines_under;
use support::line::line;
use support::sandbox::sandbox;
use support::server::clean;

const REGION: &str = "eu-central-1";
const BUCKET: &str = "referee-exports";
const GROUP: &str = "/cli/orders";

/// An export takes about half a minute at speed 1. For boto3: some seconds in all.
const CLOCK: &str = "10";

/// For the AWS CLI, which takes a second to start: the task must still be active when its next call arrives.
const SLOW_CLOCK: &str = "1";

#[test]
fn boto3_lives_through_a_whole_export() {
    let server = sandbox(&["--seed", "empty", "--clock", CLOCK, "--region", REGION]);
    let client = Client::new(&server.url, REGION);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/py/lifecycle.py");
    let said = client.run("python", &[script.to_str().expect("a UTF-8 path"), "boto3-exports"]);
    let said = said.unwrap_or_else(|error| panic!("boto3 disagrees: {error}"));
    assert_eq!(serde_json::from_str::<Value>(&said).expect("JSON"), json!({"lines": 50}));
}

#[test]
fn the_aws_cli_lives_through_a_whole_export() {
    let server = sandbox(&["--seed", "empty", "--clock", SLOW_CLOCK, "--region", REGION, "--account", "210987654321"]);
    let client = Client::new(&server.url, REGION);
    let who = client.aws(&["sts", "get-caller-identity"]);
    assert_eq!(who["Account"], "210987654321");
    let now = millis_now();
    let written = put_events(&client, now);
    make_bucket(&client, "210987654321");

    let task = create(&client, now, "cli/all").expect("the bucket is ready");
    let second = create(&client, now, "cli/second").expect_err("one task is active");
    assert!(second.contains("LimitExceededException") && second.contains("Resource limit exceeded."), "{second}");
    assert_eq!(watch(&client, &task, &["COMPLETED"]), "COMPLETED");

    let folder = format!("s3://{BUCKET}/cli/all/{task}/");
    let listed = client.run("aws", &["s3", "ls", "--recursive", &folder]).expect("the objects can be listed");
    assert_eq!(listed.lines().count(), 2, "one object a stream: {listed}");
    let download = client.directory().join("download");
    let target = download.to_str().expect("a UTF-8 path");
    client.aws(&["s3", "cp", "--quiet", "--recursive", &folder, target]);
    assert_eq!(lines_under(&download), written);
}

#[test]
fn the_aws_cli_cancels_a_task_and_is_refused_once_it_is_over() {
    let server = sandbox(&["--seed", "empty", "--clock", SLOW_CLOCK, "--region", REGION]);
    let client = Client::new(&server.url, REGION);
    let now = millis_now();
    put_events(&client, now);
    make_bucket(&client, "123456789012");
    let task = create(&client, now, "cli/cancelled").expect("the bucket is ready");
    client.aws(&["logs", "cancel-export-task", "--task-id", &task]);
    let after = status(&client, &task);
    assert!(["PENDING_CANCEL", "CANCELLED"].contains(&after.as_str()), "{after}");
    assert_eq!(watch(&client, &task, &["CANCELLED"]), "CANCELLED");
    let late = client.run("aws", &["logs", "cancel-export-task", "--task-id", &task]).expect_err("it is over");
    assert!(late.contains("InvalidOperationException") && late.contains("has already finished"), "{late}");
}

#[test]
fn the_aws_cli_pages_through_log_groups() {
    let server = sandbox(&["--seed", "empty", "--region", REGION]);
    let client = Client::new(&server.url, REGION);
    let names: Vec<String> = (0..7).map(|n| format!("/paged/{n}")).collect();
    for name in &names {
        client.aws(&["logs", "create-log-group", "--log-group-name", name]);
    }
    let prefix = ["logs", "describe-log-groups", "--log-group-name-prefix", "/paged/"];
    let all = client.aws(&[&prefix[..], &["--page-size", "3"]].concat());
    assert_eq!(group_names(&all), names, "three pages, put together by the client's own paginator");
    let first = client.aws(&[&prefix[..], &["--no-paginate", "--limit", "3"]].concat());
    assert_eq!(group_names(&first), names[..3]);
    let token = first["nextToken"].as_str().expect("there is more");
    let second = client.aws(&[&prefix[..], &["--no-paginate", "--limit", "3", "--next-token", token]].concat());
    assert_eq!(group_names(&second), names[3..6]);
}

#[test]
fn the_aws_cli_reads_what_logferry_changed_of_buckets() {
    let server = sandbox(&["--seed", "empty", "--region", REGION]);
    let client = Client::new(&server.url, REGION);
    let home = tempfile::tempdir().expect("a home directory");
    let logferry = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logferry"));
        clean(&mut command, home.path());
        command.args(["--endpoint-url", &server.url, "--region", REGION, "buckets"]).args(arguments).arg("--yes");
        command.envs([("AWS_ACCESS_KEY_ID", "logferry"), ("AWS_SECRET_ACCESS_KEY", "logferry")]).stdin(Stdio::null());
        let output = command.output().expect("the binary runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let about = |operation: &str| client.aws(&["s3api", operation, "--bucket", BUCKET]);
    logferry(&["create", BUCKET, "--expire-after", "400"]);
    let rules = |answer: &Value| answer["Rules"].as_array().expect("rules").clone();
    assert_eq!(rules(&about("get-bucket-lifecycle-configuration"))[0]["Expiration"]["Days"], 400);
    assert_eq!(
        about("get-bucket-ownership-controls")["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
        "BucketOwnerEnforced"
    );
    assert_eq!(about("get-public-access-block")["PublicAccessBlockConfiguration"]["RestrictPublicBuckets"], true);
    let statements = |client: &Value| -> Vec<Value> {
        let policy: Value = serde_json::from_str(client["Policy"].as_str().expect("a policy")).expect("JSON");
        policy["Statement"].as_array().expect("statements").clone()
    };
    let before = statements(&about("get-bucket-policy"));
    logferry(&["grant", BUCKET, "--account", "999988887777"]);
    let after = statements(&about("get-bucket-policy"));
    assert_eq!((before.len(), after.len(), &after[..2]), (2, 5, &before[..]), "three more, and the two as they were");
    logferry(&["undo", BUCKET]);
    assert_eq!(statements(&about("get-bucket-policy")), before);
    logferry(&["lifecycle", BUCKET, "add", "--id", "deep", "--archive", "deep", "--archive-after", "0"]);
    let two = rules(&about("get-bucket-lifecycle-configuration"));
    assert_eq!((two.len(), &two[1]["Transitions"][0]), (2, &json!({"Days": 0, "StorageClass": "DEEP_ARCHIVE"})));
}

fn millis_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_millis()).expect("a clock before the year 292 million")
}

fn group_names(answer: &Value) -> Vec<&str> {
    let groups = answer["logGroups"].as_array().expect("a list of groups");
    groups.iter().map(|group| group["logGroupName"].as_str().expect("a name")).collect()
}

/// Two streams of events of the last hour; answers them as lines of an export, sorted.
fn put_events(client: &Client, now: i64) -> Vec<String> {
    client.aws(&["logs", "create-log-group", "--log-group-name", GROUP]);
    let mut written = Vec::new();
    for stream in ["app/1", "app/2"] {
        let place = ["--log-group-name", GROUP, "--log-stream-name", stream];
        client.aws(&[&["logs", "create-log-stream"], &place[..]].concat());
        let events: Vec<(i64, String)> =
            (0..25).map(|n| (now - 3_600_000 + n * 997, format!("{stream} №{n}"))).collect();
        let json: Vec<Value> = events.iter().map(|(at, text)| json!({"timestamp": at, "message": text})).collect();
        let json = Value::from(json).to_string();
        client.aws(&[&["logs", "put-log-events", "--log-events", &json], &place[..]].concat());
        written.extend(events.iter().map(|(at, text)| line(*at, text)));
    }
    written.sort();
    written
}

/// A bucket with the policy that README tells people to use.
fn make_bucket(client: &Client, account: &str) {
    let constraint = format!("LocationConstraint={REGION}");
    client.aws(&["s3api", "create-bucket", "--bucket", BUCKET, "--create-bucket-configuration", &constraint]);
    let policies = include_str!("../README.md").split("```json\n").filter_map(|block| block.split("```").next());
    let policy = policies.last().expect("README has policies");
    let policy = policy.replace("BUCKET", BUCKET).replace("REGION", REGION).replace("ACCOUNT", account);
    client.aws(&["s3api", "put-bucket-policy", "--bucket", BUCKET, "--policy", &policy]);
}

/// Creates an export task of the last two hours; answers its id, or the refusal.
fn create(client: &Client, now: i64, prefix: &str) -> Result<String, String> {
    let (from, to) = ((now - 7_200_000).to_string(), now.to_string());
    let range = ["--from", &from, "--to", &to];
    let place = ["--log-group-name", GROUP, "--destination", BUCKET, "--destination-prefix", prefix];
    let answer = client.run("aws", &[&["logs", "create-export-task"], &range[..], &place[..]].concat())?;
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    Ok(answer["taskId"].as_str().expect("a task id").to_owned())
}

fn status(client: &Client, task: &str) -> String {
    let answer = client.aws(&["logs", "describe-export-tasks", "--task-id", task]);
    answer["exportTasks"][0]["status"]["code"].as_str().expect("a status").to_owned()
}

/// Polls to an end state, which must be one of `ends`. Starting the client takes longer than a polling interval would.
fn watch(client: &Client, task: &str, ends: &[&str]) -> String {
    for _ in 0..200 {
        let status = status(client, task);
        if ["COMPLETED", "FAILED", "CANCELLED"].contains(&status.as_str()) {
            assert!(ends.contains(&status.as_str()), "{task} ended as {status}");
            return status;
        }
    }
    panic!("{task} did not end");
}

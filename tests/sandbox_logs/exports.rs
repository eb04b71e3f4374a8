//! The export service: refusals, a task's life, what lands in the bucket, cancelling, failing, the slot.

use std::time::Duration;

use logferry::domain::inventory::Encryption;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::desk::{ACCOUNT, Desk, REGION, now, policy};

const HOUR: i64 = 3_600_000;

/// A world with a group of three events and a bucket that is ready.
fn ready() -> (Desk, i64) {
    let desk = Desk::empty();
    let at = now() - HOUR;
    desk.put("/app", "web/1", &[(at, "one"), (at + 1, "Größe 日本 🦀\n\tat Main.main\n\nend")]);
    desk.put("/app", "web-1", &[(at + 2, "shares its folder")]);
    desk.ready_bucket("exports");
    (desk, at)
}

fn order(at: i64) -> Value {
    json!({"logGroupName": "/app", "from": at, "to": at + HOUR, "destination": "exports", "destinationPrefix": "p/q"})
}

/// `base` with some members replaced.
fn with(base: &Value, changes: &Value) -> Value {
    let mut order = base.clone();
    for (key, value) in changes.as_object().unwrap() {
        order[key] = value.clone();
    }
    order
}

fn create(desk: &Desk, order: &Value) -> String {
    desk.ok("CreateExportTask", order)["taskId"].as_str().unwrap().to_owned()
}

/// RFC 3339 in UTC, as an exported line begins.
fn stamp(at: i64) -> String {
    logferry::domain::time::Timestamp::from_millis(at).to_string()
}

#[tokio::test(start_paused = true)]
async fn an_export_goes_through_its_states_and_writes_every_line_byte_for_byte() {
    let (desk, at) = ready();
    let id = create(&desk, &order(at));
    let test = desk.world.s3.object("exports", "p/q/aws-logs-write-test");
    assert_eq!(test.as_deref(), Some(&b"Permission Check Successful"[..]));
    let pending = desk.task(&id);
    assert_eq!(pending["status"], json!({"code": "PENDING"}), "no message while PENDING");
    assert!(pending["executionInfo"]["creationTime"].is_i64());
    assert!(pending["executionInfo"].get("completionTime").is_none() && pending.get("taskName").is_none());
    let running = desk.until(&id, "RUNNING").await;
    assert!(running["status"]["message"].is_string());
    assert_eq!(desk.world.s3.object("exports", &format!("p/q/{id}/web-1/000000.gz")), None, "bytes arrive late");
    let done = desk.until(&id, "COMPLETED").await;
    assert_eq!(done["status"]["message"], "Completed successfully");
    assert!(done["executionInfo"]["completionTime"].is_i64());
    assert_eq!((done["destination"].as_str(), done["destinationPrefix"].as_str()), (Some("exports"), Some("p/q")));
    assert_eq!((done["from"].as_i64(), done["to"].as_i64()), (Some(at), Some(at + HOUR)));
    // "web-1" sorts before "web/1", so it has the first file of the folder they share.
    let shared = format!("{} shares its folder\n", stamp(at + 2));
    assert_eq!(desk.unzipped("exports", &format!("p/q/{id}/web-1/000000.gz")), Some(shared));
    let lines = format!("{} one\n{} Größe 日本 🦀\n\tat Main.main\n\nend\n", stamp(at), stamp(at + 1));
    assert_eq!(desk.unzipped("exports", &format!("p/q/{id}/web-1/000001.gz")), Some(lines));
}

#[tokio::test(start_paused = true)]
async fn without_a_prefix_the_write_test_lies_at_the_root_and_the_objects_under_the_default() {
    let (desk, at) = ready();
    let order = json!({"taskName": "Für Jörg", "logGroupName": "/app", "from": at, "to": at, "destination": "exports"});
    let id = create(&desk, &order);
    assert!(desk.world.s3.object("exports", "aws-logs-write-test").is_some());
    let done = desk.until(&id, "COMPLETED").await;
    assert_eq!(
        (done["destinationPrefix"].as_str(), done["taskName"].as_str()),
        (Some("exportedlogs"), Some("Für Jörg"))
    );
    let text = desk.unzipped("exports", &format!("exportedlogs/{id}/web-1/000000.gz"));
    assert_eq!(text, Some(format!("{} one\n", stamp(at))), "both ends of the range are inclusive");
}

#[tokio::test(start_paused = true)]
async fn seconds_and_the_future_are_accepted_and_give_an_empty_export() {
    let (desk, at) = ready();
    let id = create(&desk, &with(&order(at), &json!({"from": at / 1_000, "to": at / 1_000 + 5})));
    desk.until(&id, "COMPLETED").await;
    assert_eq!(desk.world.s3.object("exports", &format!("p/q/{id}/web-1/000000.gz")), None);
    let id = create(&desk, &with(&order(at), &json!({"to": at + 1_000 * HOUR, "logStreamNamePrefix": "web/"})));
    desk.until(&id, "COMPLETED").await;
    assert!(desk.unzipped("exports", &format!("p/q/{id}/web-1/000000.gz")).unwrap().contains("one"));
}

#[tokio::test(start_paused = true)]
async fn refusals_have_the_codes_and_texts_of_aws_in_its_order() {
    let (desk, at) = ready();
    let invalid = |changes: Value| {
        let (code, message) = desk.refused("CreateExportTask", &with(&order(at), &changes));
        assert_eq!(code, "InvalidParameterException", "{message}");
        message
    };
    assert!(invalid(json!({"from": at, "to": at - 1, "logGroupName": "none"})).contains("Start time"));
    assert!(invalid(json!({"from": -1})).contains("Value '-1' at 'from'"));
    assert!(invalid(json!({"to": null})).contains("Value null at 'to'"));
    assert!(invalid(json!({"logStreamNamePrefix": "a:b"})).contains("[^:*]*"));
    assert!(invalid(json!({"logGroupName": "arn:aws:logs:x"})).contains("logGroupName"));
    assert!(invalid(json!({"destinationPrefix": "p".repeat(1_024)})).contains("1024"));
    let no_group = with(&order(at), &json!({"logGroupName": "none", "destination": "none"}));
    let missing = ("ResourceNotFoundException".to_owned(), "The specified log group does not exist.".to_owned());
    assert_eq!(desk.refused("CreateExportTask", &no_group), missing);
    let no_bucket = "The given bucket does not exist. Please make sure the bucket is valid.";
    assert_eq!(invalid(json!({"destination": "none"})), no_bucket);
    desk.world.s3.create_bucket("elsewhere", "us-east-1", ACCOUNT);
    assert!(invalid(json!({"destination": "elsewhere"})).contains("us-east-1"));
    create(&desk, &order(at));
    let limit = ("LimitExceededException".to_owned(), "Resource limit exceeded.".to_owned());
    assert_eq!(desk.refused("CreateExportTask", &order(at)), limit);
    assert_eq!(invalid(json!({"destination": "none"})), no_bucket, "the slot is looked at last");
}

#[tokio::test(start_paused = true)]
async fn encrypted_buckets_are_refused_until_kms_is_switched_on() {
    let (desk, at) = ready();
    let refused = |encryption: Encryption| {
        desk.world.s3.set_encryption("exports", encryption);
        desk.refused("CreateExportTask", &order(at))
    };
    let key = Encryption::Kms(Some("arn:aws:kms:eu-central-1:123456789012:key/k".to_owned()));
    for encryption in [key.clone(), Encryption::Kms(None), Encryption::KmsDual] {
        let (code, message) = refused(encryption);
        assert_eq!(code, "InvalidParameterException");
        assert!(message.contains("SSE-KMS"), "{message}");
    }
    desk.control("/kms", &json!({"accept": true}));
    for encryption in [Encryption::Kms(None), Encryption::KmsDual] {
        assert_eq!(refused(encryption).0, "InvalidParameterException");
    }
    desk.world.s3.set_encryption("exports", key);
    create(&desk, &order(at));
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_does_not_let_the_service_in_is_told_call_by_call() {
    let (desk, at) = ready();
    let refused = |policy: Option<String>| {
        desk.world.s3.set_policy("exports", policy);
        let (code, message) = desk.refused("CreateExportTask", &order(at));
        assert_eq!(code, "AccessDeniedException");
        message
    };
    let advice = "Please check if CloudWatch Logs has been granted permission to perform this operation.";
    let acl = format!("GetBucketAcl call on the given bucket failed. {advice}");
    let put = format!("PutObject call on the given bucket failed. {advice}");
    assert_eq!(refused(None), acl);
    assert_eq!(refused(Some("not json".to_owned())), acl);
    assert_eq!(refused(Some(policy("exports", "s3:ListBucket", "s3:PutObject"))), acl);
    assert_eq!(refused(Some(policy("exports", "s3:GetBucketAcl", "s3:GetObject"))), put);
    assert_eq!(
        refused(Some(policy("exports", "s3:GetBucketAcl", "s3:PutObject").replace(ACCOUNT, "210987654321"))),
        acl
    );
    assert_eq!(refused(Some(policy("exports", "s3:GetBucketAcl", "s3:PutObject").replace(REGION, "us-east-1"))), acl);
    let only_there = policy("exports", "s3:GetBucketAcl", "s3:Put*").replace("exports/*", "exports/p/*");
    desk.world.s3.set_policy("exports", Some(only_there));
    let other_prefix = with(&order(at), &json!({"destinationPrefix": "elsewhere"}));
    assert_eq!(desk.refused("CreateExportTask", &other_prefix).1, put);
    create(&desk, &order(at));
}

#[tokio::test(start_paused = true)]
async fn a_bucket_of_another_account_must_let_the_caller_in_too() {
    let (desk, at) = ready();
    desk.world.s3.create_bucket("theirs", REGION, "210987654321");
    let service_only = policy("theirs", "s3:GetBucketAcl", "s3:PutObject");
    desk.world.s3.set_policy("theirs", Some(service_only.clone()));
    let order = with(&order(at), &json!({"destination": "theirs"}));
    let text = "Please ensure that the CreateExportTask caller has been granted s3:PutObject access to the bucket.";
    assert_eq!(desk.refused("CreateExportTask", &order), ("AccessDeniedException".to_owned(), text.to_owned()));
    let mut both: Value = serde_json::from_str(&service_only).unwrap();
    both["Statement"].as_array_mut().unwrap().push(json!({
        "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:root")}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::theirs/*",
    }));
    desk.world.s3.set_policy("theirs", Some(both.to_string()));
    create(&desk, &order);
}

#[tokio::test(start_paused = true)]
async fn a_pending_task_is_cancelled_and_writes_nothing() {
    let (desk, at) = ready();
    let id = create(&desk, &order(at));
    desk.ok("CancelExportTask", &json!({"taskId": id}));
    assert_eq!(desk.code(&id), "PENDING_CANCEL");
    assert_eq!(desk.refused("CreateExportTask", &order(at)).0, "LimitExceededException", "the slot is still taken");
    let cancelled = desk.until(&id, "CANCELLED").await;
    assert_eq!(cancelled["status"]["message"], "Cancelled by user");
    let again = desk.refused("CancelExportTask", &json!({"taskId": id}));
    let finished = "The specified export task has already finished";
    assert_eq!(again, ("InvalidOperationException".to_owned(), finished.to_owned()));
    let unknown = desk.refused("CancelExportTask", &json!({"taskId": "none"}));
    assert_eq!(unknown.1, "The specified export task does not exist.");
    assert_eq!(desk.world.s3.object("exports", &format!("p/q/{id}/web-1/000000.gz")), None);
    create(&desk, &order(at));
}

#[tokio::test(start_paused = true)]
async fn a_running_task_that_is_cancelled_leaves_what_it_wrote() {
    let (desk, at) = ready();
    desk.synthesize("/big", 40, 20_000, (at, at + HOUR));
    let id = create(&desk, &with(&order(at), &json!({"logGroupName": "/big"})));
    let key = |stream: u32| format!("p/q/{id}/synthetic-{stream:06}/000000.gz");
    let mut clock = tokio::time::interval(Duration::from_millis(100));
    while desk.world.s3.object("exports", &key(1)).is_none() {
        clock.tick().await;
        assert_ne!(desk.code(&id), "COMPLETED");
    }
    desk.ok("CancelExportTask", &json!({"taskId": id}));
    desk.until(&id, "CANCELLED").await;
    assert!(desk.world.s3.object("exports", &key(0)).is_some() && desk.world.s3.object("exports", &key(1)).is_some());
    assert!(desk.world.s3.object("exports", &key(39)).is_none());
}

#[tokio::test(start_paused = true)]
async fn tasks_fail_on_demand_and_as_often_as_asked() {
    let (desk, at) = ready();
    let rule = json!({"group": "/app", "message": "The bucket policy changed during the export", "times": 1});
    desk.control("fail-tasks", &rule);
    let id = create(&desk, &order(at));
    let failed = desk.until(&id, "FAILED").await;
    assert_eq!(failed["status"]["message"], "The bucket policy changed during the export");
    assert!(failed["executionInfo"]["completionTime"].is_i64());
    let id = create(&desk, &order(at));
    desk.until(&id, "COMPLETED").await;
}

#[tokio::test(start_paused = true)]
async fn one_slot_for_each_account_and_region() {
    let (desk, at) = ready();
    let foreign = desk.control("/foreign-tasks", &json!({"group": "/theirs", "name": "nightly", "seconds": 600}));
    let foreign = foreign["taskId"].as_str().unwrap().to_owned();
    assert_eq!(desk.refused("CreateExportTask", &order(at)).0, "LimitExceededException");
    let row = desk.task(&foreign);
    assert_eq!((row["taskName"].as_str(), row["logGroupName"].as_str()), (Some("nightly"), Some("/theirs")));
    let elsewhere = desk.seen_from(ACCOUNT, "eu-west-1");
    elsewhere.put("/app", "s", &[(at, "x")]);
    elsewhere.world.s3.create_bucket("irish", "eu-west-1", ACCOUNT);
    elsewhere
        .world
        .s3
        .set_policy("irish", Some(policy("irish", "s3:GetBucketAcl", "s3:PutObject").replace(REGION, "eu-west-1")));
    create(&elsewhere, &with(&order(at), &json!({"destination": "irish"})));
    desk.until(&foreign, "COMPLETED").await;
    create(&desk, &order(at));
}

#[tokio::test(start_paused = true)]
async fn history_is_told_newest_first_by_state_and_page_by_page() {
    let (desk, at) = ready();
    let mut ids = Vec::new();
    for n in 0..7 {
        let id = create(&desk, &with(&order(at), &json!({"taskName": format!("task {n}")})));
        if n % 3 == 0 {
            desk.ok("CancelExportTask", &json!({"taskId": id}));
            desk.until(&id, "CANCELLED").await;
        } else {
            desk.until(&id, "COMPLETED").await;
        }
        ids.insert(0, id);
    }
    let walk = |mut input: Value| {
        let mut seen = Vec::new();
        loop {
            let page = desk.ok("DescribeExportTasks", &input);
            let rows = page["exportTasks"].as_array().unwrap();
            seen.extend(rows.iter().map(|row| row["taskId"].as_str().unwrap().to_owned()));
            match page.get("nextToken") {
                Some(token) => input["nextToken"] = token.clone(),
                None => return seen,
            }
        }
    };
    assert_eq!(walk(json!({})), ids);
    assert_eq!(walk(json!({"limit": 2})), ids);
    let cancelled: Vec<String> = ids.iter().step_by(3).cloned().collect();
    assert_eq!(walk(json!({"statusCode": "CANCELLED", "limit": 1})), cancelled);
    assert_eq!(walk(json!({"taskId": "unknown"})), Vec::<String>::new());
    let both = json!({"taskId": ids[0], "statusCode": "COMPLETED"});
    for input in [both, json!({"limit": 51}), json!({"statusCode": "DONE"}), json!({"nextToken": "x"})] {
        assert_eq!(desk.refused("DescribeExportTasks", &input).0, "InvalidParameterException", "{input}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn an_export_writes_what_reading_shows(from in 0..100_000_i64, length in 0..100_000_i64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let _inside = runtime.enter();
        let desk = Desk::empty();
        desk.ready_bucket("exports");
        desk.synthesize("/app", 1, 500, (0, 100_000));
        let id = create(&desk, &with(&order(from), &json!({"to": from + length})));
        runtime.block_on(desk.until(&id, "COMPLETED"));
        let exported = desk.unzipped("exports", &format!("p/q/{id}/synthetic-000000/000000.gz")).unwrap_or_default();
        let read = desk.ok("GetLogEvents", &json!({
            "logGroupName": "/app", "logStreamName": "synthetic/000000", "startTime": from, "endTime": from + length + 1,
        }));
        let lines = read["events"].as_array().unwrap().iter().map(|event| {
            format!("{} {}\n", stamp(event["timestamp"].as_i64().unwrap()), event["message"].as_str().unwrap())
        });
        prop_assert_eq!(exported, lines.collect::<Vec<_>>().concat());
    }
}

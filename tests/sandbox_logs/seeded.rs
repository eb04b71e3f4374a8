//! The demo account: what exists at the start, and that each bucket tells its story.

use logferry::domain::inventory::Encryption;
use logferry::sandbox::{Config, logs};
use serde_json::{Value, json};

use super::desk::{Desk, now};

const DAY: i64 = 86_400_000;

fn demo() -> Desk {
    let desk = Desk::with(Config::default());
    logs::seed(&desk.world);
    desk
}

fn export(destination: &str) -> Value {
    json!({"logGroupName": "/demo/orders", "from": now() - 7 * DAY, "to": now(), "destination": destination})
}

#[test]
fn there_are_about_forty_groups_of_every_kind() {
    let desk = demo();
    let groups = desk.ok("DescribeLogGroups", &json!({}))["logGroups"].as_array().unwrap().clone();
    assert_eq!(groups.len(), 41);
    let count = |fits: &dyn Fn(&Value) -> bool| groups.iter().filter(|group| fits(group)).count();
    assert_eq!(count(&|group| group["logGroupClass"] == "INFREQUENT_ACCESS"), 1);
    assert_eq!(count(&|group| group["storedBytes"] == 0), 1);
    assert!(count(&|group| group["logGroupName"].as_str().unwrap().contains('#')) >= 3);
    assert!(count(&|group| group.get("retentionInDays").is_none()) >= 4);
}

#[test]
fn demo_orders_is_what_the_documentation_says() {
    let desk = demo();
    let page = desk.ok("FilterLogEvents", &json!({"logGroupName": "/demo/orders"}));
    let events = page["events"].as_array().unwrap();
    assert_eq!(events.len(), 300);
    for (n, event) in (1..).zip(events) {
        assert_eq!(event["logStreamName"], format!("orders-{}", (n - 1) % 3 + 1));
        assert!(event["message"].as_str().unwrap().contains(&format!("order {n:03} of 300")), "{event}");
    }
    let times: Vec<i64> = events.iter().map(|event| event["timestamp"].as_i64().unwrap()).collect();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 864_000));
    assert!(times[0] >= now() - 3 * DAY - 60_000 && times[299] < now());
    assert_eq!(events[49]["message"].as_str().unwrap().lines().count(), 3);
    assert_eq!(events[0]["message"], "INFO order 001 of 300 placed, total 11.01 EUR");
}

#[test]
fn every_readable_group_can_be_read_and_shows_scripts_and_stack_traces() {
    let desk = demo();
    let groups = desk.ok("ListLogGroups", &json!({"limit": 1000, "logGroupClass": "STANDARD"}));
    let mut text = String::new();
    for group in groups["logGroups"].as_array().unwrap() {
        let page = desk.ok("FilterLogEvents", &json!({"logGroupName": group["logGroupName"], "limit": 200}));
        for event in page["events"].as_array().unwrap() {
            let message = event["message"].as_str().unwrap();
            assert!(!message.is_empty() && !message.ends_with('\n'), "{group}: {message:?}");
            if message.starts_with('{') {
                serde_json::from_str::<Value>(message).unwrap();
            }
            text.push_str(message);
        }
    }
    for part in ["ß", "山田", "🌻", "\n\tat com.acme", "REPORT RequestId", "ACCEPT OK", "CreateExportTask"] {
        assert!(text.contains(part), "nowhere: {part}");
    }
}

#[test]
fn history_has_two_pages_with_every_kind_of_end() {
    let desk = demo();
    let first = desk.ok("DescribeExportTasks", &json!({}));
    let second = desk.ok("DescribeExportTasks", &json!({"nextToken": first["nextToken"]}));
    let rows = [&first, &second].map(|page| page["exportTasks"].as_array().unwrap().clone()).concat();
    assert_eq!(rows.len(), 60);
    assert!(rows.is_sorted_by_key(|row| -row["executionInfo"]["creationTime"].as_i64().unwrap()), "newest first");
    for code in ["COMPLETED", "FAILED", "CANCELLED"] {
        assert!(rows.iter().any(|row| row["status"]["code"] == code), "{code}");
    }
    let known = desk.ok("ListLogGroups", &json!({"limit": 1000})).to_string();
    for row in &rows {
        assert!(known.contains(row["logGroupName"].as_str().unwrap()), "{row}");
        let times = &row["executionInfo"];
        assert!(
            times["creationTime"].as_i64() < times["completionTime"].as_i64() && row["status"]["message"].is_string()
        );
    }
    assert!(
        rows.iter().any(|row| row.get("taskName").is_some()) && rows.iter().any(|row| row.get("taskName").is_none())
    );
    // The slot is free at the start.
    assert_eq!(desk.ok("DescribeExportTasks", &json!({"statusCode": "RUNNING"})), json!({"exportTasks": []}));
}

#[tokio::test(start_paused = true)]
async fn each_bucket_tells_its_story() {
    let desk = demo();
    for bucket in ["acme-log-exports", "acme-log-lifecycle", "partner-shared-logs"] {
        let id = desk.ok("CreateExportTask", &export(bucket))["taskId"].as_str().unwrap().to_owned();
        desk.until(&id, "COMPLETED").await;
        let text = desk.unzipped(bucket, &format!("exportedlogs/{id}/orders-1/000000.gz")).unwrap();
        assert_eq!(text.matches(" of 300 ").count(), 100, "{bucket}");
    }
    let why = |bucket: &str| desk.refused("CreateExportTask", &export(bucket)).1;
    assert!(why("acme-legacy-archive").contains("GetBucketAcl"));
    assert!(why("acme-secure-kms").contains("SSE-KMS"));
    assert!(why("acme-us-backups").contains("us-east-1"));
    assert!(matches!(desk.world.s3.bucket("acme-secure-kms").unwrap().encryption, Encryption::Kms(Some(_))));
    assert_eq!(desk.world.s3.bucket("partner-shared-logs").unwrap().owner, "210987654321");
    desk.control("kms", &json!({"accept": true}));
    desk.ok("CreateExportTask", &export("acme-secure-kms"));
}

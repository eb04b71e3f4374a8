//! Groups and streams: made, listed, changed, deleted.

use serde_json::{Value, json};

use super::desk::Desk;

fn names(page: &Value, list: &str, field: &str) -> Vec<String> {
    page[list].as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

/// All rows of a listing, page by page, and how many pages it took.
fn walk(desk: &Desk, operation: &str, mut input: Value, list: &str, field: &str) -> (Vec<String>, usize) {
    let (mut all, mut pages) = (Vec::new(), 0);
    loop {
        let page = desk.ok(operation, &input);
        all.extend(names(&page, list, field));
        pages += 1;
        match page.get("nextToken") {
            Some(token) => input["nextToken"] = token.clone(),
            None => return (all, pages),
        }
    }
}

#[test]
fn a_group_is_made_described_and_deleted() {
    let desk = Desk::empty();
    desk.ok(
        "CreateLogGroup",
        &json!({"logGroupName": "/a", "logGroupClass": "INFREQUENT_ACCESS", "kmsKeyId": "arn:k"}),
    );
    desk.ok("PutRetentionPolicy", &json!({"logGroupName": "/a", "retentionInDays": 14}));
    let row = desk.ok("DescribeLogGroups", &json!({}))["logGroups"][0].clone();
    assert_eq!(row["logGroupName"], "/a");
    assert_eq!(row["logGroupClass"], "INFREQUENT_ACCESS");
    assert_eq!(row["retentionInDays"], 14);
    assert_eq!(row["storedBytes"], 0);
    assert_eq!(row["kmsKeyId"], "arn:k");
    assert_eq!(row["arn"], "arn:aws:logs:eu-central-1:123456789012:log-group:/a:*");
    assert_eq!(row["logGroupArn"], "arn:aws:logs:eu-central-1:123456789012:log-group:/a");
    assert!(row["creationTime"].is_i64());
    desk.ok("DeleteRetentionPolicy", &json!({"logGroupName": "/a"}));
    assert!(desk.ok("DescribeLogGroups", &json!({}))["logGroups"][0].get("retentionInDays").is_none());
    desk.ok("DeleteLogGroup", &json!({"logGroupName": "/a"}));
    assert_eq!(desk.ok("DescribeLogGroups", &json!({})), json!({"logGroups": []}));
}

#[test]
fn refusals_have_the_codes_and_texts_of_aws() {
    let desk = Desk::empty();
    desk.put("g", "s", &[(super::desk::now(), "x")]);
    let missing = ("ResourceNotFoundException", "The specified log group does not exist.");
    let cases = [
        (
            "CreateLogGroup",
            json!({"logGroupName": "g"}),
            ("ResourceAlreadyExistsException", "The specified log group already exists"),
        ),
        (
            "CreateLogGroup",
            json!({"logGroupName": "a b"}),
            (
                "InvalidParameterException",
                "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must \
                 satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
            ),
        ),
        (
            "CreateLogGroup",
            json!({}),
            (
                "InvalidParameterException",
                "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null",
            ),
        ),
        ("DeleteLogGroup", json!({"logGroupName": "none"}), missing),
        ("CreateLogStream", json!({"logGroupName": "none", "logStreamName": "s"}), missing),
        (
            "CreateLogStream",
            json!({"logGroupName": "g", "logStreamName": "s"}),
            ("ResourceAlreadyExistsException", "The specified log stream already exists"),
        ),
        (
            "DeleteLogStream",
            json!({"logGroupName": "g", "logStreamName": "none"}),
            ("ResourceNotFoundException", "The specified log stream does not exist."),
        ),
        ("DescribeLogStreams", json!({"logGroupName": "none"}), missing),
        ("FilterLogEvents", json!({"logGroupName": "none"}), missing),
        ("PutRetentionPolicy", json!({"logGroupName": "none", "retentionInDays": 1}), missing),
        (
            "DescribeLogGroups",
            json!({"nextToken": "garbage"}),
            ("InvalidParameterException", "The specified nextToken is invalid."),
        ),
        ("StartQuery", json!({}), ("UnknownOperationException", "Unknown operation StartQuery")),
    ];
    for (operation, input, (code, message)) in cases {
        assert_eq!(desk.refused(operation, &input), (code.to_owned(), message.to_owned()), "{operation} {input}");
    }
    for (operation, input) in [
        ("PutRetentionPolicy", json!({"logGroupName": "g", "retentionInDays": 2})),
        ("CreateLogGroup", json!({"logGroupName": "h", "logGroupClass": "COLD"})),
        ("DescribeLogGroups", json!({"limit": 51})),
        ("DescribeLogGroups", json!({"logGroupNamePrefix": "a", "logGroupNamePattern": "b"})),
        ("DescribeLogGroups", json!({"logGroupIdentifiers": vec!["g"; 51]})),
        ("ListLogGroups", json!({"limit": 1001})),
        ("ListLogGroups", json!({"logGroupNamePattern": "ab"})),
        ("ListLogGroups", json!({"logGroupNamePattern": "web|a b c"})),
        ("ListLogGroups", json!({"logGroupNamePattern": "a23|b23|c23|d23|e23|f23"})),
        ("DescribeLogStreams", json!({"logGroupName": "g", "orderBy": "LastEventTime", "logStreamNamePrefix": "s"})),
    ] {
        assert_eq!(desk.refused(operation, &input).0, "InvalidParameterException", "{operation} {input}");
    }
    assert_eq!(desk.refused("CreateLogGroup", &json!({"logGroupName": 5})).0, "SerializationException");
}

#[test]
fn groups_are_listed_completely_whatever_the_page_size() {
    let desk = Desk::empty();
    let wanted: Vec<String> = (0..120).map(|n| format!("/app/{n:03}")).collect();
    for name in &wanted {
        desk.ok("CreateLogGroup", &json!({"logGroupName": name}));
    }
    assert_eq!(walk(&desk, "DescribeLogGroups", json!({}), "logGroups", "logGroupName"), (wanted.clone(), 3));
    assert_eq!(
        walk(&desk, "DescribeLogGroups", json!({"limit": 40}), "logGroups", "logGroupName"),
        (wanted.clone(), 3)
    );
    assert_eq!(walk(&desk, "ListLogGroups", json!({"limit": 1000}), "logGroups", "logGroupName"), (wanted.clone(), 1));
    assert_eq!(walk(&desk, "ListLogGroups", json!({}), "logGroups", "logGroupName"), (wanted, 3));
}

#[test]
fn a_crowd_of_groups_is_listed_a_thousand_a_page_and_told_of_by_name() {
    let desk = Desk::empty();
    desk.control("/crowd", &json!({"groups": 12_000}));
    let (all, pages) = walk(&desk, "ListLogGroups", json!({"limit": 1000}), "logGroups", "logGroupName");
    assert_eq!((all.len(), pages), (12_000, 12));
    assert!(all.is_sorted_by(|one, next| one < next), "each has a name of its own");
    let told = desk.ok("DescribeLogGroups", &json!({"logGroupIdentifiers": [&all[11_999], "none", &all[7]]}));
    assert_eq!(names(&told, "logGroups", "logGroupName"), [all[7].clone(), all[11_999].clone()]);
}

#[test]
fn groups_are_chosen_by_prefix_pattern_identifier_and_class() {
    let desk = Desk::empty();
    for name in ["/aws/lambda/web", "/aws/ecs/web", "/ecs/db"] {
        desk.ok("CreateLogGroup", &json!({"logGroupName": name}));
    }
    desk.ok("CreateLogGroup", &json!({"logGroupName": "cold", "logGroupClass": "INFREQUENT_ACCESS"}));
    let found = |operation: &str, input: Value| names(&desk.ok(operation, &input), "logGroups", "logGroupName");
    assert_eq!(found("DescribeLogGroups", json!({"logGroupNamePrefix": "/aws"})), ["/aws/ecs/web", "/aws/lambda/web"]);
    assert_eq!(found("DescribeLogGroups", json!({"logGroupNamePattern": "ecs"})), ["/aws/ecs/web", "/ecs/db"]);
    let arn = "arn:aws:logs:eu-central-1:123456789012:log-group:cold:*";
    assert_eq!(found("DescribeLogGroups", json!({"logGroupIdentifiers": ["/ecs/db", arn]})), ["/ecs/db", "cold"]);
    assert_eq!(found("DescribeLogGroups", json!({"logGroupClass": "INFREQUENT_ACCESS"})), ["cold"]);
    assert_eq!(found("ListLogGroups", json!({"logGroupNamePattern": "^/ecs|lambda"})), ["/aws/lambda/web", "/ecs/db"]);
    assert_eq!(found("ListLogGroups", json!({"logGroupClass": "INFREQUENT_ACCESS"})), ["cold"]);
    let by_pattern = desk.ok("DescribeLogGroups", &json!({"logGroupNamePattern": "cold"}));
    assert!(by_pattern["logGroups"][0].get("storedBytes").is_none(), "a listing by pattern tells less: {by_pattern}");
}

#[test]
fn accounts_and_regions_do_not_see_each_other() {
    let desk = Desk::empty();
    desk.ok("CreateLogGroup", &json!({"logGroupName": "mine"}));
    for (account, region) in [("210987654321", "eu-central-1"), ("123456789012", "us-east-1")] {
        assert_eq!(desk.seen_from(account, region).ok("ListLogGroups", &json!({})), json!({"logGroups": []}));
    }
}

#[test]
fn streams_are_listed_by_name_and_by_last_event_both_ways() {
    let desk = Desk::empty();
    let now = super::desk::now();
    for (name, age) in [("a", 20), ("b", 10), ("c", 30)] {
        desk.put("g", name, &[(now - age - 5, "x"), (now - age, "y")]);
    }
    desk.ok("CreateLogStream", &json!({"logGroupName": "g", "logStreamName": "idle"}));
    let order = |input: Value| walk(&desk, "DescribeLogStreams", input, "logStreams", "logStreamName").0;
    assert_eq!(order(json!({"logGroupName": "g", "limit": 1})), ["a", "b", "c", "idle"]);
    assert_eq!(order(json!({"logGroupName": "g", "descending": true, "limit": 3})), ["idle", "c", "b", "a"]);
    let by_time = json!({"logGroupName": "g", "orderBy": "LastEventTime", "limit": 1});
    assert_eq!(order(by_time.clone()), ["idle", "c", "a", "b"]);
    let newest = json!({"logGroupName": "g", "orderBy": "LastEventTime", "descending": true, "limit": 2});
    assert_eq!(order(newest), ["b", "a", "c", "idle"]);
    let row = desk.ok("DescribeLogStreams", &json!({"logGroupName": "g", "logStreamNamePrefix": "b"}));
    let row = &row["logStreams"][0];
    assert_eq!(
        (row["firstEventTimestamp"].as_i64(), row["lastEventTimestamp"].as_i64()),
        (Some(now - 15), Some(now - 10))
    );
    assert_eq!(row["storedBytes"], 0);
    assert!(row["lastIngestionTime"].as_i64() >= Some(now));
}

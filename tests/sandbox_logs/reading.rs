//! Events put, read back and searched.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::desk::{Desk, now};

const HOUR: i64 = 3_600_000;

fn events(page: &Value) -> Vec<(i64, String)> {
    let rows = page["events"].as_array().unwrap().iter();
    rows.map(|row| (row["timestamp"].as_i64().unwrap(), row["message"].as_str().unwrap().to_owned())).collect()
}

/// A stream read with GetLogEvents until the token comes back.
fn read_all(desk: &Desk, mut input: Value) -> Vec<(i64, String)> {
    let mut all = Vec::new();
    input["startFromHead"] = json!(true);
    loop {
        let page = desk.ok("GetLogEvents", &input);
        all.extend(events(&page));
        if page["nextForwardToken"] == input["nextToken"] {
            return all;
        }
        input["nextToken"] = page["nextForwardToken"].clone();
    }
}

/// A search walked to its end; also how many of its pages were empty.
fn search_all(desk: &Desk, mut input: Value) -> (Vec<(i64, String)>, usize) {
    let (mut all, mut empty) = (Vec::new(), 0);
    loop {
        let page = desk.ok("FilterLogEvents", &input);
        let found = events(&page);
        empty += usize::from(found.is_empty());
        all.extend(found);
        match page.get("nextToken") {
            Some(token) => input["nextToken"] = token.clone(),
            None => return (all, empty),
        }
    }
}

#[test]
fn what_is_put_is_read_back_byte_for_byte_in_either_direction() {
    let desk = Desk::empty();
    let at = now() - HOUR;
    let lines = ["one", "Größe 日本 🦀 \"quoted\" \\ \u{7f}", "Exception\n\tat A\n\tat B\n", "four"];
    let put: Vec<(i64, &str)> = lines.iter().zip(at..).map(|(line, at)| (at, *line)).collect();
    desk.put("g", "s", &put);
    let wanted: Vec<(i64, String)> = put.iter().map(|(at, line)| (*at, (*line).to_owned())).collect();
    let stream = json!({"logGroupName": "g", "logStreamName": "s"});
    assert_eq!(read_all(&desk, stream.clone()), wanted);
    // Without startFromHead the last events come first, and the backward token leads to the ones before.
    let last = desk.ok("GetLogEvents", &json!({"logGroupName": "g", "logStreamName": "s", "limit": 3}));
    assert_eq!(events(&last), wanted[1..]);
    let token = last["nextBackwardToken"].clone();
    assert!(token.as_str().unwrap().starts_with("b/") && last["nextForwardToken"].as_str().unwrap().starts_with("f/"));
    let before = json!({"logGroupName": "g", "logStreamName": "s", "limit": 3, "nextToken": token});
    let before = desk.ok("GetLogEvents", &before);
    assert_eq!(events(&before), wanted[..1]);
    let end = json!({"logGroupName": "g", "logStreamName": "s", "nextToken": before["nextBackwardToken"]});
    assert_eq!(desk.ok("GetLogEvents", &end)["nextBackwardToken"], end["nextToken"]);
    // startTime is inclusive, endTime is not.
    let middle = json!({"logGroupName": "g", "logStreamName": "s", "startTime": at + 1, "endTime": at + 3});
    assert_eq!(read_all(&desk, middle), wanted[1..3]);
}

#[test]
fn an_event_that_arrives_after_the_end_is_read_with_the_last_token() {
    let desk = Desk::empty();
    let at = now() - HOUR;
    desk.put("g", "s", &[(at, "one")]);
    let page = desk.ok("GetLogEvents", &json!({"logGroupName": "g", "logStreamName": "s"}));
    desk.put("g", "s", &[(at + 1, "two")]);
    let next = json!({"logGroupName": "g", "logStreamName": "s", "nextToken": page["nextForwardToken"]});
    assert_eq!(events(&desk.ok("GetLogEvents", &next)), [(at + 1, "two".to_owned())]);
}

#[test]
fn garbage_tokens_and_limits_are_refused() {
    let desk = Desk::empty();
    desk.put("g", "s", &[(now(), "x")]);
    for token in ["x", "f/1", "f/zz", "", "c/00000000000000000000000000000000000000000000000000000001"] {
        let input = json!({"logGroupName": "g", "logStreamName": "s", "nextToken": token});
        assert_eq!(desk.refused("GetLogEvents", &input).1, "The specified nextToken is invalid.", "{token}");
        let input = json!({"logGroupName": "g", "nextToken": token});
        assert_eq!(desk.refused("FilterLogEvents", &input).1, "The specified nextToken is invalid.", "{token}");
    }
    for limit in [0, 10_001] {
        let input = json!({"logGroupName": "g", "logStreamName": "s", "limit": limit});
        assert_eq!(desk.refused("GetLogEvents", &input).0, "InvalidParameterException");
    }
    let input = json!({"logGroupName": "g", "logStreamName": "none"});
    assert_eq!(desk.refused("GetLogEvents", &input).1, "The specified log stream does not exist.");
}

#[test]
fn a_page_ends_at_one_megabyte() {
    let desk = Desk::empty();
    let (big, at) = ("m".repeat(200_000), now() - HOUR);
    for batch in 0..2 {
        let events: Vec<(i64, &str)> = (0..5).map(|n| (at + batch * 5 + n, big.as_str())).collect();
        desk.put("g", "s", &events);
    }
    let page = desk.ok("GetLogEvents", &json!({"logGroupName": "g", "logStreamName": "s", "startFromHead": true}));
    assert_eq!(events(&page).len(), 5);
    assert_eq!(read_all(&desk, json!({"logGroupName": "g", "logStreamName": "s"})).len(), 10);
    assert_eq!(search_all(&desk, json!({"logGroupName": "g"})).0.len(), 10);
}

#[test]
fn batches_are_held_to_the_rules_of_put_log_events() {
    let desk = Desk::empty();
    let now = now();
    desk.put("g", "s", &[(now, "x")]);
    let put = |events: Value| json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
    let event = |at: i64| json!({"timestamp": at, "message": "x"});
    let refusals = [
        (json!([event(now), event(now - 1)]), "must be in chronological order"),
        (json!([event(now - 25 * HOUR), event(now)]), "cannot span more than 24 hours"),
        (json!([{"timestamp": now, "message": "x".repeat(1_048_576)}]), "Upload too large: 1048602 bytes"),
        (json!([]), "Member must have length greater than or equal to 1"),
        (json!([{"timestamp": now, "message": ""}]), "Member must have length greater than or equal to 1"),
        (Value::Array(vec![event(now); 10_001]), "Member must have length less than or equal to 10000"),
    ];
    for (events, text) in refusals {
        let (code, message) = desk.refused("PutLogEvents", &put(events));
        assert_eq!(code, "InvalidParameterException");
        assert!(message.contains(text), "{message}");
    }
    let answer = desk.ok("PutLogEvents", &put(json!([event(now), event(now + 3 * HOUR)])));
    assert_eq!(answer["rejectedLogEventsInfo"], json!({"tooNewLogEventStartIndex": 1}));
    let old = now - 14 * 24 * HOUR;
    let answer = desk.ok("PutLogEvents", &put(json!([event(old - HOUR), event(old + HOUR)])));
    assert_eq!(answer["rejectedLogEventsInfo"], json!({"tooOldLogEventEndIndex": 1}));
    desk.ok("PutRetentionPolicy", &json!({"logGroupName": "g", "retentionInDays": 1}));
    let answer = desk.ok("PutLogEvents", &put(json!([event(now - 30 * HOUR), event(now - 20 * HOUR)])));
    assert_eq!(answer["rejectedLogEventsInfo"], json!({"expiredLogEventEndIndex": 1}));
    let kept: Vec<i64> =
        read_all(&desk, json!({"logGroupName": "g", "logStreamName": "s"})).iter().map(|e| e.0).collect();
    assert_eq!(kept, [old + HOUR, now - 20 * HOUR, now, now]);
}

#[test]
fn infrequent_access_is_neither_read_nor_searched() {
    let desk = Desk::empty();
    desk.ok("CreateLogGroup", &json!({"logGroupName": "g", "logGroupClass": "INFREQUENT_ACCESS"}));
    desk.put("g", "s", &[(now(), "x")]);
    for operation in ["GetLogEvents", "FilterLogEvents"] {
        let input = json!({"logGroupName": "g", "logStreamName": "s"});
        let (code, message) = desk.refused(operation, &input);
        assert_eq!(code, "InvalidParameterException");
        assert!(message.contains("INFREQUENT_ACCESS"), "{message}");
    }
}

#[test]
fn a_search_interleaves_streams_by_time_and_keeps_to_what_was_asked() {
    let desk = Desk::empty();
    let at = now() - HOUR;
    desk.put("g", "a", &[(at, "ERROR 1"), (at + 2, "ok 3"), (at + 2, "ERROR 3b")]);
    desk.put("g", "b", &[(at + 1, "ERROR 2"), (at + 2, "ERROR 4"), (at + 9, "late ERROR")]);
    desk.put("g", "other", &[(at, "ERROR elsewhere")]);
    let found = |mut input: Value| {
        input["logGroupName"] = json!("g");
        input["limit"] = json!(1); // A page for each event: the tokens are put to work.
        search_all(&desk, input).0.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
    };
    let both = json!({"logStreamNames": ["b", "a"], "filterPattern": "ERROR"});
    assert_eq!(found(both), ["ERROR 1", "ERROR 2", "ERROR 3b", "ERROR 4", "late ERROR"]);
    assert_eq!(found(json!({"logStreamNamePrefix": "o"})), ["ERROR elsewhere"]);
    // Both ends are inclusive here.
    assert_eq!(found(json!({"startTime": at + 1, "endTime": at + 1})), ["ERROR 2"]);
    assert_eq!(found(json!({"filterPattern": "ERROR -late -elsewhere", "startTime": at + 2})), ["ERROR 3b", "ERROR 4"]);
    let row = desk.ok("FilterLogEvents", &json!({"logGroupName": "g"}))["events"][0].clone();
    assert_eq!(row["logStreamName"], "a");
    assert!(row["eventId"].as_str().unwrap().len() == 56 && row["ingestionTime"].is_i64(), "{row}");
    let unknown = json!({"logGroupName": "g", "logStreamNames": ["a", "none"]});
    assert_eq!(desk.refused("FilterLogEvents", &unknown).1, "The specified log stream does not exist.");
    let both_ways = json!({"logGroupName": "g", "logStreamNames": ["a"], "logStreamNamePrefix": "a"});
    assert_eq!(desk.refused("FilterLogEvents", &both_ways).0, "InvalidParameterException");
}

#[test]
fn a_rare_match_in_a_busy_group_comes_after_empty_pages() {
    let desk = Desk::empty();
    let to = now() - HOUR;
    desk.synthesize("busy", 2, 30_000, (to - 24 * HOUR, to));
    desk.put("busy", "needle", &[(to, "the needle")]);
    let input = json!({"logGroupName": "busy", "filterPattern": "\"the needle\""});
    let first = desk.ok("FilterLogEvents", &input);
    assert_eq!(first["events"], json!([]));
    assert!(first["nextToken"].is_string(), "the first page is empty, and says to go on");
    let (found, empty) = search_all(&desk, input);
    assert_eq!(found, [(to, "the needle".to_owned())]);
    assert!(empty >= 3, "{empty}");
}

#[test]
fn a_group_of_a_hundred_gigabytes_answers_its_last_page_at_once() {
    let desk = Desk::empty();
    let to = now() - HOUR;
    desk.synthesize("huge", 4, 300_000_000, (to - 24 * HOUR, to));
    let row = desk.ok("DescribeLogGroups", &json!({}))["logGroups"][0].clone();
    assert!(row["storedBytes"].as_u64() > Some(100_000_000_000), "{row}");
    let page =
        desk.ok("GetLogEvents", &json!({"logGroupName": "huge", "logStreamName": "synthetic/000003", "limit": 100}));
    assert_eq!(page["events"].as_array().map(Vec::len), Some(100));
    assert!(events(&page).last().unwrap().0 > to - 10);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn reading_and_searching_agree_on_any_range(start in 0..100_000_i64, length in 1..100_000_i64, limit in 50..400_u64) {
        let desk = Desk::empty();
        desk.synthesize("g", 3, 400, (0, 100_000));
        let range = |limit: u64| json!({"logGroupName": "g", "startTime": start, "endTime": start + length, "limit": limit});
        let mut read = Vec::new();
        for stream in 0..3 {
            let mut input = range(limit);
            input["logStreamName"] = json!(format!("synthetic/{stream:06}"));
            let of_stream = read_all(&desk, input);
            prop_assert!(of_stream.is_sorted_by_key(|event| event.0));
            read.extend(of_stream);
        }
        prop_assert!(read.iter().all(|(at, _)| (start..start + length).contains(at)));
        // GetLogEvents leaves endTime itself out, FilterLogEvents does not.
        let mut input = range(limit);
        input["endTime"] = json!(start + length - 1);
        let (found, _) = search_all(&desk, input);
        prop_assert!(found.is_sorted_by_key(|event| event.0));
        let sorted = |mut events: Vec<(i64, String)>| { events.sort(); events };
        prop_assert_eq!(sorted(read), sorted(found));
    }
}

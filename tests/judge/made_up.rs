//! Policies put together from parts: statements of every form, beside those AWS documents or alone.
//!
//! No resource here tells the write test from the log objects: the service tries the one when it takes a task, and finds out
//! about the others only later.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::door::{Answer, decided, predicted};

const ACCOUNT: &str = "123456789012";
const GROUPS: &str = "arn:aws:logs:eu-central-1:123456789012:log-group:*";

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "s3:PutObject",
    "S3:putobject",
    "s3:Put*",
    "s3:GetBucketAcl",
    "s3:Get*",
    "s3:GetBucket???",
    "s3:DeleteObject",
    "ec2:*",
];

const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::acme-logs",
    "arn:aws:s3:::acme-logs/*",
    "arn:aws:s3:::acme-logs*",
    "arn:*:s3:::acme-*",
    "arn:aws:s3:::acme-logs/exports/*",
    "arn:aws:s3:::acme-logs/ex?orts/*",
    "arn:aws:s3:::acme-logs/other/*",
    "arn:aws:s3:::acme-logs-two/*",
    "arn:aws:s3:::*-logs",
];

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "ArnLike",
    "ArnEquals",
    "ArnNotLike",
    "ArnNotEquals",
    "Bool",
    "Null",
    "NumericLessThan",
    "NumericGreaterThanEquals",
    "IpAddress",
    "NotIpAddress",
    "DateLessThan",
];

const KEYS: &[&str] = &[
    "aws:SourceAccount",
    "AWS:sourceaccount",
    "aws:SourceArn",
    "s3:x-amz-acl",
    "aws:SecureTransport",
    "aws:PrincipalIsAWSService",
    "aws:ViaAWSService",
    "aws:RequestedRegion",
    "s3:TlsVersion",
    "aws:SourceIp",
    "aws:SourceVpce",
    "aws:PrincipalOrgID",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:SourceOrgID",
    "s3:x-amz-server-side-encryption",
];

const VALUES: &[&str] = &[
    ACCOUNT,
    "210987654321",
    "1234*",
    GROUPS,
    "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/*",
    "arn:aws:logs:*:*:*",
    "arn:aws:logs:*",
    "arn:aws:logs:us-east-1:123456789012:log-group:*",
    "bucket-owner-full-control",
    "Bucket-Owner-Full-Control",
    "private",
    "true",
    "false",
    "eu-central-1",
    "eu-*",
    "1.2",
    "10.0.0.0/8",
    "o-a1b2c3",
    "*",
    "",
];

fn principal() -> impl Strategy<Value = Value> {
    let one = json!("logs.eu-central-1.amazonaws.com");
    prop::sample::select(vec![
        json!("*"),
        json!({"AWS": "*"}),
        json!({"AWS": ACCOUNT}),
        json!({"AWS": ["arn:aws:iam::123456789012:root", "arn:aws:iam::210987654321:role/x"]}),
        json!({"Service": one}),
        json!({"Service": [one, "ec2.amazonaws.com"]}),
        json!({"Service": "logs.amazonaws.com", "AWS": "210987654321"}),
        json!({"Service": "logs.us-east-1.amazonaws.com"}),
        json!({"Service": "delivery.logs.amazonaws.com"}),
        json!({"Service": "*"}),
        json!({"Federated": "*"}),
        json!({"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}),
    ])
}

/// One of `words`, or some of them.
fn some_of(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(words).prop_map(Value::from),
        prop::collection::vec(prop::sample::select(words), 1..3).prop_map(Value::from),
    ]
}

fn condition() -> impl Strategy<Value = (String, String, Value)> {
    let modifier = prop_oneof![8 => Just(""), 1 => Just("ForAllValues:"), 1 => Just("ForAnyValue:")];
    let suffix = prop_oneof![6 => Just(""), 1 => Just("IfExists")];
    let operator = (modifier, prop::sample::select(OPERATORS), suffix).prop_map(|(modifier, operator, suffix)| {
        // Null takes neither.
        if operator == "Null" { operator.to_owned() } else { format!("{modifier}{operator}{suffix}") }
    });
    (operator, prop::sample::select(KEYS).prop_map(str::to_owned), some_of(VALUES))
}

fn statement() -> impl Strategy<Value = Value> {
    let either = |plain: &'static str, inverted: &'static str| prop_oneof![5 => Just(plain), 1 => Just(inverted)];
    (
        prop_oneof![2 => Just("Allow"), 1 => Just("Deny")],
        (either("Principal", "NotPrincipal"), principal()),
        (either("Action", "NotAction"), some_of(ACTIONS)),
        (either("Resource", "NotResource"), some_of(RESOURCES)),
        prop::collection::vec(condition(), 0..3),
    )
        .prop_map(|(effect, principal, action, resource, conditions)| {
            let parts = json!({"Effect": effect, principal.0: principal.1, action.0: action.1, resource.0: resource.1});
            with(parts, conditions)
        })
}

/// What AWS documents, with or without its conditions.
fn documented() -> impl Strategy<Value = Vec<Value>> {
    let of = |conditions: bool| {
        let service = json!({"Service": "logs.eu-central-1.amazonaws.com"});
        let mut look = json!({"Effect": "Allow", "Principal": service, "Action": "s3:GetBucketAcl",
            "Resource": "arn:aws:s3:::acme-logs"});
        let mut put = json!({"Effect": "Allow", "Principal": service, "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::acme-logs/*"});
        if conditions {
            let source = json!({"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": GROUPS}});
            (look["Condition"], put["Condition"]) = (source.clone(), source);
            put["Condition"]["StringEquals"]["s3:x-amz-acl"] = json!("bucket-owner-full-control");
        }
        vec![look, put]
    };
    any::<bool>().prop_map(of)
}

/// A statement that is about the export all right, so that everything depends on its conditions.
fn pointed() -> impl Strategy<Value = Value> {
    (
        prop::sample::select(&["Allow", "Deny"][..]),
        prop::sample::select(vec![json!("*"), json!({"Service": "logs.eu-central-1.amazonaws.com"})]),
        prop::sample::select(&["s3:*", "s3:PutObject", "s3:GetBucketAcl"][..]),
        prop::collection::vec(condition(), 1..3),
    )
        .prop_map(|(effect, principal, action, conditions)| {
            with(json!({"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}), conditions)
        })
}

fn with(mut statement: Value, conditions: Vec<(String, String, Value)>) -> Value {
    for (operator, key, values) in conditions {
        statement["Condition"][operator][key] = values;
    }
    statement
}

fn made_up() -> impl Strategy<Value = String> {
    let base = prop_oneof![3 => documented(), 2 => Just(Vec::new())];
    let more = prop_oneof![2 => statement().boxed(), 3 => pointed().boxed()];
    (base, prop::collection::vec(more, 1..4)).prop_map(|(base, more)| {
        let statements: Vec<Value> = base.into_iter().chain(more).collect();
        json!({"Version": "2012-10-17", "Statement": statements}).to_string()
    })
}

#[test]
fn made_up_policies_are_decided_as_predicted() {
    let runtime = Runtime::new().expect("a runtime");
    let seen: RefCell<BTreeMap<String, u32>> = RefCell::default();
    let config = Config { cases: 384, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&made_up(), |text| {
        let (decided, predicted) = (runtime.block_on(decided(&text)), predicted(&text));
        let sure = if predicted == [decided] || predicted == [Answer::Accepted, Answer::NotTheCaller] {
            "sure"
        } else {
            "either"
        };
        *seen.borrow_mut().entry(format!("{sure}: {decided:?}")).or_default() += 1;
        if predicted.contains(&decided) {
            return Ok(());
        }
        Err(TestCaseError::fail(format!("predicted {predicted:?}, decided {decided:?}: {text}")))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // Policies of one sort alone would prove little.
    for sort in ["sure: Accepted", "sure: NoAcl", "sure: NoPut"] {
        assert!(seen.borrow().get(sort).is_some_and(|count| *count > 2), "{sort} is missing among {seen:?}");
    }
}

//! The bucket policies in `tests/policies`, each with what it says to an export, and the rules that hold for any of
//! them.
//!
//! All are asked about the same export: `/aws/lambda/checkout` of account 123456789012 in eu-central-1 to
//! `s3://acme-logs/exports`. They are of the kinds found in the wild: AWS's own examples past and present,
//! organisations' guard rails, other services' statements beside ours, and the usual mistakes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use logferry::domain::place::{AccountId, Region};
use logferry::domain::policy::{Access, Document, Export, Grant, Laxity, Part, merge, missing, rule};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A file's name, and what its policy says to `s3:GetBucketAcl` and to `s3:PutObject`.
#[rustfmt::skip]
const EXPECTED: &[(&str, &str, &str)] = &[
    ("account-as-a-number", "lax: source", "lax: source"),
    ("account-of-somebody-else", "not allowed: condition", "not allowed: condition"),
    ("account-root-only", "not allowed: principal", "not allowed: principal"),
    ("acl-asked-of-both-calls", "not allowed: condition", "allowed"),
    ("acl-check-without-put", "allowed", "not allowed"),
    ("acl-of-another-kind", "allowed", "not allowed: condition"),
    ("actions-in-lower-case", "allowed", "allowed"),
    ("another-bucket", "not allowed: resource", "not allowed: resource"),
    ("aws-documented", "allowed", "allowed"),
    ("aws-documented-cross-account", "allowed", "allowed"),
    ("aws-documented-two-accounts", "allowed", "allowed"),
    ("bucket-arn-for-the-objects", "allowed", "not allowed: resource"),
    ("cloudfront-only", "not allowed", "not allowed"),
    ("cloudtrail-beside", "allowed", "allowed"),
    ("config-and-access-logs-beside", "not allowed: principal", "not allowed"),
    ("deny-acl-not-full-control", "allowed", "allowed"),
    ("deny-bad-addresses", "allowed", "allowed"),
    ("deny-before-a-date", "unknown", "unknown"),
    ("deny-closes-what-allow-leaves-open", "lax: source", "lax: source acl"),
    ("deny-deletes", "allowed", "allowed"),
    ("deny-everyone-but-a-role-by-arn", "denied by RoleOnly", "denied by RoleOnly"),
    ("deny-foreign-account-puts", "allowed", "allowed"),
    ("deny-insecure-transport", "allowed", "allowed"),
    ("deny-insecure-transport-as-bool", "allowed", "allowed"),
    ("deny-not-principal-role", "denied by OnlyAdmins", "denied by OnlyAdmins"),
    ("deny-not-principal-service", "allowed", "allowed"),
    ("deny-old-tls", "allowed", "allowed"),
    ("deny-old-tls-as-text", "allowed", "allowed"),
    ("deny-other-region", "allowed", "allowed"),
    ("deny-outside-network-data-perimeter", "allowed", "allowed"),
    ("deny-outside-office", "denied by OfficeOnly", "denied by OfficeOnly"),
    ("deny-outside-org", "denied by OrgOnly", "denied by OrgOnly"),
    ("deny-outside-org-but-services", "allowed", "allowed"),
    ("deny-outside-vpc-endpoint", "denied by Access-to-specific-VPCE-only", "denied by Access-to-specific-VPCE-only"),
    ("deny-puts-outside-a-folder", "allowed", "denied by OneFolder"),
    ("deny-unencrypted-uploads", "allowed", "unknown"),
    ("deny-userid-not-like", "unknown", "unknown"),
    ("deny-what-is-no-gzip", "allowed", "unknown"),
    ("deny-without-allow", "not allowed", "not allowed"),
    ("deny-wrong-kms-key-if-named", "allowed", "unknown"),
    ("elb-beside", "allowed", "allowed"),
    ("empty-statement-list", "not allowed", "not allowed"),
    ("every-region-listed", "allowed", "allowed"),
    ("everyone-aws-star", "lax: service account actions", "lax: service account acl actions"),
    ("everyone-star", "lax: service", "lax: service acl"),
    ("global-principal", "lax: region", "lax: region"),
    ("global-principal-no-conditions", "lax: region account", "lax: region account acl"),
    ("log-delivery-principal-only", "not allowed: principal", "not allowed"),
    ("no-version-with-id", "allowed", "allowed"),
    ("not-action", "allowed", "lax: acl"),
    ("not-resource", "allowed", "lax: acl"),
    ("object-arn-for-the-bucket", "not allowed: resource", "lax: acl"),
    ("old-console-no-conditions", "lax: account", "lax: account"),
    ("old-prefix-that-fits", "lax: account", "lax: account"),
    ("old-random-prefix", "lax: account", "not allowed: resource"),
    ("org-only-allow", "not allowed: condition", "not allowed: condition"),
    ("org-paths-all-values", "denied by OrgPaths", "denied by OrgPaths"),
    ("policy-variable", "allowed", "unknown"),
    ("prefix-of-another-spelling", "allowed", "not allowed: resource"),
    ("public-read-beside", "allowed", "allowed"),
    ("put-without-acl-check", "not allowed", "allowed"),
    ("question-marks", "allowed", "allowed"),
    ("region-of-another-bucket", "not allowed: principal", "not allowed: principal"),
    ("single-statement-object", "allowed", "lax: acl"),
    ("source-arn-of-other-groups", "allowed", "not allowed: condition"),
    ("source-arn-of-some-groups", "allowed", "allowed"),
    ("source-arn-star-too-short", "not allowed: condition", "allowed"),
    ("source-arn-to-the-letter", "allowed", "unknown"),
    ("source-arn-with-arn-equals", "allowed", "allowed"),
    ("source-arn-with-string-like", "allowed", "lax: acl"),
    ("source-org-allow", "unknown", "unknown"),
    ("tag-conditions", "allowed", "allowed"),
    ("unknown-fields-and-empty-lists", "allowed", "allowed"),
    ("wildcard-actions", "allowed", "lax: acl"),
    ("wildcard-bucket-name", "allowed", "allowed"),
];

fn export() -> Export {
    Export {
        account: AccountId("123456789012".to_owned()),
        region: Region("eu-central-1".to_owned()),
        group: Some("/aws/lambda/checkout".to_owned()),
        bucket: "acme-logs".to_owned(),
        prefix: Some("exports".to_owned()),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.json"))).unwrap()
}

/// An answer as the table has it.
fn word(access: &Access) -> String {
    match access {
        Access::Allowed => "allowed".to_owned(),
        Access::Lax(lax) => format!("lax: {}", lax.iter().copied().map(lax_word).collect::<Vec<_>>().join(" ")),
        Access::Unknown(_) => "unknown".to_owned(),
        Access::NotAllowed(None) => "not allowed".to_owned(),
        Access::NotAllowed(Some(miss)) => format!("not allowed: {}", part_word(miss.part)),
        Access::Denied(statement) => format!("denied by {}", statement.sid.as_deref().unwrap_or_default()),
    }
}

fn lax_word(laxity: Laxity) -> &'static str {
    match laxity {
        Laxity::AnyService => "service",
        Laxity::AnyRegion => "region",
        Laxity::AnyAccount => "account",
        Laxity::AnySource => "source",
        Laxity::AnyAcl => "acl",
        Laxity::MoreActions => "actions",
    }
}

fn part_word(part: Part) -> &'static str {
    match part {
        Part::Principal => "principal",
        Part::Action => "action",
        Part::Resource => "resource",
        Part::Condition => "condition",
    }
}

#[test]
fn every_policy_of_the_folder_is_judged_as_expected() {
    let judged = |name: &str| {
        let ruling = rule(Some(&Document::parse(&read(name)).unwrap()), &export());
        format!("{name} | {} | {}", word(&ruling.get_bucket_acl), word(&ruling.put_object))
    };
    let expected: Vec<String> = EXPECTED.iter().map(|(name, acl, put)| format!("{name} | {acl} | {put}")).collect();
    let judged: Vec<String> = EXPECTED.iter().map(|(name, _, _)| judged(name)).collect();
    assert_eq!(judged, expected);
}

#[test]
fn the_table_and_the_folder_hold_the_same_policies() {
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut files: Vec<String> = fs::read_dir(folder()).unwrap().map(|entry| name(entry.unwrap().path())).collect();
    files.sort();
    let table: Vec<&str> = EXPECTED.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(files, table);
    assert!(table.len() >= 40);
}

#[test]
fn a_doubt_says_on_what_it_depends() {
    let ruling = rule(Some(&Document::parse(&read("deny-unencrypted-uploads")).unwrap()), &export());
    let Access::Unknown(doubt) = ruling.put_object else { panic!("{ruling:?}") };
    assert_eq!(doubt.statement.to_string(), "statement 3 (DenyIncorrectEncryptionHeader)");
    assert!(doubt.denies);
    assert_eq!(doubt.why, "AWS does not document what the export service sends as s3:x-amz-server-side-encryption");
}

/// From the most welcoming to the least. What is unknown stands between: it may be either.
fn rank(access: &Access) -> u8 {
    match access {
        Access::Allowed | Access::Lax(_) => 0,
        Access::Unknown(_) => 1,
        Access::NotAllowed(_) | Access::Denied(_) => 2,
    }
}

fn answers(statements: &[Value]) -> [Access; 2] {
    let document = Document::parse(&json!({"Statement": statements}).to_string()).unwrap();
    let ruling = rule(Some(&document), &export());
    [ruling.get_bucket_acl, ruling.put_object]
}

/// The kind of an answer, without whom it names.
fn kind(access: &Access) -> String {
    word(access).split(" by ").next().unwrap_or_default().split(':').next().unwrap_or_default().to_owned()
}

/// Every statement of the folder, to be mixed.
fn pool() -> Vec<Value> {
    let statements = |name: &str| -> Vec<Value> {
        let policy: Value = serde_json::from_str(&read(name)).unwrap();
        match &policy["Statement"] {
            Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        }
    };
    EXPECTED.iter().flat_map(|(name, _, _)| statements(name)).collect()
}

fn mixed() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop::sample::select(pool()), 0..6)
}

/// Anything at all in the places of a policy.
fn odd_policy() -> impl Strategy<Value = Value> {
    const WORDS: &[&str] = &[
        "Statement",
        "Sid",
        "Effect",
        "Allow",
        "Deny",
        "Principal",
        "NotPrincipal",
        "AWS",
        "Service",
        "Action",
        "NotAction",
        "Resource",
        "Condition",
        "StringLike",
        "Null",
        "ForAllValues:ArnLikeIfExists",
        "aws:SourceArn",
        "s3:x-amz-acl",
        "*",
        "${aws:x}",
        "logs.amazonaws.com",
        "",
        "arn:::::",
        "\u{0}ü",
    ];
    let leaf = prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(prop::sample::select(WORDS), inner, 0..6)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn another_deny_never_lets_more_in(statements in mixed(), more in mixed()) {
        let before = answers(&statements);
        let denies = more.into_iter().filter(|statement| statement["Effect"] == "Deny");
        let after = answers(&statements.iter().cloned().chain(denies).collect::<Vec<_>>());
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(rank(after) >= rank(before), "{before:?} became {after:?}");
        }
    }

    #[test]
    fn a_deny_of_everything_keeps_everything_out(statements in mixed()) {
        let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"});
        for access in answers(&statements.into_iter().chain([deny]).collect::<Vec<_>>()) {
            prop_assert!(matches!(access, Access::Denied(_)));
        }
    }

    #[test]
    fn the_order_of_statements_does_not_matter(
        (statements, shuffled) in mixed().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let kinds = |statements: &[Value]| answers(statements).each_ref().map(kind);
        prop_assert_eq!(kinds(&statements), kinds(&shuffled));
    }

    #[test]
    fn merging_lets_the_export_in_unless_somebody_denies_it(statements in mixed()) {
        let document = Document::parse(&json!({"Id": "x", "Statement": statements}).to_string()).unwrap();
        let merged = merge(Some(&document), &export(), &missing(Some(&document), &export())).unwrap();
        let ruling = rule(Some(&merged), &export());
        for access in [ruling.get_bucket_acl, ruling.put_object] {
            let denied = match &access {
                Access::Unknown(doubt) => doubt.denies,
                Access::Denied(_) => true,
                Access::Allowed | Access::Lax(_) | Access::NotAllowed(_) => false,
            };
            prop_assert!(access.is_granted() || denied, "{access:?}");
        }
        prop_assert_eq!(missing(Some(&merged), &export()), []);
        prop_assert_eq!(merge(Some(&merged), &export(), &[]).unwrap().text(), merged.text());
    }

    #[test]
    fn merging_changes_nobody_s_statement(statements in mixed(), odd in odd_policy()) {
        let text = json!({"Version": "2008-10-17", "Statement": statements, "Odd": odd}).to_string();
        let document = Document::parse(&text).unwrap();
        let all = [Grant::GetBucketAcl, Grant::PutObject, Grant::CallerPutObject];
        let merged: Value = serde_json::from_str(&merge(Some(&document), &export(), &all).unwrap().text()).unwrap();
        let before: Value = serde_json::from_str(&text).unwrap();
        let kept = &merged["Statement"].as_array().unwrap()[..statements.len()];
        prop_assert_eq!(kept, statements.as_slice());
        prop_assert_eq!([&merged["Version"], &merged["Odd"]], [&before["Version"], &before["Odd"]]);
        let written: Vec<String> = statements.iter().map(Value::to_string).collect();
        let merged = merge(Some(&document), &export(), &all).unwrap().text();
        prop_assert!(merged.contains(&written.join(",")), "byte for byte");
    }

    #[test]
    fn added_sids_are_new(statements in mixed(), times in 1_usize..4) {
        let mut document = Document::parse(&json!({"Statement": statements}).to_string()).unwrap();
        for _ in 0..times {
            document = merge(Some(&document), &export(), &[Grant::PutObject]).unwrap();
        }
        let policy: Value = serde_json::from_str(&document.text()).unwrap();
        let added = policy["Statement"].as_array().unwrap().iter().rev().take(times);
        let sids: std::collections::HashSet<String> = added.map(|statement| statement["Sid"].to_string()).collect();
        prop_assert_eq!(sids.len(), times);
    }

    #[test]
    fn no_document_panics(odd in odd_policy(), element in prop::sample::select(&["Statement", "Principal", "Condition"][..])) {
        let mut statement = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"});
        statement[element] = odd.clone();
        for policy in [odd.clone(), json!({"Statement": odd}), json!({"Statement": [statement]})] {
            if let Ok(document) = Document::parse(&policy.to_string()) {
                let _ = (rule(Some(&document), &export()), document.pretty());
            }
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = Document::parse(&text);
    }
}

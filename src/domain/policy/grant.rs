//! The statements that let the export service into a bucket, and how they are added to what is there.
//!
//! Every other statement stays as it was written, with its Sid: a bucket policy belongs to many people.

use std::collections::BTreeMap;

use serde::Serialize;

use super::call::{Call, EXPORT_ACL};
use super::document::{Document, DocumentError};
use super::export::Export;
use super::ruling::has_allow;
use crate::domain::partition::Partition;
use crate::domain::place::AccountId;

/// A statement this program can add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// Lets the service read the bucket's ACL, as AWS documents it for exports.
    GetBucketAcl,
    /// Lets the service put objects, as AWS documents it for exports.
    PutObject,
    /// Lets whoever asks for the export put objects into a bucket of another account. AWS documents it for the caller's
    /// role; the account stands here, and its own IAM policies go on deciding who of it may.
    CallerPutObject,
}

impl Grant {
    /// The Sid it is added under, if nobody has it yet.
    const fn sid(self) -> &'static str {
        match self {
            Self::GetBucketAcl => "LogferryExportGetBucketAcl",
            Self::PutObject => "LogferryExportPutObject",
            Self::CallerPutObject => "LogferryCallerPutObject",
        }
    }

    /// The statement, for people.
    pub fn pretty(self, export: &Export) -> String {
        super::pretty::pretty(&self.statement(export, self.sid()))
    }

    fn statement(self, export: &Export, sid: &str) -> String {
        let partition = Partition::of(&export.region);
        let bucket = partition.bucket_arn(&export.bucket);
        let service = ("Service", partition.logs_service(&export.region));
        let account = ("AWS", format!("arn:{}:iam::{}:root", partition.name, export.account));
        let objects = format!("{bucket}/*");
        let acl = ("StringEquals", "s3:x-amz-acl", EXPORT_ACL.to_owned());
        let [from_account, from_groups] = source_conditions(export);
        match self {
            Self::GetBucketAcl => write(sid, service, "s3:GetBucketAcl", bucket, [from_account, from_groups].into()),
            Self::PutObject => write(sid, service, "s3:PutObject", objects, [from_account, from_groups, acl].into()),
            Self::CallerPutObject => write(sid, account, "s3:PutObject", objects, vec![acl]),
        }
    }
}

/// An operator, a key and a value.
type Asked = (&'static str, &'static str, String);

/// Only for log groups of this account and Region.
fn source_conditions(export: &Export) -> [Asked; 2] {
    let partition = Partition::of(&export.region).name;
    let groups = format!("arn:{partition}:logs:{}:{}:log-group:*", export.region, export.account);
    [("StringEquals", "aws:SourceAccount", export.account.0.clone()), ("ArnLike", "aws:SourceArn", groups)]
}

/// A statement with its fields in the order AWS's examples have them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Written<'a> {
    sid: &'a str,
    effect: &'static str,
    principal: BTreeMap<&'static str, String>,
    action: &'static str,
    resource: String,
    condition: BTreeMap<&'static str, BTreeMap<&'static str, String>>,
}

fn write(
    sid: &str,
    principal: (&'static str, String),
    action: &'static str,
    resource: String,
    conditions: Vec<Asked>,
) -> String {
    let mut condition: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for (operator, key, value) in conditions {
        condition.entry(operator).or_default().insert(key, value);
    }
    let written = Written { sid, effect: "Allow", principal: [principal].into(), action, resource, condition };
    // Texts under texts: nothing of this can fail to be written.
    serde_json::to_string(&written).unwrap_or_default()
}

/// The statements `policy` lacks for `export`. One that denies, or may deny, is no reason to add any: that takes a
/// person.
pub fn missing(policy: Option<&Document>, export: &Export) -> Vec<Grant> {
    let mut missing = Vec::new();
    if !has_allow(policy, &Call::get_bucket_acl(export)) {
        missing.push(Grant::GetBucketAcl);
    }
    if !Call::put_objects(export).iter().all(|call| has_allow(policy, call)) {
        missing.push(Grant::PutObject);
    }
    missing
}

/// The statements `policy` lacks for `export` into a bucket of `owner`: if that is another account than the one whose logs are
/// exported, whoever asks for the export needs one as well.
pub fn missing_for(policy: Option<&Document>, export: &Export, owner: &AccountId) -> Vec<Grant> {
    let mut grants = missing(policy, export);
    let caller = Grant::CallerPutObject;
    // Who may put objects otherwise (a role, an organisation) cannot be known from here: only this very statement is.
    let is_there = || policy.is_some_and(|policy| policy.holds(&caller.statement(export, caller.sid())));
    if export.account != *owner && !is_there() {
        grants.push(caller);
    }
    grants
}

/// `policy` with `grants` added at its end; a new one if there is none. The error is one of [`Document::parse`], and
/// cannot happen for a document that was parsed.
pub fn merge(policy: Option<&Document>, export: &Export, grants: &[Grant]) -> Result<Document, DocumentError> {
    let empty = Document::parse(EMPTY)?;
    let policy = policy.unwrap_or(&empty);
    let statements: Vec<String> =
        grants.iter().map(|grant| grant.statement(export, &free_sid(policy, grant.sid()))).collect();
    Document::parse(&policy.text_with(&statements))
}

/// A policy that says nothing yet.
const EMPTY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// `wanted`, or `wanted` with the first number that makes it a Sid nobody has. Sids must differ within a policy (IAM
/// user guide, "Sid").
fn free_sid(policy: &Document, wanted: &str) -> String {
    let numbered = (2..).map(|number: u32| format!("{wanted}{number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    names.find(|name| policy.sids().all(|sid| sid != name)).unwrap_or_else(|| wanted.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::export::tests::export;
    use super::super::ruling::{Access, rule};
    use super::*;
    use crate::domain::place::Region;

    #[test]
    fn a_bucket_without_a_policy_gets_the_one_aws_documents() {
        let export = export();
        assert_eq!(missing(None, &export), [Grant::GetBucketAcl, Grant::PutObject]);
        let policy = merge(None, &export, &missing(None, &export)).unwrap();
        let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "LogferryExportGetBucketAcl",
      "Effect": "Allow",
      "Principal": {
        "Service": "logs.eu-central-1.amazonaws.com"
      },
      "Action": "s3:GetBucketAcl",
      "Resource": "arn:aws:s3:::acme-logs",
      "Condition": {
        "ArnLike": {
          "aws:SourceArn": "arn:aws:logs:eu-central-1:123456789012:log-group:*"
        },
        "StringEquals": {
          "aws:SourceAccount": "123456789012"
        }
      }
    },
    {
      "Sid": "LogferryExportPutObject",
      "Effect": "Allow",
      "Principal": {
        "Service": "logs.eu-central-1.amazonaws.com"
      },
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::acme-logs/*",
      "Condition": {
        "ArnLike": {
          "aws:SourceArn": "arn:aws:logs:eu-central-1:123456789012:log-group:*"
        },
        "StringEquals": {
          "aws:SourceAccount": "123456789012",
          "s3:x-amz-acl": "bucket-owner-full-control"
        }
      }
    }
  ]
}"#;
        assert_eq!(policy.pretty(), expected);
        let ruling = rule(Some(&policy), &export);
        assert_eq!([ruling.get_bucket_acl, ruling.put_object], [Access::Allowed, Access::Allowed]);
    }

    #[test]
    fn only_what_is_missing_is_added_and_under_a_free_sid() {
        let export = export();
        let own = merge(None, &export, &[Grant::PutObject]).unwrap();
        assert_eq!(missing(Some(&own), &export), [Grant::GetBucketAcl]);
        let elsewhere = Export { region: Region("us-east-1".to_owned()), ..export };
        assert_eq!(missing(Some(&own), &elsewhere), [Grant::GetBucketAcl, Grant::PutObject]);
        let both = merge(Some(&own), &elsewhere, &[Grant::PutObject]).unwrap();
        let again = merge(Some(&both), &elsewhere, &[Grant::PutObject]).unwrap();
        let expected = ["LogferryExportPutObject", "LogferryExportPutObject2", "LogferryExportPutObject3"];
        assert_eq!(again.sids().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn another_account_s_caller_needs_a_statement_once() {
        let export = export();
        let other = AccountId("999988887777".to_owned());
        assert_eq!(missing_for(None, &export, &export.account), missing(None, &export));
        let grants = missing_for(None, &export, &other);
        assert_eq!(grants, [Grant::GetBucketAcl, Grant::PutObject, Grant::CallerPutObject]);
        let policy = merge(None, &export, &grants).unwrap();
        assert_eq!(missing_for(Some(&policy), &export, &other), []);
    }

    #[test]
    fn other_partitions_are_spelled_their_own_way() {
        let export = Export { region: Region("cn-north-1".to_owned()), ..export() };
        let shown = Grant::PutObject.pretty(&export);
        for part in ["logs.cn-north-1.amazonaws.com.cn", "arn:aws-cn:s3:::acme-logs/*", "arn:aws-cn:logs:cn-north-1:"] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(Grant::CallerPutObject.pretty(&export).contains("arn:aws-cn:iam::123456789012:root"));
    }
}

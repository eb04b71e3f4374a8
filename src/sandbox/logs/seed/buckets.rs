//! The demo account's six buckets, each with a story that an export to it tells.

use serde_json::{Value, json};

use crate::domain::inventory::Encryption;
use crate::domain::place::Lane;

use super::super::super::s3::Store;
use super::super::ops::partition;

/// The account `partner-shared-logs` belongs to.
const PARTNER: &str = "210987654321";

/// The Region `acme-us-backups` lies in.
const ELSEWHERE: &str = "us-east-1";

const GLACIER_RULES: &str = r#"<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>logs-to-glacier</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition><Expiration><Days>2555</Days></Expiration></Rule></LifecycleConfiguration>"#;

/// Makes the buckets.
pub(super) fn plant(s3: &Store, lane: &Lane) {
    let (region, account) = (lane.region.0.as_str(), lane.account.0.as_str());
    let ready = |bucket: &str| Some(documented_policy(bucket, lane, None));
    let make = |bucket: &str, region: &str, owner: &str, policy: Option<String>| {
        s3.create_bucket(bucket, region, owner);
        s3.set_encryption(bucket, Encryption::S3);
        s3.set_policy(bucket, policy);
    };
    make("acme-log-exports", region, account, ready("acme-log-exports"));
    make("acme-legacy-archive", region, account, None);
    make("acme-secure-kms", region, account, ready("acme-secure-kms"));
    let key = format!("arn:{}:kms:{region}:{account}:key/1f2e3d4c-5b6a-4978-8685-746352413f2e", partition(region));
    s3.set_encryption("acme-secure-kms", Encryption::Kms(Some(key)));
    make("acme-us-backups", ELSEWHERE, account, ready("acme-us-backups"));
    make("acme-log-lifecycle", region, account, ready("acme-log-lifecycle"));
    s3.set_lifecycle("acme-log-lifecycle", Some(GLACIER_RULES.to_owned()));
    let shared = documented_policy("partner-shared-logs", lane, Some(account));
    make("partner-shared-logs", region, PARTNER, Some(shared));
}

/// The bucket policy AWS documents for exports, with the account and Region filled in; a bucket of another account also
/// has to let the caller's account write.
fn documented_policy(bucket: &str, lane: &Lane, caller: Option<&str>) -> String {
    let (region, account) = (&lane.region, &lane.account);
    let arn = partition(&region.0);
    let suffix = if arn == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    let service = json!({"Service": format!("logs.{region}.{suffix}")});
    let source = json!({"aws:SourceArn": format!("arn:{arn}:logs:{region}:{account}:log-group:*")});
    let objects = format!("arn:{arn}:s3:::{bucket}/*");
    let mut statements: Vec<Value> = vec![
        json!({
            "Effect": "Allow", "Principal": service, "Action": "s3:GetBucketAcl",
            "Resource": format!("arn:{arn}:s3:::{bucket}"),
            "Condition": {"StringEquals": {"aws:SourceAccount": account.0}, "ArnLike": source},
        }),
        json!({
            "Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Resource": objects,
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account.0, "s3:x-amz-acl": "bucket-owner-full-control"},
                "ArnLike": source,
            },
        }),
    ];
    statements.extend(caller.map(|caller| {
        json!({
            "Effect": "Allow", "Principal": {"AWS": format!("arn:{arn}:iam::{caller}:root")},
            "Action": ["s3:PutObject", "s3:PutObjectAcl", "s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"],
            "Resource": [format!("arn:{arn}:s3:::{bucket}"), objects],
        })
    }));
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

#[cfg(test)]
mod tests {
    use crate::domain::place::{AccountId, Region};

    use super::*;

    #[test]
    fn the_documented_policy_names_the_real_account_and_region() {
        let lane = Lane::new(AccountId("111122223333".to_owned()), Region("eu-west-1".to_owned()));
        let policy = documented_policy("b", &lane, None);
        for part in
            ["logs.eu-west-1.amazonaws.com", "arn:aws:logs:eu-west-1:111122223333:log-group:*", "arn:aws:s3:::b/*"]
        {
            assert!(policy.contains(part), "{part} in {policy}");
        }
    }
}

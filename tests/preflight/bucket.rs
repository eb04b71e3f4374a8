//! The bucket: that it is there, whose and where it is, how it encrypts, and whom its policy lets in.

use logferry::domain::inventory::Encryption;
use logferry::domain::preflight::{Check, Remedy, Verdict};
use logferry::export::Choices;
use serde_json::{Value, json};

use crate::bench::{ACCOUNT, BUCKET, Bench, REGION, STRANGER, client, documented, said, troubled};

#[tokio::test]
async fn a_missing_bucket_blocks_and_nothing_more_is_said_of_it() {
    let bench = Bench::ready().await;
    bench.s3.delete_bucket().bucket(BUCKET).send().await.expect("it is empty");
    let report = bench.check().await;
    assert_eq!(said(&report, Check::Bucket), "block: there is no bucket acme-logs (check its name, or create it)");
    assert_eq!(troubled(&report), [Check::Bucket]);
    assert!(report.findings().iter().all(|finding| finding.check != Check::Policy), "{report:?}");
}

#[tokio::test]
async fn a_bucket_in_another_region_blocks_and_is_asked_there() {
    let bench = Bench::ready().await;
    bench.s3.delete_bucket().bucket(BUCKET).send().await.expect("it is empty");
    bench.sandbox.world.s3.create_bucket(BUCKET, "us-west-2", ACCOUNT);
    bench.put_policy(&documented());
    for denied in [None, Some("GetBucketLocation")] {
        // Whoever may not ask for the location learns it from what S3 tells anybody.
        if let Some(operation) = denied {
            bench.deny(operation);
        }
        let report = bench.check().await;
        assert_eq!(
            said(&report, Check::Region),
            "block: it is in us-west-2, the log group in eu-central-1: both must be in one (choose a bucket in eu-central-1, \
             or export with the direct engine (--engine direct))"
        );
        assert_eq!(troubled(&report), [Check::Region], "the rest is asked where the bucket is");
    }
}

#[tokio::test]
async fn another_accounts_bucket_warns_with_the_statement_it_takes() {
    let bench = Bench::ready().await;
    bench.s3.delete_bucket().bucket(BUCKET).send().await.expect("it is empty");
    bench.sandbox.world.s3.create_bucket(BUCKET, REGION, STRANGER);
    let mut policy: Value = serde_json::from_str(&documented()).expect("JSON");
    let caller = json!({"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:root")},
        "Action": "s3:*", "Resource": ["arn:aws:s3:::acme-logs", "arn:aws:s3:::acme-logs/*"]});
    policy["Statement"].as_array_mut().expect("statements").push(caller);
    bench.put_policy(&policy.to_string());
    let report = bench.check().await;
    assert_eq!(troubled(&report), [Check::Owner], "{report:?}");
    assert!(said(&report, Check::Owner).starts_with("warn: it belongs to another account"), "{report:?}");
    let owner = report.findings().iter().find(|finding| finding.check == Check::Owner).expect("it is there");
    let statement = owner.remedy.as_ref().and_then(|remedy| remedy.statement()).expect("a statement");
    assert_eq!(serde_json::from_str::<Value>(statement).expect("JSON")["Action"], "s3:PutObject");
}

#[tokio::test]
async fn a_bucket_of_another_account_that_lets_nobody_in_could_not_be_checked() {
    let bench = Bench::ready().await;
    bench.s3.delete_bucket().bucket(BUCKET).send().await.expect("it is empty");
    bench.sandbox.world.s3.create_bucket(BUCKET, REGION, STRANGER);
    let report = bench.check().await;
    assert_eq!(report.worst(), Verdict::Unchecked, "{report:?}");
    assert_eq!(said(&report, Check::Region), "pass: it is in eu-central-1, as the log group");
    assert!(said(&report, Check::Policy).starts_with("could not check: GetBucketPolicy"), "{report:?}");
}

#[tokio::test]
async fn encryption_by_kind() {
    let bench = Bench::ready().await;
    let key = "arn:aws:kms:eu-central-1:123456789012:key/1f2e3d4c".to_owned();
    let managed = "arn:aws:kms:eu-central-1:123456789012:alias/aws/s3".to_owned();
    for (encryption, told) in [
        (Encryption::S3, "pass: SSE-S3 (AES-256)"),
        (Encryption::None, "pass: no default encryption is set"),
        (Encryption::Kms(Some(key.clone())), "block: SSE-KMS with a customer-managed key"),
        (Encryption::Kms(Some(managed)), "block: SSE-KMS with the AWS-managed key aws/s3"),
        (Encryption::Kms(None), "block: SSE-KMS with the AWS-managed key aws/s3"),
        (Encryption::KmsDual, "block: DSSE-KMS"),
        (Encryption::Other("aws:fsx".to_owned()), "warn: aws:fsx is not known here"),
    ] {
        bench.sandbox.world.s3.set_encryption(BUCKET, encryption);
        let report = bench.check().await;
        assert!(said(&report, Check::Encryption).starts_with(told), "{told}: {report:?}");
    }
    bench.sandbox.world.s3.set_encryption(BUCKET, Encryption::Kms(Some(key)));
    let allowed = bench.check_with(Choices { allow_kms: true, ..Choices::default() }).await;
    assert!(said(&allowed, Check::Encryption).starts_with("warn: SSE-KMS: the export works only if"), "{allowed:?}");
    let finding = allowed.findings().iter().find(|finding| finding.check == Check::Encryption).expect("it is there");
    let statement = finding.remedy.as_ref().and_then(|remedy| remedy.statement()).expect("a statement");
    assert!(statement.contains("logs.eu-central-1.amazonaws.com"), "{statement}");
}

#[tokio::test]
async fn policies_by_what_they_say_to_the_service() {
    let bench = Bench::ready().await;
    bench.s3.delete_bucket_policy().bucket(BUCKET).send().await.expect("it is removed");
    let none = bench.check().await;
    assert!(said(&none, Check::Policy).starts_with("block: the bucket has no policy"), "{none:?}");
    assert!(none.findings().iter().any(|finding| finding.remedy.as_ref().is_some_and(Remedy::acts)));
    let lax = json!({"Statement": {"Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"], "Resource": "*"}});
    let mut denying: Value = serde_json::from_str(&documented()).expect("JSON");
    let deny = json!({"Sid": "Nobody", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::acme-logs/exports/*"});
    denying["Statement"].as_array_mut().expect("statements").push(deny);
    let elsewhere = documented().replace("acme-logs/*", "acme-logs/other/*");
    for (policy, told) in [
        (documented(), "pass: it lets the logs service in, as AWS documents"),
        (lax.to_string(), "warn: it lets the logs service in, and is laxer than AWS documents"),
        (denying.to_string(), "block: statement 3 (Nobody) denies s3:PutObject to the logs service"),
        (elsewhere, "block: s3:PutObject is not allowed to the logs service"),
    ] {
        // By S3's own door, as people put it there.
        bench.s3.put_bucket_policy().bucket(BUCKET).policy(&policy).send().await.expect("S3 takes it");
        let report = bench.check().await;
        assert!(said(&report, Check::Policy).starts_with(told), "{told}: {report:?}");
    }
}

#[tokio::test]
async fn a_probe_asks_s3_itself_and_leaves_nothing() {
    let bench = Bench::ready().await;
    let probe = Choices { probe: true, ..Choices::default() };
    let not_asked = bench.check().await;
    assert!(said(&not_asked, Check::Caller).starts_with("could not check: only a probe object would tell"));
    let put = bench.check_with(probe).await;
    assert_eq!(said(&put, Check::Caller), "pass: a probe object was put and removed again");
    let left =
        client(&bench.sandbox.endpoint_url(), ACCOUNT).list_objects_v2().bucket(BUCKET).send().await.expect("a list");
    assert_eq!(left.key_count, Some(0));
    bench.deny("DeleteObject");
    let stays = bench.check_with(probe).await;
    assert!(
        said(&stays, Check::Caller).starts_with("warn: a probe object was put, and could not be removed: exports/")
    );
    bench.deny("PutObject");
    let refused = bench.check_with(probe).await;
    assert!(said(&refused, Check::Caller).starts_with("block: you may not put objects there"), "{refused:?}");
}

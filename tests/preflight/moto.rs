//! The same checklist against moto, an emulator of AWS by others: what it can be set up for, and where it departs from AWS.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{
    BucketLocationConstraint, CreateBucketConfiguration, ObjectOwnership, OwnershipControls, OwnershipControlsRule,
    PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};
use logferry::aws::Session;
use logferry::domain::preflight::{Check, Report, Verdict};
use logferry::domain::time::Timestamp;
use logferry::export::Choices;
use serde_json::json;

use crate::bench::{ACCOUNT, BUCKET, GROUP, REGION, check_on, client, documented, said};
use crate::source::{HOUR, logs};
use crate::support::moto::moto;
use crate::support::server::Server;
use crate::support::session::connect;

struct Moto {
    server: Server,
    session: Session,
    s3: Client,
    now: Timestamp,
}

impl Moto {
    /// The log group has an event of two hours ago; the bucket has the policy AWS documents.
    async fn ready() -> Self {
        let server = moto();
        let (session, s3) = (connect(&server.url).await, client(&server.url, ACCOUNT));
        let now = Timestamp::from(std::time::SystemTime::now());
        let moto = Self { server, session, s3, now };
        moto.create_bucket(REGION).await;
        moto.s3.put_bucket_policy().bucket(BUCKET).policy(documented()).send().await.expect("moto takes it");
        let logs = logs(&moto.server.url, ACCOUNT);
        logs.create_log_group().log_group_name(GROUP).send().await.expect("moto creates it");
        let stream = logs.create_log_stream().log_group_name(GROUP).log_stream_name("web/1");
        stream.send().await.expect("moto creates it");
        let event = aws_sdk_cloudwatchlogs::types::InputLogEvent::builder()
            .timestamp(now.before(HOUR * 2).millis())
            .message("hello")
            .build()
            .expect("all is given");
        let put = logs.put_log_events().log_group_name(GROUP).log_stream_name("web/1").log_events(event);
        put.send().await.expect("moto takes it");
        moto
    }

    async fn create_bucket(&self, region: &str) {
        let place = CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region));
        let create = self.s3.create_bucket().bucket(BUCKET).create_bucket_configuration(place.build());
        let there = aws_sdk_s3::Config::builder().region(aws_sdk_s3::config::Region::new(region.to_owned()));
        create.customize().config_override(there).send().await.expect("moto creates it");
    }

    async fn encrypt(&self, algorithm: ServerSideEncryption, key: Option<&str>) {
        let by = ServerSideEncryptionByDefault::builder().sse_algorithm(algorithm);
        let by = by.set_kms_master_key_id(key.map(str::to_owned)).build().expect("all is given");
        let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by).build();
        let wanted = ServerSideEncryptionConfiguration::builder().rules(rule).build().expect("all is given");
        let put = self.s3.put_bucket_encryption().bucket(BUCKET).server_side_encryption_configuration(wanted);
        put.send().await.expect("moto takes it");
    }

    async fn check(&self) -> Report {
        self.check_group(GROUP, Choices::default()).await
    }

    /// An export of the last day.
    async fn check_group(&self, group: &str, choices: Choices) -> Report {
        check_on(&self.session, self.now, group, (self.now.before(HOUR * 24), self.now), choices).await
    }
}

/// Where moto departs from AWS: what the checklist says of it, and what it would say of AWS.
const DEVIATIONS: &[(Check, &str, &str)] = &[
    (Check::Encryption, "pass: no default encryption is set", "AWS: a new bucket has SSE-S3"),
    (Check::PublicAccess, "warn: logs could be made public by mistake: ", "AWS: a new bucket has all four switches on"),
    (Check::ObjectOwnership, "pass: the bucket has ACLs; ", "AWS: a new bucket has its owner enforced"),
    // Its answer has a root element of another name, which the SDK does not read.
    (
        Check::Versioning,
        "could not check: GetBucketVersioning on acme-logs in eu-central-1 failed: the answer could",
        "AWS: off",
    ),
    // It does not know the call, and lists objects instead.
    (
        Check::RequesterPays,
        "could not check: GetBucketRequestPayment on acme-logs in eu-central-1 failed: the answer could",
        "AWS: the owner",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_world_passes_but_for_where_moto_departs_from_aws() {
    let moto = Moto::ready().await;
    let report = moto.check().await;
    assert_eq!(report.count(Verdict::Block), 0, "{report:?}");
    for (check, told) in [
        (Check::LogGroup, "pass: it exists, of class STANDARD"),
        (Check::Events, "pass: there are events in the range"),
        (Check::Bucket, "pass: it exists"),
        (Check::Owner, "pass: it is your account's"),
        (Check::Region, "pass: it is in eu-central-1, as the log group"),
        (Check::Policy, "pass: it lets the logs service in, as AWS documents"),
        (Check::ObjectLock, "pass: objects can be deleted at any time"),
        (Check::Slot, "pass: it is free"),
    ] {
        assert_eq!(said(&report, check), told, "{report:?}");
    }
    // The log group is as young as this test.
    assert!(said(&report, Check::Range).starts_with("warn: the log group was created only on"), "{report:?}");
    for (check, told, aws) in DEVIATIONS {
        let said = said(&report, *check);
        assert!(said.starts_with(told), "moto departs from AWS no longer, take the row out ({aws}): {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_moto_can_be_set_up_for_is_found() {
    let moto = Moto::ready().await;
    let unknown = moto.check_group("/no/such", Choices::default()).await;
    assert!(said(&unknown, Check::LogGroup).starts_with("block: there is no log group /no/such"), "{unknown:?}");

    moto.encrypt(ServerSideEncryption::AwsKms, Some("arn:aws:kms:eu-central-1:123456789012:key/1f2e")).await;
    assert!(said(&moto.check().await, Check::Encryption).starts_with("block: SSE-KMS with a customer-managed key"));
    moto.encrypt(ServerSideEncryption::AwsKms, None).await;
    assert!(said(&moto.check().await, Check::Encryption).starts_with("block: SSE-KMS with the AWS-managed key"));
    moto.encrypt(ServerSideEncryption::AwsKmsDsse, None).await;
    assert!(said(&moto.check().await, Check::Encryption).starts_with("block: DSSE-KMS"));

    let deny = json!({"Version": "2012-10-17", "Statement": [{"Sid": "Nobody", "Effect": "Deny", "Principal": "*",
        "Action": "s3:GetBucketAcl", "Resource": format!("arn:aws:s3:::{BUCKET}")}]});
    moto.s3.put_bucket_policy().bucket(BUCKET).policy(deny.to_string()).send().await.expect("moto takes it");
    let denied = moto.check().await;
    assert!(
        said(&denied, Check::Policy).starts_with("block: statement 1 (Nobody) denies s3:GetBucketAcl"),
        "{denied:?}"
    );
    moto.s3.delete_bucket_policy().bucket(BUCKET).send().await.expect("moto removes it");
    assert!(said(&moto.check().await, Check::Policy).starts_with("block: the bucket has no policy"));

    let probe = moto.check_group(GROUP, Choices { probe: true, ..Choices::default() }).await;
    assert_eq!(said(&probe, Check::Caller), "pass: a probe object was put and removed again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_moto_keeps_are_found() {
    let moto = Moto::ready().await;
    let all = PublicAccessBlockConfiguration::builder()
        .block_public_acls(true)
        .ignore_public_acls(true)
        .block_public_policy(true)
        .restrict_public_buckets(true)
        .build();
    let put = moto.s3.put_public_access_block().bucket(BUCKET).public_access_block_configuration(all);
    put.send().await.expect("moto takes it");
    let enforced = OwnershipControlsRule::builder().object_ownership(ObjectOwnership::BucketOwnerEnforced).build();
    let enforced = OwnershipControls::builder().rules(enforced.expect("all is given")).build().expect("all is given");
    let put = moto.s3.put_bucket_ownership_controls().bucket(BUCKET).ownership_controls(enforced);
    put.send().await.expect("moto takes it");
    let report = moto.check().await;
    assert_eq!(said(&report, Check::PublicAccess), "pass: public access is blocked");
    assert_eq!(said(&report, Check::ObjectOwnership), "pass: the bucket's owner owns every object");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_elsewhere_or_not_there() {
    let moto = Moto::ready().await;
    moto.s3.delete_bucket().bucket(BUCKET).send().await.expect("it is empty");
    let missing = moto.check().await;
    assert!(said(&missing, Check::Bucket).starts_with("block: there is no bucket acme-logs"), "{missing:?}");
    moto.create_bucket("us-west-2").await;
    let elsewhere = moto.check().await;
    assert!(said(&elsewhere, Check::Region).starts_with("block: it is in us-west-2, the log group in eu-central-1"));
}

//! The embedded AWS through the real Rust SDK over HTTP: S3, STS and faults.

#![expect(clippy::expect_used, reason = "helpers of tests fail like tests")]

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketLifecycleConfiguration, BucketLocationConstraint, ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart,
    CreateBucketConfiguration, Delete, ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleFilter,
    ObjectIdentifier, ObjectOwnership, OwnershipControls, OwnershipControlsRule, PublicAccessBlockConfiguration,
    ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};
use logferry::sandbox::faults::{Fault, Kind, Refusal, Service};
use logferry::sandbox::{Config, Sandbox, Seed};

const HOME: &str = "eu-central-1";
const BUCKET: &str = "acme-logs";

async fn sandbox() -> Sandbox {
    let config = Config { seed: Seed::Empty, ..Config::default() };
    Sandbox::start(config).await.expect("a free port on loopback")
}

/// A sandbox with one bucket, and a client for it.
async fn bucket() -> (Sandbox, Client) {
    let sandbox = sandbox().await;
    sandbox.world.s3.create_bucket(BUCKET, HOME, &sandbox.world.config.account);
    let client = client(&sandbox, HOME, "AKIAEXAMPLE");
    (sandbox, client)
}

fn config(sandbox: &Sandbox, region: &str, key: &str) -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(sandbox.endpoint_url())
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(key, "any secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .force_path_style(true)
}

fn client(sandbox: &Sandbox, region: &str, key: &str) -> Client {
    Client::from_conf(config(sandbox, region, key).build())
}

async fn put(client: &Client, key: &str, body: impl Into<Vec<u8>>) {
    let body = ByteStream::from(body.into());
    client.put_object().bucket(BUCKET).key(key).body(body).send().await.expect("put");
}

async fn read(client: &Client, key: &str) -> Vec<u8> {
    let object = client.get_object().bucket(BUCKET).key(key).send().await.expect("get");
    object.body.collect().await.expect("a whole body").to_vec()
}

/// The code and the HTTP status of a failed call.
fn refusal<T: std::fmt::Debug, E>(result: Result<T, SdkError<E>>) -> (String, u16)
where
    E: ProvideErrorMetadata + std::fmt::Debug,
{
    let error = result.expect_err("a refusal");
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    (error.code().unwrap_or_default().to_owned(), status)
}

/// Bytes that differ from place to place.
fn noise(size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from(at.wrapping_mul(31) % 251).unwrap_or_default()).collect()
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let listen = std::net::SocketAddr::from(([0, 0, 0, 0], 0));
    let error = Sandbox::start(Config { listen, ..Config::default() }).await.expect_err("not loopback");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert!(error.to_string().contains("loopback only"), "{error}");
}

#[tokio::test]
async fn dropping_the_sandbox_closes_its_port_and_its_connections() {
    let (sandbox, client) = bucket().await;
    client.list_buckets().send().await.expect("alive");
    drop(sandbox);
    let error = client.list_buckets().send().await.expect_err("gone");
    assert!(error.as_service_error().is_none(), "{error:?}");
}

#[tokio::test]
async fn sts_says_who_calls() {
    let sandbox = sandbox().await;
    for (key, account) in [("AKIAEXAMPLE", "123456789012"), ("999988887777", "999988887777")] {
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(sandbox.endpoint_url())
            .region(aws_sdk_sts::config::Region::new(HOME))
            .credentials_provider(Credentials::new(key, "any", None, None, "test"))
            .build();
        let answer = aws_sdk_sts::Client::from_conf(config).get_caller_identity().send().await.expect("identity");
        assert_eq!(answer.account(), Some(account));
        assert_eq!(answer.arn(), Some(format!("arn:aws:iam::{account}:user/sandbox").as_str()));
        assert!(answer.user_id().is_some_and(|id| id.starts_with("AIDA")));
    }
}

#[tokio::test]
async fn buckets_are_created_found_listed_and_deleted() {
    let sandbox = sandbox().await;
    let client = client(&sandbox, HOME, "AKIAEXAMPLE");
    let here = CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::EuCentral1).build();
    let create = |name: &str| client.create_bucket().bucket(name).create_bucket_configuration(here.clone());
    for name in ["logs-a", "logs-b", "other"] {
        create(name).send().await.expect("created");
    }
    assert_eq!(refusal(create("other").send().await), ("BucketAlreadyOwnedByYou".into(), 409));
    let unplaced = client.create_bucket().bucket("nowhere").send().await;
    assert_eq!(refusal(unplaced), ("IllegalLocationConstraintException".into(), 400));

    let listed = client.list_buckets().prefix("logs-").max_buckets(1).send().await.expect("listed");
    let names: Vec<_> = listed.buckets().iter().filter_map(|bucket| bucket.name()).collect();
    assert_eq!((names, listed.continuation_token()), (vec!["logs-a"], Some("logs-a")));
    assert_eq!(listed.buckets()[0].bucket_region(), Some(HOME));
    let rest = client.list_buckets().prefix("logs-").continuation_token("logs-a").send().await.expect("listed");
    assert_eq!(rest.buckets().len(), 1);

    let head = client.head_bucket().bucket("other").send().await.expect("there");
    assert_eq!(head.bucket_region(), Some(HOME));
    client.delete_bucket().bucket("other").send().await.expect("deleted");
    assert_eq!(refusal(client.head_bucket().bucket("other").send().await).1, 404);
    assert_eq!(refusal(client.list_objects_v2().bucket("other").send().await), ("NoSuchBucket".into(), 404));
}

#[tokio::test]
async fn a_bucket_elsewhere_redirects_to_its_region_and_tells_it_to_anybody() {
    let (sandbox, _) = bucket().await;
    let stranger = client(&sandbox, "us-east-1", "AKIAEXAMPLE");
    let error = stranger.head_bucket().bucket(BUCKET).send().await.expect_err("redirected");
    let response = error.raw_response().expect("an answer");
    assert_eq!((response.status().as_u16(), response.headers().get("x-amz-bucket-region")), (301, Some(HOME)));
    assert_eq!(refusal(stranger.list_objects_v2().bucket(BUCKET).send().await), ("PermanentRedirect".into(), 301));
    let location = stranger.get_bucket_location().bucket(BUCKET).send().await.expect("location");
    assert_eq!(location.location_constraint(), Some(&BucketLocationConstraint::EuCentral1));
}

#[tokio::test]
async fn another_accounts_bucket_is_closed_until_its_policy_names_the_caller() {
    let (sandbox, owner) = bucket().await;
    put(&owner, "a", "x").await;
    let other = client(&sandbox, HOME, "999988887777");
    assert!(other.list_buckets().send().await.expect("listed").buckets().is_empty(), "only one's own are listed");
    assert_eq!(refusal(other.list_objects_v2().bucket(BUCKET).send().await), ("AccessDenied".into(), 403));
    assert_eq!(refusal(other.get_object().bucket(BUCKET).key("a").send().await), ("AccessDenied".into(), 403));
    let closed = other.head_bucket().bucket(BUCKET).send().await.expect_err("closed");
    let region = closed.raw_response().and_then(|response| response.headers().get("x-amz-bucket-region"));
    assert_eq!(region, Some(HOME), "S3 tells the Region even to strangers");
    let here = CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::EuCentral1).build();
    let taken = other.create_bucket().bucket(BUCKET).create_bucket_configuration(here).send().await;
    assert_eq!(refusal(taken), ("BucketAlreadyExists".into(), 409));
    let policy = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"}}]}"#;
    sandbox.world.s3.set_policy(BUCKET, Some(policy.into()));
    assert_eq!(read(&other, "a").await, b"x");
    let wrong = owner.list_objects_v2().bucket(BUCKET).expected_bucket_owner("111111111111").send().await;
    assert_eq!(refusal(wrong), ("AccessDenied".into(), 403));
}

#[tokio::test]
async fn an_object_comes_back_with_its_headers_whole_or_in_part() {
    let (sandbox, client) = bucket().await;
    let key = "odd/ü + key.gz";
    client
        .put_object()
        .bucket(BUCKET)
        .key(key)
        .body(ByteStream::from_static(b"0123456789"))
        .content_type("application/gzip")
        .content_encoding("gzip")
        .metadata("origin", "test")
        .send()
        .await
        .expect("put");
    assert_eq!(sandbox.world.s3.object(BUCKET, key).as_deref(), Some(b"0123456789".as_slice()));
    let head = client.head_object().bucket(BUCKET).key(key).send().await.expect("head");
    assert_eq!((head.content_length(), head.content_type()), (Some(10), Some("application/gzip")));
    assert_eq!((head.e_tag(), head.content_encoding()), (Some("\"781e5e245d69b566979b86e28d23f2c7\""), Some("gzip")));
    assert_eq!(head.metadata().and_then(|all| all.get("origin")).map(String::as_str), Some("test"));
    assert_eq!(head.server_side_encryption(), Some(&ServerSideEncryption::Aes256));
    assert!(head.request_id().is_some());

    let part = client.get_object().bucket(BUCKET).key(key).range("bytes=2-4").send().await.expect("a range");
    assert_eq!(part.content_range(), Some("bytes 2-4/10"));
    assert_eq!(part.body.collect().await.expect("a body").to_vec(), b"234");
    let beyond = client.get_object().bucket(BUCKET).key(key).range("bytes=10-").send().await;
    assert_eq!(refusal(beyond), ("InvalidRange".into(), 416));
    assert_eq!(refusal(client.get_object().bucket(BUCKET).key("no").send().await), ("NoSuchKey".into(), 404));
}

#[tokio::test]
async fn objects_are_copied_and_deleted() {
    let (_sandbox, client) = bucket().await;
    put(&client, "a", "x").await;
    let source = format!("{BUCKET}/a");
    client.copy_object().bucket(BUCKET).key("b").copy_source(source).send().await.expect("copied");
    assert_eq!(read(&client, "b").await, b"x");
    client.delete_object().bucket(BUCKET).key("a").send().await.expect("deleted");
    client.delete_object().bucket(BUCKET).key("a").send().await.expect("deleting what is gone succeeds");
    let identifier = ObjectIdentifier::builder().key("b").build().expect("a key");
    let delete = Delete::builder().objects(identifier).build().expect("objects");
    let deleted = client.delete_objects().bucket(BUCKET).delete(delete).send().await.expect("deleted");
    assert_eq!(deleted.deleted().iter().filter_map(|object| object.key()).collect::<Vec<_>>(), ["b"]);
    let listed = client.list_objects_v2().bucket(BUCKET).send().await.expect("listed");
    assert_eq!(listed.key_count(), Some(0));
}

#[tokio::test]
async fn listings_page_and_roll_up() {
    let (sandbox, client) = bucket().await;
    for key in ["a/1", "a/2", "b", "c/1", "d e"] {
        sandbox.world.s3.put_object(BUCKET, key, bytes::Bytes::from_static(b"x"));
    }
    let mut pages = client.list_objects_v2().bucket(BUCKET).max_keys(2).into_paginator().send();
    let mut keys = Vec::new();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.expect("a page");
        sizes.push(page.contents().len());
        keys.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
    }
    assert_eq!((keys, sizes), (["a/1", "a/2", "b", "c/1", "d e"].map(str::to_owned).to_vec(), vec![2, 2, 1]));

    let rolled =
        client.list_objects_v2().bucket(BUCKET).delimiter("/").start_after("a/1").send().await.expect("rolled");
    let prefixes: Vec<_> = rolled.common_prefixes().iter().filter_map(|common| common.prefix()).collect();
    assert_eq!((prefixes, rolled.key_count()), (vec!["a/", "c/"], Some(4)));
    let one = client.list_objects().bucket(BUCKET).delimiter("/").max_keys(1).send().await.expect("version 1");
    assert_eq!((one.next_marker(), one.is_truncated()), (Some("a/"), Some(true)));
    let bad = client.list_objects_v2().bucket(BUCKET).continuation_token("nonsense").send().await;
    assert_eq!(refusal(bad), ("InvalidArgument".into(), 400));
}

#[tokio::test]
async fn a_multipart_upload_becomes_one_object_with_its_checksums() {
    const PART: usize = 5 * 1024 * 1024;
    let (_sandbox, client) = bucket().await;
    let whole = noise(PART + 1000);
    let begun = client.create_multipart_upload().bucket(BUCKET).key("big").checksum_algorithm(ChecksumAlgorithm::Crc32);
    let id = begun.send().await.expect("begun").upload_id().expect("an id").to_owned();
    let mut parts = Vec::new();
    for (number, body) in (1..).zip(whole.chunks(PART)) {
        let part = client.upload_part().bucket(BUCKET).key("big").upload_id(&id).part_number(number);
        let sent = part.body(ByteStream::from(body.to_vec())).send().await.expect("a part");
        assert!(sent.checksum_crc32().is_some(), "the SDK's default checksum arrived");
        let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag);
        parts.push(part.set_checksum_crc32(sent.checksum_crc32).build());
    }
    let listed = client.list_parts().bucket(BUCKET).key("big").upload_id(&id).send().await.expect("parts");
    assert_eq!(listed.parts().iter().filter_map(aws_sdk_s3::types::Part::part_number).collect::<Vec<_>>(), [1, 2]);
    let uploads = client.list_multipart_uploads().bucket(BUCKET).send().await.expect("uploads");
    assert_eq!(uploads.uploads()[0].upload_id(), Some(id.as_str()));

    let complete = |parts: Vec<CompletedPart>| {
        let upload = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        client.complete_multipart_upload().bucket(BUCKET).key("big").upload_id(&id).multipart_upload(upload).send()
    };
    let reversed = parts.iter().rev().cloned().collect();
    assert_eq!(refusal(complete(reversed).await), ("InvalidPartOrder".into(), 400));
    let done = complete(parts.clone()).await.expect("completed");
    assert!(done.e_tag().is_some_and(|tag| tag.ends_with("-2\"")), "{done:?}");
    assert!(done.checksum_crc32().is_some_and(|sum| sum.ends_with("-2")), "{done:?}");
    assert!(read(&client, "big").await == whole, "the parts, joined");
    assert_eq!(refusal(complete(parts).await), ("NoSuchUpload".into(), 404));
}

#[tokio::test]
async fn a_part_can_be_a_range_of_another_object() {
    let (sandbox, client) = bucket().await;
    put(&client, "source", "0123456789").await;
    let begun = client.create_multipart_upload().bucket(BUCKET).key("copy").send().await.expect("begun");
    let id = begun.upload_id().expect("an id");
    let part = client.upload_part_copy().bucket(BUCKET).key("copy").upload_id(id).part_number(1);
    let copied = part.copy_source(format!("{BUCKET}/source")).copy_source_range("bytes=3-5").send().await;
    let tag = copied.expect("copied").copy_part_result.and_then(|result| result.e_tag).expect("a tag");
    let part = CompletedPart::builder().part_number(1).e_tag(tag).build();
    let upload = CompletedMultipartUpload::builder().parts(part).build();
    let complete = client.complete_multipart_upload().bucket(BUCKET).key("copy").upload_id(id);
    complete.multipart_upload(upload).send().await.expect("completed");
    assert_eq!(sandbox.world.s3.object(BUCKET, "copy").as_deref(), Some(b"345".as_slice()));
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() {
    let (_sandbox, client) = bucket().await;
    let begun = client.create_multipart_upload().bucket(BUCKET).key("big").send().await.expect("begun");
    let id = begun.upload_id().expect("an id");
    let part = client.upload_part().bucket(BUCKET).key("big").upload_id(id).part_number(1);
    part.body(ByteStream::from_static(b"part")).send().await.expect("a part");
    let abort = || client.abort_multipart_upload().bucket(BUCKET).key("big").upload_id(id).send();
    abort().await.expect("aborted");
    assert_eq!(refusal(abort().await), ("NoSuchUpload".into(), 404));
    let listed = client.list_multipart_uploads().bucket(BUCKET).send().await.expect("uploads");
    assert!(listed.uploads().is_empty());
}

#[tokio::test]
async fn a_trailing_checksum_is_verified_and_taken_off_the_body() {
    let (sandbox, client) = bucket().await;
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("body");
    let whole = noise(300_000);
    std::fs::write(&file, &whole).expect("written");
    // A body read from a file is streamed: its checksum follows in an aws-chunked trailer.
    let body = ByteStream::from_path(&file).await.expect("a stream");
    let sent = client.put_object().bucket(BUCKET).key("streamed").body(body).send().await.expect("put");
    assert!(sent.checksum_crc32().is_some(), "{sent:?}");
    assert!(sandbox.world.s3.object(BUCKET, "streamed").as_deref() == Some(whole.as_slice()), "the file's own bytes");
    let wrong = client.put_object().bucket(BUCKET).key("wrong").body(ByteStream::from_static(b"x"));
    assert_eq!(refusal(wrong.checksum_crc32("AAAAAA==").send().await), ("BadDigest".into(), 400));
    assert_eq!(sandbox.world.s3.object(BUCKET, "wrong"), None);
}

fn algorithm(found: Option<ServerSideEncryptionConfiguration>) -> Option<ServerSideEncryption> {
    let by = found?.rules().first()?.apply_server_side_encryption_by_default()?.sse_algorithm().clone();
    Some(by)
}

#[tokio::test]
async fn a_bucket_is_always_encrypted_and_says_how() {
    let (_sandbox, client) = bucket().await;
    let get = || client.get_bucket_encryption().bucket(BUCKET).send();
    let fresh = get().await.expect("a default").server_side_encryption_configuration;
    assert_eq!(algorithm(fresh), Some(ServerSideEncryption::Aes256));
    let by = ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::AwsKms);
    let by = by.kms_master_key_id("key").build().expect("an algorithm");
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by).build();
    let rules = ServerSideEncryptionConfiguration::builder().rules(rule).build().expect("rules");
    let put_rules = client.put_bucket_encryption().bucket(BUCKET).server_side_encryption_configuration(rules);
    put_rules.send().await.expect("put");
    let found = get().await.expect("rules").server_side_encryption_configuration;
    assert_eq!(algorithm(found), Some(ServerSideEncryption::AwsKms));
    put(&client, "a", "x").await;
    let head = client.head_object().bucket(BUCKET).key("a").send().await.expect("head");
    assert_eq!(
        (head.server_side_encryption(), head.ssekms_key_id()),
        (Some(&ServerSideEncryption::AwsKms), Some("key"))
    );
    client.delete_bucket_encryption().bucket(BUCKET).send().await.expect("reset");
    let reset = get().await.expect("rules").server_side_encryption_configuration;
    assert_eq!(algorithm(reset), Some(ServerSideEncryption::Aes256));
}

#[tokio::test]
async fn a_policy_comes_back_to_the_letter() {
    let (_sandbox, client) = bucket().await;
    let get = || client.get_bucket_policy().bucket(BUCKET).send();
    assert_eq!(refusal(get().await), ("NoSuchBucketPolicy".into(), 404));
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*"}]}"#;
    client.put_bucket_policy().bucket(BUCKET).policy(text).send().await.expect("put");
    assert_eq!(get().await.expect("a policy").policy(), Some(text));
    let status = client.get_bucket_policy_status().bucket(BUCKET).send().await.expect("a status");
    assert_eq!(status.policy_status().and_then(aws_sdk_s3::types::PolicyStatus::is_public), Some(true));
    let bad = client.put_bucket_policy().bucket(BUCKET).policy("nonsense").send().await;
    assert_eq!(refusal(bad), ("MalformedPolicy".into(), 400));
    client.delete_bucket_policy().bucket(BUCKET).send().await.expect("deleted");
    assert_eq!(refusal(get().await).0, "NoSuchBucketPolicy");
}

#[tokio::test]
async fn lifecycle_rules_come_back_as_they_went_in() {
    let (_sandbox, client) = bucket().await;
    let get = || client.get_bucket_lifecycle_configuration().bucket(BUCKET).send();
    assert_eq!(refusal(get().await), ("NoSuchLifecycleConfiguration".into(), 404));
    let rule = |id: &str, prefix: &str, days| {
        LifecycleRule::builder()
            .id(id)
            .status(ExpirationStatus::Enabled)
            .filter(LifecycleRuleFilter::builder().prefix(prefix).build())
            .expiration(LifecycleExpiration::builder().days(days).build())
            .build()
            .expect("a rule")
    };
    let rules = vec![rule("old", "archive/", 365), rule("new", "exports/", 7)];
    let put = |rules: Vec<LifecycleRule>| {
        let lifecycle = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build().expect("rules");
        client.put_bucket_lifecycle_configuration().bucket(BUCKET).lifecycle_configuration(lifecycle).send()
    };
    put(rules.clone()).await.expect("put");
    assert_eq!(get().await.expect("rules").rules(), rules);
    assert_eq!(refusal(put(vec![rules[0].clone(), rules[0].clone()]).await), ("InvalidArgument".into(), 400));
    assert_eq!(get().await.expect("rules").rules(), rules, "a refused configuration changes nothing");
    client.delete_bucket_lifecycle().bucket(BUCKET).send().await.expect("deleted");
    assert_eq!(refusal(get().await).0, "NoSuchLifecycleConfiguration");
}

#[tokio::test]
async fn public_access_starts_blocked_and_can_be_unblocked() {
    let (_sandbox, client) = bucket().await;
    let get = || client.get_public_access_block().bucket(BUCKET).send();
    let fresh = get().await.expect("a block").public_access_block_configuration.expect("a block");
    assert_eq!((fresh.block_public_acls(), fresh.restrict_public_buckets()), (Some(true), Some(true)));
    let partial = PublicAccessBlockConfiguration::builder().block_public_acls(true).build();
    let put = client.put_public_access_block().bucket(BUCKET).public_access_block_configuration(partial);
    put.send().await.expect("put");
    let found = get().await.expect("a block").public_access_block_configuration.expect("a block");
    assert_eq!((found.block_public_acls(), found.restrict_public_buckets()), (Some(true), Some(false)));
    client.delete_public_access_block().bucket(BUCKET).send().await.expect("deleted");
    assert_eq!(refusal(get().await), ("NoSuchPublicAccessBlockConfiguration".into(), 404));
}

#[tokio::test]
async fn ownership_starts_enforced_and_can_be_changed() {
    let (_sandbox, client) = bucket().await;
    let get = || client.get_bucket_ownership_controls().bucket(BUCKET).send();
    let rule = |how| OwnershipControlsRule::builder().object_ownership(how).build().expect("a rule");
    let fresh = get().await.expect("controls").ownership_controls.expect("controls");
    assert_eq!(fresh.rules(), [rule(ObjectOwnership::BucketOwnerEnforced)]);
    let wanted = OwnershipControls::builder().rules(rule(ObjectOwnership::ObjectWriter)).build().expect("rules");
    let put = client.put_bucket_ownership_controls().bucket(BUCKET).ownership_controls(wanted.clone());
    put.send().await.expect("put");
    assert_eq!(get().await.expect("controls").ownership_controls, Some(wanted));
    client.delete_bucket_ownership_controls().bucket(BUCKET).send().await.expect("deleted");
    assert_eq!(refusal(get().await), ("OwnershipControlsNotFoundError".into(), 404));
}

#[tokio::test]
async fn refusals_come_in_s3s_words_and_stop_when_used_up() {
    let (sandbox, client) = bucket().await;
    for (refused, code, status) in [
        (Refusal::Throttle, "SlowDown", 503),
        (Refusal::ServerError, "InternalError", 500),
        (Refusal::ExpiredToken, "ExpiredToken", 400),
        (Refusal::AccessDenied, "AccessDenied", 403),
    ] {
        let fault = Fault::new("ListObjectsV2", Kind::Refuse(refused)).at(Service::S3).times(1);
        sandbox.world.faults.add(fault);
        let list = || client.list_objects_v2().bucket(BUCKET).send();
        assert_eq!(refusal(list().await), (code.to_owned(), status));
        list().await.expect("the fault is used up");
    }
    assert_eq!(sandbox.world.faults.calls()["ListObjectsV2"], 8);
}

#[tokio::test]
async fn a_cut_before_does_nothing_and_a_cut_after_has_done_the_work() {
    let (sandbox, client) = bucket().await;
    for (kind, key, stored) in [(Kind::CutBefore, "before", false), (Kind::CutAfter, "after", true)] {
        sandbox.world.faults.add(Fault::new("PutObject", kind).times(1));
        let put = client.put_object().bucket(BUCKET).key(key).body(ByteStream::from_static(b"x"));
        let error = put.send().await.expect_err("cut");
        assert!(matches!(error, SdkError::DispatchFailure(_)), "no answer at all: {error:?}");
        assert_eq!(sandbox.world.s3.object(BUCKET, key).is_some(), stored, "{key}");
    }
    put(&client, "healed", "x").await;
}

#[tokio::test]
async fn a_hanging_call_is_the_clients_to_give_up_and_others_go_on() {
    let (sandbox, patient) = bucket().await;
    sandbox.world.faults.add(Fault::new("HeadBucket", Kind::Hang));
    let timeout = TimeoutConfig::builder().operation_timeout(Duration::from_millis(100)).build();
    let hasty = Client::from_conf(config(&sandbox, HOME, "AKIAEXAMPLE").timeout_config(timeout).build());
    let error = hasty.head_bucket().bucket(BUCKET).send().await.expect_err("it hangs");
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error:?}");
    patient.list_buckets().send().await.expect("others are answered");
    sandbox.world.faults.clear();
    patient.head_bucket().bucket(BUCKET).send().await.expect("no fault, no hang");
}

#[tokio::test]
async fn a_latency_delays_the_answer_and_changes_nothing_else() {
    let (sandbox, client) = bucket().await;
    let delay = Duration::from_millis(60);
    sandbox.world.faults.add(Fault::new("*", Kind::Latency(delay)).times(1));
    let started = std::time::Instant::now();
    client.list_buckets().send().await.expect("answered in the end");
    assert!(started.elapsed() >= delay);
}

fn logs(sandbox: &Sandbox) -> aws_sdk_cloudwatchlogs::Client {
    use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Region, retry::RetryConfig};
    let config = aws_sdk_cloudwatchlogs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(sandbox.endpoint_url())
        .region(Region::new(HOME))
        .credentials_provider(Credentials::new("AKIAEXAMPLE", "any", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .build();
    aws_sdk_cloudwatchlogs::Client::from_conf(config)
}

/// The code and the message of a refused `DescribeExportTasks`.
async fn described(client: &aws_sdk_cloudwatchlogs::Client) -> Option<(String, String)> {
    let error = client.describe_export_tasks().send().await.err()?;
    Some((error.code().unwrap_or_default().to_owned(), error.message().unwrap_or_default().to_owned()))
}

#[tokio::test]
async fn cloudwatch_logs_refuses_in_its_own_words() {
    let sandbox = sandbox().await;
    let client = logs(&sandbox);
    for (refused, code, words) in [
        (Refusal::Throttle, "ThrottlingException", "Rate exceeded"),
        (Refusal::ServerError, "InternalFailure", "Internal failure"),
        (Refusal::ExpiredToken, "ExpiredTokenException", "The security token included in the request is expired"),
        (
            Refusal::AccessDenied,
            "AccessDeniedException",
            "User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform: logs:DescribeExportTasks",
        ),
    ] {
        sandbox.world.faults.add(Fault::new("DescribeExportTasks", Kind::Refuse(refused)).at(Service::Logs).times(1));
        let (found, message) = described(&client).await.expect("refused");
        assert_eq!(found, code);
        assert!(message.starts_with(words), "{message}");
    }
    sandbox.world.faults.add(Fault::new("DescribeExportTasks", Kind::CutAfter).times(1));
    let error = client.describe_export_tasks().send().await.expect_err("cut");
    assert!(error.raw_response().is_none(), "{error:?}");
}

#[tokio::test]
async fn rates_throttle_only_once_they_are_enforced() {
    let sandbox = sandbox().await;
    let client = logs(&sandbox);
    let mut throttled = [0, 0];
    for (enforce, count) in [false, true].into_iter().zip(&mut throttled) {
        sandbox.world.faults.enforce_rates(enforce);
        for _ in 0..20 {
            *count += usize::from(described(&client).await.is_some_and(|(code, _)| code == "ThrottlingException"));
        }
    }
    assert_eq!(throttled[0], 0);
    assert!(throttled[1] > 0, "AWS allows five calls a second");
}

/// One request of a plain HTTP client: the answer, headers and all.
async fn http(sandbox: &Sandbox, method: &str, path: &str, headers: &str, body: &str) -> String {
    use std::io::{Read, Write};
    let address = sandbox.endpoint_url().replace("http://", "");
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    let exchange = move || {
        let mut stream = std::net::TcpStream::connect(address)?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map(|_| answer)
    };
    tokio::task::spawn_blocking(exchange).await.expect("no panic").expect("an answer")
}

#[tokio::test]
async fn the_control_endpoint_adds_and_forgets_faults_and_counts_calls() {
    let (sandbox, client) = bucket().await;
    let head = || client.head_bucket().bucket(BUCKET).send();
    let rule = r#"{"service":"s3","operation":"HeadBucket","kind":"access_denied"}"#;
    let added = http(&sandbox, "POST", "/_sandbox/faults", "", rule).await;
    assert!(added.starts_with("HTTP/1.1 204"), "{added}");
    assert_eq!(refusal(head().await).1, 403);
    let unread = http(&sandbox, "POST", "/_sandbox/faults", "", "{").await;
    assert!(unread.starts_with("HTTP/1.1 400") && unread.contains("\"message\""), "{unread}");
    assert_eq!(refusal(head().await).1, 403, "what could not be read changed nothing");
    http(&sandbox, "DELETE", "/_sandbox/faults", "", "").await;
    head().await.expect("no fault any more");
    let calls = http(&sandbox, "GET", "/_sandbox/calls", "", "").await;
    assert!(calls.ends_with(r#"{"HeadBucket":3}"#), "{calls}");
}

#[tokio::test]
async fn an_unknown_logs_operation_is_refused_as_json_1_1_with_a_request_id() {
    let sandbox = sandbox().await;
    let answer = http(&sandbox, "POST", "/", "x-amz-target: Logs_20140328.Nonsense\r\n", "{}").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    for part in ["content-type: application/x-amz-json-1.1", "x-amzn-requestid: ", "UnknownOperationException"] {
        assert!(answer.contains(part), "{part} is missing in {answer}");
    }
}

#[tokio::test]
async fn a_presigned_url_and_an_unsigned_call_are_served_too() {
    let (sandbox, client) = bucket().await;
    put(&client, "a", "hello").await;
    let soon = aws_sdk_s3::presigning::PresigningConfig::expires_in(Duration::from_mins(1)).expect("a minute");
    let signed = client.get_object().bucket(BUCKET).key("a").presigned(soon).await.expect("signed");
    let path = signed.uri().split_once(BUCKET).map(|(_, rest)| format!("/{BUCKET}{rest}")).expect("a path");
    for path in [path.as_str(), "/acme-logs/a"] {
        let answer = http(&sandbox, "GET", path, "", "").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{path}: {answer}");
    }
}

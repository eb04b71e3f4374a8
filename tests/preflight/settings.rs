//! Settings of the bucket that stop no export.

use aws_sdk_s3::types::{
    BucketVersioningStatus, DefaultRetention, ObjectLockConfiguration, ObjectLockEnabled, ObjectLockRetentionMode,
    ObjectLockRule, ObjectOwnership, OwnershipControls, OwnershipControlsRule, Payer, PublicAccessBlockConfiguration,
    RequestPaymentConfiguration, VersioningConfiguration,
};
use logferry::domain::preflight::Check;

use crate::bench::{BUCKET, Bench, said};

#[tokio::test]
async fn public_access_by_its_switches() {
    let bench = Bench::ready().await;
    assert_eq!(said(&bench.check().await, Check::PublicAccess), "pass: public access is blocked");
    let half = PublicAccessBlockConfiguration::builder().block_public_acls(true).block_public_policy(true).build();
    let put = bench.s3.put_public_access_block().bucket(BUCKET).public_access_block_configuration(half);
    put.send().await.expect("S3 takes it");
    let told = said(&bench.check().await, Check::PublicAccess);
    assert!(told.contains("IgnorePublicAcls, RestrictPublicBuckets off"), "{told}");
    bench.s3.delete_public_access_block().bucket(BUCKET).send().await.expect("S3 removes it");
    let told = said(&bench.check().await, Check::PublicAccess);
    assert!(told.starts_with("warn: ") && told.contains("BlockPublicAcls, IgnorePublicAcls, "), "{told}");
}

#[tokio::test]
async fn object_ownership_by_its_setting() {
    let bench = Bench::ready().await;
    assert_eq!(said(&bench.check().await, Check::ObjectOwnership), "pass: the bucket's owner owns every object");
    for setting in [ObjectOwnership::BucketOwnerPreferred, ObjectOwnership::ObjectWriter] {
        let rule = OwnershipControlsRule::builder().object_ownership(setting).build().expect("all is given");
        let controls = OwnershipControls::builder().rules(rule).build().expect("all is given");
        let put = bench.s3.put_bucket_ownership_controls().bucket(BUCKET).ownership_controls(controls);
        put.send().await.expect("S3 takes it");
        let told = said(&bench.check().await, Check::ObjectOwnership);
        assert_eq!(told, "pass: the bucket has ACLs; exports give its owner full control");
    }
    bench.s3.delete_bucket_ownership_controls().bucket(BUCKET).send().await.expect("S3 removes it");
    assert!(said(&bench.check().await, Check::ObjectOwnership).starts_with("pass: the bucket has ACLs"));
}

#[tokio::test]
async fn versions_and_object_lock() {
    let bench = Bench::ready().await;
    let fresh = bench.check().await;
    let (lock, versions) = (said(&fresh, Check::ObjectLock), said(&fresh, Check::Versioning));
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    let put = bench.s3.put_bucket_versioning().bucket(BUCKET).versioning_configuration(on);
    put.send().await.expect("S3 takes it");
    let retention = DefaultRetention::builder().mode(ObjectLockRetentionMode::Compliance).days(30).build();
    let rule = ObjectLockRule::builder().default_retention(retention).build();
    let wanted = ObjectLockConfiguration::builder().object_lock_enabled(ObjectLockEnabled::Enabled).rule(rule).build();
    let put = bench.s3.put_object_lock_configuration().bucket(BUCKET).object_lock_configuration(wanted);
    put.send().await.expect("S3 takes it");
    let kept = bench.check().await;
    insta::assert_snapshot!([lock, versions, said(&kept, Check::ObjectLock), said(&kept, Check::Versioning)].join("\n"), @r"
    pass: objects can be deleted at any time
    pass: off
    pass: what is exported cannot be deleted for a while: COMPLIANCE, 30 days
    pass: on: what is deleted stays as a version until a lifecycle rule removes it
    ");
}

#[tokio::test]
async fn who_pays_for_requests() {
    let bench = Bench::ready().await;
    let own = said(&bench.check().await, Check::RequesterPays);
    let requester = RequestPaymentConfiguration::builder().payer(Payer::Requester).build().expect("all is given");
    let put = bench.s3.put_bucket_request_payment().bucket(BUCKET).request_payment_configuration(requester);
    put.send().await.expect("S3 takes it");
    insta::assert_snapshot!([own, said(&bench.check().await, Check::RequesterPays)].join("\n"), @r"
    pass: the bucket's owner pays
    warn: the requester pays: whether exports work with that is not documented (try a short range first, or choose another bucket)
    ");
}

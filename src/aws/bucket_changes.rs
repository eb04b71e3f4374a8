//! What is changed of a bucket: it is created, its settings are put, its policy is put or deleted.
//!
//! Every call but the creation says whose bucket it must be, so that a name that has changed hands is never written to. All
//! of them may be repeated: the SDK does so after a lost answer, and the second time changes nothing more.

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, ObjectOwnership, OwnershipControls,
    OwnershipControlsRule, PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};

use super::Session;
use super::bucket_settings::there;
use crate::domain::place::{AccountId, Region};
use crate::domain::problem::Problem;

/// The one Region that has no location constraint (S3 API reference, CreateBucket).
const CLASSIC: &str = "us-east-1";

/// What S3 answers to whoever creates a bucket again that is his own, everywhere but in us-east-1.
const OWNED: &str = "BucketAlreadyOwnedByYou";

/// What came of creating a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// It is there now.
    Made,
    /// It is there and one's own, and may have been before: S3 says so to whoever repeats himself, also after a lost answer,
    /// and in us-east-1 does not tell the two apart.
    Owned,
}

/// A bucket that is there: where, and whose it must be.
#[derive(Clone, Copy, Debug)]
pub struct BucketAt<'a> {
    /// Its name.
    pub bucket: &'a str,
    /// Its Region.
    pub region: &'a Region,
    /// The account that must own it.
    pub owner: &'a AccountId,
}

impl Session {
    /// Creates a bucket in `region`, its owner the owner of every object in it (CreateBucket).
    pub async fn create_bucket(&self, bucket: &str, region: &Region) -> Result<Creation, Problem> {
        let call = self.call_there("CreateBucket", bucket, region);
        let constraint = (region.0 != CLASSIC).then(|| BucketLocationConstraint::from(region.0.as_str()));
        let place = constraint.map(|at| CreateBucketConfiguration::builder().location_constraint(at).build());
        let request = self.s3.create_bucket().bucket(bucket).object_ownership(ObjectOwnership::BucketOwnerEnforced);
        let request = request.set_create_bucket_configuration(place).customize().config_override(there(region));
        match request.send().await {
            Ok(_) if region.0 == CLASSIC => Ok(Creation::Owned),
            Ok(_) => Ok(Creation::Made),
            Err(error) if error.code() == Some(OWNED) => Ok(Creation::Owned),
            Err(error) => Err(call.problem(&error)),
        }
    }

    /// Whether there is no object in the bucket (ListObjectsV2).
    pub async fn is_bucket_empty(&self, at: BucketAt<'_>) -> Result<bool, Problem> {
        let call = self.call_there("ListObjectsV2", at.bucket, at.region);
        let request = self.s3.list_objects_v2().bucket(at.bucket).expected_bucket_owner(&at.owner.0).max_keys(1);
        let answer = request.customize().config_override(there(at.region)).send().await;
        let answer = answer.map_err(|error| call.problem(&error))?;
        Ok(answer.contents.unwrap_or_default().is_empty())
    }

    /// Makes the bucket's owner the owner of every object in it (PutBucketOwnershipControls).
    pub async fn enforce_bucket_owner(&self, at: BucketAt<'_>) -> Result<(), Problem> {
        let call = self.call_there("PutBucketOwnershipControls", at.bucket, at.region);
        let rule = OwnershipControlsRule::builder().object_ownership(ObjectOwnership::BucketOwnerEnforced).build();
        let controls = rule.and_then(|rule| OwnershipControls::builder().rules(rule).build());
        let controls = controls.map_err(|error| call.incomplete(&error))?;
        let request = self.s3.put_bucket_ownership_controls().bucket(at.bucket).expected_bucket_owner(&at.owner.0);
        let request = request.ownership_controls(controls).customize().config_override(there(at.region));
        request.send().await.map(drop).map_err(|error| call.problem(&error))
    }

    /// Switches Block Public Access on, all four of it (PutPublicAccessBlock).
    pub async fn block_public_access(&self, at: BucketAt<'_>) -> Result<(), Problem> {
        let call = self.call_there("PutPublicAccessBlock", at.bucket, at.region);
        let all = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .ignore_public_acls(true)
            .block_public_policy(true)
            .restrict_public_buckets(true)
            .build();
        let request = self.s3.put_public_access_block().bucket(at.bucket).expected_bucket_owner(&at.owner.0);
        let request = request.public_access_block_configuration(all).customize().config_override(there(at.region));
        request.send().await.map(drop).map_err(|error| call.problem(&error))
    }

    /// Has objects encrypted with S3's own keys unless they say otherwise (PutBucketEncryption).
    pub async fn encrypt_with_s3_keys(&self, at: BucketAt<'_>) -> Result<(), Problem> {
        let call = self.call_there("PutBucketEncryption", at.bucket, at.region);
        let by = ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::Aes256).build();
        let configuration = by.and_then(|by| {
            let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by).build();
            ServerSideEncryptionConfiguration::builder().rules(rule).build()
        });
        let configuration = configuration.map_err(|error| call.incomplete(&error))?;
        let request = self.s3.put_bucket_encryption().bucket(at.bucket).expected_bucket_owner(&at.owner.0);
        let request = request.server_side_encryption_configuration(configuration).customize();
        let answer = request.config_override(there(at.region)).send().await;
        answer.map(drop).map_err(|error| call.problem(&error))
    }

    /// Has the bucket keep versions (PutBucketVersioning).
    pub async fn keep_versions(&self, at: BucketAt<'_>) -> Result<(), Problem> {
        let call = self.call_there("PutBucketVersioning", at.bucket, at.region);
        let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        let request = self.s3.put_bucket_versioning().bucket(at.bucket).expected_bucket_owner(&at.owner.0);
        let request = request.versioning_configuration(on).customize().config_override(there(at.region));
        request.send().await.map(drop).map_err(|error| call.problem(&error))
    }

    /// Puts the bucket's policy in place of any other (PutBucketPolicy).
    pub async fn put_bucket_policy(&self, at: BucketAt<'_>, policy: &str) -> Result<(), Problem> {
        let call = self.call_there("PutBucketPolicy", at.bucket, at.region);
        let request = self.s3.put_bucket_policy().bucket(at.bucket).expected_bucket_owner(&at.owner.0);
        let request = request.policy(policy).customize().config_override(there(at.region));
        request.send().await.map(drop).map_err(|error| call.problem(&error))
    }

    /// Takes the bucket's policy away, if it has one (DeleteBucketPolicy).
    pub async fn delete_bucket_policy(&self, at: BucketAt<'_>) -> Result<(), Problem> {
        let call = self.call_there("DeleteBucketPolicy", at.bucket, at.region);
        let request = self.s3.delete_bucket_policy().bucket(at.bucket).expected_bucket_owner(&at.owner.0);
        let answer = request.customize().config_override(there(at.region)).send().await;
        answer.map(drop).map_err(|error| call.problem(&error))
    }
}

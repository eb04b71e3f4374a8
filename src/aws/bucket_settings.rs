//! What an export's destination is asked before: that it is there, whose it is, and how it is set up.
//!
//! S3 answers most of this only in the bucket's own Region, and the SDK follows no redirect: so each call says where.
//! "There is no such configuration" is an answer and no failure.

use aws_sdk_s3::config::{Builder as Override, Region as SdkRegion};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketVersioningStatus, DefaultRetention, ObjectOwnership as Setting, Payer, PublicAccessBlockConfiguration,
};

use super::Session;
use super::error::Call;
use crate::domain::place::{AccountId, Region};
use crate::domain::preflight::{BucketFacts, ObjectOwnership, Owner, PUBLIC_ACCESS_SWITCHES, Probe};
use crate::domain::problem::{Problem, ProblemKind};

/// What S3 answers where a bucket has no such configuration.
const NO_POLICY: &str = "NoSuchBucketPolicy";
const NO_PUBLIC_ACCESS_BLOCK: &str = "NoSuchPublicAccessBlockConfiguration";
const NO_OWNERSHIP: &str = "OwnershipControlsNotFoundError";
const NO_OBJECT_LOCK: &str = "ObjectLockConfigurationNotFoundError";

impl Session {
    /// Where a bucket is: by GetBucketLocation, which as a rule only its own account may ask, or else by what S3 tells
    /// of its Region to whoever asks HeadBucket.
    pub async fn find_bucket(&self, bucket: &str) -> Result<Region, Problem> {
        let problem = match self.bucket_region(bucket).await {
            Err(problem) if matches!(problem.kind, ProblemKind::AccessDenied | ProblemKind::WrongRegion) => problem,
            answer => return answer,
        };
        if let Some(told) = &problem.context.bucket_region {
            return Ok(Region(told.clone()));
        }
        let call = self.call("HeadBucket", Some(bucket));
        let told = match self.s3.head_bucket().bucket(bucket).send().await {
            Ok(answer) => answer.bucket_region,
            Err(error) => call.problem(&error).context.bucket_region,
        };
        told.map(Region).ok_or(problem)
    }

    /// Whether the bucket is there (HeadBucket).
    pub async fn bucket_exists(&self, bucket: &str, region: &Region) -> BucketFacts {
        let call = self.call_there("HeadBucket", bucket, region);
        let answer = self.s3.head_bucket().bucket(bucket).customize().config_override(there(region)).send().await;
        answer.map(drop).map_err(|error| call.problem(&error))
    }

    /// Whose a bucket is that the caller may ask HeadBucket of: S3 refuses it where another owner is expected.
    pub async fn bucket_owner(&self, bucket: &str, region: &Region, own: &AccountId) -> Result<Owner, Problem> {
        let call = self.call_there("HeadBucket", bucket, region);
        let request = self.s3.head_bucket().bucket(bucket).expected_bucket_owner(&own.0);
        match request.customize().config_override(there(region)).send().await.map_err(|error| call.problem(&error)) {
            Ok(_) => Ok(Owner::Own),
            // The caller may be who is refused, and not the expectation.
            Err(problem) if problem.kind == ProblemKind::AccessDenied => {
                self.bucket_exists(bucket, region).await.map(|()| Owner::Other(None))
            }
            Err(problem) => Err(problem),
        }
    }

    /// The bucket's policy (GetBucketPolicy).
    pub async fn bucket_policy(&self, bucket: &str, region: &Region) -> Result<Option<String>, Problem> {
        let call = self.call_there("GetBucketPolicy", bucket, region);
        let request = self.s3.get_bucket_policy().bucket(bucket).customize().config_override(there(region));
        match request.send().await {
            Ok(answer) => Ok(answer.policy),
            Err(error) => call.unless(NO_POLICY, &error, None),
        }
    }

    /// The switches of Block Public Access that are off (GetPublicAccessBlock).
    pub async fn public_access_off(&self, bucket: &str, region: &Region) -> Result<Vec<&'static str>, Problem> {
        let call = self.call_there("GetPublicAccessBlock", bucket, region);
        let request = self.s3.get_public_access_block().bucket(bucket).customize().config_override(there(region));
        match request.send().await {
            Ok(answer) => Ok(switched_off(answer.public_access_block_configuration.as_ref())),
            Err(error) => call.unless(NO_PUBLIC_ACCESS_BLOCK, &error, PUBLIC_ACCESS_SWITCHES.to_vec()),
        }
    }

    /// Who owns objects in the bucket (GetBucketOwnershipControls).
    pub async fn object_ownership(&self, bucket: &str, region: &Region) -> Result<ObjectOwnership, Problem> {
        let call = self.call_there("GetBucketOwnershipControls", bucket, region);
        let request = self.s3.get_bucket_ownership_controls().bucket(bucket).customize();
        let answer = match request.config_override(there(region)).send().await {
            Ok(answer) => answer,
            Err(error) => return call.unless(NO_OWNERSHIP, &error, ObjectOwnership::ObjectWriter),
        };
        let rules = answer.ownership_controls.map(|controls| controls.rules);
        let setting = rules.into_iter().flatten().next().map(|rule| rule.object_ownership);
        Ok(setting.map_or(ObjectOwnership::ObjectWriter, |setting| ownership(&setting)))
    }

    /// The retention that objects get by default, in words (GetObjectLockConfiguration).
    pub async fn object_lock(&self, bucket: &str, region: &Region) -> Result<Option<String>, Problem> {
        let call = self.call_there("GetObjectLockConfiguration", bucket, region);
        let request = self.s3.get_object_lock_configuration().bucket(bucket).customize();
        let answer = match request.config_override(there(region)).send().await {
            Ok(answer) => answer,
            Err(error) => return call.unless(NO_OBJECT_LOCK, &error, None),
        };
        let rule = answer.object_lock_configuration.and_then(|configuration| configuration.rule);
        Ok(rule.and_then(|rule| rule.default_retention).map(|retention| kept(&retention)))
    }

    /// Whether the bucket keeps versions (GetBucketVersioning).
    pub async fn is_versioned(&self, bucket: &str, region: &Region) -> Result<bool, Problem> {
        let call = self.call_there("GetBucketVersioning", bucket, region);
        let request = self.s3.get_bucket_versioning().bucket(bucket).customize().config_override(there(region));
        let answer = request.send().await.map_err(|error| call.problem(&error))?;
        Ok(answer.status == Some(BucketVersioningStatus::Enabled))
    }

    /// Whether the requester pays (GetBucketRequestPayment).
    pub async fn requester_pays(&self, bucket: &str, region: &Region) -> Result<bool, Problem> {
        let call = self.call_there("GetBucketRequestPayment", bucket, region);
        let request = self.s3.get_bucket_request_payment().bucket(bucket).customize().config_override(there(region));
        let answer = request.send().await.map_err(|error| call.problem(&error))?;
        Ok(answer.payer == Some(Payer::Requester))
    }

    /// Puts an empty object under `key` and removes it again.
    pub async fn probe(&self, bucket: &str, region: &Region, key: &str) -> Probe {
        let call = self.call_there("PutObject", bucket, region);
        let put = self.s3.put_object().bucket(bucket).key(key).body(ByteStream::from_static(b""));
        if let Err(error) = put.customize().config_override(there(region)).send().await {
            return Probe::Failed(call.problem(&error));
        }
        let call = self.call_there("DeleteObject", bucket, region);
        let delete = self.s3.delete_object().bucket(bucket).key(key).customize().config_override(there(region));
        match delete.send().await {
            Ok(_) => Probe::Put,
            Err(error) => {
                // Called for its log line: the finding itself names what is left to do.
                drop(call.problem(&error));
                Probe::Left(key.to_owned())
            }
        }
    }

    pub(super) fn call_there(&self, operation: &'static str, bucket: &str, region: &Region) -> Call {
        Call { region: region.0.clone(), ..self.call(operation, Some(bucket)) }
    }
}

/// Sends a call to the bucket's own Region.
pub(super) fn there(region: &Region) -> Override {
    Override::new().region(SdkRegion::new(region.0.clone()))
}

fn switched_off(configuration: Option<&PublicAccessBlockConfiguration>) -> Vec<&'static str> {
    let on = configuration.map_or([None; 4], |configuration| {
        [
            configuration.block_public_acls,
            configuration.ignore_public_acls,
            configuration.block_public_policy,
            configuration.restrict_public_buckets,
        ]
    });
    let switches = PUBLIC_ACCESS_SWITCHES.into_iter().zip(on);
    switches.filter(|(_, on)| *on != Some(true)).map(|(name, _)| name).collect()
}

fn ownership(setting: &Setting) -> ObjectOwnership {
    match setting {
        Setting::BucketOwnerEnforced => ObjectOwnership::BucketOwnerEnforced,
        Setting::BucketOwnerPreferred => ObjectOwnership::BucketOwnerPreferred,
        Setting::ObjectWriter => ObjectOwnership::ObjectWriter,
        other => ObjectOwnership::Other(other.as_str().to_owned()),
    }
}

/// `COMPLIANCE, 30 days`.
fn kept(retention: &DefaultRetention) -> String {
    let mode = retention.mode.as_ref().map_or("retention", |mode| mode.as_str());
    match (retention.days, retention.years) {
        (Some(days), _) => format!("{mode}, {days} days"),
        (None, Some(years)) => format!("{mode}, {years} years"),
        (None, None) => mode.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_that_is_not_said_to_be_on_is_off() {
        assert_eq!(switched_off(None), PUBLIC_ACCESS_SWITCHES);
        let some = PublicAccessBlockConfiguration::builder().block_public_acls(true).ignore_public_acls(true);
        let some = some.block_public_policy(false).build();
        assert_eq!(switched_off(Some(&some)), ["BlockPublicPolicy", "RestrictPublicBuckets"]);
    }
}

//! A bucket's settings: encryption, policy, public access, ownership, versioning, tags, ACL.

#![expect(clippy::needless_pass_by_value, reason = "operations own their input: the table has one signature")]

use s3s::dto;
use s3s::{S3Result, s3_error};

use super::bucket::{Settings, owner};
use super::wire::Call;
use super::{Store, errors};
use crate::domain::inventory::Encryption;

/// A rule set for a default encryption; `None` for a bucket without any.
pub(super) fn configuration(encryption: Encryption) -> Option<dto::ServerSideEncryptionConfiguration> {
    let (algorithm, key) = match encryption {
        Encryption::S3 => (dto::ServerSideEncryption::AES256.to_owned(), None),
        Encryption::Kms(key) => (dto::ServerSideEncryption::AWS_KMS.to_owned(), key),
        Encryption::KmsDual => (dto::ServerSideEncryption::AWS_KMS_DSSE.to_owned(), None),
        Encryption::Other(name) => (name, None),
        Encryption::None => return None,
    };
    let by_default = dto::ServerSideEncryptionByDefault { kms_master_key_id: key, sse_algorithm: algorithm.into() };
    let rule = dto::ServerSideEncryptionRule {
        apply_server_side_encryption_by_default: Some(by_default),
        bucket_key_enabled: Some(false),
    };
    Some(dto::ServerSideEncryptionConfiguration { rules: vec![rule] })
}

/// The default encryption that a rule set means.
pub(super) fn encryption(configuration: Option<&dto::ServerSideEncryptionConfiguration>) -> Encryption {
    let rule = configuration.and_then(|found| found.rules.first());
    let Some(by) = rule.and_then(|rule| rule.apply_server_side_encryption_by_default.as_ref()) else {
        return Encryption::None;
    };
    match by.sse_algorithm.as_str() {
        dto::ServerSideEncryption::AES256 => Encryption::S3,
        dto::ServerSideEncryption::AWS_KMS => Encryption::Kms(by.kms_master_key_id.clone()),
        dto::ServerSideEncryption::AWS_KMS_DSSE => Encryption::KmsDual,
        other => Encryption::Other(other.to_owned()),
    }
}

/// One of a bucket's settings, or S3's word for its absence.
pub(super) fn get<T>(
    store: &Store,
    bucket: &str,
    setting: impl FnOnce(&Settings) -> Option<T>,
    (code, message): (&'static str, &'static str),
) -> S3Result<T> {
    store.with(bucket, |bucket| setting(&bucket.settings).ok_or_else(|| errors::not_configured(code, message)))
}

/// Changes a bucket's settings and answers the output that says nothing.
pub(super) fn put<O: Default>(store: &Store, bucket: &str, change: impl FnOnce(&mut Settings)) -> S3Result<O> {
    store.with(bucket, |bucket| {
        change(&mut bucket.settings);
        Ok(O::default())
    })
}

/// 400: XML that is none, or not what belongs there.
pub(super) fn malformed() -> s3s::S3Error {
    s3_error!(MalformedXML, "The XML you provided was not well-formed or did not validate against our published schema")
}

const NO_ENCRYPTION: (&str, &str) =
    ("ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found");

pub(super) fn get_encryption(
    store: &Store,
    _call: &Call,
    input: dto::GetBucketEncryptionInput,
) -> S3Result<dto::GetBucketEncryptionOutput> {
    let found = get(store, &input.bucket, |settings| settings.encryption.clone(), NO_ENCRYPTION)?;
    Ok(dto::GetBucketEncryptionOutput { server_side_encryption_configuration: Some(found) })
}

pub(super) fn put_encryption(
    store: &Store,
    _call: &Call,
    input: dto::PutBucketEncryptionInput,
) -> S3Result<dto::PutBucketEncryptionOutput> {
    let wanted = input.server_side_encryption_configuration;
    match encryption(Some(&wanted)) {
        Encryption::S3 | Encryption::Kms(_) | Encryption::KmsDual => {
            put(store, &input.bucket, |settings| settings.encryption = Some(wanted))
        }
        Encryption::None | Encryption::Other(_) => Err(malformed()),
    }
}

/// S3 has encrypted every bucket since January 2023: deleting the configuration resets it.
pub(super) fn delete_encryption(
    store: &Store,
    _call: &Call,
    input: dto::DeleteBucketEncryptionInput,
) -> S3Result<dto::DeleteBucketEncryptionOutput> {
    put(store, &input.bucket, |settings| settings.encryption = configuration(Encryption::S3))
}

const NO_POLICY: (&str, &str) = ("NoSuchBucketPolicy", "The bucket policy does not exist");

pub(super) fn get_policy(
    store: &Store,
    _call: &Call,
    input: dto::GetBucketPolicyInput,
) -> S3Result<dto::GetBucketPolicyOutput> {
    let policy = get(store, &input.bucket, |settings| settings.policy.clone(), NO_POLICY)?;
    Ok(dto::GetBucketPolicyOutput { policy: Some(policy) })
}

pub(super) fn put_policy(
    store: &Store,
    _call: &Call,
    input: dto::PutBucketPolicyInput,
) -> S3Result<dto::PutBucketPolicyOutput> {
    let parsed: Option<serde_json::Value> = serde_json::from_str(&input.policy).ok();
    if parsed.is_none_or(|policy| policy.get("Statement").is_none()) {
        return Err(s3_error!(MalformedPolicy, "Policies must be valid JSON and the first byte must be '{{'"));
    }
    put(store, &input.bucket, |settings| settings.policy = Some(input.policy))
}

pub(super) fn delete_policy(
    store: &Store,
    _call: &Call,
    input: dto::DeleteBucketPolicyInput,
) -> S3Result<dto::DeleteBucketPolicyOutput> {
    put(store, &input.bucket, |settings| settings.policy = None)
}

pub(super) fn get_policy_status(
    store: &Store,
    _call: &Call,
    input: dto::GetBucketPolicyStatusInput,
) -> S3Result<dto::GetBucketPolicyStatusOutput> {
    let policy = get(store, &input.bucket, |settings| settings.policy.clone(), NO_POLICY)?;
    let policy_status = Some(dto::PolicyStatus { is_public: Some(is_public(&policy)) });
    Ok(dto::GetBucketPolicyStatusOutput { policy_status })
}

/// Whether a statement allows everybody something without a condition.
fn is_public(policy: &str) -> bool {
    let policy: serde_json::Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = match policy.get("Statement") {
        Some(serde_json::Value::Array(statements)) => statements.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let everybody =
        |principal: &serde_json::Value| principal == "*" || principal.get("AWS").is_some_and(|who| who == "*");
    statements.iter().any(|statement| {
        statement.get("Effect").is_some_and(|effect| effect == "Allow")
            && statement.get("Principal").is_some_and(everybody)
            && statement.get("Condition").is_none()
    })
}

const NO_PUBLIC_ACCESS_BLOCK: (&str, &str) =
    ("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found");

pub(super) fn get_public_access(
    store: &Store,
    _call: &Call,
    input: dto::GetPublicAccessBlockInput,
) -> S3Result<dto::GetPublicAccessBlockOutput> {
    let found = get(store, &input.bucket, |settings| settings.public_access_block.clone(), NO_PUBLIC_ACCESS_BLOCK)?;
    Ok(dto::GetPublicAccessBlockOutput { public_access_block_configuration: Some(found) })
}

pub(super) fn put_public_access(
    store: &Store,
    _call: &Call,
    input: dto::PutPublicAccessBlockInput,
) -> S3Result<dto::PutPublicAccessBlockOutput> {
    let wanted = input.public_access_block_configuration;
    // What a request leaves out is off.
    let filled = dto::PublicAccessBlockConfiguration {
        block_public_acls: Some(wanted.block_public_acls.unwrap_or_default()),
        block_public_policy: Some(wanted.block_public_policy.unwrap_or_default()),
        ignore_public_acls: Some(wanted.ignore_public_acls.unwrap_or_default()),
        restrict_public_buckets: Some(wanted.restrict_public_buckets.unwrap_or_default()),
    };
    put(store, &input.bucket, |settings| settings.public_access_block = Some(filled))
}

pub(super) fn delete_public_access(
    store: &Store,
    _call: &Call,
    input: dto::DeletePublicAccessBlockInput,
) -> S3Result<dto::DeletePublicAccessBlockOutput> {
    put(store, &input.bucket, |settings| settings.public_access_block = None)
}

const NO_OWNERSHIP: (&str, &str) = ("OwnershipControlsNotFoundError", "The bucket ownership controls were not found");

pub(super) fn get_ownership(
    store: &Store,
    _call: &Call,
    input: dto::GetBucketOwnershipControlsInput,
) -> S3Result<dto::GetBucketOwnershipControlsOutput> {
    let found = get(store, &input.bucket, |settings| settings.ownership.clone(), NO_OWNERSHIP)?;
    Ok(dto::GetBucketOwnershipControlsOutput { ownership_controls: Some(found) })
}

pub(super) fn put_ownership(
    store: &Store,
    _call: &Call,
    input: dto::PutBucketOwnershipControlsInput,
) -> S3Result<dto::PutBucketOwnershipControlsOutput> {
    put(store, &input.bucket, |settings| settings.ownership = Some(input.ownership_controls))
}

pub(super) fn delete_ownership(
    store: &Store,
    _call: &Call,
    input: dto::DeleteBucketOwnershipControlsInput,
) -> S3Result<dto::DeleteBucketOwnershipControlsOutput> {
    put(store, &input.bucket, |settings| settings.ownership = None)
}

pub(super) fn get_versioning(
    store: &Store,
    _call: &Call,
    input: dto::GetBucketVersioningInput,
) -> S3Result<dto::GetBucketVersioningOutput> {
    let status = store.with(&input.bucket, |bucket| Ok(bucket.settings.versioning.clone()))?;
    Ok(dto::GetBucketVersioningOutput { status, ..dto::GetBucketVersioningOutput::default() })
}

/// Only the status is kept: the sandbox holds one version of each object.
pub(super) fn put_versioning(
    store: &Store,
    _call: &Call,
    input: dto::PutBucketVersioningInput,
) -> S3Result<dto::PutBucketVersioningOutput> {
    put(store, &input.bucket, |settings| settings.versioning = input.versioning_configuration.status)
}

const NO_TAGS: (&str, &str) = ("NoSuchTagSet", "The TagSet does not exist");

pub(super) fn get_tagging(
    store: &Store,
    _call: &Call,
    input: dto::GetBucketTaggingInput,
) -> S3Result<dto::GetBucketTaggingOutput> {
    let tag_set = get(store, &input.bucket, |settings| settings.tags.clone(), NO_TAGS)?;
    Ok(dto::GetBucketTaggingOutput { tag_set })
}

pub(super) fn put_tagging(
    store: &Store,
    _call: &Call,
    input: dto::PutBucketTaggingInput,
) -> S3Result<dto::PutBucketTaggingOutput> {
    put(store, &input.bucket, |settings| settings.tags = Some(input.tagging.tag_set))
}

pub(super) fn delete_tagging(
    store: &Store,
    _call: &Call,
    input: dto::DeleteBucketTaggingInput,
) -> S3Result<dto::DeleteBucketTaggingOutput> {
    put(store, &input.bucket, |settings| settings.tags = None)
}

/// The ACL of every bucket here: full control for its owner.
pub(super) fn get_acl(store: &Store, _call: &Call, input: dto::GetBucketAclInput) -> S3Result<dto::GetBucketAclOutput> {
    let owner = store.with(&input.bucket, |bucket| Ok(owner(&bucket.owner)))?;
    let grantee = dto::Grantee {
        display_name: None,
        email_address: None,
        id: owner.id.clone(),
        type_: dto::Type::from_static(dto::Type::CANONICAL_USER),
        uri: None,
    };
    let permission = Some(dto::Permission::from_static(dto::Permission::FULL_CONTROL));
    Ok(dto::GetBucketAclOutput {
        grants: Some(vec![dto::Grant { grantee: Some(grantee), permission }]),
        owner: Some(owner),
    })
}

pub(super) fn get_object_lock(
    store: &Store,
    _call: &Call,
    input: dto::GetObjectLockConfigurationInput,
) -> S3Result<dto::GetObjectLockConfigurationOutput> {
    const ABSENT: (&str, &str) =
        ("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket");
    let found = get(store, &input.bucket, |settings| settings.object_lock.clone(), ABSENT)?;
    Ok(dto::GetObjectLockConfigurationOutput { object_lock_configuration: Some(found) })
}

/// Only told, not enforced: nothing here is kept from being deleted.
pub(super) fn put_object_lock(
    store: &Store,
    _call: &Call,
    input: dto::PutObjectLockConfigurationInput,
) -> S3Result<dto::PutObjectLockConfigurationOutput> {
    let wanted = input.object_lock_configuration.ok_or_else(malformed)?;
    store.with(&input.bucket, |bucket| {
        let versioned = bucket.settings.versioning.as_ref().is_some_and(|status| status.as_str() == VERSIONED);
        if !versioned {
            return Err(s3_error!(
                InvalidBucketState,
                "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
            ));
        }
        bucket.settings.object_lock = Some(wanted);
        Ok(dto::PutObjectLockConfigurationOutput::default())
    })
}

const VERSIONED: &str = dto::BucketVersioningStatus::ENABLED;

pub(super) fn get_request_payment(
    store: &Store,
    _call: &Call,
    input: dto::GetBucketRequestPaymentInput,
) -> S3Result<dto::GetBucketRequestPaymentOutput> {
    store.with(&input.bucket, |bucket| {
        let by_default = || dto::Payer::from_static(dto::Payer::BUCKET_OWNER);
        let payer = Some(bucket.settings.payer.clone().unwrap_or_else(by_default));
        Ok(dto::GetBucketRequestPaymentOutput { payer })
    })
}

pub(super) fn put_request_payment(
    store: &Store,
    _call: &Call,
    input: dto::PutBucketRequestPaymentInput,
) -> S3Result<dto::PutBucketRequestPaymentOutput> {
    put(store, &input.bucket, |settings| settings.payer = Some(input.request_payment_configuration.payer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unconditional_allow_for_everybody_is_public() {
        let policy = |principal: &str, rest: &str| {
            format!(r#"{{"Statement":{{"Effect":"Allow","Principal":{principal},"Action":"s3:*"{rest}}}}}"#)
        };
        assert!(is_public(&policy(r#""*""#, "")));
        assert!(is_public(&policy(r#"{"AWS":"*"}"#, "")));
        assert!(!is_public(&policy(r#""*""#, r#","Condition":{"StringEquals":{"a":"b"}}"#)));
        assert!(!is_public(&policy(r#"{"Service":"logs.eu-central-1.amazonaws.com"}"#, "")));
        assert!(!is_public("{}"));
    }
}

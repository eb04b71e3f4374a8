//! What the store holds: buckets, their settings, objects and unfinished uploads.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use md5::{Digest, Md5};
use s3s::dto::{
    BucketVersioningStatus, Checksum, ETag, Metadata, ObjectLockConfiguration, ObjectOwnership, Owner,
    OwnershipControls, OwnershipControlsRule, Payer, PublicAccessBlockConfiguration, ServerSideEncryption,
    ServerSideEncryptionConfiguration, TagSet, Timestamp,
};

use super::lifecycle::Lifecycle;
use super::multipart::Upload;
use super::{BucketFacts, settings};
use crate::domain::inventory::Encryption;

/// One bucket.
#[derive(Debug)]
pub(super) struct Bucket {
    pub region: String,
    pub owner: String,
    pub created: Timestamp,
    pub objects: BTreeMap<String, Arc<Object>>,
    /// Unfinished multipart uploads by key and upload id: the order `ListMultipartUploads` lists them in.
    pub uploads: BTreeMap<(String, String), Upload>,
    pub settings: Settings,
}

impl Bucket {
    /// A bucket as S3 creates it.
    pub fn new(region: &str, owner: &str) -> Self {
        Self {
            region: region.to_owned(),
            owner: owner.to_owned(),
            created: now(),
            objects: BTreeMap::new(),
            uploads: BTreeMap::new(),
            settings: Settings::default(),
        }
    }

    /// Whether an account may use the bucket: its owner, and whoever the policy names. Real S3 weighs every statement;
    /// telling accounts apart is all the sandbox's stories need.
    pub fn admits(&self, account: &str) -> bool {
        self.owner == account || self.settings.policy.as_deref().is_some_and(|policy| policy.contains(account))
    }

    /// What other services may know.
    pub fn facts(&self) -> BucketFacts {
        BucketFacts {
            region: self.region.clone(),
            owner: self.owner.clone(),
            encryption: settings::encryption(self.settings.encryption.as_ref()),
            policy: self.settings.policy.clone(),
        }
    }

    /// Stores an object under its key, encrypted by the bucket's default unless it says how itself.
    pub fn insert(&mut self, key: String, mut object: Object) {
        if object.headers.encryption.is_none() {
            let default = self.settings.encryption.as_ref().and_then(|found| found.rules.first());
            let default = default.and_then(|rule| rule.apply_server_side_encryption_by_default.clone());
            object.headers.kms_key = default.as_ref().and_then(|by| by.kms_master_key_id.clone());
            object.headers.encryption = default.map(|by| by.sse_algorithm);
        }
        self.objects.insert(key, Arc::new(object));
    }
}

/// A bucket's settings; `None` where S3 answers that there is no such configuration.
#[derive(Debug)]
pub(super) struct Settings {
    pub encryption: Option<ServerSideEncryptionConfiguration>,
    pub policy: Option<String>,
    pub lifecycle: Option<Lifecycle>,
    pub public_access_block: Option<PublicAccessBlockConfiguration>,
    pub ownership: Option<OwnershipControls>,
    pub versioning: Option<BucketVersioningStatus>,
    pub tags: Option<TagSet>,
    pub object_lock: Option<ObjectLockConfiguration>,
    /// Who pays for requests; the owner, if nobody is named.
    pub payer: Option<Payer>,
}

impl Default for Settings {
    /// As S3 creates buckets since 2023: SSE-S3, public access blocked, bucket owner enforced.
    fn default() -> Self {
        let rule = OwnershipControlsRule {
            object_ownership: ObjectOwnership::from_static(ObjectOwnership::BUCKET_OWNER_ENFORCED),
        };
        Self {
            encryption: settings::configuration(Encryption::S3),
            policy: None,
            lifecycle: None,
            public_access_block: Some(PublicAccessBlockConfiguration {
                block_public_acls: Some(true),
                block_public_policy: Some(true),
                ignore_public_acls: Some(true),
                restrict_public_buckets: Some(true),
            }),
            ownership: Some(OwnershipControls { rules: vec![rule] }),
            versioning: None,
            tags: None,
            object_lock: None,
            payer: None,
        }
    }
}

/// One object.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub body: Bytes,
    pub etag: String,
    pub modified: Timestamp,
    pub headers: Headers,
    pub checksum: Checksum,
}

impl Object {
    /// An object without headers of its own, as services write them.
    pub fn plain(body: Bytes) -> Self {
        let etag = etag(&body);
        Self { body, etag, modified: now(), headers: Headers::default(), checksum: Checksum::default() }
    }

    /// The `ETag` as S3 gives it.
    pub fn e_tag(&self) -> ETag {
        ETag::Strong(self.etag.clone())
    }

    /// The size, as S3's signed fields want it.
    pub fn size(&self) -> i64 {
        signed(self.body.len())
    }
}

/// What was said about an object when it was stored, and comes back with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers {
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    pub content_encoding: Option<String>,
    pub content_language: Option<String>,
    pub content_type: Option<String>,
    pub metadata: Option<Metadata>,
    pub encryption: Option<ServerSideEncryption>,
    pub kms_key: Option<String>,
}

/// The `ETag` of a body stored in one piece.
pub(super) fn etag(body: &[u8]) -> String {
    hex(&Md5::digest(body))
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// An account's canonical user: made up, but stable and of S3's shape (64 hexadecimal digits).
pub(super) fn owner(account: &str) -> Owner {
    let first = etag(account.as_bytes());
    let second = etag(first.as_bytes());
    Owner { display_name: None, id: Some(format!("{first}{second}")) }
}

/// A size as S3's signed fields want it.
pub(super) fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// Now.
pub(super) fn now() -> Timestamp {
    Timestamp::from(SystemTime::now())
}

//! S3: our own store behind the `s3s` wire protocol.

use bytes::Bytes;

use crate::domain::inventory::Encryption;

/// All buckets of the sandbox, of every account and Region.
#[derive(Debug, Default)]
pub struct Store {}

/// What other services may ask of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketFacts {
    /// The bucket's Region.
    pub region: String,
    /// The account that owns it.
    pub owner: String,
    /// Its default encryption.
    pub encryption: Encryption,
    /// Its policy document, as JSON text.
    pub policy: Option<String>,
}

impl Store {
    /// Creates a bucket; `false` if the name is taken.
    pub fn create_bucket(&self, _name: &str, _region: &str, _owner: &str) -> bool {
        false
    }

    /// What a service may know of a bucket; `None` if there is no such.
    pub fn bucket(&self, _name: &str) -> Option<BucketFacts> {
        None
    }

    /// Sets a bucket's default encryption; nothing happens to a bucket that does not exist.
    pub fn set_encryption(&self, _bucket: &str, _encryption: Encryption) {}

    /// Sets or removes a bucket's policy.
    pub fn set_policy(&self, _bucket: &str, _policy: Option<String>) {}

    /// Sets or removes a bucket's lifecycle configuration, as the XML document S3 takes.
    pub fn set_lifecycle(&self, _bucket: &str, _lifecycle: Option<String>) {}

    /// Stores an object; `false` if there is no such bucket.
    pub fn put_object(&self, _bucket: &str, _key: &str, _body: Bytes) -> bool {
        false
    }

    /// An object's body.
    pub fn object(&self, _bucket: &str, _key: &str) -> Option<Bytes> {
        None
    }
}

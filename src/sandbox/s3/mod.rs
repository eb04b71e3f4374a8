//! S3: our own store in memory behind the `s3s` wire protocol.
//!
//! The server hands requests to `handle`; `gate` decides whether a call may go on, `operations` is the table of what
//! is carried out where. Other services reach into the [`Store`] directly, without permissions.

mod bucket;
mod buckets;
mod checksums;
mod chunked;
mod errors;
mod gate;
mod lifecycle;
mod listing;
mod multipart;
mod objects;
mod operations;
mod settings;
mod wire;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use s3s::{S3Result, s3_error};

use crate::domain::inventory::Encryption;

use super::world::lock;
use bucket::{Bucket, Object};
use lifecycle::Lifecycle;
pub(super) use operations::service;
pub(super) use wire::handle;

/// All buckets of the sandbox, of every account and Region. One lock: bucket names are global anyway.
#[derive(Debug, Default)]
pub struct Store {
    buckets: Mutex<BTreeMap<String, Bucket>>,
}

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
    pub fn create_bucket(&self, name: &str, region: &str, owner: &str) -> bool {
        match lock(&self.buckets).entry(name.to_owned()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(Bucket::new(region, owner));
                true
            }
        }
    }

    /// What a service may know of a bucket; `None` if there is no such.
    pub fn bucket(&self, name: &str) -> Option<BucketFacts> {
        lock(&self.buckets).get(name).map(Bucket::facts)
    }

    /// Sets a bucket's default encryption; nothing happens to a bucket that does not exist.
    pub fn set_encryption(&self, bucket: &str, encryption: Encryption) {
        let encryption = settings::configuration(encryption);
        self.change(bucket, |bucket| bucket.settings.encryption = encryption);
    }

    /// Sets or removes a bucket's policy.
    pub fn set_policy(&self, bucket: &str, policy: Option<String>) {
        self.change(bucket, |bucket| bucket.settings.policy = policy);
    }

    /// Sets or removes a bucket's lifecycle configuration, as the XML document S3 takes; one that cannot be read
    /// changes nothing.
    pub fn set_lifecycle(&self, bucket: &str, lifecycle: Option<String>) {
        match lifecycle.map(|xml| Lifecycle::parse(&xml)).transpose() {
            Ok(lifecycle) => self.change(bucket, |bucket| bucket.settings.lifecycle = lifecycle),
            Err(error) => tracing::warn!(bucket, %error, "not a lifecycle configuration"),
        }
    }

    /// Stores an object; `false` if there is no such bucket.
    pub fn put_object(&self, bucket: &str, key: &str, body: Bytes) -> bool {
        let object = Object::plain(body);
        self.with(bucket, |bucket| {
            bucket.insert(key.to_owned(), object);
            Ok(())
        })
        .is_ok()
    }

    /// An object's body.
    pub fn object(&self, bucket: &str, key: &str) -> Option<Bytes> {
        lock(&self.buckets).get(bucket)?.objects.get(key).map(|object| object.body.clone())
    }

    fn change(&self, bucket: &str, change: impl FnOnce(&mut Bucket)) {
        if let Some(bucket) = lock(&self.buckets).get_mut(bucket) {
            change(bucket);
        }
    }

    /// Does something with a bucket while holding the lock.
    fn with<T>(&self, name: &str, work: impl FnOnce(&mut Bucket) -> S3Result<T>) -> S3Result<T> {
        let mut buckets = lock(&self.buckets);
        let bucket = buckets.get_mut(name).ok_or_else(errors::no_such_bucket)?;
        work(bucket)
    }

    /// An object, for reading outside the lock.
    fn read(&self, bucket: &str, key: &str) -> S3Result<Arc<Object>> {
        self.with(bucket, |bucket| {
            let found = bucket.objects.get(key).cloned();
            found.ok_or_else(|| s3_error!(NoSuchKey, "The specified key does not exist."))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_bucket_is_encrypted_by_s3_and_has_no_policy() {
        let store = Store::default();
        assert!(store.create_bucket("logs", "eu-central-1", "123456789012"));
        assert!(!store.create_bucket("logs", "us-east-1", "999999999999"), "the name is taken");
        let facts = store.bucket("logs").expect("it exists");
        assert_eq!((facts.region.as_str(), facts.owner.as_str()), ("eu-central-1", "123456789012"));
        assert_eq!((facts.encryption, facts.policy), (Encryption::S3, None));
    }

    #[test]
    fn every_encryption_of_the_vocabulary_survives_the_store() {
        let store = Store::default();
        store.create_bucket("logs", "eu-central-1", "123456789012");
        for encryption in [
            Encryption::Kms(Some("arn:aws:kms:eu-central-1:1:key/k".into())),
            Encryption::Kms(None),
            Encryption::KmsDual,
            Encryption::None,
            Encryption::Other("aws:fsx".into()),
            Encryption::S3,
        ] {
            store.set_encryption("logs", encryption.clone());
            assert_eq!(store.bucket("logs").map(|facts| facts.encryption), Some(encryption));
        }
    }

    #[test]
    fn objects_need_a_bucket_and_come_back_as_they_went_in() {
        let store = Store::default();
        assert!(!store.put_object("logs", "a", Bytes::from_static(b"x")));
        store.create_bucket("logs", "eu-central-1", "123456789012");
        assert!(store.put_object("logs", "a", Bytes::from_static(b"x")));
        assert_eq!(store.object("logs", "a"), Some(Bytes::from_static(b"x")));
        assert_eq!(store.object("logs", "b"), None);
    }

    #[test]
    fn a_lifecycle_that_cannot_be_read_changes_nothing() {
        let store = Store::default();
        store.create_bucket("logs", "eu-central-1", "123456789012");
        let rules =
            |store: &Store| store.with("logs", |bucket| Ok(bucket.settings.lifecycle.clone())).expect("a bucket");
        store.set_lifecycle(
            "logs",
            Some(
                "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter/><Expiration><Days>3</Days>\
                  </Expiration></Rule></LifecycleConfiguration>"
                    .into(),
            ),
        );
        let before = rules(&store);
        assert_eq!(before.as_ref().map(|lifecycle| lifecycle.rules.len()), Some(1));
        store.set_lifecycle("logs", Some("<nonsense>".into()));
        assert_eq!(rules(&store), before);
        store.set_lifecycle("logs", None);
        assert_eq!(rules(&store), None);
    }
}

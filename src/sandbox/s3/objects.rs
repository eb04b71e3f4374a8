//! Objects: put, get, head, delete, copy.

#![expect(clippy::needless_pass_by_value, reason = "operations own their input: the table has one signature")]

use std::sync::Arc;

use bytes::Bytes;
use s3s::dto::{
    ChecksumMode, CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, DeleteObjectInput,
    DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag, ETagCondition, GetObjectInput,
    GetObjectOutput, GetObjectTaggingInput, GetObjectTaggingOutput, HeadObjectInput, HeadObjectOutput,
    MetadataDirective, PutObjectInput, PutObjectOutput, Range, ServerSideEncryption,
};
use s3s::{Body, S3Result, s3_error};

use super::bucket::{Bucket, Headers, Object, etag, now, signed};
use super::checksums::{given, tell, verify};
use super::wire::Call;
use super::{Store, errors};

/// What S3 says of an object that came without a type.
const DEFAULT_TYPE: &str = "binary/octet-stream";

/// The headers in an input, as one value.
macro_rules! headers {
    ($input:expr) => {
        $crate::sandbox::s3::bucket::Headers {
            cache_control: $input.cache_control.take(),
            content_disposition: $input.content_disposition.take(),
            content_encoding: $input.content_encoding.take(),
            content_language: $input.content_language.take(),
            content_type: $input.content_type.take(),
            metadata: $input.metadata.take(),
            encryption: $input.server_side_encryption.take(),
            kms_key: $input.ssekms_key_id.take(),
        }
    };
}
pub(super) use headers;

pub(super) fn put(store: &Store, call: &Call, mut input: PutObjectInput) -> S3Result<PutObjectOutput> {
    let checksum = verify(&call.body, given!(input))?;
    let (etag, body) = (etag(&call.body), call.body.clone());
    let object = Object { body, etag, modified: now(), headers: headers!(input), checksum };
    let mut output = PutObjectOutput { e_tag: Some(object.e_tag()), ..PutObjectOutput::default() };
    output.checksum_type.clone_from(&object.checksum.checksum_type);
    tell!(output, object.checksum.clone());
    store.with(&input.bucket, |bucket| {
        let present = bucket.objects.get(&input.key);
        may_write(present, input.if_match.as_ref(), input.if_none_match.as_ref())?;
        bucket.insert(input.key.clone(), object);
        (output.server_side_encryption, output.ssekms_key_id) = encryption_of(bucket, &input.key);
        Ok(())
    })?;
    Ok(output)
}

/// Conditional writes: `If-None-Match: *` only creates, `If-Match` only replaces what is known.
pub(super) fn may_write(
    present: Option<&Arc<Object>>,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<()> {
    let known = if_match.is_none_or(|condition| present.is_some_and(|object| holds(condition, object)));
    let fresh = if_none_match.is_none_or(|condition| present.is_none_or(|object| !holds(condition, object)));
    if known && fresh { Ok(()) } else { Err(precondition_failed()) }
}

/// How an object that was just stored is encrypted, and with which key.
pub(super) fn encryption_of(bucket: &Bucket, key: &str) -> (Option<ServerSideEncryption>, Option<String>) {
    let headers = bucket.objects.get(key).map(|object| &object.headers);
    headers.map(|headers| (headers.encryption.clone(), headers.kms_key.clone())).unwrap_or_default()
}

fn holds(condition: &ETagCondition, object: &Object) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(tag) => tag.value() == object.etag,
    }
}

fn precondition_failed() -> s3s::S3Error {
    s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}

pub(super) fn get(store: &Store, _call: &Call, input: GetObjectInput) -> S3Result<GetObjectOutput> {
    let object = store.read(&input.bucket, &input.key)?;
    may_read(&object, input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let (body, content_range) = ranged(&object.body, input.range.as_ref())?;
    let Headers { cache_control, content_disposition, content_encoding, content_language, content_type, .. } =
        object.headers.clone();
    let mut output = GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        cache_control,
        content_disposition,
        content_encoding,
        content_language,
        content_length: Some(signed(body.len())),
        content_type: content_type.or_else(|| Some(DEFAULT_TYPE.to_owned())),
        body: Some(Body::from(body).into()),
        e_tag: Some(object.e_tag()),
        last_modified: Some(object.modified.clone()),
        metadata: object.headers.metadata.clone(),
        server_side_encryption: object.headers.encryption.clone(),
        ssekms_key_id: object.headers.kms_key.clone(),
        ..GetObjectOutput::default()
    };
    // A checksum is of the whole object: S3 leaves it out of a range.
    if content_range.is_none() && wants_checksum(input.checksum_mode.as_ref()) {
        output.checksum_type.clone_from(&object.checksum.checksum_type);
        tell!(output, object.checksum.clone());
    }
    output.content_range = content_range;
    Ok(output)
}

pub(super) fn head(store: &Store, _call: &Call, input: HeadObjectInput) -> S3Result<HeadObjectOutput> {
    let object = store.read(&input.bucket, &input.key)?;
    may_read(&object, input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let (body, content_range) = ranged(&object.body, input.range.as_ref())?;
    let Headers { cache_control, content_disposition, content_encoding, content_language, content_type, .. } =
        object.headers.clone();
    let mut output = HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        cache_control,
        content_disposition,
        content_encoding,
        content_language,
        content_length: Some(signed(body.len())),
        content_range,
        content_type: content_type.or_else(|| Some(DEFAULT_TYPE.to_owned())),
        e_tag: Some(object.e_tag()),
        last_modified: Some(object.modified.clone()),
        metadata: object.headers.metadata.clone(),
        server_side_encryption: object.headers.encryption.clone(),
        ssekms_key_id: object.headers.kms_key.clone(),
        ..HeadObjectOutput::default()
    };
    if wants_checksum(input.checksum_mode.as_ref()) {
        output.checksum_type.clone_from(&object.checksum.checksum_type);
        tell!(output, object.checksum.clone());
    }
    Ok(output)
}

fn wants_checksum(mode: Option<&ChecksumMode>) -> bool {
    mode.is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED)
}

fn may_read(object: &Object, if_match: Option<&ETagCondition>, if_none_match: Option<&ETagCondition>) -> S3Result<()> {
    if if_match.is_some_and(|condition| !holds(condition, object)) {
        return Err(precondition_failed());
    }
    if if_none_match.is_some_and(|condition| holds(condition, object)) {
        return Err(s3_error!(NotModified, "Not Modified"));
    }
    Ok(())
}

/// The bytes asked for, and the Content-Range they are.
pub(super) fn ranged(body: &Bytes, range: Option<&Range>) -> S3Result<(Bytes, Option<String>)> {
    let Some(range) = range else { return Ok((body.clone(), None)) };
    let unsatisfiable = || s3_error!(InvalidRange, "The requested range is not satisfiable");
    let total = body.len();
    let found = range.check(total as u64).map_err(|_| unsatisfiable())?;
    let start = usize::try_from(found.start).map_err(|_| unsatisfiable())?;
    let end = usize::try_from(found.end).map_err(|_| unsatisfiable())?;
    if start >= end {
        return Err(unsatisfiable());
    }
    Ok((body.slice(start..end), Some(format!("bytes {start}-{}/{total}", end - 1))))
}

pub(super) fn delete(store: &Store, _call: &Call, input: DeleteObjectInput) -> S3Result<DeleteObjectOutput> {
    store.with(&input.bucket, |bucket| {
        bucket.objects.remove(&input.key);
        // Deleting what is not there succeeds.
        Ok(DeleteObjectOutput::default())
    })
}

/// The most keys one `DeleteObjects` may name.
const MAX_DELETED: usize = 1000;

pub(super) fn delete_many(store: &Store, _call: &Call, input: DeleteObjectsInput) -> S3Result<DeleteObjectsOutput> {
    if input.delete.objects.is_empty() || input.delete.objects.len() > MAX_DELETED {
        return Err(s3_error!(
            MalformedXML,
            "The XML you provided was not well-formed or did not validate against our published schema"
        ));
    }
    store.with(&input.bucket, |bucket| {
        let keys: Vec<String> = input.delete.objects.iter().map(|object| object.key.clone()).collect();
        for key in &keys {
            bucket.objects.remove(key);
        }
        let told = |key| DeletedObject { key: Some(key), ..DeletedObject::default() };
        let deleted = (!input.delete.quiet.unwrap_or_default()).then(|| keys.into_iter().map(told).collect());
        Ok(DeleteObjectsOutput { deleted, ..DeleteObjectsOutput::default() })
    })
}

pub(super) fn copy(store: &Store, call: &Call, mut input: CopyObjectInput) -> S3Result<CopyObjectOutput> {
    let mut object = source(store, call, &input.copy_source)?;
    let replace = input.metadata_directive.as_ref().is_some_and(|how| how.as_str() == MetadataDirective::REPLACE);
    let asked = headers!(input);
    if replace {
        object.headers = asked;
    } else {
        (object.headers.encryption, object.headers.kms_key) = (asked.encryption, asked.kms_key);
    }
    object.modified = now();
    let mut result = CopyObjectResult {
        e_tag: Some(object.e_tag()),
        last_modified: Some(object.modified.clone()),
        ..CopyObjectResult::default()
    };
    tell!(result, object.checksum.clone());
    let mut output = CopyObjectOutput { copy_object_result: Some(result), ..CopyObjectOutput::default() };
    store.with(&input.bucket, |bucket| {
        bucket.insert(input.key.clone(), object);
        (output.server_side_encryption, output.ssekms_key_id) = encryption_of(bucket, &input.key);
        Ok(())
    })?;
    Ok(output)
}

/// What is copied, if the caller may read it. The gate has seen to the destination only.
pub(super) fn source(store: &Store, call: &Call, source: &CopySource) -> S3Result<Object> {
    let CopySource::Bucket { bucket, key, version_id: None } = source else {
        return Err(s3_error!(NotImplemented, "The sandbox copies from plain buckets only."));
    };
    let readable = store.with(bucket, |found| Ok(found.admits(&call.caller.account)))?;
    if !readable {
        return Err(errors::access_denied());
    }
    store.read(bucket, key).map(|object| Object::clone(&object))
}

/// No object has tags here; clients that copy large objects ask.
pub(super) fn tagging(store: &Store, _call: &Call, input: GetObjectTaggingInput) -> S3Result<GetObjectTaggingOutput> {
    store.read(&input.bucket, &input.key).map(|_| GetObjectTaggingOutput::default())
}

/// The `ETag` in a client's words, with or without its quotes.
pub(super) fn same_tag(asked: Option<&ETag>, etag: &str) -> bool {
    asked.is_some_and(|asked| asked.value().trim_matches('"') == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_out_and_told() {
        let body = Bytes::from_static(b"0123456789");
        for (header, expected, told) in [
            ("bytes=0-3", "0123", "bytes 0-3/10"),
            ("bytes=7-", "789", "bytes 7-9/10"),
            ("bytes=-2", "89", "bytes 8-9/10"),
            ("bytes=8-99", "89", "bytes 8-9/10"),
        ] {
            let range = Range::parse(header).expect(header);
            let (found, range) = ranged(&body, Some(&range)).expect(header);
            assert_eq!((found.as_ref(), range.as_deref()), (expected.as_bytes(), Some(told)));
        }
        let beyond = Range::parse("bytes=10-").expect("a range");
        assert_eq!(ranged(&body, Some(&beyond)).expect_err("beyond").code().as_str(), "InvalidRange");
    }

    #[test]
    fn conditional_writes_look_at_what_is_there() {
        let object = Arc::new(Object::plain(Bytes::from_static(b"x")));
        let known = ETagCondition::ETag(ETag::Strong(object.etag.clone()));
        let other = ETagCondition::ETag(ETag::Strong("nope".into()));
        assert!(may_write(None, None, Some(&ETagCondition::Any)).is_ok());
        assert!(may_write(Some(&object), None, Some(&ETagCondition::Any)).is_err());
        assert!(may_write(Some(&object), Some(&known), None).is_ok());
        assert!(may_write(Some(&object), Some(&other), None).is_err());
        assert!(may_write(None, Some(&known), None).is_err());
    }
}

//! Multipart uploads: parts kept until they are completed or aborted.

#![expect(clippy::needless_pass_by_value, reason = "operations own their input: the table has one signature")]

use std::collections::BTreeMap;
use std::ops::Bound;

use bytes::{Bytes, BytesMut};
use md5::{Digest, Md5};
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, Checksum, ChecksumAlgorithm, ChecksumType,
    CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, CopyPartResult,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput, MultipartUpload, Part as ListedPart, Range,
    StorageClass, Timestamp, UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Error, S3Result, s3_error};

use super::bucket::{Bucket, Headers, Object, etag, hex, now, owner, signed};
use super::checksums::{Algorithm, given, tell, verify};
use super::objects::{encryption_of, headers, may_write, ranged, same_tag, source};
use super::wire::Call;
use super::{Store, errors};

/// Every part but the last must have at least this size (S3: 5 MiB).
const SMALLEST_PART: usize = 5 * 1024 * 1024;

/// Part numbers run from 1 to this.
const LAST_PART: i32 = 10_000;

/// The most entries a page of parts or uploads may hold.
const MAX_LISTED: i32 = 1000;

/// An unfinished upload.
#[derive(Debug)]
pub(super) struct Upload {
    initiated: Timestamp,
    headers: Headers,
    algorithm: Option<ChecksumAlgorithm>,
    checksum_type: Option<ChecksumType>,
    parts: BTreeMap<i32, Part>,
}

/// A part that has arrived.
#[derive(Clone, Debug)]
struct Part {
    body: Bytes,
    etag: String,
    modified: Timestamp,
    checksum: Checksum,
}

pub(super) fn create(
    store: &Store,
    _call: &Call,
    mut input: CreateMultipartUploadInput,
) -> S3Result<CreateMultipartUploadOutput> {
    // Time-ordered ids: uploads of one key are listed in the order they were begun.
    let id = uuid::Uuid::now_v7().simple().to_string();
    let upload = Upload {
        initiated: now(),
        headers: headers!(input),
        algorithm: input.checksum_algorithm.clone(),
        checksum_type: input.checksum_type.clone(),
        parts: BTreeMap::new(),
    };
    store.with(&input.bucket, |bucket| {
        bucket.uploads.insert((input.key.clone(), id.clone()), upload);
        Ok(())
    })?;
    Ok(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        checksum_algorithm: input.checksum_algorithm,
        checksum_type: input.checksum_type,
        key: Some(input.key),
        upload_id: Some(id),
        ..CreateMultipartUploadOutput::default()
    })
}

pub(super) fn upload_part(store: &Store, call: &Call, mut input: UploadPartInput) -> S3Result<UploadPartOutput> {
    if !(1..=LAST_PART).contains(&input.part_number) {
        return Err(errors::invalid_argument("Part number must be an integer between 1 and 10000, inclusive"));
    }
    let checksum = verify(&call.body, given!(input))?;
    let part = Part { etag: etag(&call.body), body: call.body.clone(), modified: now(), checksum };
    let mut output = UploadPartOutput { e_tag: Some(ETag::Strong(part.etag.clone())), ..UploadPartOutput::default() };
    tell!(output, part.checksum.clone());
    store.with(&input.bucket, |bucket| {
        found(bucket, &input.key, &input.upload_id)?.parts.insert(input.part_number, part);
        Ok(output)
    })
}

/// A part taken from another object, or from a range of it.
pub(super) fn copy_part(store: &Store, call: &Call, input: UploadPartCopyInput) -> S3Result<UploadPartCopyOutput> {
    let range = input.copy_source_range.as_deref().map(Range::parse).transpose();
    let range = range.map_err(|_| {
        errors::invalid_argument("The x-amz-copy-source-range value must be of the form bytes=first-last")
    })?;
    let (body, _) = ranged(&source(store, call, &input.copy_source)?.body, range.as_ref())?;
    let checksum = verify(&body, Checksum::default())?;
    let part = Part { etag: etag(&body), body, modified: now(), checksum };
    let result = CopyPartResult {
        e_tag: Some(ETag::Strong(part.etag.clone())),
        last_modified: Some(part.modified.clone()),
        ..CopyPartResult::default()
    };
    store.with(&input.bucket, |bucket| {
        found(bucket, &input.key, &input.upload_id)?.parts.insert(input.part_number, part);
        Ok(UploadPartCopyOutput { copy_part_result: Some(result), ..UploadPartCopyOutput::default() })
    })
}

fn found<'a>(bucket: &'a mut Bucket, key: &str, id: &str) -> S3Result<&'a mut Upload> {
    bucket.uploads.get_mut(&(key.to_owned(), id.to_owned())).ok_or_else(no_such_upload)
}

fn no_such_upload() -> S3Error {
    s3_error!(
        NoSuchUpload,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
    )
}

pub(super) fn complete(
    store: &Store,
    _call: &Call,
    input: CompleteMultipartUploadInput,
) -> S3Result<CompleteMultipartUploadOutput> {
    let named = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
    let (key, id) = (input.key, input.upload_id);
    let mut output = CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{key}", input.bucket)),
        bucket: Some(input.bucket.clone()),
        key: Some(key.clone()),
        ..CompleteMultipartUploadOutput::default()
    };
    store.with(&input.bucket, |bucket| {
        may_write(bucket.objects.get(&key), input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let object = assemble(found(bucket, &key, &id)?, &named)?;
        output.e_tag = Some(object.e_tag());
        output.checksum_type.clone_from(&object.checksum.checksum_type);
        tell!(output, object.checksum.clone());
        bucket.insert(key.clone(), object);
        (output.server_side_encryption, output.ssekms_key_id) = encryption_of(bucket, &key);
        bucket.uploads.remove(&(key, id));
        Ok(())
    })?;
    Ok(output)
}

/// The object that the named parts make.
fn assemble(upload: &Upload, named: &[CompletedPart]) -> S3Result<Object> {
    let parts = chosen(upload, named)?;
    let mut body = BytesMut::with_capacity(parts.iter().map(|part| part.body.len()).sum());
    let mut digests = Md5::new();
    for part in &parts {
        body.extend_from_slice(&part.body);
        digests.update(Md5::digest(&part.body));
    }
    let bodies: Vec<&[u8]> = parts.iter().map(|part| part.body.as_ref()).collect();
    Ok(Object {
        body: body.freeze(),
        // S3's ETag of an upload: the MD5 of the parts' MD5s, and how many there were.
        etag: format!("{}-{}", hex(&digests.finalize()), parts.len()),
        modified: now(),
        headers: upload.headers.clone(),
        checksum: Algorithm::named(upload.algorithm.as_ref()).of_parts(upload.checksum_type.as_ref(), &bodies),
    })
}

/// The parts a completion names, checked as S3 checks them: there, ascending, unchanged, none but the last too small.
fn chosen<'a>(upload: &'a Upload, named: &[CompletedPart]) -> S3Result<Vec<&'a Part>> {
    if named.is_empty() {
        return Err(s3_error!(
            MalformedXML,
            "The XML you provided was not well-formed or did not validate against our published schema"
        ));
    }
    if named.windows(2).any(|pair| pair[0].part_number >= pair[1].part_number) {
        return Err(s3_error!(InvalidPartOrder, "The list of parts was not in ascending order."));
    }
    let parts: Option<Vec<&Part>> = named
        .iter()
        .map(|wanted| upload.parts.get(&wanted.part_number?).filter(|part| same_tag(wanted.e_tag.as_ref(), &part.etag)))
        .collect();
    let parts = parts.ok_or_else(|| {
        s3_error!(
            InvalidPart,
            "One or more of the specified parts could not be found. The part may not have been uploaded, or the \
             specified entity tag may not match the part's entity tag."
        )
    })?;
    let too_small = parts.split_last().is_some_and(|(_, all)| all.iter().any(|part| part.body.len() < SMALLEST_PART));
    if too_small {
        return Err(s3_error!(EntityTooSmall, "Your proposed upload is smaller than the minimum allowed size"));
    }
    Ok(parts)
}

pub(super) fn abort(
    store: &Store,
    _call: &Call,
    input: AbortMultipartUploadInput,
) -> S3Result<AbortMultipartUploadOutput> {
    store.with(&input.bucket, |bucket| {
        bucket.uploads.remove(&(input.key, input.upload_id)).ok_or_else(no_such_upload)?;
        Ok(AbortMultipartUploadOutput::default())
    })
}

pub(super) fn list_parts(store: &Store, call: &Call, input: ListPartsInput) -> S3Result<ListPartsOutput> {
    let max = input.max_parts.unwrap_or(MAX_LISTED).clamp(0, MAX_LISTED);
    let after = input.part_number_marker.unwrap_or_default();
    store.with(&input.bucket, |bucket| {
        let upload = found(bucket, &input.key, &input.upload_id)?;
        let mut rest = upload.parts.range((Bound::Excluded(after), Bound::Unbounded)).peekable();
        let page: Vec<ListedPart> =
            rest.by_ref().take(usize::try_from(max).unwrap_or_default()).map(listed_part).collect();
        let truncated = max > 0 && rest.peek().is_some();
        Ok(ListPartsOutput {
            bucket: Some(input.bucket.clone()),
            checksum_algorithm: upload.algorithm.clone(),
            checksum_type: upload.checksum_type.clone(),
            is_truncated: Some(truncated),
            key: Some(input.key.clone()),
            max_parts: Some(max),
            next_part_number_marker: page.last().filter(|_| truncated).and_then(|part| part.part_number),
            owner: Some(owner(&call.caller.account)),
            part_number_marker: Some(after),
            parts: Some(page),
            storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
            upload_id: Some(input.upload_id.clone()),
            ..ListPartsOutput::default()
        })
    })
}

fn listed_part((number, part): (&i32, &Part)) -> ListedPart {
    let mut listed = ListedPart {
        e_tag: Some(ETag::Strong(part.etag.clone())),
        last_modified: Some(part.modified.clone()),
        part_number: Some(*number),
        size: Some(signed(part.body.len())),
        ..ListedPart::default()
    };
    tell!(listed, part.checksum.clone());
    listed
}

pub(super) fn list_uploads(
    store: &Store,
    call: &Call,
    input: ListMultipartUploadsInput,
) -> S3Result<ListMultipartUploadsOutput> {
    let max = input.max_uploads.unwrap_or(MAX_LISTED).clamp(1, MAX_LISTED);
    let prefix = input.prefix.clone().unwrap_or_default();
    let start = uploads_after(input.key_marker.as_deref(), input.upload_id_marker.as_deref());
    store.with(&input.bucket, |bucket| {
        let mut rest =
            bucket.uploads.range((start, Bound::Unbounded)).filter(|((key, _), _)| key.starts_with(&prefix)).peekable();
        let mut listed = |((key, id), upload): (&(String, String), &Upload)| MultipartUpload {
            checksum_algorithm: upload.algorithm.clone(),
            initiated: Some(upload.initiated.clone()),
            key: Some(key.clone()),
            owner: Some(owner(&call.caller.account)),
            storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
            upload_id: Some(id.clone()),
            ..MultipartUpload::default()
        };
        let page: Vec<MultipartUpload> =
            rest.by_ref().take(usize::try_from(max).unwrap_or_default()).map(&mut listed).collect();
        let last = rest.peek().and_then(|_| page.last());
        Ok(ListMultipartUploadsOutput {
            bucket: Some(input.bucket.clone()),
            is_truncated: Some(last.is_some()),
            key_marker: input.key_marker.clone(),
            max_uploads: Some(max),
            next_key_marker: last.and_then(|upload| upload.key.clone()),
            next_upload_id_marker: last.and_then(|upload| upload.upload_id.clone()),
            prefix: input.prefix.clone(),
            upload_id_marker: input.upload_id_marker.clone(),
            uploads: Some(page),
            ..ListMultipartUploadsOutput::default()
        })
    })
}

/// Behind a key, or behind one upload of a key.
fn uploads_after(key: Option<&str>, id: Option<&str>) -> Bound<(String, String)> {
    match (key, id) {
        (None, _) => Bound::Unbounded,
        (Some(key), Some(id)) => Bound::Excluded((key.to_owned(), id.to_owned())),
        // No upload id sorts behind this one: they are hexadecimal digits.
        (Some(key), None) => Bound::Excluded((key.to_owned(), "~".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(sizes: &[usize]) -> (Upload, Vec<CompletedPart>) {
        let mut upload = Upload {
            initiated: now(),
            headers: Headers::default(),
            algorithm: None,
            checksum_type: None,
            parts: BTreeMap::new(),
        };
        let mut named = Vec::new();
        for (number, size) in (1..).zip(sizes) {
            let body = Bytes::from(vec![b'x'; *size]);
            let tag = etag(&body);
            let part = Part { body, etag: tag.clone(), modified: now(), checksum: Checksum::default() };
            upload.parts.insert(number, part);
            named.push(CompletedPart {
                e_tag: Some(ETag::Strong(tag)),
                part_number: Some(number),
                ..CompletedPart::default()
            });
        }
        (upload, named)
    }

    fn refused(upload: &Upload, named: &[CompletedPart]) -> String {
        assemble(upload, named).expect_err("refused").code().as_str().to_owned()
    }

    #[test]
    fn the_etag_counts_the_parts() {
        let (upload, named) = upload(&[SMALLEST_PART, 3]);
        let object = assemble(&upload, &named).expect("completes");
        assert!(object.etag.ends_with("-2"), "{}", object.etag);
        assert_eq!(object.body.len(), SMALLEST_PART + 3);
    }

    #[test]
    fn only_the_last_part_may_be_small() {
        let (upload, named) = upload(&[SMALLEST_PART - 1, SMALLEST_PART]);
        assert_eq!(refused(&upload, &named), "EntityTooSmall");
    }

    #[test]
    fn parts_must_be_there_in_order_and_unchanged() {
        let (upload, named) = upload(&[SMALLEST_PART, 3]);
        let mut reversed = named.clone();
        reversed.reverse();
        assert_eq!(refused(&upload, &reversed), "InvalidPartOrder");
        let mut changed = named.clone();
        changed[0].e_tag = Some(ETag::Strong("0".repeat(32)));
        assert_eq!(refused(&upload, &changed), "InvalidPart");
        let mut missing = named;
        missing[1].part_number = Some(9);
        assert_eq!(refused(&upload, &missing), "InvalidPart");
        assert_eq!(refused(&upload, &[]), "MalformedXML");
    }
}

//! S3's errors, in its words.

use http::{HeaderMap, HeaderValue, StatusCode};
use s3s::{S3Error, S3ErrorCode, s3_error};

use crate::sandbox::faults::Refusal;

/// 404: there is no bucket of that name.
pub(super) fn no_such_bucket() -> S3Error {
    s3_error!(NoSuchBucket, "The specified bucket does not exist")
}

/// 403.
pub(super) fn access_denied() -> S3Error {
    s3_error!(AccessDenied, "Access Denied")
}

/// 400: an argument that S3 does not take.
pub(super) fn invalid_argument(text: &'static str) -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidArgument, text)
}

/// 404 for a configuration that a bucket does not have; `code` as S3 spells it.
pub(super) fn not_configured(code: &'static str, message: &'static str) -> S3Error {
    let known = S3ErrorCode::from_bytes(code.as_bytes()).unwrap_or(S3ErrorCode::InternalError);
    let mut error = S3Error::with_message(known, message);
    // Some of these codes are newer than the protocol library, or have another status there.
    error.set_status_code(StatusCode::NOT_FOUND);
    error
}

/// 301: the bucket is in another Region than the call was signed for.
pub(super) fn elsewhere(region: &str) -> S3Error {
    let error = s3_error!(
        PermanentRedirect,
        "The bucket you are attempting to access must be addressed using the specified endpoint. \
         Please send all future requests to this endpoint."
    );
    telling_region(error, region)
}

/// 403 for a bucket that is not the caller's: S3 tells its Region all the same.
pub(super) fn closed(region: &str) -> S3Error {
    telling_region(access_denied(), region)
}

fn telling_region(mut error: S3Error, region: &str) -> S3Error {
    let mut headers = HeaderMap::new();
    headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    if let Ok(region) = HeaderValue::from_str(region) {
        headers.insert("x-amz-bucket-region", region);
    }
    error.set_headers(headers);
    error
}

/// An injected refusal, as S3 words it.
pub(super) fn refused(refusal: Refusal) -> S3Error {
    match refusal {
        Refusal::Throttle => s3_error!(SlowDown, "Please reduce your request rate."),
        Refusal::ServerError => s3_error!(InternalError, "We encountered an internal error. Please try again."),
        Refusal::ExpiredToken => s3_error!(ExpiredToken, "The provided token has expired."),
        Refusal::AccessDenied => access_denied(),
    }
}

//! From an HTTP request to `s3s` and back: signatures are read for the caller's name and taken off, bodies are decoded.
//!
//! `s3s` refuses signed requests unless it can verify them, and the sandbox takes any key.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use s3s::Body;
use s3s::service::S3Service;

use super::chunked;
use crate::sandbox::server::{Cut, Response, request_id, respond};
use crate::sandbox::world::{Caller, lock};

/// What travels with a request through `s3s` to the operation.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// Who calls.
    pub caller: Caller,
    /// The whole body, decoded.
    pub body: Bytes,
    cut: Arc<AtomicBool>,
    said: Arc<Mutex<Option<String>>>,
}

impl Call {
    /// Closes the connection instead of answering, once the operation is through.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }

    /// Answers with this text, should it come to a good answer, in place of what would be written for the output.
    pub fn answer(&self, text: String) {
        *lock(&self.said) = Some(text);
    }
}

/// Carries out one S3 call.
pub(in crate::sandbox) async fn handle(
    s3: &S3Service,
    caller: Caller,
    parts: Parts,
    body: Bytes,
) -> Result<Response, Cut> {
    let Some((parts, body)) = unsigned(parts, body) else {
        return Ok(respond(StatusCode::BAD_REQUEST, "application/xml", INCOMPLETE));
    };
    let call = Call { caller, body: body.clone(), cut: Arc::default(), said: Arc::default() };
    let mut request = http::Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(call.clone());
    let mut response = s3.call(request).await.map_err(|_| Cut::Broken)?;
    if call.cut.load(Ordering::Relaxed) {
        return Err(Cut::Fault);
    }
    if let Some(text) = lock(&call.said).take().filter(|_| response.status().is_success()) {
        response.headers_mut().remove(CONTENT_LENGTH);
        *response.body_mut() = Body::from(Bytes::from(text));
    }
    response.headers_mut().insert("x-amz-request-id", request_id());
    Ok(response)
}

const INCOMPLETE: &str = "<Error><Code>IncompleteBody</Code><Message>The request body terminated unexpectedly</Message>\
                          </Error>";

/// The same request without its signature and its transfer encoding; `None` if the body cannot be decoded.
fn unsigned(mut parts: Parts, mut body: Bytes) -> Option<(Parts, Bytes)> {
    if is_streaming(&parts.headers) {
        let decoded = chunked::decode(body)?;
        body = decoded.body;
        strip_chunking(&mut parts.headers, decoded.trailers);
    }
    parts.headers.remove(AUTHORIZATION);
    parts.headers.remove("x-amz-content-sha256");
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    parts.uri = without_signature(&parts.uri)?;
    Some((parts, body))
}

fn is_streaming(headers: &HeaderMap) -> bool {
    headers.get("x-amz-content-sha256").is_some_and(|value| value.as_bytes().starts_with(b"STREAMING-"))
}

/// Takes the chunking off the headers and puts checksums from the trailer where `s3s` looks for them.
fn strip_chunking(headers: &mut HeaderMap, trailers: Vec<(String, String)>) {
    headers.remove("x-amz-decoded-content-length");
    headers.remove("x-amz-trailer");
    let encoding = headers.remove(CONTENT_ENCODING);
    let rest: Vec<&str> = encoding
        .as_ref()
        .and_then(|value| value.to_str().ok())
        .into_iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && *coding != "aws-chunked")
        .collect();
    if let Ok(value) = HeaderValue::from_str(&rest.join(","))
        && !rest.is_empty()
    {
        headers.insert(CONTENT_ENCODING, value);
    }
    for (name, value) in trailers.into_iter().filter(|(name, _)| name.starts_with("x-amz-checksum-")) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
}

/// The URI without a presigned query's own parameters.
fn without_signature(uri: &Uri) -> Option<Uri> {
    let Some(query) = uri.query() else { return Some(uri.clone()) };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_signature(pair)).collect();
    let text = if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) };
    PathAndQuery::try_from(text).ok().map(Uri::from)
}

/// The parameters of presigned queries: version 4's, and version 2's, which boto3 still uses in old Regions.
const SIGNATURE: [&str; 10] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
    "AWSAccessKeyId",
    "Signature",
    "Expires",
];

fn is_signature(pair: &str) -> bool {
    pair.split('=').next().is_some_and(|name| SIGNATURE.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_presigned_query_keeps_only_what_is_not_the_signature() {
        let uri =
            Uri::from_static("/b/k?partNumber=1&X-Amz-Signature=ab&X-Amz-Date=x&uploadId=u&X-Amz-Security-Token=t");
        assert_eq!(without_signature(&uri), Some(Uri::from_static("/b/k?partNumber=1&uploadId=u")));
        let bare = Uri::from_static("/b/k?X-Amz-Signature=ab");
        assert_eq!(without_signature(&bare), Some(Uri::from_static("/b/k")));
        let old = Uri::from_static("/b/k?AWSAccessKeyId=a&Signature=ab&Expires=1&versionId=v");
        assert_eq!(without_signature(&old), Some(Uri::from_static("/b/k?versionId=v")));
    }

    #[test]
    fn chunking_leaves_the_objects_own_encoding_and_the_trailing_checksum() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip, aws-chunked"));
        headers.insert("x-amz-trailer", HeaderValue::from_static("x-amz-checksum-crc32"));
        strip_chunking(
            &mut headers,
            vec![("x-amz-checksum-crc32".into(), "AAAAAA==".into()), ("x-evil".into(), "1".into())],
        );
        assert_eq!(headers.get(CONTENT_ENCODING), Some(&HeaderValue::from_static("gzip")));
        assert_eq!(headers.get("x-amz-checksum-crc32"), Some(&HeaderValue::from_static("AAAAAA==")));
        assert!(!headers.contains_key("x-amz-trailer") && !headers.contains_key("x-evil"));
    }
}

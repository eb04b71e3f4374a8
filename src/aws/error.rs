//! From an SDK error to a [`Problem`]: one table of codes, one walk down the chain of causes.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudwatchlogs::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::Response;
use aws_types::request_id::RequestId;

use super::guard::Refused;
use crate::domain::problem::{Problem, ProblemKind};

/// A call, named for its error.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// As AWS names it.
    pub operation: &'static str,
    /// What it is about.
    pub resource: Option<String>,
    /// Where it goes.
    pub region: String,
}

impl Call {
    /// What `error` means for this call. The whole chain goes to the log.
    pub fn problem<E>(&self, error: &SdkError<E, Response>) -> Problem
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        tracing::warn!(operation = self.operation, resource = ?self.resource, error = %chain(error), "call failed");
        let request_id = error.request_id().map(str::to_owned);
        let status = error.raw_response().map(|response| response.status().as_u16());
        let mut problem = match error {
            SdkError::ServiceError(service) => self.refused(service.err(), status),
            SdkError::TimeoutError(_) => self.says(ProblemKind::Timeout, innermost(error)),
            SdkError::ResponseError(_) => self.says(ProblemKind::Server, innermost(error)),
            SdkError::DispatchFailure(failure) => self.unsent(error, failure.as_connector_error()),
            // ConstructionFailure, and whatever a later SDK adds: credentials may hide in there too.
            _ => self.unsent(error, None),
        };
        problem.request_id = request_id;
        problem
    }

    /// The request could not even be put together: something it needs is not given.
    pub fn incomplete(&self, error: &BuildError) -> Problem {
        self.says(ProblemKind::InvalidRequest, error.to_string())
    }

    /// A problem of this call of which only words are known.
    pub fn says(&self, kind: ProblemKind, message: impl Into<String>) -> Problem {
        let mut problem = Problem::new(kind, self.operation).in_region(&self.region).saying(message);
        problem.resource.clone_from(&self.resource);
        problem
    }

    /// The service answered with an error.
    fn refused(&self, error: &impl ProvideErrorMetadata, status: Option<u16>) -> Problem {
        let code = error.code().unwrap_or_default();
        let message = error.message().unwrap_or_default();
        let mut problem = self.says(kind_of(code, message, status), message);
        problem.code = Some(code.to_owned()).filter(|code| !code.is_empty());
        problem.message = Some(message.to_owned()).filter(|message| !message.is_empty());
        problem
    }

    /// No answer: credentials could not be had, or the connection failed.
    fn unsent(&self, error: &(dyn Error + 'static), connector: Option<&ConnectorError>) -> Problem {
        if find::<Refused>(error).is_some() {
            return Problem { message: None, ..self.says(ProblemKind::ReadOnly, "") };
        }
        if let Some(credentials) = find::<CredentialsError>(error) {
            return self.says(credentials_kind(credentials), innermost(credentials));
        }
        let kind = match connector {
            Some(connector) if connector.is_timeout() => ProblemKind::Timeout,
            Some(_) => ProblemKind::Network,
            None => ProblemKind::InvalidRequest,
        };
        self.says(kind, innermost(error))
    }
}

/// Why credentials could not be had. The providers tell an expired SSO token or session only in words.
fn credentials_kind(error: &CredentialsError) -> ProblemKind {
    let words = chain(error).to_lowercase();
    match error {
        CredentialsError::ProviderTimedOut(_) => ProblemKind::Timeout,
        CredentialsError::ProviderError(_) if words.contains("expired") || words.contains("sso") => {
            ProblemKind::ExpiredCredentials
        }
        // Nothing configured, a broken profile, no metadata service: all ask for the same remedy.
        _ => ProblemKind::NoCredentials,
    }
}

/// What an error code means. The text decides first, because the bucket texts came under InvalidParameterException
/// (seen 2023) and AccessDeniedException (seen 2026) alike (aws-facts section 2).
fn kind_of(code: &str, message: &str, status: Option<u16>) -> ProblemKind {
    let by_text = BY_TEXT.iter().find(|(text, _)| message.contains(text)).map(|(_, kind)| *kind);
    let by_code = || BY_CODE.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, kind)| *kind);
    by_text.or_else(by_code).unwrap_or(match status {
        Some(500..) => ProblemKind::Server,
        Some(401 | 403) => ProblemKind::AccessDenied,
        Some(404) => ProblemKind::NotFound,
        Some(429) => ProblemKind::Throttled,
        Some(400..) => ProblemKind::InvalidRequest,
        _ => ProblemKind::Unknown,
    })
}

const BY_TEXT: &[(&str, ProblemKind)] = &[
    ("call on the given bucket failed", ProblemKind::BucketAccess),
    ("caller has been granted s3:PutObject", ProblemKind::BucketAccess),
    ("given bucket does not exist", ProblemKind::NotFound),
    ("already finished", ProblemKind::AlreadyFinished),
];

/// Codes of CloudWatch Logs, S3 and STS, and of the signing layer in front of all three (AWS general reference,
/// "Common errors"; S3 "List of error codes").
const BY_CODE: &[(&[&str], ProblemKind)] = &[
    (
        &[
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InvalidAccessKeyId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "InvalidToken",
            "TokenRefreshRequired",
        ],
        ProblemKind::ExpiredCredentials,
    ),
    (
        &["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AllAccessDisabled"],
        ProblemKind::AccessDenied,
    ),
    (&["LimitExceededException"], ProblemKind::SlotTaken),
    (
        &[
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "SlowDown",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "OperationAborted",
            "OperationAbortedException",
        ],
        ProblemKind::Throttled,
    ),
    (&["ResourceNotFoundException", "NoSuchBucket", "NoSuchKey", "NotFound"], ProblemKind::NotFound),
    (&["ServiceUnavailableException", "ServiceUnavailable", "InternalFailure", "InternalError"], ProblemKind::Server),
];

/// The first `T` in the chain of causes.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

/// The last cause: of a broken connection the only one that says something ("connection refused").
fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// The whole chain, for the log: `outer: cause: innermost`.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    fn cause<'b>(error: &&'b (dyn Error + 'static)) -> Option<&'b (dyn Error + 'static)> {
        (**error).source()
    }
    std::iter::successors(Some(error), cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_texts_decide_whatever_the_code() {
        let text = "GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.";
        for code in ["InvalidParameterException", "AccessDeniedException"] {
            assert_eq!(kind_of(code, text, Some(400)), ProblemKind::BucketAccess);
        }
    }

    #[test]
    fn an_expired_sso_token_is_not_taken_for_missing_credentials() {
        let expired = CredentialsError::provider_error("the SSO token is expired");
        assert_eq!(credentials_kind(&expired), ProblemKind::ExpiredCredentials);
        let none = CredentialsError::provider_error("IMDS is disabled");
        assert_eq!(credentials_kind(&none), ProblemKind::NoCredentials);
    }

    #[test]
    fn a_code_nobody_knows_is_judged_by_its_status() {
        assert_eq!(kind_of("Novelty", "", Some(503)), ProblemKind::Server);
        assert_eq!(kind_of("Novelty", "", Some(400)), ProblemKind::InvalidRequest);
        assert_eq!(kind_of("", "", None), ProblemKind::Unknown);
    }
}

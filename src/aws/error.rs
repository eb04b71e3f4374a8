//! From an SDK error to a [`Problem`]: what is seen of it, by one walk down the chain of causes. What that means is for
//! the table in `domain::problem`.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudwatchlogs::error::{BuildError, ErrorMetadata, ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::Response;
use aws_types::request_id::RequestId;

use super::guard::Refused;
use crate::domain::place::AccountId;
use crate::domain::problem::{Origin, Problem, ProblemKind, Symptom, recognise};

/// Where S3 tells a bucket's Region, even to those it refuses or sends elsewhere.
const REGION_HEADER: &str = "x-amz-bucket-region";

/// A call, named for its error.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// As AWS names it.
    pub operation: &'static str,
    /// What it is about.
    pub resource: Option<String>,
    /// Where it goes.
    pub region: String,
    /// Whose credentials it is made with, once that is known.
    pub account: Option<AccountId>,
    /// The profile they came from, if one was named.
    pub profile: Option<String>,
}

impl Call {
    /// What `error` means for this call. The whole chain goes to the log.
    pub fn problem<E>(&self, error: &SdkError<E, Response>) -> Problem
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let problem = self.meant_by(error);
        let Problem { operation, resource, region, context, request_id, .. } = &problem;
        let chain = chain(error);
        let error = without_secrets(&chain);
        tracing::warn!(%operation, ?resource, ?region, account = ?context.account, ?request_id, error, "call failed");
        problem
    }

    /// `none` where AWS says by `code` that there is no such thing: an answer, and nothing to warn of in the log.
    pub fn unless<E, T>(&self, code: &str, error: &SdkError<E, Response>, none: T) -> Result<T, Problem>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        if error.code() != Some(code) {
            return Err(self.problem(error));
        }
        tracing::debug!(operation = self.operation, resource = ?self.resource, region = self.region, code, "there is none");
        Ok(none)
    }

    fn meant_by<E>(&self, error: &SdkError<E, Response>) -> Problem
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let mut problem = match error {
            SdkError::ServiceError(service) => self.refused(service.err(), Some(service.raw().status().as_u16())),
            SdkError::TimeoutError(_) => self.seen(Origin::Silence, telling(error)),
            SdkError::ResponseError(_) => self.says(ProblemKind::Server, innermost(error)),
            // ConstructionFailure, and whatever a later SDK adds: credentials may hide in there too.
            _ => self.unsent(error),
        };
        problem.request_id = error.request_id().map(str::to_owned);
        problem.context.bucket_region =
            error.raw_response().and_then(|response| response.headers().get(REGION_HEADER)).map(str::to_owned);
        problem
    }

    /// The request could not even be put together: something it needs is not given.
    pub fn incomplete(&self, error: &BuildError) -> Problem {
        self.says(ProblemKind::InvalidRequest, error.to_string())
    }

    /// An answer that had begun broke off.
    pub fn cut_off(&self, error: &(dyn Error + 'static)) -> Problem {
        let (causes, whole) = (innermost(error), chain(error));
        tracing::warn!(operation = self.operation, resource = ?self.resource, error = whole, "an answer broke off");
        self.seen(Origin::Connection, causes)
    }

    /// A problem of this call of which kind and words are known.
    pub fn says(&self, kind: ProblemKind, message: impl Into<String>) -> Problem {
        let mut problem = Problem::new(kind, self.operation).in_region(&self.region).saying(message);
        problem.resource.clone_from(&self.resource);
        problem.context.account = self.account.as_ref().map(|account| account.0.clone());
        problem.context.profile.clone_from(&self.profile);
        problem
    }

    /// The service answered with an error. An answer without a body has its status for a code.
    fn refused(&self, error: &impl ProvideErrorMetadata, status: Option<u16>) -> Problem {
        let message = without_secrets(error.message().unwrap_or_default());
        let code = error.code().filter(|code| !code.is_empty()).map(str::to_owned);
        let code = code.or_else(|| status.filter(|_| message.is_empty()).map(|status| format!("HTTP {status}")));
        let symptom = Symptom { origin: Origin::Answer, code: code.as_deref(), message, status };
        let mut problem = self.says(recognise(&symptom), message);
        problem.message = problem.message.filter(|message| !message.is_empty());
        problem.code = code;
        problem
    }

    /// No answer: credentials could not be had, or the connection failed.
    fn unsent<E>(&self, error: &SdkError<E, Response>) -> Problem
    where
        E: Error + 'static,
    {
        if find::<Refused>(error).is_some() {
            return Problem { message: None, ..self.says(ProblemKind::ReadOnly, "") };
        }
        match (find::<CredentialsError>(error), find::<ConnectorError>(error)) {
            (Some(late @ CredentialsError::ProviderTimedOut(_)), _) => self.seen(Origin::Silence, innermost(late)),
            // Some credentials come over the network: from SSO, from STS, from the instance.
            (Some(credentials), _) => match (find::<ConnectorError>(credentials), find::<ErrorMetadata>(credentials)) {
                (Some(broken), _) => self.seen(origin(broken), format!("for credentials: {}", telling(broken))),
                (None, Some(refusal)) => self.refused(refusal, None),
                (None, None) => self.seen(Origin::Credentials, telling(credentials)),
            },
            (None, Some(broken)) => self.seen(origin(broken), telling(broken)),
            (None, None) => self.says(ProblemKind::InvalidRequest, innermost(error)),
        }
    }

    /// A failure on this side, known by its causes.
    fn seen(&self, origin: Origin, causes: String) -> Problem {
        let symptom = Symptom { origin, code: None, message: &causes, status: None };
        self.says(recognise(&symptom), causes)
    }
}

/// Signature errors quote the signed request, session token and all: that part is for nobody's screen or log.
fn without_secrets(message: &str) -> &str {
    message.split_once("The Canonical String").map_or(message, |(said, _)| said).trim_end()
}

fn origin(broken: &ConnectorError) -> Origin {
    if broken.is_timeout() { Origin::Silence } else { Origin::Connection }
}

/// The causes of `error`, without those at their beginning that only say that there is another one.
fn telling(error: &(dyn Error + 'static)) -> String {
    const SHELLS: [&str; 3] = ["client error (", "an error occurred while loading", "request has timed out"];
    let causes: Vec<String> = causes(error).skip(1).map(ToString::to_string).collect();
    let first = causes.iter().position(|cause| !SHELLS.iter().any(|shell| cause.starts_with(shell)));
    first.map_or_else(|| innermost(error), |first| causes[first..].join(": "))
}

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
    fn what_a_signature_error_quotes_of_the_request_is_left_out() {
        let message = "The request signature we calculated does not match the signature you provided.\n\n\
            The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:SECRET\n'";
        assert_eq!(
            without_secrets(message),
            "The request signature we calculated does not match the signature you provided."
        );
        assert_eq!(without_secrets("Rate exceeded"), "Rate exceeded");
    }
}

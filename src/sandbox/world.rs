//! Everything the embedded AWS holds, and who is asking.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::request::Parts;

use super::Config;
use super::faults::Faults;
use super::logs::Store as LogsStore;
use super::s3::Store as S3Store;

/// The state all services share. Stores lock inside, briefly, and never across an await.
#[derive(Debug)]
pub struct World {
    /// What it was started with: account, Region, clock.
    pub config: Config,
    /// Buckets and objects.
    pub s3: S3Store,
    /// Log groups, streams, events, export tasks.
    pub logs: LogsStore,
    /// Failures to inject.
    pub faults: Faults,
}

impl World {
    /// An empty world.
    pub(super) fn new(config: Config) -> Self {
        Self { config, s3: S3Store::default(), logs: LogsStore::default(), faults: Faults::default() }
    }
}

/// Who makes a call and where it goes, read from its `SigV4` credential scope (signatures are not verified: loopback only).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The access key id.
    pub access_key: String,
    /// The account: the access key id itself if it is twelve digits (as `LocalStack` does), else the sandbox's own.
    pub account: String,
    /// The Region the call was signed for.
    pub region: String,
}

impl Caller {
    /// Reads the credential scope from the Authorization header or a presigned query; without either the caller is
    /// the sandbox's own account in its own Region.
    pub(super) fn of(request: &Parts, config: &Config) -> Self {
        let header = request.headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let signed = header.and_then(|value| value.split_once("Credential=")).map(|(_, rest)| rest.to_owned());
        let scope = signed.or_else(|| presigned_credential(request.uri.query().unwrap_or_default()));
        let mut fields = scope.as_deref().unwrap_or_default().split([',', ' ']).next().unwrap_or_default().split('/');
        let access_key = fields.next().unwrap_or_default().to_owned();
        // Credential=AKID/date/region/service/aws4_request: the date is of no interest.
        let region = fields.nth(1).filter(|region| !region.is_empty()).unwrap_or(&config.region).to_owned();
        let account = if is_account_id(&access_key) { access_key.clone() } else { config.account.clone() };
        Self { access_key, account, region }
    }

    /// The ARN this caller acts as.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::{}:user/sandbox", self.account)
    }
}

fn presigned_credential(query: &str) -> Option<String> {
    query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Credential=")).map(|value| value.replace("%2F", "/"))
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Locks; a thread that panicked while holding the lock has failed its own call, not the sandbox.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(uri: &str, authorization: Option<&str>) -> Caller {
        let mut request = http::Request::builder().uri(uri);
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        Caller::of(&parts, &Config::default())
    }

    #[test]
    fn the_credential_scope_names_key_and_region() {
        let header = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261101/us-west-2/logs/aws4_request, SignedHeaders=host";
        let caller = caller("/", Some(header));
        assert_eq!((caller.access_key.as_str(), caller.region.as_str()), ("AKIAEXAMPLE", "us-west-2"));
        assert_eq!(caller.account, Config::default().account);
    }

    #[test]
    fn an_access_key_of_twelve_digits_is_the_account() {
        let header = "AWS4-HMAC-SHA256 Credential=999988887777/20261101/us-west-2/s3/aws4_request,SignedHeaders=host";
        assert_eq!(caller("/", Some(header)).account, "999988887777");
    }

    #[test]
    fn a_presigned_query_names_the_caller_too() {
        let caller = caller("/b/k?X-Amz-Credential=111122223333%2F20261101%2Feu-west-1%2Fs3%2Faws4_request", None);
        assert_eq!((caller.account.as_str(), caller.region.as_str()), ("111122223333", "eu-west-1"));
    }

    #[test]
    fn an_unsigned_call_comes_from_the_sandbox_itself() {
        let config = Config::default();
        let caller = caller("/", None);
        assert_eq!((caller.account, caller.region), (config.account, config.region));
    }
}

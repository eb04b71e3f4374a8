//! A connection: profile, Region, endpoint and the SDK clients made from them.
//!
//! The calls themselves are methods of [`Session`] in the sibling files, one file per kind of thing.

use std::sync::{Arc, OnceLock};

use aws_config::retry::RetryConfig;
use aws_sdk_cloudwatchlogs as logs;
use aws_sdk_s3 as s3;
use aws_sdk_sts as sts;

use super::connect::{self, ConnectOptions};
use super::error::Call;
use super::groups::NamesRefused;
use super::guard::ReadOnly;
use crate::domain::place::{AccountId, Identity, Lane, Region};
use crate::domain::problem::{Problem, ProblemKind};

/// Clients for one profile and Region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) logs: logs::Client,
    /// The same without retries: whoever reads events in bulk spends its own budget of requests, and must see throttling.
    pub(super) logs_once: logs::Client,
    pub(super) s3: s3::Client,
    sts: sts::Client,
    profile: Option<String>,
    region: Region,
    endpoint_url: Option<String>,
    /// Whose the credentials are, from the first time STS has said so: failures name it.
    identity: Arc<OnceLock<Identity>>,
    pub(super) names_refused: Arc<NamesRefused>,
    read_only: bool,
}

impl Session {
    /// Resolves configuration and builds the clients. Reads files and may ask the instance metadata service, so never
    /// call it before the first frame. No credentials are asked for yet: those fail at the first call.
    ///
    /// # Errors
    /// No Region is configured, or the named profile does not exist.
    pub async fn connect(options: ConnectOptions) -> Result<Self, Problem> {
        let read_only = options.read_only;
        let settings = connect::resolve(options).await?;
        let mut logs = logs::config::Builder::from(&settings.config);
        // A custom endpoint is an emulator or a proxy: buckets as host names would not resolve there.
        let path_style = settings.endpoint_url.is_some();
        let mut s3 = s3::config::Builder::from(&settings.config).force_path_style(path_style);
        if read_only {
            (logs, s3) = (logs.interceptor(ReadOnly), s3.interceptor(ReadOnly));
        }
        Ok(Self {
            // A copy of the configuration: what guards a read-only session guards both.
            logs_once: logs::Client::from_conf(logs.clone().retry_config(RetryConfig::disabled()).build()),
            logs: logs::Client::from_conf(logs.build()),
            s3: s3::Client::from_conf(s3.build()),
            sts: sts::Client::new(&settings.config),
            profile: settings.profile,
            region: settings.region,
            endpoint_url: settings.endpoint_url,
            identity: Arc::default(),
            names_refused: Arc::default(),
            read_only,
        })
    }

    /// Whether it refuses everything that would change AWS.
    pub const fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The profile in use, if one was named (by option or `AWS_PROFILE`).
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// The Region all calls go to.
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// The custom endpoint, if any.
    pub fn endpoint_url(&self) -> Option<&str> {
        self.endpoint_url.as_deref()
    }

    /// Who the credentials belong to (STS GetCallerIdentity; needs no permission).
    pub async fn identity(&self) -> Result<Identity, Problem> {
        let call = self.call("GetCallerIdentity", None);
        let answer = self.sts.get_caller_identity().send().await.map_err(|error| call.problem(&error))?;
        match (answer.account, answer.arn) {
            (Some(account), Some(arn)) => {
                let identity = Identity { account: AccountId(account), arn };
                // Known from before, most likely.
                let _ = self.identity.set(identity.clone());
                Ok(identity)
            }
            _ => Err(call.says(ProblemKind::Unknown, "the answer names no account")),
        }
    }

    /// The same, if it was asked for before.
    pub fn known_identity(&self) -> Option<&Identity> {
        self.identity.get()
    }

    /// The lane these clients work in, for credentials of `account`.
    pub fn lane(&self, account: AccountId) -> Lane {
        Lane { account, region: self.region.clone(), endpoint: self.endpoint_url.clone() }
    }

    /// Names a call for its error, should it have one.
    pub(super) fn call(&self, operation: &'static str, resource: Option<&str>) -> Call {
        Call {
            operation,
            resource: resource.map(str::to_owned),
            region: self.region.0.clone(),
            account: self.known_identity().map(|identity| identity.account.clone()),
            profile: self.profile.clone(),
        }
    }
}

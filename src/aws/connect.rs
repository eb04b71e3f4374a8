//! Finding out where to connect: options first, then the usual AWS chain (environment, profiles, SSO, instance roles).

use std::env;
use std::time::Duration;

use aws_config::profile::ProfileSet;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::{Env, Fs};

use crate::domain::place::Region;
use crate::domain::problem::{Problem, ProblemKind};

/// What a person chose about where to connect; the rest comes from the usual AWS chain.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// `--profile`.
    pub profile: Option<String>,
    /// `--region`.
    pub region: Option<String>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// Fixed keys (access key id, secret): used for the embedded sandbox, where no AWS configuration is read.
    pub fixed_keys: Option<(String, String)>,
    /// Whether everything that would change AWS is refused before it is sent.
    pub read_only: bool,
}

/// Everything the clients are built from.
pub(super) struct Settings {
    pub config: SdkConfig,
    pub profile: Option<String>,
    pub region: Region,
    pub endpoint_url: Option<String>,
}

/// No connection is worth waiting longer for; behind a broken VPN this is how soon a person learns of it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// One attempt of a call, connection included. Listings answer within a second; 15 allow for a slow link.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
/// Attempts of a call that reads. CreateExportTask has none of this: see `exports`.
const ATTEMPTS: u32 = 3;

/// Resolves `options` into settings.
pub(super) async fn resolve(options: ConnectOptions) -> Result<Settings, Problem> {
    match options.fixed_keys.clone() {
        Some(keys) => from_fixed_keys(options, keys),
        None => from_chain(options).await,
    }
}

/// The sandbox's way: nothing is read from the environment or the disk.
fn from_fixed_keys(options: ConnectOptions, (id, secret): (String, String)) -> Result<Settings, Problem> {
    let region = options.region.ok_or_else(no_region)?;
    let keys = Credentials::new(id, secret, None, None, "fixed keys");
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(aws_config::Region::new(region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .http_client(https_client(ProxyConfig::disabled()))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(SystemTimeSource::new()))
        .timeout_config(timeouts())
        .retry_config(retries());
    if let Some(url) = &options.endpoint_url {
        config = config.endpoint_url(url);
    }
    Ok(Settings { config: config.build(), profile: None, region: Region(region), endpoint_url: options.endpoint_url })
}

async fn from_chain(options: ConnectOptions) -> Result<Settings, Problem> {
    let profile = options.profile.or_else(|| non_empty_env("AWS_PROFILE"));
    if let Some(name) = &profile {
        check_profile(name).await?;
    }
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(https_client(ProxyConfig::from_env()))
        .timeout_config(timeouts())
        .retry_config(retries());
    if let Some(name) = &profile {
        loader = loader.profile_name(name);
    }
    if let Some(region) = options.region {
        loader = loader.region(aws_config::Region::new(region));
    }
    if let Some(url) = options.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    let config = loader.load().await;
    let Some(region) = config.region().map(|region| Region(region.to_string())) else {
        // A file that cannot be read would be one without a Region: then that is what has to be mended.
        profiles().await.map_err(|text| unreadable("default", text))?;
        return Err(no_region());
    };
    let endpoint_url = config.endpoint_url().map(str::to_owned).or_else(|| non_empty_env("AWS_ENDPOINT_URL_S3"));
    Ok(Settings { config, profile, region, endpoint_url })
}

/// A profile that does not exist would surface as "no Region": say what is really wrong instead.
async fn check_profile(name: &str) -> Result<(), Problem> {
    let problem = |text: String| unreadable(name, text);
    let profiles = profiles().await.map_err(problem)?;
    if profiles.get_profile(name).is_some() {
        return Ok(());
    }
    let mut known: Vec<&str> = profiles.profiles().collect();
    known.sort_unstable();
    Err(problem(match known.as_slice() {
        [] => "no profile is configured at all".to_owned(),
        known => format!("configured are: {}", known.join(", ")),
    }))
}

/// The AWS configuration files, or what is wrong with them.
async fn profiles() -> Result<ProfileSet, String> {
    let loaded = aws_config::profile::load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), None).await;
    loaded.map_err(|error| super::error::chain(&error))
}

fn unreadable(profile: &str, text: String) -> Problem {
    Problem::new(ProblemKind::NoSuchProfile, "LoadProfile").on(profile).saying(text)
}

fn no_region() -> Problem {
    Problem::new(ProblemKind::NoRegion, "Connect")
}

fn non_empty_env(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// TLS by rustls with ring: the SDKs' own default brings aws-lc and a longer build.
/// The proxy is whatever `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say; the sandbox on loopback needs none.
fn https_client(proxy: ProxyConfig) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring));
        connector.set_proxy_config(Some(proxy.clone()));
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    })
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(ATTEMPT_TIMEOUT).build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

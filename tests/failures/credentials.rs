//! Credentials that cannot be had, as the AWS configuration of a home directory brings it about, told by the binary.

use std::fs;

use tempfile::TempDir;

use crate::support::canned::{Answer, Canned};
use crate::{REGION, SECRET, groups};

/// A profile for every way to have none.
const CONFIG: &str = "
[profile nothing]
region = eu-central-1
[profile logged-out]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Logs
[profile logged-out-of-old]
sso_start_url = https://old.example/start
sso_region = eu-central-1
sso_account_id = 123456789012
sso_role_name = Logs
[profile login-expired]
sso_session = expired
sso_account_id = 123456789012
sso_role_name = Logs
[profile login-revoked]
sso_session = revoked
sso_account_id = 123456789012
sso_role_name = Logs
[profile broken-process]
credential_process = sh -c 'exit 3'
[profile built-on-nothing]
role_arn = arn:aws:iam::123456789012:role/Logs
source_profile = nowhere
[profile barred-role]
role_arn = arn:aws:iam::123456789012:role/Logs
source_profile = keys
[profile keys]
aws_access_key_id = AKIATESTS
aws_secret_access_key = canary-of-a-secret
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-central-1
[sso-session expired]
sso_start_url = https://corp.example/start
sso_region = eu-central-1
[sso-session revoked]
sso_start_url = https://corp.example/start
sso_region = eu-central-1
";

/// The cached logins: the name of a file is the SHA-1 of the session's name.
const EXPIRED: (&str, &str) = ("45a6f9adb1df3a78aafc71391c7d3bfa7680229b", "2020-01-01T00:00:00Z");
const REVOKED: (&str, &str) = ("8375cdf2758cf48c9c9ab140326bdaef30f59406", "2099-01-01T00:00:00Z");

fn home() -> TempDir {
    let home = tempfile::tempdir().expect("a home");
    let cache = home.path().join(".aws/sso/cache");
    fs::create_dir_all(&cache).expect("directories");
    fs::write(home.path().join(".aws/config"), CONFIG).expect("a file");
    for (name, until) in [EXPIRED, REVOKED] {
        let login = format!(
            r#"{{"accessToken":"{SECRET}","expiresAt":"{until}","startUrl":"https://corp.example/start","region":"{REGION}"}}"#
        );
        fs::write(cache.join(name).with_extension("json"), login).expect("a file");
    }
    home
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_that_cannot_be_had_are_explained() {
    let home = home();
    let sso = r#"{"message":"Session token not found or invalid"}"#;
    let sso = refusing("application/json", vec![("x-amzn-errortype", "UnauthorizedException")], 401, sso).await;
    let sts = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Code>AccessDenied</Code><Message>\
               User: arn:aws:iam::123456789012:user/tests is not authorized to perform: sts:AssumeRole on resource: \
               arn:aws:iam::123456789012:role/Logs</Message></Error></ErrorResponse>";
    let sts = refusing("text/xml", Vec::new(), 403, sts).await;
    let (sso, sts) = (sso.url("http"), sts.url("http"));
    let cases = [
        ("nothing", None),
        ("logged-out", None),
        ("logged-out-of-old", None),
        ("login-expired", None),
        ("login-revoked", Some(("AWS_ENDPOINT_URL", sso.as_str()))),
        ("broken-process", None),
        ("built-on-nothing", None),
        ("barred-role", Some(("AWS_ENDPOINT_URL", sts.as_str()))),
    ];
    let mut told = String::new();
    for (profile, variable) in cases {
        told.extend([profile, "\n", &groups(home.path(), &["--profile", profile], variable).await, "\n"]);
    }
    let nobody = tempfile::tempdir().expect("an empty home");
    told.extend(["no configuration at all\n", &groups(nobody.path(), &[], None).await]);
    insta::assert_snapshot!(told.replace(home.path().to_str().expect("a UTF-8 path"), "[HOME]"));
    let log = fs::read_to_string(home.path().join(".local/state/logferry/logferry.log")).expect("a log");
    assert!(log.contains("call failed") && !log.contains(SECRET), "{log}");
}

async fn refusing(
    kind: &'static str,
    mut headers: Vec<(&'static str, &'static str)>,
    status: u16,
    body: &str,
) -> Canned {
    headers.push(("content-type", kind));
    Canned::start(Answer { status, headers, body: body.to_owned() }).await
}

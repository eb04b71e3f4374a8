//! A connection of logferry's own to a server.

use logferry::aws::{ConnectOptions, Session};

/// Where the servers of the tests are.
const REGION: &str = "eu-central-1";

/// One with fixed keys to the server at `url`, which takes any.
pub async fn connect(url: &str) -> Session {
    let options = ConnectOptions {
        region: Some(REGION.to_owned()),
        endpoint_url: Some(url.to_owned()),
        fixed_keys: Some(("tests".to_owned(), "tests".to_owned())),
        ..ConnectOptions::default()
    };
    Session::connect(options).await.expect("everything needed is given")
}

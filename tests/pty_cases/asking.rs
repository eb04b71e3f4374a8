//! A command that asks at the terminal: it shows the change, and does what is answered.

use super::desk::{KEYS, REGION, SIZE};
use crate::support::client::Client;
use crate::support::pty::{ENTER, Terminal};
use crate::support::sandbox::sandbox;

const BUCKET: &str = "acme-legacy-archive";

fn grant(url: &str, environment: &[(&str, &str)]) -> Terminal {
    let arguments = ["buckets", "grant", BUCKET, "--endpoint-url", url, "--region", REGION];
    Terminal::start(SIZE, &arguments, &[KEYS, environment].concat())
}

#[test]
fn only_a_yes_changes_the_bucket() {
    let server = sandbox(&["--region", REGION]);
    let client = Client::new(&server.url, REGION);
    let policy = || client.run("aws", &["s3api", "get-bucket-policy", "--bucket", BUCKET]);
    for no in ["", "n", "oops"] {
        let mut terminal = grant(&server.url, &[]);
        terminal.wait_for("Make this change? [y/N]");
        assert!(terminal.screen().shows("+  \"Version\"") || terminal.screen().shows("+}"), "the change is shown");
        terminal.keys(&format!("{no}{ENTER}"));
        terminal.wait_for("nothing was changed");
        assert_eq!(terminal.wait_exit().exit_code(), 3);
        policy().expect_err("there is still no policy");
    }
    let mut terminal = grant(&server.url, &[]);
    terminal.wait_for("Make this change? [y/N]");
    terminal.keys(&format!("y{ENTER}"));
    terminal.wait_for("logferry: done; what stood there is kept in ");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(policy().expect("there is a policy").contains("LogferryExportPutObject"));
}

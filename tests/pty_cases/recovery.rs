//! Credentials that end, an endpoint that is not there, an account with nothing in it.

use super::desk::{self, Desk, SIZE, Typed, control};
use crate::support::pty::Terminal;
use crate::support::sandbox::sandbox;

#[test]
fn expired_credentials_are_told_and_renewed_without_losing_the_queue() {
    let mut desk = Desk::new("2");
    let large = Typed {
        group: "/aws/vpc/flow-logs/main",
        from: "8d ago",
        to: "now",
        bucket: "acme-log-exports",
        prefix: "pty/renew",
    };
    desk::export(&mut desk.terminal, &large);
    desk::wait_state(&desk.terminal, large.group, "Running");
    control(&desk.url, "POST", "/faults", r#"{"operation":"*","kind":"expired_token"}"#);
    desk.terminal.wait_for("credentials have expired");
    desk.terminal.keys("2R");
    desk.terminal.wait_for("R tries again");
    control(&desk.url, "DELETE", "/faults", "");
    desk.terminal.keys("R");
    desk.terminal.wait_gone("R tries again");
    desk.terminal.keys("3");
    // The same queue goes on: the task is still in it, and waits for nothing any more.
    desk::wait_state(&desk.terminal, large.group, "");
    desk.terminal.wait_gone("credentials have expired");
}

#[test]
fn credentials_that_work_again_are_found_by_themselves() {
    let server = sandbox(&["--seed", "demo", "--clock", "60", "--region", desk::REGION]);
    control(&server.url, "POST", "/faults", r#"{"operation":"*","kind":"expired_token"}"#);
    let state = tempfile::tempdir().expect("a state directory");
    let mut terminal = desk::at(&server.url, state.path());
    terminal.wait_for("credentials have expired");
    terminal.keys("5");
    terminal.wait_for("✗ the AWS credentials have expired");
    terminal.keys("1");
    control(&server.url, "DELETE", "/faults", "");
    // No key is pressed.
    terminal.wait_for("/aws/lambda/");
}

#[test]
fn an_unreachable_endpoint_is_told() {
    let keys = [("AWS_ACCESS_KEY_ID", "desk"), ("AWS_SECRET_ACCESS_KEY", "desk")];
    // Nothing listens on the discard port.
    let arguments = ["--region", desk::REGION, "--endpoint-url", "http://127.0.0.1:9"];
    let mut terminal = Terminal::start(SIZE, &arguments, &keys);
    terminal.wait_for("the endpoint refused the connection");
    terminal.wait_for("firewalls, then press R");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
}

#[test]
fn an_empty_account_says_so_on_every_screen() {
    let mut terminal = Terminal::start(SIZE, &["--sandbox", "--seed", "empty"], &[]);
    let screens = [("1", "No log groups"), ("2", "No buckets"), ("3", "No exports yet"), ("4", "No past export tasks")];
    for (key, words) in screens {
        terminal.keys(key);
        terminal.wait_for(words);
    }
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
}

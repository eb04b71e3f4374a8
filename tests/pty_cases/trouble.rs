//! What does not go well, and how it is told.

use super::desk::{self, Desk, SIZE, Typed};
use crate::support::pty::{ENTER, ESCAPE, Terminal};

#[test]
fn a_running_export_is_cancelled_and_what_was_left_is_told() {
    let mut desk = Desk::new("2");
    let large = Typed {
        group: "/aws/vpc/flow-logs/main",
        from: "8d ago",
        to: "now",
        bucket: "acme-log-exports",
        prefix: "pty/cancel",
    };
    desk::export(&mut desk.terminal, &large);
    desk.terminal.wait_until("bytes have landed while it runs", |screen| {
        desk::task(screen, large.group, "Running").is_some_and(|task| desk::shows_bytes(&task))
    });
    desk.terminal.keys("c");
    desk.terminal.wait_for("yes");
    desk.terminal.keys("y");
    let mut told = None;
    desk.terminal.wait_until("it tells what was left", |screen| {
        told = screen.line_with(&["left in the bucket: "]).map(str::to_owned);
        told.is_some()
    });
    let left = desk.landed(large.bucket, &format!("{}/", large.prefix));
    assert!(!left.is_empty(), "something had landed before");
    let told = told.expect("the wait is over");
    assert!(told.contains(large.group) && told.contains(&left.to_string()), "{told} does not tell of {left}");
    desk::wait_state(&desk.terminal, large.group, "Cancelled");
}

#[test]
fn a_refused_export_is_explained() {
    let mut desk = Desk::new("60");
    let refused = Typed {
        group: "/demo/orders",
        from: "5d ago",
        to: "now",
        bucket: "acme-legacy-archive",
        prefix: "pty/refused",
    };
    desk::fill_form(&mut desk.terminal, &refused);
    desk::launch_anyway(&mut desk.terminal, "bucket policy");
    desk::submit(&mut desk.terminal);
    desk::wait_state(&desk.terminal, refused.group, "Failed");
    desk.terminal.keys(ENTER);
    desk.terminal
        .wait_until("what AWS said and what it means", |screen| screen.shows("GetBucketAcl") && screen.shows("policy"));
}

#[test]
fn without_credentials_the_screen_says_what_to_do() {
    // Nothing answers at this address, and nobody asks: there are no credentials to sign with.
    let mut terminal = Terminal::start(SIZE, &["--region", desk::REGION, "--endpoint-url", "http://127.0.0.1:9"], &[]);
    terminal.wait_for("credentials");
    terminal.wait_for("aws sso login");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
}

#[test]
fn a_server_that_never_answers_freezes_nothing() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let keys = [("AWS_ACCESS_KEY_ID", "desk"), ("AWS_SECRET_ACCESS_KEY", "desk")];
    let mut terminal = Terminal::start(SIZE, &["--region", desk::REGION, "--endpoint-url", &url], &keys);
    terminal.wait_for(desk::REGION);
    terminal.keys("?");
    terminal.wait_for("close");
    terminal.keys(ESCAPE);
    // Only then: Escape and a letter in one go are another key.
    terminal.wait_gone("close");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
}

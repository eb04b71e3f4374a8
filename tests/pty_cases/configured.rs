//! What a configuration file sets, in the running interface.

use std::fs;

use crate::support::pty::{ESCAPE, Terminal};

/// The interface on the sandbox with a configuration file of this text.
fn configured(text: &str, arguments: &[&str]) -> (tempfile::TempDir, Terminal) {
    let home = tempfile::tempdir().expect("a directory");
    let file = home.path().join("config.toml");
    fs::write(&file, text).expect("it can be written");
    let environment = [("LOGFERRY_CONFIG", file.to_str().expect("a path in UTF-8"))];
    let terminal = Terminal::start((100, 30), arguments, &environment);
    (home, terminal)
}

#[test]
fn a_configured_key_works_and_is_shown_and_the_old_one_is_dead() {
    let (_home, mut terminal) = configured("[keys]\nquit = \"x\"\nbuckets = \"Alt-b\"\n", &["--sandbox"]);
    terminal.wait_for("/aws/lambda/");
    terminal.wait_until("the footer shows it", |screen| screen.line_with(&["x quit"]).is_some());
    terminal.keys("\x1bb");
    terminal.wait_for("acme-log-exports");
    terminal.keys("1q2");
    terminal.wait_for("/aws/lambda/");
    terminal.keys("?");
    terminal.wait_for("more lines below");
    terminal.keys(ESCAPE);
    terminal.wait_gone("more lines below");
    terminal.keys("x");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn a_bad_file_stops_the_start_with_one_line() {
    for (text, told) in [
        ("[keys]\nquit = \"R\"\n", "line 2: the key R would mean two things on one screen: reload ("),
        ("theme = \"drak\"\n", "line 1: theme is \"drak\": did you mean \"dark\"?"),
    ] {
        let (_home, mut terminal) = configured(text, &["--sandbox"]);
        assert_eq!(terminal.wait_exit().exit_code(), 2);
        let shown = terminal.tail().replace("\r\n", "");
        assert!(shown.contains(told) && !shown.contains('\x1b'), "{shown}");
    }
}

//! The exports watched: rates, a screen that stands still, what was said, the title, the mouse, and leaving when all is
//! done.

use std::fs;

use super::desk::{self, Desk, REGION, SIZE, Typed};
use crate::support::pty::{ESCAPE, Terminal};
use crate::support::sandbox::sandbox;

/// A log group whose export takes seconds.
const LARGE: Typed<'_> = Typed {
    group: "/aws/vpc/flow-logs/main",
    from: "8d ago",
    to: "now",
    bucket: "acme-log-exports",
    prefix: "pty/watching",
};

/// The sandbox's interface with a configuration file of this text.
fn configured(text: &str, arguments: &[&str]) -> (tempfile::TempDir, Terminal) {
    let home = tempfile::tempdir().expect("a directory");
    let file = home.path().join("config.toml");
    fs::write(&file, text).expect("it can be written");
    let environment = [("LOGFERRY_CONFIG", file.to_str().expect("a path in UTF-8"))];
    let terminal = Terminal::start(SIZE, arguments, &environment);
    terminal.wait_for("/aws/lambda/");
    (home, terminal)
}

#[test]
fn what_was_said_is_kept_with_how_often() {
    let mut terminal = Terminal::start(SIZE, &["--sandbox"], &[]);
    terminal.wait_for("/aws/lambda/");
    terminal.keys("!");
    terminal.wait_for("Nothing was said yet");
    terminal.keys(ESCAPE);
    terminal.wait_gone("Nothing was said yet");
    terminal.keys("3");
    terminal.wait_for("No exports yet");
    terminal.keys("c");
    terminal.wait_for(" no task here");
    terminal.keys("c!");
    terminal.wait_until("both are one entry", |screen| {
        screen.line_with(&["note", "no task here (2 times since "]).is_some()
    });
    terminal.keys(ESCAPE);
    terminal.wait_for("No exports yet");
}

#[test]
fn a_failure_stands_until_it_is_dismissed_and_can_be_read_after_it() {
    let mut desk = Desk::new("60");
    desk::control(&desk.url, "POST", "/logs/fail-tasks", r#"{"group":"/demo/orders","message":"The task failed."}"#);
    let failing = Typed { group: "/demo/orders", prefix: "pty/failing", ..LARGE };
    desk::export(&mut desk.terminal, &failing);
    desk.terminal.wait_for("failed: /demo/orders: ");
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_gone("failed: /demo/orders: ");
    desk.terminal.keys("!");
    desk.terminal.wait_until("it is kept", |screen| screen.line_with(&["error", "failed: /demo/orders: "]).is_some());
}

#[test]
fn a_screen_that_stands_still_shows_nothing_new_and_counts_it() {
    let mut desk = Desk::new("2");
    desk::export(&mut desk.terminal, &LARGE);
    desk.terminal.wait_until("its rate is shown", |screen| {
        desk::task(screen, LARGE.group, "Running").is_some_and(|task| task.contains('~') && task.contains("/s"))
    });
    desk.terminal.keys("f");
    desk.terminal.wait_for("FROZEN at ");
    let still = desk::task(&desk.terminal.screen(), LARGE.group, "Running").expect("it runs");
    desk.terminal.wait_for("1 task changed since");
    let later = desk::task(&desk.terminal.screen(), LARGE.group, "Running").expect("it is shown so");
    assert_eq!(later, still);
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_until("it goes on", |screen| {
        !screen.shows("FROZEN") && desk::task(screen, LARGE.group, "").is_some_and(|task| task != still)
    });
}

#[test]
fn the_title_tells_what_is_going_on_and_is_given_back() {
    let (_home, mut terminal) = configured("title = true\n", &["--sandbox"]);
    assert!(terminal.tail().contains("\x1b[22;2t"), "the old one is kept");
    assert!(terminal.tail().contains("\x1b]2;logferry\x07"), "{:?}", terminal.tail());
    desk::export(&mut terminal, &LARGE);
    // Not the message: it may come before the queue is shown to hold nothing, and then it is asked whether to quit.
    desk::wait_state(&terminal, LARGE.group, "Completed");
    assert!(terminal.tail().contains("\x1b]2;logferry: 1 queued\x07") || terminal.tail().contains("1 running\x07"));
    terminal.keys("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let tail = terminal.tail();
    let (last, back) = (tail.rfind("\x1b]2;logferry"), tail.rfind("\x1b]2;\x07\x1b[23;2t"));
    assert!(back.is_some() && last < back, "{tail:?}");
}

#[test]
fn without_being_asked_for_neither_title_nor_mouse_is_taken() {
    let mut terminal = Terminal::start(SIZE, &["--sandbox"], &[]);
    terminal.wait_for("/aws/lambda/");
    terminal.keys("q");
    terminal.wait_exit();
    let tail = terminal.tail();
    for taken in ["\x1b]2;", "\x1b[22;2t", "\x1b[23;2t", "\x1b[?1000", "\x1b[?1002", "\x1b[?1003", "\x1b[?1006"] {
        assert!(!tail.contains(taken), "{taken:?}");
    }
}

/// A press, or a turn of the wheel, at a line counted from 0, as terminals report it.
fn mouse(button: u8, line: usize) -> String {
    format!("\x1b[<{button};10;{}M", line + 1)
}

#[test]
fn the_mouse_opens_screens_moves_the_cursor_and_is_let_go() {
    for (config, arguments) in [("mouse = true\n", &["--sandbox"][..]), ("", &["--sandbox", "--mouse"][..])] {
        let (_home, mut terminal) = configured(config, arguments);
        let line = |terminal: &Terminal, text: &str| {
            let lines = terminal.screen().lines;
            lines.iter().position(|line| line.contains(text)).unwrap_or_else(|| panic!("{text} is not shown"))
        };
        terminal.keys(&mouse(65, 10));
        terminal.wait_until("the wheel has gone three rows down", |screen| {
            let first = screen.lines.iter().position(|line| line.contains("Log group ")).unwrap_or(0) + 1;
            screen.lines.get(first + 3).is_some_and(|line| line.starts_with('›'))
        });
        let row = line(&terminal, "/demo/orders");
        terminal.keys(&mouse(0, row));
        terminal.wait_until("the cursor is there", |screen| screen.line_with(&["›", "/demo/orders"]).is_some());
        terminal.keys(&mouse(0, row));
        terminal.keys(&mouse(0, row));
        terminal.wait_until("a second click opens the form", |screen| {
            screen.line_with(&["Log groups", "/demo/orders"]).is_some() && screen.shows(desk::SUBMIT_LINE)
        });
        let tabs = line(&terminal, "1 Log groups");
        let column = terminal.screen().lines[tabs].find("Buckets").expect("a tab") + 1;
        terminal.keys(&format!("\x1b[<0;{column};{}M", tabs + 1));
        terminal.wait_for("acme-log-exports");
        terminal.keys("q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
        let tail = terminal.tail();
        assert!(tail.rfind("\x1b[?1000l") > tail.rfind("\x1b[?1000h"), "{tail:?}");
    }
}

#[test]
fn a_stop_lets_the_mouse_and_the_title_go_and_fg_takes_them_again() {
    let path = std::env::var("PATH").unwrap_or_default();
    let home = tempfile::tempdir().expect("a directory");
    let file = home.path().join("config.toml");
    fs::write(&file, "mouse = true\ntitle = true\n").expect("it can be written");
    let config = file.to_str().expect("a path in UTF-8");
    let environment = [("PS1", "shell> "), ("PATH", path.as_str()), ("LOGFERRY_CONFIG", config)];
    let mut shell = Terminal::start_program("sh", SIZE, &["-i"], &environment);
    shell.wait_for("shell>");
    shell.keys(&format!("{} --sandbox\r", env!("CARGO_BIN_EXE_logferry")));
    shell.wait_until("the interface is up", |screen| screen.alternate && screen.shows("/aws/lambda/"));
    shell.keys("\x1a");
    shell.wait_until("the shell has the terminal", |screen| !screen.alternate && screen.shows("Stopped"));
    let counts = |shell: &Terminal| {
        let tail = shell.tail();
        ["\x1b[?1000h", "\x1b[?1000l", "\x1b[22;2t", "\x1b[23;2t"].map(|sequence| tail.matches(sequence).count())
    };
    assert_eq!(counts(&shell), [1, 1, 1, 1]);
    shell.keys("fg\r");
    shell.wait_until("the interface is back", |screen| screen.alternate && screen.shows("/aws/lambda/"));
    shell.keys("q");
    // With its third prompt: what is typed before may still be read by the interface.
    shell.wait_until("the shell is back", |screen| {
        !screen.alternate && screen.lines.iter().filter(|line| line.starts_with("shell>")).count() == 3
    });
    shell.keys("exit\r");
    assert!(shell.wait_exit().success());
    assert_eq!(counts(&shell), [2, 2, 2, 2]);
    assert_eq!(shell.tail().matches("\x1b]2;logferry\x07").count(), 2, "set again");
}

#[test]
fn whoever_waits_for_the_end_is_let_go_when_all_is_done() {
    let server = sandbox(&["--seed", "demo", "--clock", "8", "--region", REGION]);
    let state = tempfile::tempdir().expect("a directory");
    let mut terminal = desk::at(&server.url, state.path());
    desk::export(&mut terminal, &LARGE);
    desk::wait_state(&terminal, LARGE.group, "Running");
    terminal.keys("q");
    terminal.wait_for("Goes on in AWS after quitting:");
    terminal.keys("w");
    terminal.wait_gone("Goes on in AWS after quitting:");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let mut after = desk::at(&server.url, state.path());
    after.keys("3");
    desk::wait_state(&after, LARGE.group, "Completed");
    after.keys("q");
    assert_eq!(after.wait_exit().exit_code(), 0);
}

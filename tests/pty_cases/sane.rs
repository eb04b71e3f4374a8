//! The terminal is sane again on every way out, and bears any size.

use super::desk::SIZE;
use crate::support::pty::Terminal;

/// F11, bound only with `LOGFERRY_TEST_HOOKS=1`: panics in the interface itself.
const PANIC: &str = "\x1b[23~";
/// F12, likewise: panics in a background task.
const BACKGROUND_PANIC: &str = "\x1b[24~";

const LEAVE_ALTERNATE_SCREEN: &str = "\x1b[?1049l";
const SHOW_CURSOR: &str = "\x1b[?25h";

/// Starts the interface, makes it end by `end`, and looks at what it leaves. Answers the exit code and what stands on the screen.
fn after(end: impl FnOnce(&mut Terminal)) -> (u32, String) {
    let mut terminal = Terminal::start(SIZE, &["--sandbox"], &[("LOGFERRY_TEST_HOOKS", "1")]);
    terminal.wait_for("/aws/lambda/");
    let raw = terminal.modes();
    assert!(terminal.screen().alternate, "the interface takes the whole screen");
    end(&mut terminal);
    let exit = terminal.wait_exit();
    let screen = terminal.screen();
    let tail = terminal.tail();
    assert_eq!(terminal.modes(), cooked(), "the modes of a fresh terminal");
    assert_ne!(terminal.modes(), raw, "the interface changes the modes while it runs");
    assert!(!screen.alternate, "it is still on the alternate screen");
    assert_eq!(tail.matches(LEAVE_ALTERNATE_SCREEN).count(), 1, "restored exactly once: {tail:?}");
    assert!(tail.rfind(SHOW_CURSOR) > tail.rfind("\x1b[?25l"), "the cursor is hidden: {tail:?}");
    (exit.exit_code(), screen.lines.join("\n"))
}

/// The modes of a terminal that a program has left untouched.
fn cooked() -> String {
    let mut terminal = Terminal::start(SIZE, &["--version"], &[]);
    assert!(terminal.wait_exit().success());
    terminal.modes()
}

#[test]
fn quitting_leaves_a_sane_terminal() {
    let (code, _) = after(|terminal| terminal.keys("q"));
    assert_eq!(code, 0);
}

#[test]
fn sigterm_leaves_a_sane_terminal() {
    let (code, _) = after(|terminal| terminal.signal("TERM"));
    assert_eq!(code, 143, "as shells report it");
}

#[test]
fn sighup_leaves_a_sane_terminal() {
    let (code, _) = after(|terminal| terminal.signal("HUP"));
    assert_eq!(code, 129, "as shells report it");
}

#[test]
fn sigint_leaves_a_sane_terminal() {
    let (code, _) = after(|terminal| terminal.signal("INT"));
    assert_eq!(code, 130, "as shells report it");
}

#[test]
fn a_panic_leaves_a_sane_terminal_and_a_report_one_can_read() {
    let (code, screen) = after(|terminal| terminal.keys(PANIC));
    assert_ne!(code, 0);
    assert!(screen.to_lowercase().contains("panic"), "nobody is told:\n{screen}");
}

#[test]
fn a_panic_in_the_background_leaves_a_sane_terminal_and_a_report_one_can_read() {
    let (code, screen) = after(|terminal| terminal.keys(BACKGROUND_PANIC));
    assert_ne!(code, 0);
    assert!(screen.to_lowercase().contains("panic"), "nobody is told:\n{screen}");
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_the_interface_back() {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Terminal::start_program("sh", SIZE, &["-i"], &[("PS1", "shell> "), ("PATH", &path)]);
    shell.wait_for("shell>");
    shell.keys(&format!("{} --sandbox\r", env!("CARGO_BIN_EXE_logferry")));
    shell.wait_until("the interface is up", |screen| screen.alternate && screen.shows("/aws/lambda/"));
    shell.keys("\x1a");
    shell.wait_until("the shell has the terminal", |screen| !screen.alternate && screen.shows("Stopped"));
    shell.keys("echo half''way\r");
    shell.wait_for("halfway");
    shell.keys("fg\r");
    shell.wait_until("the interface is back", |screen| screen.alternate && screen.shows("/aws/lambda/"));
    shell.keys("q");
    shell.wait_until("the shell is back", |screen| !screen.alternate);
    shell.keys("echo status=$?\r");
    shell.wait_for("status=0");
    shell.keys("exit\r");
    assert!(shell.wait_exit().success());
}

#[test]
fn ctrl_c_ends_the_foreground_sandbox_well() {
    let mut terminal = Terminal::start(SIZE, &["sandbox", "--seed", "empty"], &[]);
    terminal.wait_for("listening on http://127.0.0.1:");
    terminal.wait_for("Ctrl-C ends it");
    terminal.keys("\x03");
    assert!(terminal.wait_exit().success());
}

#[test]
fn a_tiny_terminal_says_so_and_a_large_one_goes_on() {
    let terminal = Terminal::start(SIZE, &["--sandbox"], &[]);
    terminal.wait_for("/aws/lambda/");
    terminal.resize(20, 5);
    terminal.wait_until("it says that it is too small", |screen| {
        screen.lines.iter().any(|line| line.to_lowercase().contains("small"))
    });
    terminal.resize(80, 24);
    terminal.wait_for("/aws/lambda/");
    terminal.wait_until("the note is gone", |screen| !screen.shows("small"));
}

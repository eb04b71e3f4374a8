//! The terminal is sane again on every way out, and bears any size.

use std::io::Read;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

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
fn sigquit_leaves_a_sane_terminal_and_kills_as_it_always_does() {
    let mut terminal = Terminal::start(SIZE, &["--sandbox"], &[]);
    terminal.wait_for("/aws/lambda/");
    terminal.signal("QUIT");
    let exit = terminal.wait_exit();
    assert!(exit.signal().is_some_and(|name| name.contains("Quit")), "{exit:?}");
    assert_eq!(terminal.modes(), cooked(), "the modes of a fresh terminal");
    assert!(!terminal.screen().alternate, "it is still on the alternate screen");
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
#[cfg_attr(not(target_os = "linux"), ignore = "the child is found through /proc")]
fn a_stop_from_outside_and_fg_bring_the_interface_back_in_its_own_modes() {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Terminal::start_program("sh", SIZE, &["-i"], &[("PS1", "shell> "), ("PATH", &path)]);
    shell.wait_for("shell>");
    shell.keys(&format!("{} --sandbox\r", env!("CARGO_BIN_EXE_logferry")));
    shell.wait_until("the interface is up", |screen| screen.alternate && screen.shows("/aws/lambda/"));
    let raw = shell.modes();
    shell.signal_child("STOP");
    shell.wait_for("Stopped");
    // As a shell with line editing does by itself. The line's end is a newline: the modes are still raw. The empty echo
    // begins a line of its own, wherever the cursor was left.
    shell.keys("stty sane; echo; echo half''way\n");
    shell.wait_for("halfway");
    assert_ne!(shell.modes(), raw);
    shell.keys("fg\r");
    shell.wait_until("the interface is back", |screen| screen.alternate && screen.shows("Log groups"));
    shell.keys("3");
    // No Enter is needed: the modes are raw again.
    shell.wait_for("No exports yet");
    assert_eq!(shell.modes(), raw);
    shell.keys("q");
    shell.wait_until("the shell is back", |screen| !screen.alternate);
    shell.keys("exit\r");
    assert!(shell.wait_exit().success());
}

#[test]
fn a_terminal_that_goes_away_ends_it_as_sighup_does() {
    let home = tempfile::tempdir().expect("a home directory");
    let pair = native_pty_system().openpty(PtySize::default()).expect("a pseudo-terminal");
    // It leads its session, as a terminal emulator's only program does: the kernel sends it SIGHUP.
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_logferry"));
    command.arg("--sandbox");
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).expect("the binary starts");
    let mut reader = pair.master.try_clone_reader().expect("the terminal can be read");
    let (mut seen, mut buffer) = (String::new(), [0; 1024]);
    while !seen.contains("/aws/lambda/") {
        let count = reader.read(&mut buffer).expect("it draws");
        seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    drop((reader, pair));
    assert_eq!(child.wait().expect("it ends").exit_code(), 129, "as shells report SIGHUP");
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
    terminal.resize(160, 45);
    terminal.wait_for("/aws/lambda/");
    terminal.wait_until("the note is gone", |screen| !screen.shows("small"));
}

//! The command line as scripts and people meet it: help, exit codes, what goes to which stream, the log file.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// `logferry` with nothing of this machine's configuration, at home in `home`.
fn logferry(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_logferry"));
    command.args(arguments).env_clear().env("HOME", home).stdin(Stdio::null());
    command
}

/// Runs it to its end.
fn run(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().expect("a home directory");
    logferry(home.path(), arguments).output().expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_help_is_as_reviewed() {
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("short_help", &["-h"]),
        ("sandbox_help", &["sandbox", "--help"]),
        ("export_help", &["export", "--help"]),
        ("run_help", &["run", "--help"]),
        ("tasks_help", &["tasks", "--help"]),
        ("tasks_list_help", &["tasks", "list", "--help"]),
        ("tasks_cancel_help", &["tasks", "cancel", "--help"]),
        ("tasks_retry_help", &["tasks", "retry", "--help"]),
        ("groups_help", &["groups", "--help"]),
        ("buckets_help", &["buckets", "--help"]),
        ("config_help", &["config", "--help"]),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty());
        insta::assert_snapshot!(name, text(&output.stdout));
    }
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}: {}", text(&output.stderr));
        let script = text(&output.stdout);
        assert!(script.contains("logferry") && script.contains("since-last"), "{shell}: {script}");
    }
    assert_eq!(run(&["completions", "csh"]).status.code(), Some(2));
}

#[test]
fn every_command_has_its_manual_page() {
    for (path, title) in [
        (&[][..], ".TH logferry 1 "),
        (&["export"], ".TH logferry-export 1 "),
        (&["tasks", "list"], ".TH logferry-tasks-list 1 "),
        (&["buckets", "lifecycle", "add"], ".TH logferry-buckets-lifecycle-add 1 "),
    ] {
        let output = run(&[&["man"], path].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let page = text(&output.stdout);
        assert!(page.contains(title), "{title}: {page}");
    }
    let unknown = run(&["man", "tasks", "fly"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).starts_with("error: 'tasks' has no command 'fly'\n"), "{}", text(&unknown.stderr));
}

#[test]
fn the_version_is_the_packages() {
    let output = run(&["--version"]);
    assert_eq!(text(&output.stdout), format!("logferry {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_told_on_stderr_with_code_2() {
    for arguments in [
        &["--sandbox", "--profile", "prod"][..],
        &["--sandbox", "--endpoint-url", "http://127.0.0.1:1"],
        &["--clock", "60"],
        &["sandbox", "--listen", "0.0.0.0:0"],
        &["sandbox", "--account", "12"],
        &["--region", "mars"],
        &["--nonsense"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let told = text(&output.stderr);
        assert!(told.starts_with("error: ") && !told.contains('\x1b'), "{arguments:?}: {told}");
    }
}

#[test]
fn a_log_filter_that_makes_no_sense_is_wrong_usage() {
    let home = tempfile::tempdir().expect("a home directory");
    let output = logferry(home.path(), &["--sandbox"]).env("LOGFERRY_LOG", "logferry=loud").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("LOGFERRY_LOG=logferry=loud"));
}

#[test]
fn a_taken_port_is_told_in_a_few_lines_with_code_1() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = run(&["sandbox", "--listen", &address]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(output.stdout.is_empty(), "scripts must not take it for a start");
    assert!(told.starts_with(&format!("logferry: the sandbox cannot listen on {address}\n")), "{told}");
    assert!(told.lines().count() <= 3, "{told}");
}

/// A sandbox in the foreground. Dropping it ends the process.
struct Foreground(Child);

impl Drop for Foreground {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing of it is left.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Foreground {
    fn start(home: &Path) -> Self {
        let mut command = logferry(home, &["sandbox", "--seed", "empty"]);
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts"))
    }

    /// Sends a signal once it listens. Answers the exit code and everything it wrote: stdout, stderr.
    fn end_by(mut self, signal: &str) -> (Option<i32>, String, String) {
        let mut stdout = BufReader::new(self.0.stdout.take().expect("stdout is piped"));
        let mut told = String::new();
        stdout.read_line(&mut told).expect("the first line");
        // The shell's own kill: a machine need not have the program.
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.0.id())]).status();
        assert!(sent.expect("a shell can be run").success());
        stdout.read_to_string(&mut told).expect("the rest of stdout");
        let mut hints = String::new();
        self.0.stderr.take().expect("stderr is piped").read_to_string(&mut hints).expect("stderr");
        (self.0.wait().expect("it ends").code(), told, hints)
    }
}

#[test]
fn the_foreground_sandbox_says_one_line_and_ends_well_on_signals() {
    for signal in ["INT", "TERM"] {
        let home = tempfile::tempdir().expect("a home directory");
        let (code, told, hints) = Foreground::start(home.path()).end_by(signal);
        assert_eq!(code, Some(0), "SIG{signal}: {hints}");
        let port = told.strip_prefix("listening on http://127.0.0.1:").and_then(|rest| rest.strip_suffix('\n'));
        assert!(port.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0)), "{told:?}");
        assert!(hints.contains("AWS_ENDPOINT_URL=http://127.0.0.1:"), "{hints}");
    }
}

#[test]
fn the_log_file_is_private_and_holds_the_start() {
    let home = tempfile::tempdir().expect("a home directory");
    let (_, _, hints) = Foreground::start(home.path()).end_by("TERM");
    let log = home.path().join(".local/state/logferry/logferry.log");
    let mode = fs::metadata(&log).expect("there is a log file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(fs::read_to_string(&log).expect("it is text").contains("started"));
    assert!(!hints.contains("started"), "nothing is logged to the terminal");
}

#[test]
fn a_log_file_that_cannot_be_opened_is_told_and_stops_nothing() {
    let home = tempfile::tempdir().expect("a home directory");
    // A file where the directory should be.
    fs::write(home.path().join(".local"), "").expect("a file");
    let (code, told, hints) = Foreground::start(home.path()).end_by("TERM");
    assert_eq!(code, Some(0));
    assert!(told.starts_with("listening on "));
    assert!(hints.starts_with("logferry: going on without a log file: "), "{hints}");
    assert!(hints.contains(".local/state/logferry/logferry.log"), "{hints}");
}

#[test]
fn a_configuration_is_written_found_and_checked() {
    let home = tempfile::tempdir().expect("a home directory");
    let told = |arguments: &[&str]| {
        let output = logferry(home.path(), arguments).output().expect("the binary runs");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let file = home.path().join(".config/logferry/config.toml");
    assert_eq!(told(&["config", "path"]), (Some(0), format!("{}\n", file.display()), String::new()));
    let (code, checked, _) = told(&["config", "check"]);
    assert_eq!(code, Some(0));
    assert!(checked.ends_with(": there is no such file, so every setting has its default\n"), "{checked}");
    fs::create_dir_all(file.parent().expect("a directory")).expect("it can be made");
    fs::write(&file, told(&["config", "template"]).1).expect("it can be written");
    assert_eq!(
        told(&["config", "check"]),
        (Some(0), format!("{}: nothing is wrong with it\n", file.display()), String::new())
    );
    fs::write(&file, "them = 1\nretries = \"3\"\n").expect("it can be written");
    let (code, _, wrong) = told(&["config", "check"]);
    assert_eq!((code, wrong.lines().count()), (Some(1), 2), "{wrong}");
    assert!(wrong.contains("config.toml: line 2: retries is \"3\": it may be a number from 0 to 100"), "{wrong}");
    let (code, out, wrong) = told(&["--sandbox", "groups"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "it stops whatever starts");
    assert!(wrong.starts_with("error: ") && wrong.lines().count() == 1, "{wrong}");
}

#[test]
fn every_path_is_told_and_nothing_is_made() {
    let home = tempfile::tempdir().expect("a home directory");
    let output = logferry(home.path(), &["paths", "--state-dir", "/s"]).output().expect("the binary runs");
    let config = home.path().join(".config/logferry/config.toml");
    let expected =
        format!("configuration\t{}\nstate\t/s\nledger\t/s/ledger.db\nlog\t/s/logferry.log\n", config.display());
    assert_eq!(text(&output.stdout), expected);
    let output = logferry(home.path(), &["paths", "--json"]).env("XDG_CONFIG_HOME", "/c").output().expect("it runs");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(told["config"], "/c/logferry/config.toml");
    assert_eq!(told["log"], home.path().join(".local/state/logferry/logferry.log").display().to_string());
    assert_eq!(fs::read_dir(home.path()).expect("it is there").count(), 0, "nothing was made");
}

const README: &str = include_str!("../README.md");

#[test]
fn readme_names_every_setting() {
    let template = include_str!("../assets/config.toml");
    let settings = template.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    let settings: Vec<&str> = settings.map(|(key, _)| key).collect();
    assert!(settings.len() > 3, "{settings:?}");
    for key in settings {
        assert!(README.contains(&format!("| `{key}` |")), "README's table of settings does not name {key}");
    }
}

#[test]
fn readmes_policies_are_json() {
    let blocks: Vec<&str> = README.split("```json\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    assert_eq!(blocks.len(), 2, "the IAM policy and the bucket policy");
    for block in blocks {
        let policy: serde_json::Value = serde_json::from_str(block).expect("a policy is JSON");
        assert_eq!(policy["Version"], "2012-10-17");
    }
}

#[test]
fn readme_names_no_option_that_does_not_exist_and_leaves_none_out() {
    let commands = [
        &["--help"][..],
        &["sandbox", "--help"],
        &["export", "--help"],
        &["run", "--help"],
        &["groups", "--help"],
        &["tasks", "list", "--help"],
        &["tasks", "cancel", "--help"],
        &["tasks", "retry", "--help"],
        &["tasks", "pause", "--help"],
        &["doctor", "--help"],
        &["policy", "--help"],
        &["verify", "--help"],
        &["buckets", "create", "--help"],
        &["buckets", "grant", "--help"],
        &["buckets", "undo", "--help"],
        &["buckets", "lifecycle", "x", "add", "--help"],
        &["buckets", "lifecycle", "x", "edit", "--help"],
        &["paths", "--help"],
    ];
    let help = commands.map(|arguments| text(&run(arguments).stdout)).concat();
    let options = |text: &str| {
        let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
        words
            .filter(|word| word.starts_with("--") && !word.starts_with("---") && word.len() > 2)
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let cargos = ["--release".to_owned()].into();
    let named: BTreeSet<String> = options(README).difference(&cargos).cloned().collect();
    let known = options(&help);
    assert!(named.is_subset(&known), "not in the help: {:?}", named.difference(&known));
    let for_the_curious = ["--help", "--version"].map(str::to_owned).into();
    let missing: BTreeSet<_> = known.difference(&named).cloned().collect();
    assert_eq!(missing, for_the_curious);
}

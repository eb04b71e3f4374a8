//! Keeps the picture in `src/lib.rs` true: reads every path written under `src` and fails when an arrow runs against it.
//!
//! [`rules`] holds the picture as data, [`source`] finds the paths in a file's text. The checker itself is tested on made-up
//! sources at the end: a guard that cannot fail guards nothing.
#![expect(clippy::unwrap_used, reason = "the walk over the sources fails by panicking, as tests do")]

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

mod architecture {
    pub mod rules;
    pub mod source;
}

use architecture::rules;
use architecture::source::Source;

/// One line that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    file: String,
    line: usize,
    found: String,
    rule: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: `{}`: {}", self.file, self.line, self.found, self.rule)
    }
}

/// Checks one file; `file` is its path under `src`, with forward slashes.
fn check(file: &str, text: &str) -> Vec<Violation> {
    let violation =
        |line, found: &str, rule| Violation { file: format!("src/{file}"), line, found: found.to_owned(), rule };
    let mut violations = Vec::new();
    if !text.starts_with("//! ") {
        violations.push(violation(1, text.lines().next().unwrap_or_default(), rules::HEADER.to_owned()));
    }
    let floor = rules::floor_of(file);
    let source = Source::read(file, text);
    for path in source.paths() {
        if let Some(rule) = rules::broken_by(floor, &path.segments, path.in_test) {
            violations.push(violation(path.line, &path.segments.join("::"), rule));
        }
    }
    violations
}

/// Every Rust file under `directory`.
fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn no_arrow_runs_against_the_picture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    assert!(files.contains(&root.join("main.rs")) && files.len() > 10, "the sources were not found: {files:?}");
    let mut broken = Vec::new();
    for path in &files {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        broken.extend(check(&name, &fs::read_to_string(path).unwrap()).iter().map(ToString::to_string));
    }
    assert!(broken.is_empty(), "{} broken rules (the picture is in src/lib.rs):\n{}", broken.len(), broken.join("\n"));
}

/// What `text` under a proper header breaks, as `line: found`.
fn broken(file: &str, text: &str) -> Vec<String> {
    check(file, &format!("//! Header.\n{text}")).iter().map(|v| format!("{}: {}", v.line, v.found)).collect()
}

#[test]
fn a_crate_outside_its_floor_is_found() {
    assert_eq!(broken("export/queue.rs", "\nuse ratatui::Frame;"), ["3: ratatui::Frame"]);
    assert_eq!(broken("cli/mod.rs", "fn f() { crossterm::terminal::size(); }"), ["2: crossterm::terminal::size"]);
    assert_eq!(broken("domain/x.rs", "use tui_input::Input;"), ["2: tui_input::Input"]);
    assert_eq!(broken("export/x.rs", "use rusqlite::Connection;"), ["2: rusqlite::Connection"]);
    assert_eq!(broken("tui/view/x.rs", "use ratatui::{Frame, layout::Rect};\nuse tui_input::Input;"), [""; 0]);
}

#[test]
fn an_sdk_outside_aws_is_found() {
    let line = "use aws_sdk_s3::Client;";
    for file in ["export/x.rs", "tui/x.rs", "cli/x.rs", "domain/x.rs", "sandbox/s3/x.rs", "main.rs"] {
        assert_eq!(broken(file, line), ["2: aws_sdk_s3::Client"], "{file}");
    }
    assert_eq!(broken("aws/x.rs", line), [""; 0]);
    let typed = "struct S { client: Option<aws_sdk_cloudwatchlogs::Client> }";
    assert_eq!(broken("export/x.rs", typed), ["2: aws_sdk_cloudwatchlogs::Client"]);
}

#[test]
fn io_and_clocks_in_domain_are_found() {
    for (line, found) in [
        ("use tokio::time::sleep;", "tokio::time::sleep"),
        ("use std::{fmt, fs::File};", "std::fs::File"),
        ("use std::net::TcpStream;", "std::net::TcpStream"),
        ("fn f() { std::env::var(\"HOME\"); }", "std::env::var"),
        ("use std::env;", "std::env"),
        ("use std::process::Command;", "std::process::Command"),
        ("fn f() { SystemTime::now(); }", "SystemTime::now"),
        ("fn f() { let t = chrono::Utc::now(); }", "chrono::Utc::now"),
        ("fn f() { Local::now(); }", "Local::now"),
        ("fn f() { std::time::Instant::now(); }", "std::time::Instant::now"),
    ] {
        assert_eq!(broken("domain/x.rs", line), [format!("2: {found}")]);
        assert_eq!(broken("export/x.rs", line), [""; 0], "only domain is that pure");
    }
    assert_eq!(broken("domain/x.rs", "use std::time::SystemTime;\nuse chrono::{Local, Utc};"), [""; 0]);
}

#[test]
fn a_floor_that_looks_up_or_sideways_is_found() {
    for (file, line, found) in [
        ("domain/x.rs", "use crate::aws::Session;", "crate::aws::Session"),
        ("aws/x.rs", "use crate::export::Queue;", "crate::export::Queue"),
        ("aws/x.rs", "use crate::{domain::time::Timestamp, tui};", "crate::tui"),
        ("export/x.rs", "fn f(m: crate::tui::Model) {}", "crate::tui::Model"),
        ("tui/x.rs", "use crate::cli::Action;", "crate::cli::Action"),
        ("cli/x.rs", "use crate::tui::theme::Theme;", "crate::tui::theme::Theme"),
        ("sandbox/x.rs", "use crate::aws::Session;", "crate::aws::Session"),
        ("domain/x.rs", "use super::super::aws::Session;", "crate::aws::Session"),
        ("export/mod.rs", "use super::tui::cells;", "crate::tui::cells"),
        ("main.rs", "use logferry::export::Queue;", "crate::export::Queue"),
    ] {
        assert_eq!(broken(file, line), [format!("2: {found}")], "{file}: {line}");
    }
}

#[test]
fn the_arrows_of_the_picture_pass() {
    for (file, line) in [
        ("aws/x.rs", "use crate::domain::problem::Problem;"),
        ("export/x.rs", "use crate::{aws::Session, domain::task::{Task, State}};"),
        ("tui/x.rs", "use crate::export::Queue; use crate::aws::Session; use crate::domain::time;"),
        ("cli/x.rs", "use crate::tui::{self, RunOptions}; fn f() { tui::run(o) }"),
        ("sandbox/x.rs", "use crate::domain::inventory::Encryption; use super::world::World;"),
        ("main.rs", "use logferry::cli::{self, Environment};"),
        ("domain/x.rs", "use super::names::TaskId;"),
        ("export/x.rs", "fn f() -> impl Fn() + use<> { let a = { 1 }; g(a) }"),
        ("export/x.rs", "use std::fmt::{Write as tui, self as ratatui}; use crate::domain as tui;"),
    ] {
        assert_eq!(broken(file, line), [""; 0], "{file}: {line}");
    }
}

#[test]
fn only_start_up_and_tests_start_the_sandbox() {
    let line = "use crate::sandbox::Sandbox;";
    for file in ["aws/x.rs", "export/x.rs", "tui/x.rs", "domain/x.rs"] {
        assert_eq!(broken(file, line), ["2: crate::sandbox::Sandbox"], "{file}");
    }
    assert_eq!(broken("cli/start.rs", line), [""; 0]);
    let test = format!("#[cfg(test)]\nmod tests {{\n    {line}\n}}\n");
    assert_eq!(broken("export/x.rs", &test), [""; 0], "tests talk to it through the real SDKs");
    assert_eq!(broken("export/queue/tests.rs", line), [""; 0]);
    assert_eq!(broken("domain/x.rs", &test), ["4: crate::sandbox::Sandbox"], "domain's tests are as pure as domain");
    let after = format!("{test}{line}");
    assert_eq!(broken("export/x.rs", &after), ["6: crate::sandbox::Sandbox"], "the test module has ended");
}

#[test]
fn a_floor_that_is_not_in_the_picture_is_found() {
    assert_eq!(broken("helpers/x.rs", "use crate::domain::time;"), ["2: crate::domain::time"]);
    assert_eq!(broken("export/x.rs", "use crate::helpers::thing;"), ["2: crate::helpers::thing"]);
}

#[test]
fn comments_strings_and_characters_are_no_paths() {
    let text = r##"
// use ratatui::Frame;
/* crate::tui::x /* nested */ crate::tui::y */
/// [`crate::tui::run`]
const A: &str = "use ratatui::Frame; \" crate::tui::x";
const B: &str = r#"crate::tui::x " ratatui::Frame"#;
const C: char = '"'; const D: char = '\''; fn f<'a>(x: &'a str) {}
"##;
    assert_eq!(broken("export/x.rs", text), [""; 0]);
    assert_eq!(broken("export/x.rs", &format!("{text}use ratatui::Frame;")), ["9: ratatui::Frame"]);
}

#[test]
fn a_file_that_does_not_say_what_it_is_for_is_found() {
    for text in ["use std::fmt;", "", "/// Not this.\n", "//!\n"] {
        let found = check("export/x.rs", text);
        assert_eq!(found.len(), 1, "{text:?}");
        assert!(found[0].to_string().starts_with("src/export/x.rs:1: "), "{}", found[0]);
    }
}

#[test]
fn a_violation_names_file_line_path_and_rule() {
    let found = check("export/queue.rs", "//! Header.\n\nuse ratatui::Frame;\n");
    assert_eq!(
        found[0].to_string(),
        "src/export/queue.rs:3: `ratatui::Frame`: `ratatui` belongs to tui/ alone, this is export/"
    );
}

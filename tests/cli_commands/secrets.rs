//! Nothing secret is written anywhere: marked credentials are used, and then everything the program wrote is searched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::desk::{BUCKET, Desk, export};

/// Marks that stand nowhere but in credentials.
const SECRETS: [&str; 3] = ["SecretKeyOfTheEnvironment", "SessionTokenOfTheEnvironment", "SecretKeyOfTheFile"];

/// The AWS CLI's own file, which holds one of them.
const CREDENTIALS: &str = ".aws/credentials";

/// The command with marked credentials in its environment, logging all it can.
fn marked(desk: &Desk, arguments: &[&str]) -> Output {
    run(desk.command(arguments).envs([
        ("AWS_SECRET_ACCESS_KEY", SECRETS[0]),
        ("AWS_SESSION_TOKEN", SECRETS[1]),
        ("LOGFERRY_LOG", "trace"),
    ]))
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the binary runs")
}

/// Every file below `directory`.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|part| part == secret.as_bytes())
}

#[test]
fn no_secret_reaches_a_file_or_a_stream() {
    let desk = Desk::at("600");
    let file = desk.home.path().join(CREDENTIALS);
    fs::create_dir_all(file.parent().expect("a directory")).expect("it can be made");
    fs::write(&file, format!("[marked]\naws_access_key_id = tests\naws_secret_access_key = {}\n", SECRETS[2]))
        .expect("it can be written");
    let mut outputs = vec![
        marked(&desk, &["groups"]),
        marked(&desk, &export(&["--group", "/demo/orders", "--bucket", BUCKET])),
        marked(&desk, &["doctor", "--bucket", "no-such-bucket-of-anybody"]),
        marked(&desk, &["tasks", "show", "no-such-task"]),
        marked(&desk, &["groups", "--endpoint-url", "http://127.0.0.1:1"]),
        marked(&desk, &["paths", "--json"]),
    ];
    let mut by_file = desk.command(&["--profile", "marked", "--log-level", "trace", "groups"]);
    outputs.push(run(by_file.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY")));
    // They did what they were called for: an export that ran, and what fails in ways that are told at length.
    let codes: Vec<_> = outputs.iter().map(|output| output.status.code()).collect();
    assert_eq!(codes, [0, 0, 4, 2, 1, 0, 0].map(Some), "{outputs:?}");
    let written: Vec<_> = files(desk.home.path()).into_iter().filter(|path| *path != file).collect();
    let names: Vec<_> = written.iter().filter_map(|path| path.file_name()?.to_str()).collect();
    assert!(names.contains(&"logferry.log") && names.contains(&"ledger.db"), "{names:?}");
    for secret in SECRETS {
        assert!(secret != SECRETS[2] || holds(&fs::read(&file).expect("it is there"), secret), "the search works");
        for path in &written {
            assert!(!holds(&fs::read(path).expect("it can be read"), secret), "{secret} is in {}", path.display());
        }
        for output in &outputs {
            assert!(!holds(&output.stdout, secret) && !holds(&output.stderr, secret), "{secret}: {output:?}");
        }
    }
}

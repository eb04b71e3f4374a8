//! The referees' Python environment: built once under `target/referees` from `requirements.txt`, then reused.
//!
//! A machine without Python 3 fails the tests with a message that says what to install: a referee that is silently left out would
//! be no referee.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// What to do about a Python that cannot do what is needed.
const REMEDY: &str = "The tests need Python 3.10 or newer with its venv module and access to PyPI \
    (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python).";

/// A program of the environment: `python`, `aws`, `moto_server`.
pub fn tool(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(built).join("bin").join(name)
}

/// The environment's directory, up to date. Test binaries may run side by side: the first builds, the others wait.
fn built() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory has a name");
    let root = target.join("referees");
    fs::create_dir_all(&root).expect("the target directory can be written");
    let lock = File::create(root.join("lock")).expect("the lock file can be made");
    lock.lock().expect("the lock can be waited for");
    let (venv, stamp) = (root.join("venv"), root.join("stamp"));
    let wanted = wanted(&venv);
    if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return venv;
    }
    let _ = fs::remove_file(&stamp);
    let _ = fs::remove_dir_all(&venv);
    build(&root, &venv);
    // Last: an environment that was built halfway has no stamp.
    fs::write(&stamp, wanted).expect("the stamp can be written");
    venv
}

/// What the environment depends on. Its programs hold its own path, so a moved target directory needs a new one.
fn wanted(venv: &Path) -> String {
    format!("{}\n{}\n{REQUIREMENTS}", venv.display(), run(Command::new("python3").arg("--version")))
}

fn build(root: &Path, venv: &Path) {
    run(Command::new("python3").args(["-m", "venv"]).arg(venv));
    let requirements = root.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).expect("the requirements can be written");
    let pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--requirement"];
    run(Command::new(venv.join("bin/python")).args(pip).arg(&requirements));
}

/// Runs a step to its end; answers what it wrote.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}\n{REMEDY}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{command:?} failed:\n{out}\n{err}\n{REMEDY}");
    out
}

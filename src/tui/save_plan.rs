//! Writing what stands in the form as a plan file: the little form that asks where, and the writing itself.
//!
//! A file that is there is never overwritten without being asked for by its own key.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossterm::event::KeyEvent;

use crate::domain::names::PlanName;
use crate::domain::plan::Plan;
use crate::domain::plan_file;
use crate::tui::entry::{Entry, TakesText};
use crate::tui::line::without_controls;
use crate::tui::list::RequestId;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFile {
    /// Its path, as typed.
    pub path: String,
    /// What is written.
    pub text: String,
    /// Whether one that is there is replaced.
    pub overwrite: bool,
}

/// Why a file was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// There is one of that name.
    InTheWay,
    /// Anything else, in words.
    Failed(String),
}

/// What is typed, and what came of it.
#[derive(Clone, Debug)]
pub struct SavePlan {
    text: String,
    path: Entry,
    /// How far it has come.
    pub stage: Stage,
}

/// How far the writing has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The path is being typed.
    Typing,
    /// It is being written.
    Asked(RequestId),
    /// It was not written under this path.
    Refused(String, NotSaved),
}

impl SavePlan {
    /// For `plan`, under a name that is made of the plan's own.
    pub fn new(plan: &Plan) -> Self {
        let name = plan.name.as_ref().map_or("plan", PlanName::as_str);
        Self {
            text: plan_file::write(plan),
            path: Entry::new(format!("{}.toml", file_name(name))),
            stage: Stage::Typing,
        }
    }

    /// The path's field.
    pub const fn entry(&mut self) -> &mut Entry {
        &mut self.path
    }

    /// The path with its cursor.
    pub const fn path(&self) -> &Entry {
        &self.path
    }

    /// Whether a file of just this name is there.
    pub fn is_in_the_way(&self) -> bool {
        matches!(&self.stage, Stage::Refused(path, NotSaved::InTheWay) if path == self.path.value())
    }

    /// What was wrong with just this path.
    pub fn refusal(&self) -> Option<&NotSaved> {
        match &self.stage {
            Stage::Refused(path, why) if path == self.path.value() => Some(why),
            Stage::Refused(..) | Stage::Typing | Stage::Asked(_) => None,
        }
    }

    /// What is to be written.
    pub fn file(&self, overwrite: bool) -> PlanFile {
        PlanFile { path: self.path.value().to_owned(), text: self.text.clone(), overwrite }
    }
}

impl TakesText for SavePlan {
    /// Gives a key to the path.
    fn edit(&mut self, key: KeyEvent) {
        self.path.type_key(key);
    }

    /// Pastes into the path.
    fn paste(&mut self, text: &str) {
        self.path.insert(without_controls(text).trim());
    }

    fn field(&mut self) -> Option<&mut Entry> {
        Some(self.entry())
    }
}

impl PartialEq for SavePlan {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.path.value(), &self.stage) == (&other.text, other.path.value(), &other.stage)
    }
}

impl Eq for SavePlan {}

/// A plan's name as one of a file that needs no quotes in a shell.
fn file_name(name: &str) -> String {
    let plain = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
    let dashed: String = name.chars().map(plain).collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "plan".to_owned() } else { words.join("-") }
}

/// Writes `file`, away from the threads that answer keys.
pub async fn save(file: Arc<PlanFile>) -> Result<(), NotSaved> {
    let written = tokio::task::spawn_blocking(move || write(&typed_path(&file.path), &file));
    let written = written.await.map_err(|error| NotSaved::Failed(error.to_string()))?;
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => NotSaved::InTheWay,
        _ => NotSaved::Failed(error.to_string()),
    })
}

/// Where a path is that a person has typed.
pub fn typed_path(typed: &str) -> PathBuf {
    at(typed, std::env::var_os("HOME").map(PathBuf::from).as_deref())
}

/// Where `typed` is; `~/` is the home directory, as in a shell.
fn at(typed: &str, home: Option<&Path>) -> PathBuf {
    let typed = typed.trim();
    match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    }
}

fn write(path: &Path, file: &PlanFile) -> io::Result<()> {
    if !file.overwrite {
        return put(path, &file.text);
    }
    // Written beside it first: what is there stays whole until the new one is.
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    put(Path::new(&beside), &file.text)?;
    fs::rename(&beside, path)
}

/// A new file; none that is there is touched.
fn put(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &Path, text: &str, overwrite: bool) -> Arc<PlanFile> {
        Arc::new(PlanFile { path: path.to_str().unwrap().to_owned(), text: text.to_owned(), overwrite })
    }

    #[tokio::test]
    async fn a_file_that_is_there_is_only_overwritten_when_that_is_asked_for() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plan.toml");
        assert_eq!(save(file(&path, "one", false)).await, Ok(()));
        assert_eq!(save(file(&path, "two", false)).await, Err(NotSaved::InTheWay));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(save(file(&path, "three", true)).await, Ok(()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[tokio::test]
    async fn a_directory_that_is_not_there_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let refused = save(file(&directory.path().join("none/plan.toml"), "", false)).await;
        assert!(matches!(&refused, Err(NotSaved::Failed(why)) if why.contains("No such file")), "{refused:?}");
    }

    #[test]
    fn paths_are_read_as_a_shell_reads_them() {
        assert_eq!(at(" ~/plans/a.toml ", Some(Path::new("/home/x"))), Path::new("/home/x/plans/a.toml"));
        assert_eq!(at("~/a", None), Path::new("~/a"));
        assert_eq!(at("a b.toml", Some(Path::new("/home/x"))), Path::new("a b.toml"));
    }

    #[test]
    fn the_name_of_a_plan_makes_the_name_of_a_file() {
        for (name, expected) in
            [("nightly run", "nightly-run"), ("../../etc/x", "etc-x"), ("Ärger!", "Ärger"), ("//", "plan")]
        {
            assert_eq!(file_name(name), expected);
        }
    }
}

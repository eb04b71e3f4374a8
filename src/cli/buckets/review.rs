//! Showing a change, asking for it, and telling what came of it.

use std::io::{self, IsTerminal as _, Write as _};

use color_eyre::eyre::{Report, WrapErr as _};
use serde::Serialize;

use crate::cli::outcome::{WrongUsage, say};
use crate::cli::output::{Form, Output, in_colour, json_line};
use crate::domain::policy::{Change as Mark, Line};
use crate::domain::text::escape;
use crate::export::remedy::{Change, Setting};

/// The code of what was declined, or not all of which could be done.
pub const NOT_ALL: u8 = 3;

/// Green, red, and back: ANSI's own, which every terminal shows in its theme.
const ADDED: &str = "\x1b[32m";
const REMOVED: &str = "\x1b[31m";
const PLAIN: &str = "\x1b[0m";

/// How somebody wants to be asked and told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// He is not asked.
    pub yes: bool,
    /// It is shown and not done.
    pub dry_run: bool,
    /// He is told in JSON.
    pub json: bool,
}

impl Manner {
    /// Refuses to change anything where nobody can be asked and nobody has said yes.
    pub fn check(self) -> Result<(), WrongUsage> {
        let answered = self.yes || self.dry_run || (io::stdin().is_terminal() && io::stderr().is_terminal());
        if answered {
            return Ok(());
        }
        let how = "give --yes to change it all the same, or --dry-run to see what would be changed";
        Err(WrongUsage(format!("there is no terminal to ask at, so nothing was done: {how}")))
    }

    /// Shows `text` of what is to be done: on stdout, unless that is for JSON alone.
    pub fn show(self, output: &mut Output, text: &str) -> Result<(), Report> {
        match output.form() {
            Form::People | Form::Fields => {
                output.write(text).wrap_err("cannot write to stdout")?;
            }
            Form::Json if !self.yes && !self.dry_run => say(text.trim_end()),
            Form::Json => {}
        }
        Ok(())
    }

    /// What comes next: it is done, only shown, or declined at the terminal.
    pub async fn decide(self, question: &str) -> Result<Decision, Report> {
        if self.dry_run {
            return Ok(Decision::ShownOnly);
        }
        if self.yes || ask(question).await? { Ok(Decision::Do) } else { Ok(Decision::Declined) }
    }
}

/// What was decided about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is to be made.
    Do,
    /// It was to be shown alone.
    ShownOnly,
    /// Somebody said no.
    Declined,
}

/// Asks at the terminal; no answer is no.
async fn ask(question: &str) -> Result<bool, Report> {
    let mut stderr = io::stderr();
    write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush()).wrap_err("cannot ask on stderr")?;
    let read = || {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    };
    let answer = tokio::task::spawn_blocking(read).await?.wrap_err("cannot read the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// `change` in full: its title, every line before and after, and what is worth knowing.
pub fn in_full(change: &Change) -> String {
    let head = format!("{} in {}:\n", change.title(), change.region());
    let lines: String = change.diff().iter().map(|line| marked(line, in_colour())).collect();
    let notes = change.notes().iter().map(|note| format!("note: {}\n", escape(note)));
    head + &lines + &notes.collect::<String>()
}

/// A line with its sign, green if it is new and red if it goes.
fn marked(line: &Line, in_colour: bool) -> String {
    let text = line.to_string();
    let text = escape(&text);
    let colour = match line.change {
        Mark::Added => ADDED,
        Mark::Removed => REMOVED,
        Mark::Same => return format!("{text}\n"),
    };
    if in_colour { format!("{colour}{text}{PLAIN}\n") } else { format!("{text}\n") }
}

/// What came of a change, as one JSON object; README documents it.
#[derive(Serialize)]
pub struct Record<'a> {
    pub event: &'static str,
    pub bucket: &'a str,
    pub region: Option<&'a str>,
    pub setting: &'static str,
    /// `applied`, `shown`, `declined`, or `nothing_missing`.
    pub outcome: &'static str,
    pub after: Option<&'a str>,
    pub notes: &'a [String],
    /// The file that keeps what was replaced.
    pub copy: Option<String>,
}

impl Record<'_> {
    /// Its line, if JSON is written.
    pub fn tell(&self, output: &mut Output) {
        if output.form() == Form::Json {
            output.tell(&json_line(self));
        }
    }
}

/// The setting's name for programs.
pub const fn code(setting: Setting) -> &'static str {
    match setting {
        Setting::Policy => "policy",
        Setting::Lifecycle => "lifecycle",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_is_coloured_and_nothing_moves_the_cursor() {
        let line = |change| Line { change, text: "a\u{1b}[2J".to_owned() };
        assert_eq!(marked(&line(Mark::Added), true), "\x1b[32m+a\\u{1b}[2J\x1b[0m\n");
        assert_eq!(marked(&line(Mark::Removed), false), "-a\\u{1b}[2J\n");
        assert_eq!(marked(&line(Mark::Same), true), " a\\u{1b}[2J\n");
    }
}

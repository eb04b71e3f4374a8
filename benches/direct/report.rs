//! What is printed: rows of figures, and beside them the bounds of the specification with whether they are met.

use std::fs;
use std::process::ExitCode;

/// Counts what was missed.
#[derive(Debug)]
pub struct Report {
    missed: usize,
}

impl Report {
    /// Prints what the machine is, and how busy.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        println!("{cores} cores, load {}", load());
        Self { missed: 0 }
    }

    /// Prints a section's title.
    pub fn section(title: &str) {
        println!("\n{title}");
    }

    /// Prints a row, and whether `bound` is met, should there be one.
    pub fn row(&mut self, figures: &str, bound: Option<(&str, bool)>) {
        let verdict = match bound {
            Some((bound, met)) => {
                self.missed += usize::from(!met);
                format!("   {bound}: {}", if met { "met" } else { "MISSED" })
            }
            None => String::new(),
        };
        println!("{figures}{verdict}");
    }

    /// The end: fails if a bound was missed.
    pub fn end(self) -> ExitCode {
        println!("\n{} bounds missed, load {}", self.missed, load());
        if self.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// How many processes wanted a core in the last minute.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

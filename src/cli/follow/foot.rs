//! The foot of the terminal as the progress bar sees it: stderr, a few columns narrower than it is.
//!
//! indicatif fills the bar's line to the edge. A `^C` that the terminal echoes would then begin another line, and the bar
//! above it would be left on the screen for good.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use rustix::termios::{Winsize, tcgetwinsize};

/// Room for the echo of `^C`, and of another one.
const MARGIN: u16 = 4;
/// Where the terminal does not tell its size.
const USUAL: (u16, u16) = (80, 24);

/// Drawings a second at most.
const RATE: u8 = 10;

/// A bar at the foot, if stderr is a terminal that can show one. It is drawn when it is told something new, and never by a
/// clock of its own.
pub fn bar(prefix: &'static str, template: &str) -> Option<ProgressBar> {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if dumb || !io::stderr().is_terminal() {
        return None;
    }
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(Foot::default()), RATE);
    let bar = ProgressBar::with_draw_target(Some(0), target);
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style.progress_chars("=> "));
    bar.set_prefix(prefix);
    Some(bar)
}

/// The terminal behind stderr. What is drawn is written in one go.
#[derive(Debug, Default)]
struct Foot(Mutex<String>);

impl Foot {
    fn drawn(&self) -> MutexGuard<'_, String> {
        // Whoever panicked while drawing has left half a line at worst.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A control sequence with a count; nothing for none, which terminals take for one.
    fn step(&self, count: usize, letter: char) -> io::Result<()> {
        if count > 0 {
            write!(self.drawn(), "\x1b[{count}{letter}").map_err(io::Error::other)?;
        }
        Ok(())
    }
}

fn size() -> (u16, u16) {
    match tcgetwinsize(io::stderr()) {
        Ok(Winsize { ws_col, ws_row, .. }) if ws_col > 0 && ws_row > 0 => (ws_col, ws_row),
        _ => USUAL,
    }
}

impl TermLike for Foot {
    fn width(&self) -> u16 {
        size().0.saturating_sub(MARGIN).max(1)
    }

    fn height(&self) -> u16 {
        size().1
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.step(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.step(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.step(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.step(n, 'D')
    }

    fn write_line(&self, s: &str) -> io::Result<()> {
        self.drawn().extend([s, "\n"]);
        Ok(())
    }

    fn write_str(&self, s: &str) -> io::Result<()> {
        self.drawn().push_str(s);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.drawn().push_str("\r\x1b[2K");
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let text = std::mem::take(&mut *self.drawn());
        let mut stderr = io::stderr().lock();
        stderr.write_all(text.as_bytes())?;
        stderr.flush()
    }
}

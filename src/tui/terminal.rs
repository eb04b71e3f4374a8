//! The terminal itself: taken over once, given back exactly once on every way out.
//!
//! Whoever ends the program (return, error, panic, signal) ends up in [`restore`], which does its work only if the
//! terminal is taken.

use std::io::{self, IsTerminal, Stdout, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use color_eyre::Result;
use color_eyre::eyre::ensure;
use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use crate::config::Notify;
use crate::domain::text::escape;
use crate::tui::model::Model;
use crate::tui::view::{terminal_title, view};

/// What of the terminal is taken, if it is: the one guard of "exactly once". Held while a frame is written, so that none
/// lands on a screen that a panic elsewhere has just given back.
static TAKEN: Mutex<Option<Taking>> = Mutex::new(None);

/// The mouse's buttons and wheel are reported, in the form that counts beyond 223 columns. Not its moves: nothing here
/// follows them.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// xterm's stack of titles, which nearly all have: what was there before comes back. Where there is none, the title is
/// empty then, for which a terminal has words of its own.
const KEEP_TITLE: &str = "\x1b[22;2t";
const GIVE_TITLE_BACK: &str = "\x1b]2;\x07\x1b[23;2t";

/// What is taken beside the screen and the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taking {
    /// The mouse's buttons and wheel; the terminal's own selection needs Shift then.
    pub mouse: bool,
    /// The title.
    pub title: bool,
}

/// A terminal in raw mode on its alternate screen.
#[derive(Debug)]
pub struct Tty {
    taking: Taking,
    /// The title as it was set last.
    titled: Option<String>,
    terminal: Terminal<CrosstermBackend<Pen<Stdout>>>,
}

impl Tty {
    /// Takes the terminal. Fails if there is none.
    pub fn open(taking: Taking) -> Result<Self> {
        ensure!(
            io::stdin().is_terminal() && io::stdout().is_terminal(),
            "logferry's terminal interface needs a terminal: standard input and output must not be redirected"
        );
        restore_on_panic();
        // The theme alone decides about colours: under NO_COLOR crossterm would write an empty colour, which terminals
        // read as "reset everything", and the reverse video of the cursor row would be gone.
        crossterm::style::force_color_output(true);
        take(taking)?;
        let terminal = Terminal::new(CrosstermBackend::new(Pen::new(io::stdout())));
        terminal.map(|terminal| Self { taking, titled: None, terminal }).map_err(|error| {
            restore();
            error.into()
        })
    }

    /// Columns and rows.
    pub fn size(&self) -> Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws the model; only cells that changed are written.
    pub fn draw(&mut self, model: &Model) -> Result<()> {
        self.terminal.draw(|out| view(model, out))?;
        if self.taking.title {
            self.entitle(terminal_title(model))?;
        }
        Ok(())
    }

    /// Sets the title, if it is another.
    fn entitle(&mut self, title: String) -> io::Result<()> {
        if self.titled.as_ref() == Some(&title) {
            return Ok(());
        }
        let backend = self.terminal.backend_mut();
        write!(backend, "\x1b]2;{}\x07", escape(&title))?;
        self.titled = Some(title);
        io::Write::flush(backend)
    }

    /// Calls a person who looks elsewhere. Nothing in `text` can end the sequence it travels in.
    pub fn notify(&mut self, how: Notify, text: &str) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        match how {
            Notify::Off => return Ok(()),
            Notify::Bell => backend.write_all(b"\x07")?,
            Notify::Osc9 => write!(backend, "\x1b]9;{}\x07", escape(text))?,
        }
        io::Write::flush(backend)
    }

    /// Has the terminal put `text` on its clipboard (OSC 52). It travels in letters and digits alone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Takes the terminal again after a stop; the next frame is drawn in full. A stop from outside leaves it taken, but
    /// the shell has set its own modes meanwhile: only giving ours up first makes crossterm set them again.
    pub fn retake(&mut self) -> Result<()> {
        disable_raw_mode()?;
        take(self.taking)?;
        self.titled = None;
        let (width, height) = self.size()?;
        self.terminal.resize(ratatui::layout::Rect::new(0, 0, width, height))?;
        Ok(())
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        restore();
    }
}

/// Collects a frame and writes it in one go, if the terminal is still ours; a frame that is too late goes nowhere.
#[derive(Debug)]
struct Pen<W> {
    out: W,
    frame: Vec<u8>,
}

impl<W> Pen<W> {
    const fn new(out: W) -> Self {
        Self { out, frame: Vec::new() }
    }
}

impl<W: Write> Write for Pen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let taken = taken();
        let frame = std::mem::take(&mut self.frame);
        if taken.is_some() {
            self.out.write_all(&frame)?;
            self.out.flush()?;
        }
        Ok(())
    }
}

/// Nothing panics while it holds the guard; should something, the flag is right all the same.
fn taken() -> MutexGuard<'static, Option<Taking>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take(taking: Taking) -> Result<()> {
    enable_raw_mode()?;
    let before = taken().replace(taking);
    // What is taken still has kept the title already.
    let title = if taking.title && before.is_none() { KEEP_TITLE } else { "" };
    let mouse = if taking.mouse { MOUSE_ON } else { "" };
    execute!(io::stdout(), Print(title), EnterAlternateScreen, EnableBracketedPaste, Print(mouse), cursor::Hide)
        .inspect_err(|_| restore())?;
    Ok(())
}

/// Gives the terminal back if it is taken. Failures are of no use any more: the terminal may be gone.
pub fn restore() {
    let mut taken = taken();
    if let Some(taking) = taken.take() {
        let mouse = if taking.mouse { MOUSE_OFF } else { "" };
        let title = if taking.title { GIVE_TITLE_BACK } else { "" };
        // The mouse before the modes: what it reports would be echoed. The modes before the screen: whoever types as soon
        // as the shell's is there types in the shell's modes.
        let _ = execute!(io::stdout(), Print(mouse));
        let _ = disable_raw_mode();
        let _ = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen, Print(title), cursor::Show);
    }
}

/// A panic anywhere, a background task included, gives the terminal back before it is reported. The report ends the program.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore();
            report(info);
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_lands_only_on_a_terminal_that_is_taken() {
        let mut pen = Pen::new(Vec::new());
        let draw =
            |pen: &mut Pen<Vec<u8>>| pen.write_all(b"frame").and_then(|()| pen.flush()).expect("a vector takes all");
        draw(&mut pen);
        assert_eq!(pen.out, b"", "nobody has taken it");
        *taken() = Some(Taking::default());
        draw(&mut pen);
        *taken() = None;
        draw(&mut pen);
        assert_eq!(pen.out, b"frame", "once, while it was taken, and nothing late");
    }
}

//! A verdict in a cell: a glyph and a word, so that it reads the same without colours.

use crate::domain::preflight::Verdict;
use crate::domain::problem::{Problem, ProblemKind};
use crate::tui::theme::Role;

/// The glyph of a verdict, and its look.
pub const fn sign(verdict: Verdict) -> (char, Role) {
    match verdict {
        Verdict::Pass => ('✓', Role::Good),
        Verdict::Unchecked => ('?', Role::Muted),
        Verdict::Warn => ('!', Role::Warning),
        Verdict::Block => ('✗', Role::Bad),
    }
}

/// `✓ pass`.
pub fn cell(verdict: Verdict) -> (String, Role) {
    let (sign, role) = sign(verdict);
    (format!("{sign} {}", verdict.word()), role)
}

/// A value that was judged: with the glyph where it does not pass.
pub fn judged(value: &str, verdict: Verdict) -> (String, Role) {
    match verdict {
        Verdict::Pass => (value.to_owned(), Role::Text),
        Verdict::Unchecked | Verdict::Warn | Verdict::Block => {
            let (sign, role) = sign(verdict);
            (format!("{sign} {value}"), role)
        }
    }
}

/// A value that AWS did not tell.
pub fn refused(trouble: &Problem) -> (String, Role) {
    let words = if trouble.kind == ProblemKind::AccessDenied { "? no access" } else { "? unavailable" };
    (words.to_owned(), Role::Muted)
}

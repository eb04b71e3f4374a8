//! Keys of a text that is typed, beyond letters: those of a shell's line.

use crossterm::event::{KeyCode, KeyModifiers};

use super::{Action, Binding, Context, Key, alt, bind, ctrl, k};
use crate::tui::line::Edit;

/// What terminals send for Ctrl-_ and Ctrl-/.
const CTRL_UNDERSCORE: Key = ctrl('7');

const UNDO: &[Key] = &[CTRL_UNDERSCORE, alt('u')];
const REDO: &[Key] = &[ctrl('y'), alt('y')];

const UNDO_HELP: &str = "Undo the last change of the field";
const REDO_HELP: &str = "Make the change again that was undone last";

/// Their rows of the table.
pub(super) const ROWS: &[Binding] = &[
    bind(Context::Form, UNDO, Action::Undo, 0, "", UNDO_HELP),
    bind(Context::Form, REDO, Action::Redo, 0, "", REDO_HELP),
    bind(Context::AddLane, UNDO, Action::Undo, 0, "", UNDO_HELP),
    bind(Context::AddLane, REDO, Action::Redo, 0, "", REDO_HELP),
    bind(Context::Sheet, UNDO, Action::Undo, 0, "", UNDO_HELP),
    bind(Context::Sheet, REDO, Action::Redo, 0, "", REDO_HELP),
    bind(Context::SavePlan, UNDO, Action::Undo, 0, "", UNDO_HELP),
    bind(Context::SavePlan, REDO, Action::Redo, 0, "", REDO_HELP),
    text(&[ctrl('a'), k(KeyCode::Home)], Edit::Start, "To the beginning of the text"),
    text(&[ctrl('e'), k(KeyCode::End)], Edit::End, "To the end of the text"),
    text(&[alt('b'), Key(KeyCode::Left, KeyModifiers::CONTROL)], Edit::WordBack, "A word back"),
    text(&[alt('f'), Key(KeyCode::Right, KeyModifiers::CONTROL)], Edit::WordOn, "A word on"),
    text(
        &[ctrl('w'), Key(KeyCode::Backspace, KeyModifiers::ALT)],
        Edit::CutWordBack,
        "Delete the word before the cursor",
    ),
    text(&[alt('d')], Edit::CutWordOn, "Delete the word behind the cursor"),
    text(&[ctrl('k')], Edit::CutRest, "Delete everything behind the cursor"),
];

const fn text(keys: &'static [Key], edit: Edit, help: &'static str) -> Binding {
    bind(Context::Text, keys, Action::Edit(edit), 0, "", help)
}

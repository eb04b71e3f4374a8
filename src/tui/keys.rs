//! The keys: one table from which dispatch, footer and help are generated.
//!
//! A key bound twice where both bindings could be meant is a start-up error, see [`check`].

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use thiserror::Error;

use crate::tui::form::{Form, FormAction};
use crate::tui::hooks::Hook;
use crate::tui::list::{Filter, Motion};
use crate::tui::model::{Model, Overlay, Screen};

/// Where a binding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere, even while typing.
    Always,
    /// Every screen but the form.
    Screens,
    /// The four listings.
    Lists,
    /// Log groups.
    Groups,
    /// Buckets.
    Buckets,
    /// Exports.
    Exports,
    /// History.
    History,
    /// While a filter is typed.
    Filter,
    /// The export form.
    Form,
    /// A list over the form to pick from.
    Picker,
    /// Pages over a screen: help, details.
    Pager,
    /// A task's details.
    TaskDetails,
    /// A past task's details.
    PastDetails,
    /// A question.
    Confirm,
}

impl Context {
    /// The heading in help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Always => "Everywhere",
            Self::Screens => "Screens",
            Self::Lists => "Lists",
            Self::Groups => "Log groups",
            Self::Buckets => "Buckets",
            Self::Exports => "Exports",
            Self::History => "History",
            Self::Filter => "While typing a filter",
            Self::Form => "Export form",
            Self::Picker => "Picking from a list",
            Self::Pager => "Help and details",
            Self::TaskDetails => "A task's details",
            Self::PastDetails => "A past task's details",
            Self::Confirm => "Questions",
        }
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Moves the cursor or scrolls.
    Move(Motion),
    /// Shows a screen.
    GoTo(Screen),
    /// Shows the next screen.
    NextScreen,
    /// Shows the previous screen.
    PreviousScreen,
    /// Begins typing a filter.
    EditFilter,
    /// Keeps the filter.
    KeepFilter,
    /// Takes the filter away.
    DropFilter,
    /// Dismisses a message, or the filter.
    Dismiss,
    /// Marks the row and goes down.
    Mark,
    /// Marks all shown, or none.
    MarkAll,
    /// Opens the form.
    OpenForm,
    /// Opens details.
    OpenDetails,
    /// Loads again, or connects again.
    Reload,
    /// Asks whether to cancel the task.
    AskCancel,
    /// The next status filter.
    NextStatus,
    /// Opens the form with the values of a task that has ended.
    RunAgain,
    /// Shows the keys.
    Help,
    /// Closes what lies over the screen.
    Close,
    /// Says yes.
    Yes,
    /// Quits, after asking if need be.
    Quit,
    /// Stops until the shell continues us.
    Suspend,
    /// Something of the form's.
    Form(FormAction),
    /// A test hook.
    Hook(Hook),
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(KeyCode, KeyModifiers);

impl Key {
    /// What was pressed. Shift is dropped where the character says it already.
    pub fn of(event: KeyEvent) -> Self {
        let relevant = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let mut modifiers = event.modifiers & relevant;
        if matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers -= KeyModifiers::SHIFT;
        }
        Self(event.code, modifiers)
    }

    /// Its name on screen.
    pub fn name(self) -> String {
        let base = match self.0 {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::F(n) => format!("F{n}"),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            other => format!("{other:?}"),
        };
        if self.1.contains(KeyModifiers::CONTROL) { format!("Ctrl-{}", base.to_uppercase()) } else { base }
    }
}

/// Whether an action makes sense now; if not, why.
type Enabled = fn(&Model) -> Result<(), &'static str>;

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// Any of these keys.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// The word in the footer.
    pub label: &'static str,
    /// The sentence in help.
    pub help: &'static str,
    /// Rank in the footer, 1 first; 0 stays out of it.
    pub footer: u8,
    /// Whether it makes sense now.
    pub enabled: Enabled,
}

const fn c(code: char) -> Key {
    Key(KeyCode::Char(code), KeyModifiers::NONE)
}
const fn ctrl(code: char) -> Key {
    Key(KeyCode::Char(code), KeyModifiers::CONTROL)
}
const fn k(code: KeyCode) -> Key {
    Key(code, KeyModifiers::NONE)
}
const ENTER: Key = k(KeyCode::Enter);
const ESC: Key = k(KeyCode::Esc);

const fn bind(
    context: Context,
    keys: &'static [Key],
    action: Action,
    footer: u8,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, keys, action, label, help, footer, enabled: |_| Ok(()) }
}

impl Binding {
    const fn when(mut self, enabled: Enabled) -> Self {
        self.enabled = enabled;
        self
    }
}

fn test_hooks(model: &Model) -> Result<(), &'static str> {
    if model.settings.test_hooks { Ok(()) } else { Err("this key has no meaning") }
}
fn has_form(model: &Model) -> Result<(), &'static str> {
    model.form.as_ref().map(|_| ()).ok_or("no export form yet: press Enter on a log group")
}
fn on_group(model: &Model) -> Result<(), &'static str> {
    let something = model.groups.list.current().is_some() || !model.groups.marks.is_empty();
    something.then_some(()).ok_or("no log group here")
}
fn on_bucket(model: &Model) -> Result<(), &'static str> {
    model.buckets.list.current().map(|_| ()).ok_or("no bucket here")
}
fn on_task(model: &Model) -> Result<(), &'static str> {
    model.exports.current().map(|_| ()).ok_or("no task here")
}
fn on_live_task(model: &Model) -> Result<(), &'static str> {
    let task = match &model.overlay {
        Some(Overlay::Details(crate::tui::model::Subject::Task(id), _)) => model.task(*id),
        Some(Overlay::Details(..) | Overlay::Help(_) | Overlay::Confirm(_)) | None => model.exports.current(),
    };
    match task {
        None => Err("no task here"),
        Some(task) if task.state.is_end() => Err("this task has already ended"),
        Some(task) if task.state == crate::domain::task::State::Cancelling => Err("it is being cancelled already"),
        Some(_) => Ok(()),
    }
}
fn on_ended_task(model: &Model) -> Result<(), &'static str> {
    let task = match &model.overlay {
        Some(Overlay::Details(crate::tui::model::Subject::Task(id), _)) => model.task(*id),
        Some(Overlay::Details(..) | Overlay::Help(_) | Overlay::Confirm(_)) | None => model.exports.current(),
    };
    match task {
        None => Err("no task here"),
        Some(task) if !task.state.is_end() => Err("this task has not ended yet"),
        Some(_) => Ok(()),
    }
}
fn can_reload(model: &Model) -> Result<(), &'static str> {
    let live = model.screen == Screen::Exports && model.link().is_some() && !model.lacks_credentials();
    if live { Err("exports are live: there is nothing to reload") } else { Ok(()) }
}
fn no_help_yet(model: &Model) -> Result<(), &'static str> {
    if matches!(model.overlay, Some(Overlay::Help(_))) { Err("these are the keys") } else { Ok(()) }
}
fn picks_several(model: &Model) -> Result<(), &'static str> {
    let several = model.form.as_ref().is_some_and(Form::picks_several);
    several.then_some(()).ok_or("an export has one bucket: Enter chooses it")
}
fn on_past(model: &Model) -> Result<(), &'static str> {
    model.history.list.current().map(|_| ()).ok_or("no past task here")
}

/// Every key there is.
pub const BINDINGS: &[Binding] = &[
    bind(
        Context::Groups,
        &[ENTER, c('e')],
        Action::OpenForm,
        1,
        "export",
        "Open the export form with the marked log groups, or the one under the cursor",
    )
    .when(on_group),
    bind(Context::Groups, &[c(' ')], Action::Mark, 2, "mark", "Mark or unmark the log group and go down")
        .when(on_group),
    bind(Context::Groups, &[c('a')], Action::MarkAll, 4, "all", "Mark all log groups shown, or clear the marks")
        .when(on_group),
    bind(Context::Buckets, &[ENTER, c('e')], Action::OpenForm, 1, "export to", "Open the export form with this bucket")
        .when(on_bucket),
    bind(
        Context::Exports,
        &[ENTER],
        Action::OpenDetails,
        1,
        "details",
        "Everything about the task, and what to do if it failed",
    )
    .when(on_task),
    bind(Context::Exports, &[c('c')], Action::AskCancel, 2, "cancel", "Cancel the task, after a question")
        .when(on_live_task),
    bind(Context::Exports, &[c('r')], Action::RunAgain, 2, "run again", "Open the export form with the task's values")
        .when(on_ended_task),
    bind(Context::History, &[ENTER], Action::OpenDetails, 1, "details", "Everything AWS remembers of the task")
        .when(on_past),
    bind(Context::History, &[c('r')], Action::RunAgain, 2, "run again", "Open the export form with the same values")
        .when(on_past),
    bind(Context::History, &[c('f')], Action::NextStatus, 3, "status", "Show only tasks of the next status"),
    bind(Context::TaskDetails, &[c('c')], Action::AskCancel, 2, "cancel", "Cancel the task, after a question")
        .when(on_live_task),
    bind(
        Context::TaskDetails,
        &[c('r')],
        Action::RunAgain,
        2,
        "run again",
        "Open the export form with the task's values",
    )
    .when(on_ended_task),
    bind(
        Context::PastDetails,
        &[c('r')],
        Action::RunAgain,
        2,
        "run again",
        "Open the export form with the same values",
    ),
    bind(
        Context::Lists,
        &[c('/')],
        Action::EditFilter,
        3,
        "filter",
        "Show only rows with this text; capitals matter only if you type one",
    ),
    bind(Context::Lists, &[c('R')], Action::Reload, 5, "reload", "Load the listing again, or connect again")
        .when(can_reload),
    bind(Context::Lists, &[k(KeyCode::Up), c('k')], Action::Move(Motion::Up), 0, "", "Up"),
    bind(Context::Lists, &[k(KeyCode::Down), c('j')], Action::Move(Motion::Down), 0, "", "Down"),
    bind(Context::Lists, &[k(KeyCode::PageUp)], Action::Move(Motion::PageUp), 0, "", "A page up"),
    bind(Context::Lists, &[k(KeyCode::PageDown)], Action::Move(Motion::PageDown), 0, "", "A page down"),
    bind(Context::Lists, &[ctrl('u')], Action::Move(Motion::HalfUp), 0, "", "Half a page up"),
    bind(Context::Lists, &[ctrl('d')], Action::Move(Motion::HalfDown), 0, "", "Half a page down"),
    bind(Context::Lists, &[k(KeyCode::Home), c('g')], Action::Move(Motion::First), 0, "", "To the first row"),
    bind(Context::Lists, &[k(KeyCode::End), c('G')], Action::Move(Motion::Last), 0, "", "To the last row"),
    bind(Context::Screens, &[c('1')], Action::GoTo(Screen::Groups), 0, "", "Log groups"),
    bind(Context::Screens, &[c('2')], Action::GoTo(Screen::Buckets), 0, "", "Buckets"),
    bind(Context::Screens, &[c('3')], Action::GoTo(Screen::Exports), 0, "", "Exports"),
    bind(Context::Screens, &[c('4')], Action::GoTo(Screen::History), 0, "", "History"),
    bind(Context::Screens, &[c('5')], Action::GoTo(Screen::Form), 0, "", "The export form, once opened").when(has_form),
    bind(Context::Screens, &[k(KeyCode::Tab)], Action::NextScreen, 0, "", "The next screen"),
    bind(Context::Screens, &[k(KeyCode::BackTab)], Action::PreviousScreen, 0, "", "The previous screen"),
    bind(Context::Screens, &[ESC], Action::Dismiss, 0, "", "Dismiss the message, or else the filter"),
    bind(Context::Screens, &[c('?')], Action::Help, 6, "help", "These keys"),
    bind(Context::Screens, &[c('q')], Action::Quit, 7, "quit", "Quit; asks first if tasks are not done"),
    bind(Context::Filter, &[ENTER], Action::KeepFilter, 1, "keep", "Keep the filter and go back to the list"),
    bind(Context::Filter, &[ESC], Action::DropFilter, 2, "clear", "Take the filter away"),
    bind(Context::Filter, &[k(KeyCode::Up)], Action::Move(Motion::Up), 0, "", "Up"),
    bind(Context::Filter, &[k(KeyCode::Down)], Action::Move(Motion::Down), 0, "", "Down"),
    bind(
        Context::Form,
        &[k(KeyCode::Tab), k(KeyCode::Down)],
        Action::Form(FormAction::NextField),
        3,
        "next",
        "The next field",
    ),
    bind(
        Context::Form,
        &[k(KeyCode::BackTab), k(KeyCode::Up)],
        Action::Form(FormAction::PreviousField),
        0,
        "",
        "The previous field",
    ),
    bind(
        Context::Form,
        &[ENTER],
        Action::Form(FormAction::Confirm),
        0,
        "",
        "Choose, go on to the next field, or on the last line export",
    ),
    bind(Context::Form, &[ctrl('s')], Action::Form(FormAction::Submit), 1, "export", "Export, from any field"),
    bind(
        Context::Form,
        &[ctrl('o')],
        Action::Form(FormAction::Pick),
        2,
        "pick",
        "Pick log groups or the bucket from a list",
    ),
    bind(Context::Form, &[ctrl('p')], Action::Form(FormAction::NextPreset), 4, "preset", "The next preset range"),
    bind(Context::Form, &[ctrl('t')], Action::Form(FormAction::ToggleZone), 5, "zone", "UTC or local time"),
    bind(Context::Form, &[ctrl('u')], Action::Form(FormAction::ClearField), 0, "", "Empty the field"),
    bind(Context::Form, &[ESC], Action::Form(FormAction::Leave), 6, "back", "Back; nothing typed is lost"),
    bind(
        Context::Picker,
        &[ENTER],
        Action::Form(FormAction::Confirm),
        1,
        "choose",
        "Choose what is marked, or else the name under the cursor",
    ),
    bind(Context::Picker, &[c(' ')], Action::Form(FormAction::Mark), 2, "mark", "Mark the log group and go down")
        .when(picks_several),
    bind(
        Context::Picker,
        &[ESC, ctrl('o')],
        Action::Form(FormAction::Leave),
        3,
        "close",
        "Back to the form without choosing",
    ),
    bind(
        Context::Picker,
        &[k(KeyCode::Down), k(KeyCode::Tab)],
        Action::Form(FormAction::NextField),
        0,
        "",
        "Down; any other text narrows the list",
    ),
    bind(Context::Picker, &[k(KeyCode::Up), k(KeyCode::BackTab)], Action::Form(FormAction::PreviousField), 0, "", "Up"),
    bind(Context::Picker, &[ctrl('u')], Action::Form(FormAction::ClearField), 0, "", "Show every name again"),
    bind(Context::Pager, &[k(KeyCode::Up), c('k')], Action::Move(Motion::Up), 0, "", "Scroll up"),
    bind(Context::Pager, &[k(KeyCode::Down), c('j')], Action::Move(Motion::Down), 3, "scroll", "Scroll down"),
    bind(Context::Pager, &[k(KeyCode::PageUp), ctrl('u')], Action::Move(Motion::PageUp), 0, "", "A page up"),
    bind(
        Context::Pager,
        &[k(KeyCode::PageDown), ctrl('d'), c(' ')],
        Action::Move(Motion::PageDown),
        0,
        "",
        "A page down",
    ),
    bind(Context::Pager, &[k(KeyCode::Home), c('g')], Action::Move(Motion::First), 0, "", "To the beginning"),
    bind(Context::Pager, &[k(KeyCode::End), c('G')], Action::Move(Motion::Last), 0, "", "To the end"),
    bind(Context::Pager, &[ESC, ENTER, c('q'), c('?')], Action::Close, 1, "close", "Back to the screen"),
    bind(Context::Confirm, &[c('y')], Action::Yes, 1, "yes", "Yes"),
    bind(Context::Confirm, &[c('n'), ESC, c('q')], Action::Close, 2, "no", "No"),
    bind(Context::Always, &[k(KeyCode::F(1))], Action::Help, 7, "help", "These keys, also while typing")
        .when(no_help_yet),
    bind(Context::Always, &[ctrl('c')], Action::Quit, 0, "", "Quit; a second time without waiting"),
    bind(Context::Always, &[ctrl('z')], Action::Suspend, 0, "", "Stop until the shell's `fg`"),
    bind(Context::Always, &[k(KeyCode::F(10))], Action::Hook(Hook::Flood), 0, "", "").when(test_hooks),
    bind(Context::Always, &[k(KeyCode::F(11))], Action::Hook(Hook::PanicHere), 0, "", "").when(test_hooks),
    bind(Context::Always, &[k(KeyCode::F(12))], Action::Hook(Hook::PanicInTask), 0, "", "").when(test_hooks),
];

/// Every set of contexts that can hold at once, innermost first.
const STACKS: &[&[Context]] = &[
    &[Context::Groups, Context::Lists, Context::Screens, Context::Always],
    &[Context::Buckets, Context::Lists, Context::Screens, Context::Always],
    &[Context::Exports, Context::Lists, Context::Screens, Context::Always],
    &[Context::History, Context::Lists, Context::Screens, Context::Always],
    &[Context::Filter, Context::Always],
    &[Context::Form, Context::Always],
    &[Context::Picker, Context::Always],
    &[Context::Pager, Context::Always],
    &[Context::TaskDetails, Context::Pager, Context::Always],
    &[Context::PastDetails, Context::Pager, Context::Always],
    &[Context::Confirm, Context::Always],
];

/// The contexts that hold now, innermost first.
pub fn stack(model: &Model) -> &'static [Context] {
    use crate::tui::model::Subject;
    let innermost = match (&model.overlay, model.screen) {
        (Some(Overlay::Help(_)), _) => Context::Pager,
        (Some(Overlay::Details(Subject::Task(_), _)), _) => Context::TaskDetails,
        (Some(Overlay::Details(Subject::Past(_), _)), _) => Context::PastDetails,
        (Some(Overlay::Confirm(_)), _) => Context::Confirm,
        (None, Screen::Form) if model.form.as_ref().is_some_and(Form::is_picking) => Context::Picker,
        (None, Screen::Form) => Context::Form,
        (None, _) if matches!(filter(model), Some(Filter::Editing(_))) => Context::Filter,
        (None, Screen::Groups) => Context::Groups,
        (None, Screen::Buckets) => Context::Buckets,
        (None, Screen::Exports) => Context::Exports,
        (None, Screen::History) => Context::History,
    };
    STACKS.iter().find(|stack| stack.first() == Some(&innermost)).copied().unwrap_or(&[Context::Always])
}

/// The filter of the screen's list.
pub fn filter(model: &Model) -> Option<&Filter> {
    match model.screen {
        Screen::Groups => Some(model.groups.list.filter()),
        Screen::Buckets => Some(model.buckets.list.filter()),
        Screen::Exports => Some(model.exports.filter()),
        Screen::History => Some(model.history.list.filter()),
        Screen::Form => None,
    }
}

/// The binding a key means now.
pub fn find(model: &Model, key: Key) -> Option<&'static Binding> {
    let bound = |context: &Context| BINDINGS.iter().find(|b| b.context == *context && b.keys.contains(&key));
    stack(model).iter().find_map(bound)
}

/// What the footer may show now, most important first.
pub fn footer(model: &Model) -> Vec<&'static Binding> {
    let contexts = stack(model);
    let fits = |b: &&Binding| b.footer > 0 && contexts.contains(&b.context) && (b.enabled)(model).is_ok();
    let mut rows: Vec<&Binding> = BINDINGS.iter().filter(fits).collect();
    rows.sort_by_key(|b| b.footer);
    let mut offered = std::collections::HashSet::new();
    rows.retain(|b| offered.insert(b.action));
    rows
}

/// A key that would mean two things.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the key {key} is bound twice: {first} and {second}")]
pub struct DuplicateKey {
    key: String,
    first: &'static str,
    second: &'static str,
}

/// Fails if a key means two things in contexts that hold at once.
pub fn check(bindings: &[Binding]) -> Result<(), DuplicateKey> {
    for stack in STACKS {
        let mut seen: Vec<(Key, &'static str)> = Vec::new();
        let held = bindings.iter().filter(|b| stack.contains(&b.context));
        for (key, help) in held.flat_map(|b| b.keys.iter().map(|key| (*key, b.help))) {
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == key) {
                return Err(DuplicateKey { key: key.name(), first, second: help });
            }
            seen.push((key, help));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys as README shows them.
    fn markdown() -> String {
        let told = BINDINGS.iter().filter(|binding| !binding.help.is_empty());
        let rows = told.map(|binding| {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{}`", key.name())).collect();
            format!("| {} | {} | {} |\n", keys.join(", "), binding.context.title().to_lowercase(), binding.help)
        });
        format!("| key | where | what it does |\n| --- | --- | --- |\n{}", rows.collect::<String>())
    }

    #[test]
    fn the_readme_lists_every_key() {
        let readme = include_str!("../../README.md");
        let expected = markdown();
        assert!(readme.contains(&expected), "README's key table has to be:\n{expected}");
    }

    #[test]
    fn no_key_means_two_things() {
        assert_eq!(check(BINDINGS), Ok(()));
    }

    #[test]
    fn a_key_bound_twice_is_found() {
        const Q: &[Key] = &[c('q')];
        let mut rows = BINDINGS.to_vec();
        rows.push(bind(Context::Groups, Q, Action::Mark, 0, "", "a clash"));
        let error = check(&rows).unwrap_err();
        assert_eq!(error.to_string(), "the key q is bound twice: Quit; asks first if tasks are not done and a clash");
    }

    #[test]
    fn shift_does_not_hide_a_capital() {
        assert_eq!(Key::of(KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT)), c('G'));
    }
}

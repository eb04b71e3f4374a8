//! The keys: one table from which dispatch, footer and help are generated.
//!
//! A key bound twice where both bindings could be meant is a start-up error, see [`check`]. The table's rows stand in
//! `browsing`, `buckets`, `queue`, `dialogs`,
//! `calendar` and `typing`; when a key means nothing just now, `enabled` has the reason.

mod browsing;
mod buckets;
mod calendar;
mod dialogs;
mod enabled;
mod finding;
mod keymap;
mod names;
mod queue;
mod typing;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use thiserror::Error;

pub use self::enabled::Verdict;
pub use self::keymap::Keymap;

use self::enabled::Enabled;
use crate::ledger::Shift;
use crate::tui::form::{Form, FormAction};
use crate::tui::hooks::Hook;
use crate::tui::line::Edit;
use crate::tui::list::{Filter, Motion};
use crate::tui::model::{Model, Overlay, Screen, Subject};
use crate::tui::sheet::SheetAction;

/// Where a binding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere, even while typing.
    Always,
    /// Every screen but the form.
    Screens,
    /// Every listing.
    Lists,
    /// Log groups.
    Groups,
    /// Buckets.
    Buckets,
    /// Exports.
    Exports,
    /// History.
    History,
    /// Lanes.
    Lanes,
    /// While a filter is typed.
    Filter,
    /// The export form.
    Form,
    /// A list over the form to pick from.
    Picker,
    /// A calendar over the form.
    Calendar,
    /// The command palette.
    Palette,
    /// The page of all keys.
    Help,
    /// Pages over a screen: details, checks.
    Pager,
    /// Whatever is longer than the screen.
    Scroll,
    /// A task's details.
    TaskDetails,
    /// A past task's details.
    PastDetails,
    /// A plan's details.
    PlanDetails,
    /// A bucket's page.
    BucketDetails,
    /// What will be queued.
    Review,
    /// A change of a bucket, to be confirmed.
    Change,
    /// A verification.
    Proof,
    /// The checks of what stands in the form.
    Checks,
    /// The lifecycle rules of a bucket.
    Rules,
    /// The form for a new bucket, or a rule.
    Sheet,
    /// A bucket that is to be created.
    Creation,
    /// Adding a lane.
    AddLane,
    /// Writing a plan file.
    SavePlan,
    /// A peek at a log group.
    Peek,
    /// Wherever a text is typed.
    Text,
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
            Self::Lanes => "Lanes",
            Self::Filter => "While typing a filter",
            Self::Form => "Export form",
            Self::Picker => "Picking from a list",
            Self::Calendar => "Calendar",
            Self::Palette => "Command palette",
            Self::Help => "Help",
            Self::Pager => "Details",
            Self::Scroll => "Pages",
            Self::TaskDetails => "A task's details",
            Self::PastDetails => "A past task's details",
            Self::PlanDetails => "A plan's details",
            Self::BucketDetails => "A bucket's page",
            Self::Review => "Before queueing",
            Self::Change => "Changing a bucket",
            Self::Proof => "A verification",
            Self::Checks => "Checks",
            Self::Rules => "Lifecycle rules",
            Self::Sheet => "A new bucket or rule",
            Self::Creation => "Before a bucket is created",
            Self::AddLane => "Adding a lane",
            Self::SavePlan => "Saving a plan",
            Self::Peek => "Peek",
            Self::Text => "Typing",
            Self::Confirm => "Questions",
        }
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Has AWS search for what the filter looks for.
    SearchAws,
    /// Dismisses a message, or the filter.
    Dismiss,
    /// Marks the row and goes down.
    Mark,
    /// Marks all shown, or none.
    MarkAll,
    /// Opens the form.
    OpenForm,
    /// Opens a task's details, folds or unfolds a plan.
    OpenDetails,
    /// Opens the details of the plan.
    OpenPlan,
    /// Hides the plan's tasks.
    Fold,
    /// Shows the plan's tasks.
    Unfold,
    /// Moves or cuts in a text.
    Edit(Edit),
    /// Takes the last change of a field back.
    Undo,
    /// Makes it again.
    Redo,
    /// Loads again, or connects again.
    Reload,
    /// Asks whether to cancel the task.
    AskCancel,
    /// Asks whether to cancel everything of the plan.
    AskCancelPlan,
    /// Queues the task once more.
    Retry,
    /// Queues all failed tasks of the plan once more.
    RetryFailed,
    /// Holds the plan, or lets it go on.
    PausePlan,
    /// Holds the lane, or lets it go on.
    PauseLane,
    /// Moves the task, or the plan, within its lane's queue.
    Shift(Shift),
    /// Shows what would let the export service into the bucket.
    AskGrant,
    /// Applies the change that is shown.
    Apply,
    /// Shows what would undo the change that was made.
    AskUndo,
    /// Shows the lifecycle rules of the bucket.
    OpenRules,
    /// Opens the form for one more rule.
    AddRule,
    /// Opens the form for the rule.
    EditRule,
    /// Shows what removing the rule would change.
    RemoveRule,
    /// Something of the form's for a rule or a bucket.
    Sheet(SheetAction),
    /// Opens the form for a new bucket.
    NewBucket,
    /// Creates the bucket that is shown, or goes on with it.
    CreateBucket,
    /// Looks at the lane: screens 1, 2 and 4 and the form are about it.
    Browse,
    /// Asks where another lane is.
    AddLane,
    /// To the other field of that question.
    OtherField,
    /// Empties its field.
    ClearField,
    /// Connects to it.
    ConnectLane,
    /// Looks at what an export would hold.
    Peek,
    /// Looks at the log group before.
    PeekBack,
    /// Looks at the next log group.
    PeekOn,
    /// Looks once more.
    PeekAgain,
    /// Writes the plan file.
    SavePlan,
    /// Writes it in place of the file that is there.
    OverwritePlan,
    /// Queues what is shown.
    Enqueue,
    /// Shows what reading the task's objects back has found, or begins it.
    Verify,
    /// Stops reading back.
    StopVerifying,
    /// Asks whether to write down what was found.
    AskManifest,
    /// Shows the checks in full.
    OpenChecks,
    /// Asks whether to launch what a check blocks, or has the checks block again.
    AskUnchecked,
    /// The next status filter.
    NextStatus,
    /// Opens the form with the values of a task that has ended.
    RunAgain,
    /// Shows the keys.
    Help,
    /// Opens the command palette.
    OpenPalette,
    /// Does what is chosen in it.
    RunCommand,
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

    /// A press of it.
    #[cfg(test)]
    pub const fn event(self) -> KeyEvent {
        KeyEvent::new(self.0, self.1)
    }

    /// Its name on screen.
    pub fn name(self) -> String {
        let base = match self.0 {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::F(n) => format!("F{n}"),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            other => format!("{other:?}"),
        };
        let control = || if base.chars().count() == 1 { base.to_uppercase() } else { base.clone() };
        if self.1.contains(KeyModifiers::CONTROL) {
            // What it is typed as: terminals send the same for Ctrl-7.
            if self.0 == KeyCode::Char('7') { "Ctrl-_".to_owned() } else { format!("Ctrl-{}", control()) }
        } else if self.1.contains(KeyModifiers::ALT) {
            format!("Alt-{base}")
        } else {
            base
        }
    }

    /// Its name in words: arrows of ASCII are keys themselves.
    fn plain_name(self) -> String {
        match self.0 {
            KeyCode::Up | KeyCode::Down | KeyCode::Left | KeyCode::Right => format!("{:?}", self.0),
            _ => self.name(),
        }
    }
}

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
    /// Whether it changes something in AWS, or in the queue.
    pub changes: bool,
}

const fn c(code: char) -> Key {
    Key(KeyCode::Char(code), KeyModifiers::NONE)
}
const fn ctrl(code: char) -> Key {
    Key(KeyCode::Char(code), KeyModifiers::CONTROL)
}
const fn alt(code: char) -> Key {
    Key(KeyCode::Char(code), KeyModifiers::ALT)
}
const fn k(code: KeyCode) -> Key {
    Key(code, KeyModifiers::NONE)
}
const PEEK: Key = k(KeyCode::F(3));
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
    Binding { context, keys, action, label, help, footer, enabled: |_| Ok(()), changes: false }
}

impl Binding {
    const fn when(mut self, enabled: Enabled) -> Self {
        self.enabled = enabled;
        self
    }

    /// It changes something in AWS, now or later: no key of a read-only interface.
    const fn changing(mut self) -> Self {
        self.changes = true;
        self
    }

    /// Whether it may be used now; if not, why.
    pub fn verdict(&self, model: &Model) -> Verdict {
        (self.enabled)(model)?;
        if self.is_forbidden(model) { Err(READ_ONLY) } else { Ok(()) }
    }

    /// Whether it is out of use for as long as the program runs.
    pub const fn is_forbidden(&self, model: &Model) -> bool {
        self.changes && model.settings.read_only
    }
}

/// Why a key that changes something means nothing in a read-only interface.
const READ_ONLY: &str = "read-only by --read-only, LOGFERRY_READ_ONLY or the configuration: nothing is changed";

/// Every key there is, in the order README and help list them.
pub fn bindings() -> impl Iterator<Item = &'static Binding> + Clone {
    [browsing::ROWS, buckets::ROWS, queue::ROWS, dialogs::ROWS, finding::ROWS, calendar::ROWS, typing::ROWS]
        .into_iter()
        .flatten()
}

/// Every set of contexts that can hold at once, innermost first.
const STACKS: &[&[Context]] = &[
    &[Context::Groups, Context::Lists, Context::Screens, Context::Always],
    &[Context::Buckets, Context::Lists, Context::Screens, Context::Always],
    &[Context::Exports, Context::Lists, Context::Screens, Context::Always],
    &[Context::History, Context::Lists, Context::Screens, Context::Always],
    &[Context::Lanes, Context::Lists, Context::Screens, Context::Always],
    &[Context::Filter, Context::Text, Context::Always],
    &[Context::Form, Context::Text, Context::Always],
    &[Context::Picker, Context::Text, Context::Always],
    &[Context::Calendar, Context::Always],
    &[Context::Palette, Context::Always],
    &[Context::Help, Context::Always],
    &[Context::Pager, Context::Scroll, Context::Always],
    &[Context::TaskDetails, Context::Pager, Context::Scroll, Context::Always],
    &[Context::PastDetails, Context::Pager, Context::Scroll, Context::Always],
    &[Context::PlanDetails, Context::Pager, Context::Scroll, Context::Always],
    &[Context::BucketDetails, Context::Pager, Context::Scroll, Context::Always],
    &[Context::Review, Context::Scroll, Context::Always],
    &[Context::Change, Context::Scroll, Context::Always],
    &[Context::Proof, Context::Pager, Context::Scroll, Context::Always],
    &[Context::Checks, Context::Pager, Context::Scroll, Context::Always],
    &[Context::Rules, Context::Scroll, Context::Always],
    &[Context::Sheet, Context::Text, Context::Always],
    &[Context::Creation, Context::Scroll, Context::Always],
    &[Context::AddLane, Context::Text, Context::Always],
    &[Context::SavePlan, Context::Text, Context::Always],
    &[Context::Peek, Context::Pager, Context::Scroll, Context::Always],
    &[Context::Confirm, Context::Always],
];

/// The contexts that hold now, innermost first.
pub fn stack(model: &Model) -> &'static [Context] {
    let innermost = match (&model.overlay, model.screen) {
        (Some(Overlay::Help(_)), _) => Context::Help,
        (Some(Overlay::Palette(_)), _) => Context::Palette,
        (Some(Overlay::Details(Subject::Task(_), _)), _) => Context::TaskDetails,
        (Some(Overlay::Details(Subject::Past(_), _)), _) => Context::PastDetails,
        (Some(Overlay::Details(Subject::Plan(_), _)), _) => Context::PlanDetails,
        (Some(Overlay::Details(Subject::Bucket(_), _)), _) => Context::BucketDetails,
        (Some(Overlay::Review(_)), _) => Context::Review,
        (Some(Overlay::Change(_)), _) => Context::Change,
        (Some(Overlay::Proof(_)), _) => Context::Proof,
        (Some(Overlay::Checks(_)), _) => Context::Checks,
        (Some(Overlay::Rules(_)), _) => Context::Rules,
        (Some(Overlay::Sheet(_)), _) => Context::Sheet,
        (Some(Overlay::Creation(_)), _) => Context::Creation,
        (Some(Overlay::AddLane(_)), _) => Context::AddLane,
        (Some(Overlay::SavePlan(_)), _) => Context::SavePlan,
        (Some(Overlay::Peek(_)), _) => Context::Peek,
        (Some(Overlay::Confirm(_)), _) => Context::Confirm,
        (None, Screen::Form) if model.form.as_deref().is_some_and(Form::is_picking) => Context::Picker,
        (None, Screen::Form) if model.form.as_deref().is_some_and(Form::has_calendar) => Context::Calendar,
        (None, _) if matches!(filter(model), Some(Filter::Editing(_))) => Context::Filter,
        (None, screen) => of_screen(screen),
    };
    STACKS.iter().find(|stack| stack.first() == Some(&innermost)).copied().unwrap_or(&[Context::Always])
}

/// The rows of the table that hold now, innermost first.
pub fn here(model: &Model) -> impl Iterator<Item = &'static Binding> + use<> {
    stack(model).iter().flat_map(|context| bindings().filter(|binding| binding.context == *context))
}

/// Where a screen's own keys hold.
pub const fn of_screen(screen: Screen) -> Context {
    match screen {
        Screen::Groups => Context::Groups,
        Screen::Buckets => Context::Buckets,
        Screen::Exports => Context::Exports,
        Screen::History => Context::History,
        Screen::Lanes => Context::Lanes,
        Screen::Form => Context::Form,
    }
}

/// The filter of the screen's list.
pub fn filter(model: &Model) -> Option<&Filter> {
    match model.screen {
        Screen::Groups => Some(model.groups.list.filter()),
        Screen::Buckets => Some(model.buckets.list.filter()),
        Screen::Exports => Some(model.exports.filter()),
        Screen::History => Some(model.history.list.filter()),
        Screen::Lanes => Some(model.lanes.filter()),
        Screen::Form => None,
    }
}

/// The binding a key means now.
pub fn find(model: &Model, key: Key) -> Option<&'static Binding> {
    let keys = &model.settings.keys;
    let bound = |context: &Context| bindings().find(|b| b.context == *context && keys.of(b).contains(&key));
    stack(model).iter().find_map(bound)
}

/// The names of the keys of `binding`, as they are shown.
pub fn names(model: &Model, binding: &Binding) -> Vec<String> {
    let name = if model.settings.ascii { Key::plain_name } else { Key::name };
    model.settings.keys.of(binding).into_iter().map(name).collect()
}

/// The name of the key that performs `action` in the form, to be told of where it helps.
pub fn name_in_form(action: Action) -> String {
    let bound = bindings().find(|binding| binding.context == Context::Form && binding.action == action);
    bound.and_then(|binding| binding.keys.first()).map(|key| key.name()).unwrap_or_default()
}

/// What the footer may show now, most important first; with them keys that only a read-only interface has no use for.
pub fn footer(model: &Model) -> Vec<&'static Binding> {
    let contexts = stack(model);
    let fits = |b: &&Binding| b.footer > 0 && contexts.contains(&b.context) && (b.enabled)(model).is_ok();
    let mut rows: Vec<&Binding> = bindings().filter(fits).collect();
    rows.sort_by_key(|b| b.footer);
    let mut offered: Vec<Action> = Vec::new();
    rows.retain(|b| {
        let new = !offered.contains(&b.action);
        offered.push(b.action);
        new
    });
    rows
}

/// A key that would mean two things.
#[derive(Clone, Debug, Error)]
#[error("the key {key} is bound twice: {} and {}", .first.help, .second.help)]
pub struct DuplicateKey {
    key: String,
    first: &'static Binding,
    second: &'static Binding,
}

/// Fails if a key means two things in contexts that hold at once.
pub fn check(bindings: &[&'static Binding], keys: &Keymap) -> Result<(), DuplicateKey> {
    for stack in STACKS {
        let mut seen: Vec<(Key, &'static Binding)> = Vec::new();
        let held = bindings.iter().filter(|b| stack.contains(&b.context));
        for (key, second) in held.flat_map(|b| keys.of(b).into_iter().map(|key| (key, *b))) {
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == key) {
                return Err(DuplicateKey { key: key.name(), first, second });
            }
            seen.push((key, second));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys as README shows them.
    fn markdown() -> String {
        let told = bindings().filter(|binding| !binding.help.is_empty());
        let rows = told.map(|binding| {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{}`", key.name())).collect();
            format!("| {} | {} | {} |\n", keys.join(", "), binding.context.title().to_lowercase(), binding.help)
        });
        format!("| key | where | what it does |\n| --- | --- | --- |\n{}", rows.collect::<String>())
    }

    #[test]
    fn the_readme_lists_every_key() {
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
        let expected = markdown();
        assert!(readme.contains(&expected), "README's key table has to be:\n{expected}");
    }

    #[test]
    fn no_key_means_two_things() {
        check(&bindings().collect::<Vec<_>>(), &Keymap::default()).unwrap();
    }

    #[test]
    fn a_key_bound_twice_is_found() {
        static CLASH: Binding = bind(Context::Groups, &[c('q')], Action::Mark, 0, "", "a clash");
        let rows: Vec<&Binding> = bindings().chain([&CLASH]).collect();
        let error = check(&rows, &Keymap::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the key q is bound twice: Quit; asks first if work would stand still and a clash"
        );
    }

    #[test]
    fn shift_does_not_hide_a_capital() {
        assert_eq!(Key::of(KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT)), c('G'));
    }
}

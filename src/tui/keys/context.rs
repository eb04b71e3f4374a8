//! Where keys hold: which sets of bindings apply to what is on the screen.

use super::filter;
use crate::tui::form::Form;
use crate::tui::list::Filter;
use crate::tui::model::{Model, Overlay, Screen, Subject};

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
    /// What has landed of a task.
    Landed,
    /// An object that is read.
    Reading,
    /// A question at its title.
    Prompt,
    /// Where to download to.
    Download,
    /// A download that has begun.
    Downloading,
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
            Self::Landed => "Objects",
            Self::Reading => "Reading an object",
            Self::Download => "Before a download",
            Self::Downloading => "A download",
            Self::Prompt => "Looking for a text or a line",
            Self::Text => "Typing",
            Self::Confirm => "Questions",
        }
    }
}

/// Every set of contexts that can hold at once, innermost first.
pub(super) const STACKS: &[&[Context]] = &[
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
    &[Context::Landed, Context::Lists, Context::Always],
    &[Context::Reading, Context::Scroll, Context::Always],
    &[Context::Prompt, Context::Text, Context::Always],
    &[Context::Download, Context::Text, Context::Always],
    &[Context::Downloading, Context::Pager, Context::Scroll, Context::Always],
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
        (Some(Overlay::Messages(_)), _) => Context::Pager,
        (Some(Overlay::AddLane(_)), _) => Context::AddLane,
        (Some(Overlay::SavePlan(_)), _) => Context::SavePlan,
        (Some(Overlay::Peek(_)), _) => Context::Peek,
        (Some(Overlay::Landed(_)), _) if matches!(filter(model), Some(Filter::Editing(_))) => Context::Filter,
        (Some(Overlay::Landed(_)), _) => Context::Landed,
        (Some(Overlay::Reading(_)), _) if model.reading.as_ref().is_some_and(|reading| reading.prompt.is_some()) => {
            Context::Prompt
        }
        (Some(Overlay::Reading(_)), _) => Context::Reading,
        (Some(Overlay::Download(_)), _) if model.types_directory() => Context::Download,
        (Some(Overlay::Download(_)), _) => Context::Downloading,
        (Some(Overlay::Confirm(_)), _) => Context::Confirm,
        (None, Screen::Form) if model.form.as_deref().is_some_and(Form::is_picking) => Context::Picker,
        (None, Screen::Form) if model.form.as_deref().is_some_and(Form::has_calendar) => Context::Calendar,
        (None, _) if matches!(filter(model), Some(Filter::Editing(_))) => Context::Filter,
        (None, screen) => of_screen(screen),
    };
    STACKS.iter().find(|stack| stack.first() == Some(&innermost)).copied().unwrap_or(&[Context::Always])
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

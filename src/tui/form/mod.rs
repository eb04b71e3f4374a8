//! The export form: what a person fills in before tasks are queued.
//!
//! A component of its own: it holds what was typed, checks it as it is typed, draws itself, and gives tasks out when
//! nothing stands against them. It makes no calls; the screen around it passes in what is known of the account.
//!
//! `fields` holds the texts, `fill` fills them from what is known, `choices` what is decided by a key, `check` judges them,
//! `presets`, `picker` and `calendar` help to fill them in (`popup` is whichever of the last two is open), `rows` turns all of it into lines and `view` paints those.

mod calendar;
mod check;
mod choices;
mod fields;
mod fill;
mod picker;
mod popup;
mod presets;
mod rows;
#[cfg(test)]
mod tests;
mod view;

use std::collections::HashMap;
use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use self::check::{Checked, Inputs};
use self::fields::{Field, Fields, Stop};
pub use self::fill::took_too_long;
use self::popup::Popup;
use crate::domain::calendar::Step;
use crate::domain::engine::Engine;
use crate::domain::inventory::{Bucket, Encryption, ListedGroup};
use crate::domain::names::{LogGroupName, StreamPrefix};
use crate::domain::place::{AccountId, Region};
use crate::domain::plan::Plan;
use crate::domain::store::Base;
use crate::domain::time::{TimeRange, Timestamp, Zone};
use crate::domain::when;
use crate::tui::checks::Checks;
use crate::tui::groups::Groups;
use crate::tui::line::Edit;
use crate::tui::model::Detail;
use crate::tui::peek::Wanted;
use crate::tui::since::{Since, Target};
use crate::tui::theme::Theme;

/// What the form needs to know of the world to judge what is typed.
#[derive(Clone, Copy, Debug)]
pub struct FormContext<'a> {
    /// The clock. Relative times are counted from it, also when submitting: pass the clock of the frame that was drawn
    /// last, and what was shown is what is queued.
    pub now: Timestamp,
    /// Log groups loaded so far, in listing order.
    pub groups: &'a [ListedGroup],
    /// What is known of those that somebody has looked at.
    pub details_of_groups: &'a Groups,
    /// Whether that is all of them: only then is a name that is not among them unknown.
    pub groups_complete: bool,
    /// Buckets loaded so far, with their Regions where those are known.
    pub buckets: &'a [Bucket],
    /// Whether that is all of them.
    pub buckets_complete: bool,
    /// How buckets encrypt, as far as known, by name.
    pub details: &'a HashMap<String, Detail>,
    /// The Region the tasks will run in, once connected.
    pub region: Option<&'a Region>,
    /// The account they will run in, once known.
    pub account: Option<&'a AccountId>,
    /// What is known of the checks of what stands in it.
    pub checks: &'a Checks,
    /// What is known of the last export of it.
    pub since: &'a Since,
    /// What relative directories begin at.
    pub base: &'a Base,
}

/// What keys mean inside the form; the key table maps keys to these, all other keys go to [`Form::edit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormAction {
    /// To the next field (Tab, Down).
    NextField,
    /// To the previous field (Shift-Tab, Up).
    PreviousField,
    /// Enter: choose in a list or picker; in a text field go on to the next; on the last line, submit.
    Confirm,
    /// Ctrl-S: submit from anywhere.
    Submit,
    /// F2: write what stands in it as a plan file.
    Save,
    /// Ctrl-T: UTC or local zone.
    ToggleZone,
    /// F4: AWS exports, or the direct engine does.
    ToggleEngine,
    /// Ctrl-P: the next range preset.
    NextPreset,
    /// Ctrl-O: open what chooses for the field: a list of log groups or buckets, a calendar.
    Pick,
    /// Space in a picker: mark the name under the cursor.
    Mark,
    /// In a calendar: to another day.
    Walk(Step),
    /// In a calendar: to today.
    Today,
    /// Ctrl-U: empty the field.
    ClearField,
    /// Ctrl-_: take the field's last change back.
    Undo,
    /// Ctrl-Y: make it again.
    Redo,
    /// Ctrl-V: take it that the bucket's customer-managed key lets the service in, or no longer.
    TrustKey,
    /// Esc: close the picker, or else leave the form (nothing typed is lost).
    Leave,
}

/// What the form asks of the screen around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormOutcome {
    /// Nothing beyond a redraw.
    Stay,
    /// Nothing could be done: the words why.
    Refuse(&'static str),
    /// Show the previous screen; the draft stays.
    Leave,
    /// A check stands against it, as the screen around knows.
    Blocked,
    /// Ask where to write this plan; the draft stays.
    Save(Plan),
    /// Show what this plan would queue, to be confirmed; the draft stays, and can be corrected and sent again.
    Submit(Plan),
}

/// The form and everything typed in it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Fields,
    /// What was put in without a hand: by opening the form, or from a past task.
    given: Fields,
    zone: Zone,
    stop: Stop,
    round: presets::Round,
    popup: Option<Popup>,
    /// Whether submitting was tried: from then on empty fields show their errors too.
    tried: bool,
    /// Whether the values are a past task's, of whose stream prefix AWS says nothing.
    stream_prefix_untold: bool,
    choices: choices::Chosen,
    /// Who moves the bytes.
    engine: Engine,
}

impl Form {
    /// An empty form with a sensible range (yesterday, UTC). The range stands there in words that mean the right day
    /// whenever they are read, so the clock decides nothing yet.
    pub fn new() -> Self {
        let mut form = Self::default();
        form.give(Field::From, presets::FIRST.from);
        form.give(Field::To, presets::FIRST.to);
        form
    }

    /// The same, with times read and written in `zone`.
    pub fn in_zone(zone: Zone) -> Self {
        Self { zone, ..Self::new() }
    }

    /// The bucket named in it, whether or not there is one, or the directory.
    pub fn bucket(&self) -> &str {
        self.fields.text(Field::Bucket).trim()
    }

    /// Puts the cursor on the first field that is empty and may not be, or else on the log groups.
    pub fn go_to_missing(&mut self) {
        let is_empty = |field: &Field| self.fields.text(*field).trim().is_empty();
        let missing = Field::ALL.into_iter().filter(|field| field.is_needed()).find(is_empty);
        self.stop = missing.map_or_else(Stop::default, Stop::Field);
    }

    /// Whether a person has changed a text since the form was opened or filled: more than a key press would be lost.
    pub fn is_edited(&self) -> bool {
        Field::ALL.into_iter().any(|field| self.fields.text(field) != self.given.text(field))
    }

    /// The form has served and stays as it is: what stands in it would not be lost any more. The next plan is checked.
    pub fn sent(&mut self) {
        self.given = self.fields.clone();
        self.choices.unchecked = None;
    }

    /// Performs an action.
    pub fn perform(&mut self, action: FormAction, context: &FormContext<'_>) -> FormOutcome {
        match self.popup.take() {
            Some(popup) => self.perform_in_popup(popup, action, context),
            None => return self.perform_in_fields(action, context),
        }
        FormOutcome::Stay
    }

    /// Gives a key to the field under the cursor, or to the picker.
    pub fn edit(&mut self, key: KeyEvent) {
        match (&mut self.popup, self.stop.field()) {
            (Some(popup), _) => popup.edit(key),
            (None, Some(field)) => self.fields.edit(field, key),
            (None, None) => {}
        }
    }

    /// Moves or cuts in the field under the cursor, or in the picker's filter.
    pub fn adjust(&mut self, edit: Edit) {
        match (&mut self.popup, self.stop.field()) {
            (Some(popup), _) => popup.adjust(edit),
            (None, Some(field)) => self.fields.adjust(field, edit),
            (None, None) => {}
        }
    }

    /// Pastes text into the field under the cursor, or into the picker's filter.
    pub fn paste(&mut self, text: &str) {
        match (&mut self.popup, self.stop.field()) {
            (Some(popup), _) => popup.paste(text),
            (None, Some(field)) => self.fields.paste(field, text),
            (None, None) => {}
        }
    }

    /// Whether what the form would queue depends on the clock: then it has to be drawn anew as time passes. No time that
    /// is counted from the clock, or from its day, is the same at two clocks a day and a second apart.
    pub fn follows_clock(&self, now: Timestamp) -> bool {
        const APART: Duration = Duration::from_secs(24 * 60 * 60 + 1);
        self.reads_differently(now, now.after(APART))
    }

    /// Whether the range means something else at the one clock than at the other.
    pub fn reads_differently(&self, one: Timestamp, other: Timestamp) -> bool {
        let reading = |field, now| when::read(self.fields.text(field), now, self.zone);
        [Field::From, Field::To].into_iter().any(|field| reading(field, one) != reading(field, other))
    }

    /// The range that stands in it, if it is one.
    pub fn range(&self, context: &FormContext<'_>) -> Option<TimeRange> {
        self.check(context).range
    }

    /// What a look at the events of what stands in it would be at; in words what is missing for that.
    pub fn peek(&self, context: &FormContext<'_>) -> Result<Wanted, &'static str> {
        let checked = self.check(context);
        let named: Result<Vec<_>, _> = checked.groups.iter().map(|name| LogGroupName::parse(name)).collect();
        let groups = named.ok().filter(|groups| !groups.is_empty()).ok_or("fill in log groups first")?;
        let range = checked.range.ok_or("fill in a range first")?;
        let streams = self.fields.text(Field::StreamPrefix).trim();
        let streams = (!streams.is_empty()).then(|| StreamPrefix::parse(streams)).transpose();
        Ok(Wanted { groups, range, streams: streams.map_err(|_| "no log stream can begin with this prefix")? })
    }

    /// Whose last export somebody wants to know: who typed that word for the start.
    pub fn wants_last_export(&self, context: &FormContext<'_>) -> Option<Target> {
        self.check(context).since
    }

    /// Draws the form into `area`.
    pub fn view(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme, context: &FormContext<'_>) {
        view::draw(self, frame, area, theme, context, &self.check(context));
    }

    fn perform_in_fields(&mut self, action: FormAction, context: &FormContext<'_>) -> FormOutcome {
        match action {
            FormAction::NextField => self.stop = self.stop.next(),
            FormAction::PreviousField => self.stop = self.stop.previous(),
            FormAction::Confirm => match self.stop {
                Stop::Field(_) => self.stop = self.stop.next(),
                Stop::Submit => return self.submit(context),
            },
            FormAction::Submit => return self.submit(context),
            FormAction::Save => return self.plan(context).map_or(FormOutcome::Stay, FormOutcome::Save),
            FormAction::ToggleZone => self.zone = self.zone.toggled(),
            FormAction::ToggleEngine => self.toggle_engine(),
            FormAction::NextPreset => self.next_preset(),
            FormAction::Pick => self.open_popup(context),
            FormAction::Mark | FormAction::Walk(_) | FormAction::Today => {}
            FormAction::ClearField => {
                if let Some(field) = self.stop.field() {
                    self.fields.clear(field);
                }
            }
            FormAction::Undo => return self.go_back(Fields::undo, "nothing of this field is left to undo"),
            FormAction::Redo => return self.go_back(Fields::redo, "nothing of this field was undone last"),
            FormAction::TrustKey => self.trust_key(!self.trusts_key()),
            FormAction::Leave => return FormOutcome::Leave,
        }
        FormOutcome::Stay
    }

    /// Goes back, or on again, in the history of the field under the cursor; `else_told` where it ends.
    fn go_back(&mut self, step: impl Fn(&mut Fields, Field) -> bool, else_told: &'static str) -> FormOutcome {
        let went = self.stop.field().is_some_and(|field| step(&mut self.fields, field));
        if went { FormOutcome::Stay } else { FormOutcome::Refuse(else_told) }
    }

    fn next_preset(&mut self) {
        let (from, to) = self.round.next(self.fields.text(Field::From), self.fields.text(Field::To));
        self.fields.set(Field::From, &from);
        self.fields.set(Field::To, &to);
    }

    /// Gives the plan out, or goes to the first field that stands against it.
    fn submit(&mut self, context: &FormContext<'_>) -> FormOutcome {
        let checked = self.check(context);
        if let Some((field, _)) = checked.blocked.filter(|_| checked.errors.is_empty()) {
            self.stop = Stop::Field(field);
            return FormOutcome::Blocked;
        }
        let Some(plan) = self.plan(context) else { return FormOutcome::Stay };
        self.stop = Stop::default();
        FormOutcome::Submit(plan)
    }

    /// What is asked for; or else the cursor goes to the first field that is wrong.
    fn plan(&mut self, context: &FormContext<'_>) -> Option<Plan> {
        let checked = self.check(context);
        self.tried = checked.plan.is_none();
        if let Some(field) = checked.errors.keys().next() {
            self.stop = Stop::Field(*field);
        }
        checked.plan
    }

    fn check(&self, context: &FormContext<'_>) -> Checked {
        let text = |field| self.fields.text(field);
        let inputs = Inputs {
            groups: text(Field::Groups),
            from: text(Field::From),
            to: text(Field::To),
            split: self.fields.split(),
            stream_prefix: text(Field::StreamPrefix),
            bucket: text(Field::Bucket),
            prefix: text(Field::Prefix),
            name: text(Field::Name),
            label: text(Field::Label),
            zone: self.zone,
            preflight: self.preflight(),
            engine: &self.engine,
        };
        check::check(&inputs, context)
    }

    /// Whether an error of `field` is worth showing: not that of an empty field nobody has touched yet.
    fn shows_error(&self, field: Field) -> bool {
        self.tried || self.fields.is_touched(field) || !self.fields.text(field).is_empty()
    }
}

impl FormContext<'_> {
    /// How the bucket encrypts, if that is known.
    fn encryption(&self, bucket: &str) -> Option<&Encryption> {
        match self.details.get(bucket)? {
            Detail::Known(details) => details.encryption.as_ref().ok(),
            Detail::Asked(_) => None,
        }
    }
}

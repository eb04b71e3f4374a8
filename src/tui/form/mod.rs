//! The export form: what a person fills in before tasks are queued.
//!
//! A component of its own: it holds what was typed, checks it as it is typed, draws itself, and gives tasks out when
//! nothing stands against them. It makes no calls; the screen around it passes in what is known of the account.
//!
//! `fields` holds the texts, `choices` what is decided by a key, `check` judges them, `presets` and `picker` help to fill them in, `rows` turns all of it
//! into lines and `view` paints those.

mod check;
mod choices;
mod fields;
mod picker;
mod presets;
mod rows;
#[cfg(test)]
mod tests;
mod view;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use self::check::{Checked, Inputs};
use self::fields::{Field, Fields, Stop};
use self::picker::Picker;
use crate::domain::engine::Engine;
use crate::domain::inventory::{Bucket, Encryption, ListedGroup, RemoteTask};
use crate::domain::names::{DestinationPrefix, Label, StreamPrefix, label_in};
use crate::domain::place::{AccountId, Region};
use crate::domain::plan::Plan;
use crate::domain::problem::ProblemKind;
use crate::domain::split::Split;
use crate::domain::task::{Task, TaskSpec};
use crate::domain::time::{Timestamp, Zone};
use crate::domain::when;
use crate::tui::checks::Checks;
use crate::tui::list::Motion;
use crate::tui::model::Detail;
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
    /// Ctrl-T: UTC or local zone.
    ToggleZone,
    /// Ctrl-E: AWS exports, or the direct engine does.
    ToggleEngine,
    /// Ctrl-P: the next range preset.
    NextPreset,
    /// Ctrl-O: open the picker of the field (log groups, buckets).
    Pick,
    /// Space in a picker: mark the name under the cursor.
    Mark,
    /// Ctrl-U: empty the field.
    ClearField,
    /// Ctrl-V: take it that the bucket's customer-managed key lets the service in, or no longer.
    TrustKey,
    /// Esc: close the picker, or else leave the form (nothing typed is lost).
    Leave,
}

/// What the form asks of the screen around it.
#[expect(clippy::large_enum_variant, reason = "made and taken apart at once, one at a time")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormOutcome {
    /// Nothing beyond a redraw.
    Stay,
    /// Show the previous screen; the draft stays.
    Leave,
    /// A check stands against it, as the screen around knows.
    Blocked,
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
    picker: Option<Picker>,
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

    /// Puts these log groups into the form; everything else stays as typed.
    pub fn set_groups(&mut self, groups: &[String]) {
        self.picker = None;
        self.stream_prefix_untold = false;
        self.give(Field::Groups, &groups.join(", "));
    }

    /// Puts this bucket into the form; everything else stays as typed.
    pub fn set_bucket(&mut self, bucket: &str) {
        self.picker = None;
        self.give(Field::Bucket, bucket);
    }

    /// The bucket named in it, whether or not there is one.
    pub fn bucket(&self) -> &str {
        self.fields.text(Field::Bucket).trim()
    }

    /// Puts the cursor on the first field that is empty and may not be, or else on the log groups.
    pub fn go_to_missing(&mut self) {
        let is_empty = |field: &Field| self.fields.text(*field).trim().is_empty();
        let missing = Field::ALL.into_iter().filter(|field| field.is_needed()).find(is_empty);
        self.stop = missing.map_or_else(Stop::default, Stop::Field);
    }

    /// Fills every field from a task of the queue ("run again"). One that took AWS too long is cut into shorter windows.
    pub fn fill_from_task(&mut self, task: &Task) {
        self.fill_from_spec(&task.spec);
        if took_too_long(task) {
            self.give(Field::Split, finer(task.spec.window.span()).word());
        }
    }

    fn fill_from_spec(&mut self, spec: &TaskSpec) {
        *self = Self { zone: self.zone, engine: spec.engine.clone(), ..Self::default() };
        let to = &spec.destination;
        let prefix = to.prefix.as_ref().map_or("", DestinationPrefix::as_str);
        let values = [
            (Field::Groups, spec.group.as_str()),
            (Field::From, &spec.window.from().to_string()),
            (Field::To, &spec.window.to().to_string()),
            (Field::StreamPrefix, spec.stream_prefix.as_ref().map_or("", StreamPrefix::as_str)),
            (Field::Bucket, to.bucket.as_str()),
            (Field::Prefix, &as_template(prefix)),
            (Field::Label, spec.label.as_ref().map_or("", Label::as_str)),
        ];
        for (field, text) in values {
            self.give(field, text);
        }
    }

    /// Fills every field from a past task ("run again"). AWS does not tell a past task's stream prefix: it is emptied,
    /// so that none is left over from another draft, and the form says so.
    pub fn fill_from(&mut self, task: &RemoteTask) {
        *self = Self { zone: self.zone, stream_prefix_untold: true, ..Self::default() };
        let label = task.name.as_deref().map_or("", label_in);
        let values = [
            (Field::Groups, task.group.as_str()),
            (Field::From, &task.from.to_string()),
            (Field::To, &task.to.to_string()),
            (Field::Bucket, &task.bucket),
            (Field::Prefix, &as_template(&task.prefix)),
            (Field::Label, label),
        ];
        for (field, text) in values {
            self.give(field, text);
        }
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

    fn give(&mut self, field: Field, text: &str) {
        self.fields.set(field, text);
        self.given.set(field, text);
    }

    /// Performs an action.
    pub fn perform(&mut self, action: FormAction, context: &FormContext<'_>) -> FormOutcome {
        match self.picker.take() {
            Some(picker) => self.perform_in_picker(picker, action),
            None => return self.perform_in_fields(action, context),
        }
        FormOutcome::Stay
    }

    /// Gives a key to the field under the cursor, or to the picker.
    pub fn edit(&mut self, key: KeyEvent) {
        match (&mut self.picker, self.stop.field()) {
            (Some(picker), _) => picker.edit(key),
            (None, Some(field)) => self.fields.edit(field, key),
            (None, None) => {}
        }
    }

    /// Pastes text into the field under the cursor, or into the picker's filter.
    pub fn paste(&mut self, text: &str) {
        match (&mut self.picker, self.stop.field()) {
            (Some(picker), _) => picker.paste(text),
            (None, Some(field)) => self.fields.paste(field, text),
            (None, None) => {}
        }
    }

    /// Hands listings that grew to an open picker; to be called when a page arrives.
    pub fn learn(&mut self, context: &FormContext<'_>) {
        if let Some(picker) = &mut self.picker {
            let names = listed(picker.field(), context).into_iter().flatten();
            picker.learn(names);
        }
    }

    /// Whether the picker is open: then [`FormAction::Leave`] closes it and does not leave the form.
    pub const fn is_picking(&self) -> bool {
        self.picker.is_some()
    }

    /// Whether an open picker's filter has not looked at every name yet.
    pub fn is_sifting(&self) -> bool {
        self.picker.as_ref().is_some_and(Picker::is_sifting)
    }

    /// Has it look at some more.
    pub fn sift(&mut self) {
        if let Some(picker) = &mut self.picker {
            picker.sift();
        }
    }

    /// Whether an open picker takes several names.
    pub fn picks_several(&self) -> bool {
        self.picker.as_ref().is_some_and(Picker::takes_several)
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
            FormAction::ToggleZone => self.zone = self.zone.toggled(),
            FormAction::ToggleEngine => self.toggle_engine(),
            FormAction::NextPreset => self.next_preset(),
            FormAction::Pick => self.open_picker(context),
            FormAction::Mark => {}
            FormAction::ClearField => {
                if let Some(field) = self.stop.field() {
                    self.fields.clear(field);
                }
            }
            FormAction::TrustKey => self.trust_key(!self.trusts_key()),
            FormAction::Leave => return FormOutcome::Leave,
        }
        FormOutcome::Stay
    }

    /// The picker was taken out; whatever does not end it puts it back.
    fn perform_in_picker(&mut self, mut picker: Picker, action: FormAction) {
        match action {
            FormAction::NextField => picker.step(Motion::Down),
            FormAction::PreviousField => picker.step(Motion::Up),
            FormAction::ClearField => picker.clear(),
            FormAction::Mark => picker.toggle(),
            FormAction::Confirm if self.choose(&mut picker) => return,
            FormAction::Pick | FormAction::Leave => return,
            FormAction::Confirm
            | FormAction::Submit
            | FormAction::ToggleZone
            | FormAction::ToggleEngine
            | FormAction::NextPreset
            | FormAction::TrustKey => {}
        }
        self.picker = Some(picker);
    }

    /// What was chosen takes the field's place; `false` if there is nothing to choose.
    fn choose(&mut self, picker: &mut Picker) -> bool {
        let chosen = picker.chosen();
        if !chosen.is_empty() {
            self.fields.set(picker.field(), &chosen.join(", "));
        }
        !chosen.is_empty()
    }

    fn next_preset(&mut self) {
        let (from, to) = self.round.next(self.fields.text(Field::From), self.fields.text(Field::To));
        self.fields.set(Field::From, &from);
        self.fields.set(Field::To, &to);
    }

    fn open_picker(&mut self, context: &FormContext<'_>) {
        let Some(field) = self.stop.field() else { return };
        let Some(names) = listed(field, context) else { return };
        let chosen = check::names_in(self.fields.text(field));
        self.picker = Some(Picker::open(field, field == Field::Groups, names, &chosen));
    }

    /// Gives the tasks out, or goes to the first field that stands against it.
    fn submit(&mut self, context: &FormContext<'_>) -> FormOutcome {
        let checked = self.check(context);
        if let Some((field, _)) = checked.blocked.filter(|_| checked.errors.is_empty()) {
            self.stop = Stop::Field(field);
            return FormOutcome::Blocked;
        }
        if let Some(plan) = checked.plan {
            (self.stop, self.tried) = (Stop::default(), false);
            return FormOutcome::Submit(plan);
        }
        self.tried = true;
        if let Some(field) = checked.errors.keys().next() {
            self.stop = Stop::Field(*field);
        }
        FormOutcome::Stay
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

/// A prefix as the template that makes it: its own braces are no fields.
fn as_template(prefix: &str) -> String {
    prefix.replace('{', "{{").replace('}', "}}")
}

/// Whether AWS gave up on the task: running the same window again would end the same way.
pub fn took_too_long(task: &Task) -> bool {
    task.problem.as_ref().is_some_and(|problem| problem.kind == ProblemKind::ExportTimedOut)
}

/// The split that cuts a window of this length into shorter ones.
fn finer(span: Duration) -> Split {
    const DAY: Duration = Duration::from_hours(24);
    match span {
        _ if span > 31 * DAY => Split::Monthly,
        _ if span > 7 * DAY => Split::Weekly,
        _ if span > DAY + Duration::from_hours(1) => Split::Daily,
        _ => Split::Hourly,
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

/// The names the picker of `field` chooses from; `None` for fields without one.
fn listed<'a>(field: Field, context: &FormContext<'a>) -> Option<Box<dyn Iterator<Item = Arc<str>> + 'a>> {
    match field {
        Field::Groups => Some(Box::new(context.groups.iter().map(|group| Arc::clone(&group.name)))),
        Field::Bucket => Some(Box::new(context.buckets.iter().map(|bucket| Arc::from(bucket.name.as_str())))),
        Field::From | Field::To | Field::Split | Field::StreamPrefix | Field::Prefix | Field::Label => None,
    }
}

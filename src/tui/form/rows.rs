//! The form as lines of text: every field with its note, what the range comes to, what will be queued.
//!
//! Which lines there are depends on the height alone, not on what is wrong: nothing jumps while one types. Text from
//! outside passes through `cells`, which escapes it.

use std::borrow::Cow;

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::Form;
use super::check::Checked;
use super::fields::{Field, Stop};
use super::presets;
use crate::domain::split::Split;
use crate::domain::time::{Zone, show_span};
use crate::domain::when::Reading;
use crate::tui::cells::{counted, fit_end, fit_middle, thousands};
use crate::tui::line::window;
use crate::tui::theme::{Role, Theme};

/// Cells of the cursor's mark and the label, left of the bar.
pub const LABEL_CELLS: usize = 16;

/// Where values begin: after the label and the bar.
const VALUE_AT: usize = LABEL_CELLS + 1;

/// Cells of a value on a screen of 80: what stands beside it goes no further to the right on wider ones.
const VALUE_CELLS: usize = 80 - VALUE_AT;

/// From this height on sections stand apart and the log groups are listed; below, all 20 lines fit into 80x20.
const ROOMY: usize = 30;

/// Lines of a roomy form without the checks and the list of log groups.
const ROOMY_LINES: usize = 29;

/// The last line: AWS exports, or the direct engine does.
const SUBMIT: [&str; 2] = ["[ Export ]", "[ Export directly ]"];

/// What a template may hold, under its field.
const TEMPLATE_HINT: &str = "{account} {region} {group} {group:flat} {task} {from:%Y/%m/%d}";

/// What else the bucket's field takes once the direct engine is chosen, under it.
const DIRECTORY_HINT: &str = "or a directory of this machine: file:./logs";

/// A warning of an end of the range, where there is no room for the sentence.
const WARNED: &str = "may be incomplete";

/// How a split is chosen, under it.
const SPLIT_HINT: &str = "←, → or the first letter choose";

/// The form's lines, and where its cursor is among them.
#[derive(Debug, Default)]
pub struct Rows {
    /// From top to bottom.
    pub lines: Vec<Line<'static>>,
    /// The line of the stop under the cursor.
    pub focus: usize,
    /// The column of the terminal's cursor in that line, when a text field has it.
    pub cursor: Option<usize>,
}

/// The lines of `form` for an area of `width` by `height`. Where the checks do not stand beside it, `checks` says in a
/// line what they come to.
pub fn rows(
    form: &Form,
    checked: &Checked,
    checks: Option<(String, Role)>,
    theme: Theme,
    width: usize,
    height: usize,
) -> Rows {
    let mut page = Page { form, checked, theme, width, roomy: height >= ROOMY, rows: Rows::default() };
    page.gap();
    page.groups();
    page.gap();
    page.range();
    page.split();
    page.gap();
    page.field(Field::StreamPrefix);
    page.gap();
    page.field(Field::Bucket);
    page.field(Field::Prefix);
    page.gap();
    page.names();
    let lines = ROOMY_LINES + usize::from(checks.is_some());
    if let Some((text, role)) = checks {
        page.checks(&text, role);
    }
    page.gap();
    page.summary(height.saturating_sub(lines));
    page.gap();
    page.submit();
    page.rows
}

/// In UTC, and in the milliseconds that AWS is given.
fn instant(reading: Reading) -> String {
    let twice = if reading.twice { ", the earlier of two" } else { "" };
    format!("{}  {} ms{twice}", reading.at, reading.at.millis())
}

struct Page<'a> {
    form: &'a Form,
    checked: &'a Checked,
    theme: Theme,
    width: usize,
    roomy: bool,
    rows: Rows,
}

impl Page<'_> {
    fn blank(&mut self) {
        self.rows.lines.push(Line::default());
    }

    fn gap(&mut self) {
        if self.roomy {
            self.blank();
        }
    }

    fn groups(&mut self) {
        let many = self.checked.groups.len();
        let note = if many > 1 { format!("{many} log groups") } else { String::new() };
        self.value(Field::Groups);
        self.note_or(Field::Groups, &note);
    }

    fn range(&mut self) {
        let text = |field| self.form.fields.text(field);
        let name = presets::current(text(Field::From), text(Field::To)).map_or("as typed", |preset| preset.name);
        let zone = match self.form.zone {
            Zone::Utc => "UTC".to_owned(),
            Zone::Local => format!("local time{}", self.offsets()),
            Zone::Named(zone) => zone.name().to_owned(),
        };
        self.fact("Range", &format!("{name}, times read in {zone}"));
        self.end(Field::From, self.checked.from);
        self.end(Field::To, self.checked.to);
    }

    /// How far local time is from UTC at the ends of the range: ` (+01:00)`, or where the clocks change in between,
    /// ` (+01:00, then +02:00)`.
    fn offsets(&self) -> String {
        let ends = [self.checked.from, self.checked.to].into_iter().flatten();
        let mut offsets: Vec<String> =
            ends.filter_map(|end| Zone::Local.wall_clock(end.at)).map(|at| at.offset().to_string()).collect();
        offsets.dedup();
        if offsets.is_empty() { String::new() } else { format!(" ({})", offsets.join(", then ")) }
    }

    /// The choice, and under it what stands against it.
    fn split(&mut self) {
        let focused = self.form.stop == Stop::Field(Field::Split);
        let mut spans = self.label(Field::Split.label(), focused);
        let chosen = self.form.fields.split();
        for split in Split::ALL {
            let (text, role) =
                if split == chosen { (format!("[{split}]"), Role::Title) } else { (format!(" {split} "), Role::Muted) };
            spans.push(Span::styled(text, self.theme.style(role)));
        }
        if focused {
            self.rows.focus = self.rows.lines.len();
        }
        self.rows.lines.push(Line::from(spans));
        self.note_or(Field::Split, if focused { SPLIT_HINT } else { "" });
    }

    fn end(&mut self, field: Field, reading: Option<Reading>) {
        self.value(field);
        let warning = self.checked.warnings.get(&field).filter(|_| !self.checked.errors.contains_key(&field));
        if let Some((reading, warning)) = reading.zip(warning) {
            self.warned(field, reading, warning);
        } else {
            let resolved = reading.map(|reading| self.resolved(reading)).unwrap_or_default();
            self.note_or(field, &resolved);
        }
    }

    /// The warning takes the note's line, and the instant stands beside what was typed; where that is too long for both,
    /// they share the note's line.
    fn warned(&mut self, field: Field, reading: Reading, warning: &str) {
        let instant = self.fitting([instant(reading), reading.at.to_string()]);
        let (room, used) = (self.note_room(), self.form.fields.text(field).width() + instant.width());
        let gap = room.min(VALUE_CELLS).saturating_sub(used).max(2);
        let line = self.rows.lines.last_mut().filter(|_| used + gap <= room);
        if let Some(line) = line {
            line.push_span(Span::styled(format!("{:gap$}{instant}", ""), self.theme.style(Role::Muted)));
            self.note(&format!("! {warning}"), Role::Warning);
        } else {
            let told = self.fitting([
                format!("{instant}  ! {WARNED}"),
                format!("{}  ! {WARNED}", reading.at),
                format!("! {warning}"),
            ]);
            self.note(&told, Role::Warning);
        }
    }

    /// An end of the range as it will be queued: in UTC, and in the milliseconds that AWS is given.
    fn resolved(&self, reading: Reading) -> String {
        let local = match self.form.zone {
            zone @ (Zone::Local | Zone::Named(_)) => format!("  {}", reading.at.show(zone)),
            Zone::Utc => String::new(),
        };
        let instant = instant(reading);
        self.fitting([format!("{instant}{local}"), instant, reading.at.to_string(), reading.at.show(Zone::Utc)])
    }

    /// The first of these that has room in a note's line: half a number would be another number. At least the last.
    fn fitting<const N: usize>(&self, texts: [String; N]) -> String {
        let fits = |text: &String| text.width() <= self.note_room();
        let last = texts.last().cloned().unwrap_or_default();
        texts.into_iter().find(fits).unwrap_or(last)
    }

    fn field(&mut self, field: Field) {
        self.value(field);
        let warning = self.checked.warnings.get(&field).filter(|_| !self.checked.errors.contains_key(&field));
        match warning.filter(|_| self.against(field).is_none()) {
            Some(warning) => self.note(&format!("! {warning}"), Role::Warning),
            None => self.note_or(field, &self.hint(field)),
        }
    }

    /// What the plan and its tasks are called. Where lines are few the two share one for their notes.
    fn names(&mut self) {
        self.field(Field::Name);
        if !self.roomy && self.against(Field::Name).is_none() {
            self.rows.lines.pop();
        }
        self.field(Field::Label);
        if !self.roomy && self.against(Field::Name).is_some() {
            self.rows.lines.pop();
        }
    }

    /// What helps to fill `field` in.
    fn hint(&self, field: Field) -> Cow<'static, str> {
        let focused = self.form.stop == Stop::Field(field);
        match &self.checked.directory {
            Some(path) if field == Field::Bucket => {
                fit_middle(&format!("on this machine: {path}"), self.note_room()).into()
            }
            None if field == Field::Bucket && focused && self.form.is_direct() => DIRECTORY_HINT.into(),
            _ if field == Field::Prefix && focused => TEMPLATE_HINT.into(),
            _ => self.untold(field).into(),
        }
    }

    /// Without this, running a past task again would silently export more than it did.
    fn untold(&self, field: Field) -> &'static str {
        let here = field == Field::StreamPrefix && self.form.fields.text(field).is_empty();
        if here && self.form.stream_prefix_untold { "AWS does not tell whether the past task had one" } else { "" }
    }

    /// The error of `field`, what a check has against it, or else `note`.
    fn note_or(&mut self, field: Field, note: &str) {
        match self.against(field) {
            Some(against) => self.note(&format!("✗ {against}"), Role::Bad),
            None => self.note(note, Role::Muted),
        }
    }

    fn against(&self, field: Field) -> Option<String> {
        let error = self.checked.errors.get(&field);
        let blocked = self.checked.blocked.as_ref().filter(|(blocked, _)| *blocked == field && error.is_none());
        error.filter(|_| self.form.shows_error(field)).or(blocked.map(|(_, why)| why)).cloned()
    }

    /// What the checks come to, under the last field. Where lines are few it takes the place of that field's note,
    /// unless something is wrong there: then nothing else matters yet.
    fn checks(&mut self, text: &str, role: Role) {
        let named = [Field::Name, Field::Label].into_iter().all(|field| self.against(field).is_none());
        if !self.roomy && named {
            self.rows.lines.pop();
        } else if !self.roomy {
            return;
        }
        let shown = fit_end(text, self.note_room());
        self.rows.lines.push(Line::from(vec![
            Span::styled(format!("  {:<rest$}", "Checks", rest = VALUE_AT - 2), self.theme.style(Role::Muted)),
            Span::styled(shown, self.theme.style(role)),
        ]));
    }

    fn note_room(&self) -> usize {
        self.width.saturating_sub(VALUE_AT)
    }

    fn note(&mut self, text: &str, role: Role) {
        let shown = fit_end(text, self.note_room());
        self.rows
            .lines
            .push(Line::from(vec![Span::raw(" ".repeat(VALUE_AT)), Span::styled(shown, self.theme.style(role))]));
    }

    /// A line that is shown and not typed.
    fn fact(&mut self, label: &str, text: &str) {
        let shown = fit_middle(text, self.note_room());
        self.rows.lines.push(Line::from(vec![
            Span::styled(format!("  {label:<rest$}", rest = VALUE_AT - 2), self.theme.style(Role::Muted)),
            Span::styled(shown, self.theme.style(Role::Text)),
        ]));
    }

    fn value(&mut self, field: Field) {
        let focused = self.form.stop == Stop::Field(field);
        let mut spans = self.label(field.label(), focused);
        // One cell stays free at the right edge, for the cursor behind the last character.
        let room = self.note_room().saturating_sub(1);
        let input = self.form.fields.input(field);
        let (shown, cursor) = if focused { window(input, room) } else { (fit_end(input.value(), room), 0) };
        let (shown, role) = match input.value() {
            "" => (fit_end(field.placeholder(), room), Role::Muted),
            _ => (shown, Role::Text),
        };
        spans.push(Span::styled(shown, self.theme.style(role)));
        if focused {
            self.rows.focus = self.rows.lines.len();
            self.rows.cursor = Some(VALUE_AT + cursor);
        }
        self.rows.lines.push(Line::from(spans));
    }

    /// Mark, label and bar. Under the cursor they differ by glyph, weight and reverse video, so that colour is not needed.
    fn label(&self, label: &'static str, focused: bool) -> Vec<Span<'static>> {
        let rest = " ".repeat(LABEL_CELLS.saturating_sub(2 + label.width()));
        let style = |role| self.theme.style(role);
        if focused {
            vec![
                Span::styled("▸ ", style(Role::Key)),
                Span::styled(label, style(Role::Cursor)),
                Span::raw(rest),
                Span::styled("┃", style(Role::Key)),
            ]
        } else {
            vec![
                Span::raw("  "),
                Span::styled(label, style(Role::Text)),
                Span::raw(rest),
                Span::styled("│", style(Role::Muted)),
            ]
        }
    }

    fn summary(&mut self, room: usize) {
        self.group_list(room);
        self.key("First key", &self.checked.first_key);
        match &self.checked.last_key {
            // The page before queueing has it too.
            _ if !self.roomy => {}
            Some(key) => self.key("Last key", key),
            None => self.blank(),
        }
    }

    /// A key, cut at its end: what follows the prefix is the same for all.
    fn key(&mut self, label: &str, key: &str) {
        self.fact(label, &fit_end(key, self.note_room()));
    }

    /// How many tasks there will be: `60 tasks: 2 log groups × 30 windows`.
    fn tasks(&self) -> String {
        let (groups, span) = (self.checked.groups.len(), self.checked.range.map(|range| show_span(range.span())));
        match (groups, self.checked.windows, span) {
            (0, ..) => "nothing to queue yet".to_owned(),
            (1, Some(1), Some(span)) => format!("1 task, {span}"),
            (many, Some(1), Some(span)) => format!("{} tasks, one per log group, {span} each", thousands(many)),
            (groups, Some(windows), _) => {
                let all = thousands(groups.saturating_mul(windows));
                format!("{all} tasks: {} × {} windows", counted(groups, "log group"), thousands(windows))
            }
            (groups, None, _) => counted(groups, "log group"),
        }
    }

    /// Several log groups by name, where there is room: in their field they are seldom all in sight.
    fn group_list(&mut self, room: usize) {
        let names = &self.checked.groups;
        if !self.roomy || names.len() < 2 || room == 0 {
            return;
        }
        let shown = if names.len() <= room { names.len() } else { room.saturating_sub(1) };
        for name in &names[..shown] {
            self.note(name, Role::Text);
        }
        if shown < names.len() {
            self.note(&format!("… and {} more", names.len() - shown), Role::Muted);
        }
    }

    fn submit(&mut self) {
        let focused = self.form.stop == Stop::Submit;
        let ready = self.checked.plan.is_some() && self.checked.blocked.is_none();
        let role = match (focused, ready) {
            (true, _) => Role::Cursor,
            (false, true) => Role::Title,
            (false, false) => Role::Muted,
        };
        if focused {
            self.rows.focus = self.rows.lines.len();
        }
        let style = |role| self.theme.style(role);
        let standing = self.standing();
        let button = SUBMIT[usize::from(self.form.is_direct())];
        let room = self.width.saturating_sub(button.width() + 4);
        let role_of_standing = if ready { Role::Text } else { Role::Muted };
        self.rows.lines.push(Line::from(vec![
            Span::styled(if focused { "▸ " } else { "  " }, style(Role::Key)),
            Span::styled(button, style(role)),
            Span::raw("  "),
            Span::styled(fit_end(&standing, room), style(role_of_standing)),
        ]));
    }

    /// What there is to queue, and why it cannot be yet: the fields to go to.
    fn standing(&self) -> String {
        let fields: Vec<&str> = self.checked.errors.keys().map(|field| field.label()).collect();
        let needs = match (fields.is_empty(), &self.checked.blocked) {
            (false, _) => format!("; needs: {}", fields.join(", ")),
            (true, Some(_)) => "; blocked".to_owned(),
            (true, None) => String::new(),
        };
        format!("{}{needs}", self.tasks())
    }
}

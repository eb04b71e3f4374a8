//! The calendar over the form: a month to point at the day a range begins or ends with.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use ratatui::text::{Line, Span};

use super::FormContext;
use super::fields::Field;
use crate::domain::calendar::{DayKind, Step, WEEKDAYS, day_before, kind, weeks};
use crate::domain::time::{Timestamp, Zone};
use crate::tui::groups::Detail;
use crate::tui::theme::{Role, Theme};

/// Cells inside its frame: seven days of four.
pub const CELLS: usize = 30;

/// Lines inside its frame: the month, the weekdays, six weeks, what is chosen, two of signs.
pub const LINES: usize = 11;

/// An open calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    field: Field,
    day: NaiveDate,
    zone: Zone,
    /// How long events of the form's log groups are kept, if not for ever.
    retention: Option<Duration>,
}

impl Calendar {
    /// Opens for `field` on the day that stands in it, or else on today.
    pub fn open(
        field: Field,
        at: Option<Timestamp>,
        zone: Zone,
        groups: &[String],
        context: &FormContext<'_>,
    ) -> Option<Self> {
        let of = |at: Timestamp| {
            let shown = || zone.wall_clock(at).map(|shown| shown.date_naive());
            if field == Field::To { day_before(at, zone) } else { shown() }
        };
        let day = at.and_then(of).or_else(|| zone.wall_clock(context.now).map(|shown| shown.date_naive()))?;
        Some(Self { field, day, zone, retention: retention(groups, context) })
    }

    /// The field it chooses for.
    pub const fn field(&self) -> Field {
        self.field
    }

    /// Goes to another day.
    pub fn step(&mut self, step: Step) {
        self.day = step.from(self.day);
    }

    /// Goes to today.
    pub fn go_to_today(&mut self, now: Timestamp) {
        self.day = self.zone.wall_clock(now).map_or(self.day, |shown| shown.date_naive());
    }

    /// What is typed for the chosen day: a range begins with its beginning, and ends with its end.
    pub fn chosen(&self) -> String {
        let day = if self.field == Field::To { self.day + Days::new(1) } else { self.day };
        day.format("%Y-%m-%d").to_string()
    }

    /// The frame's title.
    pub fn title(&self) -> String {
        format!(" {} ", self.field.label())
    }

    /// What stands in the frame.
    pub fn lines(&self, theme: Theme, now: Timestamp) -> Vec<Line<'static>> {
        let style = |role| theme.style(role);
        let today = self.zone.wall_clock(now).map(|shown| shown.date_naive());
        let month = self.day.format("%B %Y").to_string();
        let heads: String = WEEKDAYS.iter().flat_map(|head| [" ", head, " "]).collect();
        let mut lines = vec![
            Line::styled(format!("{month:^CELLS$}"), style(Role::Title)),
            Line::styled(format!(" {heads}"), style(Role::Muted)),
        ];
        lines.extend(weeks(self.day).into_iter().map(|week| self.week(week, theme, now, today)));
        lines.resize(LINES - 3, Line::default());
        lines.push(Line::styled(format!(" {}", self.told()), style(Role::Text)));
        lines.push(Line::styled(" * today   > in the future", style(Role::Muted)));
        if let Some(kept) = self.retention {
            let days = kept.as_secs() / 86_400;
            lines.push(Line::styled(format!(" ~ not kept: {days} days are"), style(Role::Muted)));
        }
        lines
    }

    fn week(
        &self,
        week: [Option<NaiveDate>; 7],
        theme: Theme,
        now: Timestamp,
        today: Option<NaiveDate>,
    ) -> Line<'static> {
        let mut spans = vec![Span::raw(" ")];
        for day in week {
            let Some(day) = day else {
                spans.push(Span::raw("    "));
                continue;
            };
            let (sign, role) = match kind(day, self.zone, now, self.retention) {
                _ if Some(day) == today => ('*', Role::Title),
                DayKind::Open => (' ', Role::Text),
                DayKind::Future => ('>', Role::Muted),
                DayKind::Gone => ('~', Role::Muted),
            };
            let role = if day == self.day { Role::Cursor } else { role };
            spans.push(Span::styled(format!(" {}{sign}", day.format("%e")), theme.style(role)));
        }
        Line::from(spans)
    }

    /// What choosing it comes to.
    fn told(&self) -> String {
        let all = self.day.format("%Y-%m-%d");
        if self.field == Field::To { format!("up to the end of {all}") } else { format!("from {all} 00:00 on") }
    }
}

/// How long the longest kept of these log groups is; `None` if one of them is not known, or keeps its events for ever.
fn retention(groups: &[String], context: &FormContext<'_>) -> Option<Duration> {
    let known = |name: &String| match context.details_of_groups.detail(name)? {
        Detail::Known(details) => details.retention_days,
        Detail::Untold => None,
    };
    let days: Option<Vec<u32>> = groups.iter().map(known).collect();
    days?.into_iter().max().map(|days| Duration::from_hours(24 * u64::from(days)))
}

//! What is known of the checks for what stands in the form: asked a moment after the last change, and kept until the next.
//!
//! [`Checks`] is the state, [`due`] asks. `words` puts findings into words, `panel` and `page` show them. Nothing is
//! judged here: that is `domain::preflight`'s.

mod page;
mod panel;
mod words;

use std::sync::Arc;
use std::time::Duration;

pub use page::page;
pub use panel::{panel, summary};
pub use words::{facts, warns_of_range};

use crate::domain::layout::Destination;
use crate::domain::names::LogGroupName;
use crate::domain::place::Lane;
use crate::domain::plan::Plan;
use crate::domain::preflight::{Check, Checklist, Item, Remedy};
use crate::domain::time::Timestamp;
use crate::export::Choices;
use crate::tui::effect::Effect;
use crate::tui::form::Form;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Screen};

/// From the last change on: nobody wants a bucket asked about for every letter of its name.
const PAUSE: Duration = Duration::from_millis(300);

/// A range that is counted from the clock moves all the time; this much makes it another one.
const DRIFT: Duration = Duration::from_hours(1);

/// What the form asks to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What is asked for; it may lack log groups yet.
    pub plan: Plan,
    /// From and to as typed: what is meant, whatever the clock says.
    pub typed: [String; 2],
    /// What the person decided.
    pub choices: Choices,
}

/// What is to be checked, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// In which lane.
    pub lane: Arc<Lane>,
    /// What.
    pub wish: Wish,
}

impl Subject {
    /// Whether an answer about `self` is one about `other`.
    fn covers(&self, other: &Self) -> bool {
        let (own, new) = (self.wish.plan.range, other.wish.plan.range);
        let is_near = |one: Timestamp, other: Timestamp| one.since(other).max(other.since(one)) < DRIFT;
        let near = is_near(own.from(), new.from()) && is_near(own.to(), new.to());
        let moved = Self {
            wish: Wish { plan: Plan { range: new, ..self.wish.plan.clone() }, ..self.wish.clone() },
            ..self.clone()
        };
        near && moved == *other
    }
}

/// How far the checks are.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    subject: Option<Subject>,
    /// When they are to be asked for.
    at: Option<Timestamp>,
    /// Whether answers from before will not do.
    fresh: bool,
    asked: Option<RequestId>,
    answer: Option<Arc<Checklist>>,
}

impl Checks {
    /// The last answer, if it is about what stands in the form.
    pub fn answer(&self) -> Option<&Checklist> {
        self.answer.as_deref()
    }

    /// The checks that are made of where it goes, or while that is not known, of a bucket.
    pub fn made(&self) -> Vec<Check> {
        let into_directory = self.subject.as_ref().is_some_and(|subject| subject.wish.plan.store.directory().is_some());
        let is_made = |check: &Check| if into_directory { check.is_of_directory() } else { check.is_of_bucket() };
        Check::ALL.into_iter().filter(is_made).collect()
    }

    /// Whether an answer is to come.
    pub const fn is_under_way(&self) -> bool {
        self.at.is_some() || self.asked.is_some()
    }

    /// What stands first against exporting.
    pub fn block(&self) -> Option<&Item> {
        self.answer()?.block()
    }

    /// Whether the bucket's policy lacks what lets the service in, and it can be added.
    pub fn missing_grant(&self) -> bool {
        self.asks(|remedy| matches!(remedy, Remedy::Grant(_)))
    }

    /// Whether there is no such bucket, and it can be created.
    pub fn missing_bucket(&self) -> bool {
        self.asks(|remedy| *remedy == Remedy::Create)
    }

    /// Whether a finding has a remedy that `is` true of.
    pub fn asks(&self, is: impl Fn(&Remedy) -> bool) -> bool {
        let asks = |item: &Item| item.finding.remedy.as_ref().is_some_and(&is);
        self.answer().is_some_and(|list| list.items().iter().any(asks))
    }

    /// Where the export goes and what is exported, for a change of the bucket's policy.
    pub fn destination(&self) -> Option<(Destination, Vec<LogGroupName>)> {
        let Subject { lane, wish: Wish { plan, .. } } = self.subject.as_ref()?;
        let first = plan.destinations(lane, 1).unwrap_or_default().into_iter().next();
        // Without log groups yet, what is let in is let in for any.
        let to = first.map_or_else(|| Destination { store: plan.store.clone(), prefix: None }, |(_, to)| to);
        Some((to, plan.groups.clone()))
    }

    /// What stands in the form has to be checked anew, whatever was answered before.
    pub fn refresh(&mut self, now: Timestamp) {
        (self.at, self.fresh) = (self.subject.is_some().then_some(now), true);
    }

    /// Somebody comes back to the form: what was answered may have changed since.
    pub fn look_again(&mut self, now: Timestamp) {
        self.at = self.at.or_else(|| self.answer.is_some().then_some(now));
    }

    /// When they are to be asked for.
    pub const fn wakes_at(&self) -> Option<Timestamp> {
        self.at
    }

    /// The form asks for this now, or for nothing that could be checked.
    fn want(&mut self, subject: Option<Subject>, now: Timestamp) {
        let covered = match (&self.subject, &subject) {
            (Some(old), Some(new)) => old.covers(new),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !covered {
            let at = subject.is_some().then(|| now.after(PAUSE));
            *self = Self { subject, at, ..Self::default() };
        }
    }

    /// Takes an answer in, unless nobody waits for it any more.
    pub fn learn(&mut self, request: RequestId, answer: Arc<Checklist>) {
        if self.asked == Some(request) {
            (self.asked, self.answer) = (None, Some(answer));
        }
    }
}

impl Model {
    /// What stands first against exporting what is in the form, unless that is to be launched all the same.
    pub fn blocked(&self) -> Option<&Item> {
        self.checks.block().filter(|_| !self.is_unchecked())
    }

    /// Whether what is in the form is launched whatever the checks say.
    pub fn is_unchecked(&self) -> bool {
        self.form.as_deref().is_some_and(Form::is_unchecked)
    }
}

/// Asks for the checks of what stands in the form, if that is due. `update` calls it after every message.
pub fn due(model: &mut Model) -> Option<Effect> {
    if model.screen != Screen::Form {
        return None;
    }
    let now = model.now;
    let subject = subject(model);
    model.checks.want(subject, now);
    if model.checks.at.is_none_or(|at| now < at) {
        return None;
    }
    let request = model.new_request();
    let checks = &mut model.checks;
    (checks.at, checks.asked) = (None, Some(request));
    let fresh = std::mem::take(&mut checks.fresh);
    checks.subject.clone().map(|subject| Effect::Check { request, subject: Box::new(subject), fresh })
}

fn subject(model: &Model) -> Option<Subject> {
    let lane = Arc::new(model.places.here().lane()?);
    let wish = model.form.as_deref()?.wish(&model.form_context())?;
    Some(Subject { lane, wish })
}

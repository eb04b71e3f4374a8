//! `last export`, typed as the start of a range: up to where what the form asks for was exported before.
//!
//! [`Since`] is the state, [`due`] asks the ledger, [`look`] is the answer. The rule is `domain::coverage`'s, as for
//! `logferry export --since-last`; here it makes one start for all log groups of the form.

use std::sync::Arc;

use crate::domain::coverage::{Reached, reached};
use crate::domain::engine::Engine;
use crate::domain::names::{LogGroupName, StreamPrefix};
use crate::domain::place::Lane;
use crate::domain::store::Store;
use crate::domain::template::Template;
use crate::ledger::{Ledger, LedgerError};
use crate::tui::effect::Effect;
use crate::tui::list::RequestId;
use crate::tui::model::{Model, Screen};

/// What is typed for it.
pub const WORD: &str = "last export";

/// Whether `typed` is that word.
pub fn is_word(typed: &str) -> bool {
    typed.split_whitespace().map(str::to_ascii_lowercase).eq(WORD.split(' '))
}

/// Whose exports, and to where: another destination was never exported to by those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The log groups.
    pub groups: Vec<LogGroupName>,
    /// What it lies in.
    pub store: Store,
    /// The destination prefix before it is filled in.
    pub template: Option<Template>,
    /// Only these streams.
    pub streams: Option<StreamPrefix>,
    /// Who moves the bytes: another format or filter pattern was never exported by those.
    pub engine: Engine,
}

/// What the ledger knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Up to where all of them are exported, or about to be, and whether some of them reach further.
    Known(Reached),
    /// Of this log group nothing is known.
    Never(LogGroupName),
    /// In words why it cannot be told.
    Failed(String),
}

/// What is known of the last export of what stands in the form.
#[derive(Clone, Debug, Default)]
pub struct Since {
    subject: Option<Arc<(Lane, Target)>>,
    asked: Option<RequestId>,
    answer: Option<Answer>,
}

impl Since {
    /// The answer, if it is about `target`.
    pub fn answer(&self, target: &Target) -> Option<&Answer> {
        self.subject.as_ref().filter(|subject| subject.1 == *target).and(self.answer.as_ref())
    }

    /// As it is once the ledger has answered, or before.
    #[cfg(test)]
    pub fn known(target: Target, answer: Option<Answer>) -> Self {
        Self { subject: Some(Arc::new((crate::tui::fixtures::lane(), target))), asked: None, answer }
    }

    /// What was known may not hold any more.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Takes an answer in, unless nobody waits for it any more.
    pub fn learn(&mut self, request: RequestId, answer: Answer) {
        if self.asked.take_if(|asked| *asked == request).is_some() {
            self.answer = Some(answer);
        }
    }
}

/// Asks for the last export of what stands in the form, if somebody wants to know. `update` calls it after every message.
pub fn due(model: &mut Model) -> Option<Effect> {
    if model.screen != Screen::Form {
        return None;
    }
    let lane = model.places.here().lane()?;
    let target = model.form.as_deref()?.wants_last_export(&model.form_context())?;
    let subject = (lane, target);
    if model.since.subject.as_deref() == Some(&subject) {
        return None;
    }
    let (subject, request) = (Arc::new(subject), model.new_request());
    model.since = Since { subject: Some(Arc::clone(&subject)), asked: Some(request), answer: None };
    Some(Effect::LookSince(request, subject))
}

/// What the ledger knows of the exports of `target` out of `lane`.
pub async fn look(ledger: Ledger, subject: Arc<(Lane, Target)>) -> Answer {
    let (lane, target) = &*subject;
    all_reached(&ledger, lane, target).await.unwrap_or_else(|error| Answer::Failed(error.to_string()))
}

async fn all_reached(ledger: &Ledger, lane: &Lane, target: &Target) -> Result<Answer, LedgerError> {
    let mut least: Option<Reached> = None;
    for group in &target.groups {
        let (template, streams) = (target.template.as_ref(), target.streams.as_ref());
        let known = ledger.windows(lane, group, &target.store, template, streams, &target.engine).await?;
        let Some(reached) = reached(&known) else { return Ok(Answer::Never(group.clone())) };
        least = Some(least.map_or(reached, |least| both(least, reached)));
    }
    // Nobody asks without a log group.
    Ok(least.map_or_else(|| Answer::Failed("no log group".to_owned()), Answer::Known))
}

/// How far two reach together.
fn both(one: Reached, other: Reached) -> Reached {
    Reached { at: one.at.min(other.at), leaps: one.leaps || other.leaps || one.at != other.at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn the_word_may_be_typed_as_people_do() {
        for typed in ["last export", " Last  Export "] {
            assert!(is_word(typed), "{typed:?}");
        }
        for typed in ["", "last", "last exports", "lastexport"] {
            assert!(!is_word(typed), "{typed:?}");
        }
    }

    #[test]
    fn several_reach_as_far_as_the_first_of_them_and_what_goes_further_is_told() {
        let at = |millis, leaps| Reached { at: Timestamp::from_millis(millis), leaps };
        assert_eq!(both(at(1, false), at(1, false)), at(1, false));
        assert_eq!(both(at(2, false), at(1, false)), at(1, true));
        assert_eq!(both(at(1, false), at(1, true)), at(1, true));
    }
}

//! What a person decides about the checks, by a key. Each decision is about one bucket: of another one nothing was said.

use super::fields::Field;
use super::{Form, FormContext};
use crate::domain::engine::{Direct, Engine};
use crate::domain::preflight::Preflight;
use crate::export::Choices;
use crate::tui::checks::Wish;

/// The decisions.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// The bucket whose customer-managed key is said to let the service in.
    pub trusted: Option<String>,
    /// The bucket that is exported to whatever the checks say.
    pub unchecked: Option<String>,
}

impl Form {
    /// Whether the key of the bucket named in it is said to let the service in.
    pub fn trusts_key(&self) -> bool {
        self.choices.trusted.as_deref() == Some(self.bucket())
    }

    /// Has the key of the bucket named in it let the service in, or not.
    pub(super) fn trust_key(&mut self, trusted: bool) {
        self.choices.trusted = trusted.then(|| self.bucket().to_owned());
    }

    /// Whether it is exported to the bucket named in it whatever the checks say.
    pub fn is_unchecked(&self) -> bool {
        self.choices.unchecked.as_deref() == Some(self.bucket())
    }

    /// Exports to the bucket named in it whatever the checks say, or not.
    pub fn set_unchecked(&mut self, unchecked: bool) {
        self.choices.unchecked = unchecked.then(|| self.bucket().to_owned());
    }

    /// Whether logferry itself exports.
    pub const fn is_direct(&self) -> bool {
        self.engine.direct().is_some()
    }

    /// Has AWS export, or logferry itself.
    pub(super) fn toggle_engine(&mut self) {
        self.engine = match self.engine {
            Engine::Managed => Engine::Direct(Direct::default()),
            Engine::Direct(_) => Engine::Managed,
        };
    }

    /// What was decided about the bucket named in it, as the plan carries it.
    pub(super) fn preflight(&self) -> Preflight {
        match (self.is_unchecked(), self.trusts_key()) {
            (true, _) => Preflight::Off,
            (false, true) => Preflight::AllowKms,
            (false, false) => Preflight::Full,
        }
    }

    /// What there is to check, once the fields say so much.
    pub fn wish(&self, context: &FormContext<'_>) -> Option<Wish> {
        let mut plan = self.check(context).wanted?;
        // What is found is the same whatever was decided: a decision is no reason to ask again.
        plan.preflight = Preflight::default();
        let typed = [Field::From, Field::To].map(|field| self.fields.text(field).trim().to_owned());
        Some(Wish {
            plan,
            typed,
            choices: Choices { allow_kms: self.trusts_key(), engine: self.engine.kind(), ..Choices::default() },
        })
    }
}

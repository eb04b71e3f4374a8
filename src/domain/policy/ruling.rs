//! What a bucket policy says to an export: for each of the service's two calls, whether it is let in.
//!
//! A Deny that applies wins over everything; else an Allow that applies lets the call in; else nothing does (IAM user
//! guide, "Policy evaluation logic"; the service is no principal of the bucket's account, so its IAM policies have no
//! say).

use super::applies::{Part, applies, only_miss};
use super::call::Call;
use super::document::{Document, Effect, Statement, StatementName};
use super::export::Export;
use super::laxity::{Laxity, laxities};
use super::truth::Truth;

/// What a policy says to one of the service's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// It is let in, as closely as AWS documents.
    Allowed,
    /// It is let in, and so are others.
    Lax(Vec<Laxity>),
    /// It cannot be known.
    Unknown(Doubt),
    /// Nothing lets it in; an Allow that fits in all but one part, if there is one.
    NotAllowed(Option<Miss>),
    /// This statement keeps it out, whatever else there is.
    Denied(StatementName),
}

/// Why it cannot be known what a policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The statement on which it depends.
    pub statement: StatementName,
    /// Whether that statement allows or denies.
    pub denies: bool,
    /// Why nobody can tell whether it applies: a clause.
    pub why: String,
}

/// An Allow that nearly lets the call in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// Which.
    pub statement: StatementName,
    /// The one part that does not fit.
    pub part: Part,
}

impl Access {
    /// Whether the call is let in.
    pub const fn is_granted(&self) -> bool {
        match self {
            Self::Allowed | Self::Lax(_) => true,
            Self::Unknown(_) | Self::NotAllowed(_) | Self::Denied(_) => false,
        }
    }

    /// From the most welcoming to the least.
    const fn rank(&self) -> u8 {
        match self {
            Self::Allowed => 0,
            Self::Lax(_) => 1,
            Self::Unknown(_) => 2,
            Self::NotAllowed(_) => 3,
            Self::Denied(_) => 4,
        }
    }
}

/// What a policy says to an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// To the look at the bucket's ACL.
    pub get_bucket_acl: Access,
    /// To the puts of objects: the least welcome of them counts.
    pub put_object: Access,
}

/// What `policy` says to `export`; a bucket without a policy lets nobody in.
pub fn rule(policy: Option<&Document>, export: &Export) -> Ruling {
    let [write_test, objects] = Call::put_objects(export).map(|call| access(policy, &call));
    let put_object = if objects.rank() > write_test.rank() { objects } else { write_test };
    Ruling { get_bucket_acl: access(policy, &Call::get_bucket_acl(export)), put_object }
}

fn access(policy: Option<&Document>, call: &Call) -> Access {
    let statements = policy.map_or(&[][..], Document::statements);
    match decide(statements, call) {
        Access::Allowed => match laxities(statements, call) {
            none if none.is_empty() => Access::Allowed,
            lax => Access::Lax(lax),
        },
        other => other,
    }
}

/// [`access`], without the question how closely it is allowed.
pub(super) fn decide(statements: &[Statement], call: &Call) -> Access {
    let denied = weigh(statements, Effect::Deny, call);
    let allowed = weigh(statements, Effect::Allow, call);
    match (denied, allowed) {
        (Weight::Applies(statement), _) => Access::Denied(statement),
        // A Deny nobody is sure of changes nothing where nothing is allowed.
        (_, Weight::Nothing) => Access::NotAllowed(near_miss(statements, call)),
        (Weight::Unsure(doubt), _) | (Weight::Nothing, Weight::Unsure(doubt)) => Access::Unknown(doubt),
        (Weight::Nothing, Weight::Applies(_)) => Access::Allowed,
    }
}

/// Whether an Allow of `policy` takes in `call`, whatever is denied.
pub(super) fn has_allow(policy: Option<&Document>, call: &Call) -> bool {
    let statements = policy.map_or(&[][..], Document::statements);
    matches!(weigh(statements, Effect::Allow, call), Weight::Applies(_))
}

/// What the statements of one effect come to.
enum Weight {
    Nothing,
    Unsure(Doubt),
    Applies(StatementName),
}

fn weigh(statements: &[Statement], effect: Effect, call: &Call) -> Weight {
    let mut weight = Weight::Nothing;
    for statement in statements.iter().filter(|statement| statement.effect == effect) {
        match (applies(statement, call), &weight) {
            (Truth::Yes, _) => return Weight::Applies(statement.name.clone()),
            (Truth::Unknown(why), Weight::Nothing) => {
                let denies = effect == Effect::Deny;
                weight = Weight::Unsure(Doubt { statement: statement.name.clone(), denies, why: why.into_owned() });
            }
            (Truth::Unknown(_) | Truth::No, _) => {}
        }
    }
    weight
}

fn near_miss(statements: &[Statement], call: &Call) -> Option<Miss> {
    let miss = |statement: &Statement| {
        let part = only_miss(statement, call)?;
        Some(Miss { statement: statement.name.clone(), part })
    };
    // That a statement for the other call names other actions is no news.
    let allows = statements.iter().filter(|statement| statement.effect == Effect::Allow);
    allows.filter_map(miss).find(|miss| miss.part != Part::Action)
}

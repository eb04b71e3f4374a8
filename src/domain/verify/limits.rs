//! What reading an export back does not prove, in plain sentences: a verification that says "sound" must not be taken for
//! more than it is.

use super::subject::Subject;
use crate::domain::engine::EngineKind;
use crate::domain::state::State;

/// How many there should be is known of none.
const UNKNOWN: [&str; 2] = [
    "That no event is missing: AWS does not tell how many it was to write.",
    "That no event is missing: what lies there is counted, not what AWS holds.",
];

/// What holds of every export.
const ALWAYS: [&str; 4] = [
    "That no event is there twice: an exported line does not say which event it is, and equal lines may be two events.",
    "The order of events: AWS promises none, within an object or across them.",
    "Which stream a line came from, where names differ only by a slash: a/b and a-b share a folder.",
    "Where a message begins: a later line of it that looks like an event counts as one.",
];

/// The task did not end well.
const PARTIAL: &str = "That this is the whole export: the task did not complete, so a part of it at best is there.";
/// Events come late.
const LATE: &str = "That events of the last 12 hours were there to be exported: AWS may take that long to have them.";
/// Nothing to compare with.
const UNCOUNTED: &str = "That nothing was removed since: what was there when the task ended could not be counted.";

/// What is not proved of `subject`, the most telling first.
pub fn limits(subject: &Subject) -> Vec<&'static str> {
    let (is_managed, unknown) = match subject.engine {
        EngineKind::Managed => (true, UNKNOWN[0]),
        EngineKind::Direct => (false, UNKNOWN[1]),
    };
    let late =
        is_managed && subject.accepted.is_some_and(|accepted| subject.range.past_availability(accepted).is_some());
    let own = [(subject.state != State::Completed, PARTIAL), (late, LATE), (subject.counted.is_none(), UNCOUNTED)];
    own.into_iter().filter_map(|(holds, limit)| holds.then_some(limit)).chain([unknown]).chain(ALWAYS).collect()
}

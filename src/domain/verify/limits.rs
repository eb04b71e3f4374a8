//! What reading an export back does not prove, in plain sentences: a verification that says "sound" must not be taken for
//! more than it is.

use super::subject::Subject;
use crate::domain::direct::line::Format;
use crate::domain::engine::Engine;
use crate::domain::state::State;

/// The task did not end well.
const PARTIAL: &str = "That this is the whole export: the task did not complete, so a part of it at best is there.";
/// Events come late.
const LATE: &str = "That events of the last 12 hours were there to be exported: AWS may take that long to have them.";
/// Nothing to compare with.
const UNCOUNTED: &str = "That nothing was removed since: what was there when the task ended could not be counted.";
/// Nobody counts them.
const MISSING: &str = "That no event is missing: AWS does not tell how many there are to be written.";
const TWICE: &str =
    "That no event is there twice: an exported line does not say which event it is, and equal lines may be two events.";
const ORDER: &str = "The order of events: none is promised, within an object or across them.";
const STREAM: &str = "Which stream a line came from, where names differ only by a slash: a/b and a-b share a folder.";
const BEGINNING: &str = "Where a message begins: a later line of it that looks like an event counts as one.";
const IDS: &str = "That no event is there twice: not every object names its event, and names are not compared.";
/// The managed engine waits for what is late; the direct one reads what is there.
const READ_THEN: &str = "That no event came later: what arrived after the group was read is not there.";

/// What is not proved of `subject`, the most telling first.
pub fn limits(subject: &Subject) -> Vec<&'static str> {
    let late = subject.accepted.is_some_and(|accepted| subject.range.past_availability(accepted).is_some());
    let about_late = match subject.engine {
        Engine::Managed => LATE,
        Engine::Direct(_) => READ_THEN,
    };
    let own =
        [(subject.state != State::Completed, PARTIAL), (late, about_late), (subject.counted.is_none(), UNCOUNTED)];
    let of_lines: &[&str] = match subject.expected().format {
        Format::Text => &[MISSING, TWICE, ORDER, STREAM, BEGINNING],
        Format::Jsonl => &[MISSING, IDS, ORDER],
    };
    own.into_iter().filter_map(|(holds, limit)| holds.then_some(limit)).chain(of_lines.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::engine::Direct;
    use crate::domain::verify::tally::tests::subject;
    use std::time::Duration;

    #[test]
    fn each_engine_is_told_by_what_it_leaves_open() {
        let soon = subject(None).range.to().after(Duration::from_mins(5));
        let managed = Subject { accepted: Some(soon), ..subject(None) };
        assert_eq!(limits(&managed)[..3], [LATE, UNCOUNTED, MISSING]);
        let jsonl = Direct { format: Format::Jsonl, pattern: None };
        let direct = Subject { engine: Engine::Direct(jsonl), state: State::Failed, ..managed };
        assert_eq!(limits(&direct), [PARTIAL, READ_THEN, UNCOUNTED, MISSING, IDS, ORDER]);
    }
}

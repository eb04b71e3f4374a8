//! A past task at a glance: what is looked for in it, whoever remembers it, and the text that a person types to find it.
//!
//! Words without a prefix are for the caller to look for; here is only what they are.

use super::names::PlanId;
use super::nearest::nearest;
use super::state::State;
use super::time::Timestamp;
use super::when;
use super::zone::Zone;

/// What a filter looks at.
#[derive(Clone, Copy, Debug)]
pub struct Glance<'a> {
    /// The log group's name.
    pub group: &'a str,
    /// The destination bucket.
    pub bucket: &'a str,
    /// The destination prefix.
    pub prefix: &'a str,
    /// The plan it is part of, and what a person calls that (empty: nothing), if this program knows it.
    pub plan: Option<(PlanId, &'a str)>,
    /// The person's own label, or the name somebody else gave.
    pub label: &'a str,
    /// Where it stands; `None` for a status newer than this program.
    pub state: Option<State>,
    /// Completed, and known to have landed nothing.
    pub is_empty: bool,
    /// Start of its window.
    pub from: Timestamp,
    /// End of its window.
    pub to: Timestamp,
    /// When it was accepted; of what nobody has accepted, when it ended or was queued.
    pub begun: Timestamp,
}

/// A text that finds past tasks, taken apart: all of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastFilter {
    /// Words without a prefix.
    pub words: Vec<String>,
    /// Parts of the log group's name.
    pub groups: Vec<String>,
    /// Parts of the bucket's name.
    pub buckets: Vec<String>,
    /// Parts of the plan's name, or the beginning of its id.
    pub plans: Vec<String>,
    /// Any of these; none stands for all.
    pub states: Vec<Standing>,
    /// The window ends after this.
    pub from: Option<Timestamp>,
    /// The window begins before this.
    pub to: Option<Timestamp>,
    /// It was begun at this time or later.
    pub since: Option<Timestamp>,
    /// It was begun before this.
    pub until: Option<Timestamp>,
}

/// Where a past task stands, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In this state.
    In(State),
    /// Completed, and nothing landed.
    Empty,
}

/// What may stand before a colon.
const PREFIXES: [&str; 8] = ["state", "group", "bucket", "plan", "from", "to", "since", "until"];

impl Standing {
    /// All that past tasks can be asked for, in a task's order of life: what is queued has no past yet.
    pub const ALL: [Self; 7] = [
        Self::In(State::Pending),
        Self::In(State::Running),
        Self::In(State::Cancelling),
        Self::In(State::Completed),
        Self::Empty,
        Self::In(State::Failed),
        Self::In(State::Cancelled),
    ];

    /// As it is typed.
    pub fn word(self) -> String {
        match self {
            Self::In(state) => state.word().to_lowercase(),
            Self::Empty => "empty".to_owned(),
        }
    }

    fn is_of(self, glance: &Glance<'_>) -> bool {
        match self {
            Self::Empty => glance.is_empty,
            Self::In(state) => glance.state == Some(state),
        }
    }
}

impl PastFilter {
    /// Takes `text` apart at `now`; dates are in UTC. What makes no sense is left out, and the first of it is told.
    pub fn parse(text: &str, now: Timestamp) -> (Self, Option<String>) {
        let (mut filter, mut wrong) = (Self::default(), None);
        for word in text.split_whitespace() {
            if let Err(why) = filter.take(word, now) {
                wrong.get_or_insert(why);
            }
        }
        (filter, wrong)
    }

    fn take(&mut self, word: &str, now: Timestamp) -> Result<(), String> {
        let is_prefix = |prefix: &str| !prefix.is_empty() && prefix.chars().all(|c| c.is_ascii_alphabetic());
        let Some((prefix, value)) = word.split_once(':').filter(|(prefix, _)| is_prefix(prefix)) else {
            self.words.push(word.to_owned());
            return Ok(());
        };
        // More is about to be typed.
        if value.is_empty() && PREFIXES.contains(&prefix) {
            return Ok(());
        }
        match prefix {
            "group" => self.groups.push(value.to_owned()),
            "bucket" => self.buckets.push(value.to_owned()),
            "plan" => self.plans.push(value.to_owned()),
            "state" => self.states.extend(standings(value)?),
            "from" => self.from = Some(date(value, now)?),
            "to" => self.to = Some(date(value, now)?),
            "since" => self.since = Some(date(value, now)?),
            "until" => self.until = Some(date(value, now)?),
            _ => return Err(unknown(prefix)),
        }
        Ok(())
    }

    /// Whether nothing is filtered out.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether everything holds that is no matter of words and parts of names.
    pub fn fits(&self, glance: &Glance<'_>) -> bool {
        (self.states.is_empty() || self.states.iter().any(|standing| standing.is_of(glance)))
            && self.from.is_none_or(|from| glance.to > from)
            && self.to.is_none_or(|to| glance.from < to)
            && self.since.is_none_or(|since| glance.begun >= since)
            && self.until.is_none_or(|until| glance.begun < until)
    }
}

/// One state or several with commas, each by its beginning: it is looked for while it is typed.
fn standings(value: &str) -> Result<Vec<Standing>, String> {
    let mut found = Vec::new();
    for word in value.split(',').filter(|word| !word.is_empty()) {
        let before = found.len();
        let begins = |standing: &Standing| standing.word().starts_with(&word.to_lowercase());
        found.extend(Standing::ALL.into_iter().filter(begins));
        if found.len() == before {
            let all = Standing::ALL.map(Standing::word).join(", ");
            return Err(format!("no such state: {word}; there are {all}"));
        }
    }
    Ok(found)
}

/// Whatever is an instant elsewhere, and `7d` for `7d ago`: a filter's words have no blanks.
fn date(value: &str, now: Timestamp) -> Result<Timestamp, String> {
    let read = |text: &str| when::parse(text, now, Zone::Utc);
    read(value).or_else(|error| read(&format!("{value} ago")).map_err(|_| format!("{value}: {error}")))
}

fn unknown(prefix: &str) -> String {
    let all = PREFIXES.map(|prefix| format!("{prefix}:")).join(" ");
    match nearest(prefix, PREFIXES) {
        Some(near) => format!("no such filter: {prefix}: (is {near}: meant?)"),
        None => format!("no such filter: {prefix}: (there are {all})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_793_620_800_000); // 2026-11-02 12:00Z

    const GLANCE: Glance<'_> = Glance {
        group: "/ecs/web",
        bucket: "archive",
        prefix: "daily",
        plan: None,
        label: "",
        state: Some(State::Completed),
        is_empty: false,
        from: NOW,
        to: Timestamp::from_millis(NOW.millis() + 1),
        begun: NOW,
    };

    fn parsed(text: &str) -> PastFilter {
        let (filter, wrong) = PastFilter::parse(text, NOW);
        assert_eq!(wrong, None, "{text}");
        filter
    }

    #[test]
    fn words_and_parts_of_names_are_told_apart() {
        let filter = parsed("web group:/ecs bucket:arch plan:nightly 'a:b s3");
        assert_eq!(filter.words, ["web", "'a:b", "s3"]);
        assert_eq!((filter.groups, filter.buckets), (vec!["/ecs".to_owned()], vec!["arch".to_owned()]));
        assert_eq!(filter.plans, ["nightly"]);
    }

    #[test]
    fn nothing_typed_yet_filters_nothing_out() {
        for text in ["", "  ", "state:", "from: bucket:", "state:,"] {
            assert!(parsed(text).is_everything(), "{text}");
        }
    }

    #[test]
    fn states_are_found_by_their_beginnings_and_with_commas() {
        let found = |text: &str| parsed(text).states;
        assert_eq!(found("state:failed"), [Standing::In(State::Failed)]);
        assert_eq!(found("state:FAIL,empty"), [Standing::In(State::Failed), Standing::Empty]);
        assert_eq!(found("state:cancel").len(), 2);
        let passes = |text: &str, glance: Glance<'_>| parsed(text).fits(&glance);
        assert!(passes("state:completed", GLANCE) && !passes("state:empty", GLANCE) && !passes("state:failed", GLANCE));
        let empty = Glance { is_empty: true, ..GLANCE };
        assert!(
            passes("state:completed", empty) && passes("state:empty", empty) && passes("state:failed,empty", empty)
        );
        assert!(!passes("state:completed", Glance { state: None, ..GLANCE }));
    }

    #[test]
    fn dates_are_of_the_window_or_of_the_beginning() {
        let fits = |text: &str| parsed(text).fits(&GLANCE);
        assert!(
            fits("from:2026-11-02T12:00 to:2026-11-03") && !fits("from:2026-11-03") && !fits("to:2026-11-02T12:00")
        );
        assert!(fits("since:2026-11-02 until:2026-11-03") && !fits("until:2026-11-02T12:00"));
        assert!(fits("since:7d") && fits("since:yesterday") && !fits("until:1h"));
    }

    #[test]
    fn what_makes_no_sense_is_told_and_left_out() {
        for (text, told) in [
            ("stat:failed web", "no such filter: stat: (is state: meant?)"),
            ("owner:me web", "no such filter: owner: (there are state: group: bucket: plan: from: to: since: until:)"),
            (
                "state:queued web",
                "no such state: queued; there are pending, running, cancelling, completed, empty, failed, cancelled",
            ),
            ("from:2026-13-01 web", "2026-13-01: no such date or time: check month, day, hour and minute"),
            ("web to:soon x:y", "soon: not a time: type 2026-11-01 14:00, 2h ago or yesterday"),
        ] {
            let (filter, wrong) = PastFilter::parse(text, NOW);
            assert_eq!((filter, wrong.as_deref()), (parsed("web"), Some(told)), "{text}");
        }
    }
}

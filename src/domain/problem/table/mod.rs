//! The table of failures: what is seen of one, and the kind, cause and remedy that go with it.
//!
//! One list in five chapters, read from the top; the first row that fits answers, so what is special stands before what is
//! general, and the last row of a kind holds for all of it. The kind is found once, when the failure is seen; its words whenever somebody looks at it, because only what
//! AWS said is kept.

use super::ProblemKind;

mod access;
mod answers;
mod blocked;
mod general;
mod transport;

/// In a remedy: ` --profile NAME`, or nothing.
pub(super) const PROFILE: &str = "{profile}";
/// In a remedy: the Region S3 named, or "the bucket's own".
pub(super) const ELSEWHERE: &str = "{elsewhere}";

/// Where a failure was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In what the service answered.
    Answer,
    /// While credentials were looked for.
    Credentials,
    /// On the way to the service.
    Connection,
    /// In no answer having come in time.
    Silence,
    /// In this program itself, which knows the kind without looking it up.
    Here,
}

/// What is seen of a failure.
#[derive(Clone, Copy, Debug)]
pub struct Symptom<'a> {
    /// Where.
    pub origin: Origin,
    /// AWS's error code.
    pub code: Option<&'a str>,
    /// AWS's message, or the causes of a failure on this side.
    pub message: &'a str,
    /// The HTTP status of the answer, which decides where the table does not hold the code.
    pub status: Option<u16>,
}

/// A failure that is known.
struct Row {
    from: Origin,
    /// Any of these; none: whatever the code, or none at all.
    codes: &'static [&'static str],
    /// Any of these is part of the message; none: whatever it says.
    says: &'static [&'static str],
    kind: ProblemKind,
    /// A sentence without a full stop.
    cause: &'static str,
    /// May hold [`PROFILE`] and [`ELSEWHERE`].
    remedy: &'static str,
}

impl Row {
    fn fits(&self, code: Option<&str>, message: &str) -> bool {
        let code = self.codes.is_empty() || code.is_some_and(|code| self.codes.contains(&code));
        code && (self.says.is_empty() || self.says.iter().any(|text| message.contains(text)))
    }
}

/// What a service answers stands before how it may be reached, and what is said of a whole kind at the end.
const CHAPTERS: [&[Row]; 5] = [answers::ROWS, access::ROWS, transport::ROWS, blocked::ROWS, general::ROWS];

fn rows() -> impl Iterator<Item = &'static Row> {
    CHAPTERS.into_iter().flatten()
}

/// The kind of failure that shows itself so.
pub fn recognise(symptom: &Symptom<'_>) -> ProblemKind {
    let Symptom { origin, code, message, status } = *symptom;
    let known = rows().find(|row| row.from == origin && row.fits(code, message));
    known.map_or_else(|| by_status(status), |row| row.kind)
}

/// Cause and remedy of a failure of this kind.
pub(super) fn words(kind: ProblemKind, code: Option<&str>, message: &str) -> (&'static str, &'static str) {
    let of_the_kind = || rows().filter(move |row| row.kind == kind);
    let row = of_the_kind().find(|row| row.fits(code, message)).or_else(|| of_the_kind().last());
    row.map_or(general::UNKNOWN, |row| (row.cause, row.remedy))
}

/// What an answer means whose code is not in the table.
const fn by_status(status: Option<u16>) -> ProblemKind {
    match status {
        Some(500..) => ProblemKind::Server,
        Some(401 | 403) => ProblemKind::AccessDenied,
        Some(404) => ProblemKind::NotFound,
        Some(429) => ProblemKind::Throttled,
        Some(400..) => ProblemKind::InvalidRequest,
        _ => ProblemKind::Unknown,
    }
}

/// Every remedy of the table, for tests of how they are shown.
#[cfg(test)]
pub(crate) fn remedies() -> impl Iterator<Item = &'static str> {
    rows().map(|row| row.remedy).chain([general::UNKNOWN.1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer<'a>(code: &'a str, message: &'a str, status: u16) -> Symptom<'a> {
        Symptom { origin: Origin::Answer, code: Some(code), message, status: Some(status) }
    }

    #[test]
    fn every_row_is_reached_by_its_own_signs_and_keeps_its_words() {
        for row in rows() {
            let codes = row.codes.iter().map(|code| Some(*code)).chain(row.codes.is_empty().then_some(None));
            for (code, message) in codes.flat_map(|code| {
                row.says.iter().copied().chain(row.says.is_empty().then_some("")).map(move |text| (code, text))
            }) {
                let (cause, remedy) = words(row.kind, code, message);
                assert_eq!((cause, remedy), (row.cause, row.remedy), "{code:?}: {message}");
                if row.from != Origin::Here {
                    let symptom = Symptom { origin: row.from, code, message, status: None };
                    assert_eq!(recognise(&symptom), row.kind, "{symptom:?}");
                }
            }
        }
    }

    #[test]
    fn words_are_sentences_without_a_full_stop() {
        for row in rows() {
            for text in [row.cause, row.remedy] {
                assert!(!text.is_empty() && !text.ends_with('.') && text.trim() == text, "{text:?}");
            }
            assert!(
                !row.cause.contains('{'),
                "a cause is the same for all, and failures are counted by it: {}",
                row.cause
            );
        }
    }

    #[test]
    fn the_bucket_texts_decide_whatever_the_code() {
        let text = "GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.";
        for code in ["InvalidParameterException", "AccessDeniedException"] {
            assert_eq!(recognise(&answer(code, text, 400)), ProblemKind::BucketAccess);
        }
    }

    #[test]
    fn a_code_nobody_knows_is_judged_by_its_status_and_said_to_be_unknown() {
        assert_eq!(recognise(&answer("Novelty", "", 503)), ProblemKind::Server);
        let refused = recognise(&answer("Novelty", "", 400));
        assert_eq!(refused, ProblemKind::InvalidRequest);
        assert!(words(refused, Some("Novelty"), "").0.contains("logferry does not know"));
        let nothing = Symptom { origin: Origin::Answer, code: None, message: "", status: None };
        assert_eq!(recognise(&nothing), ProblemKind::Unknown);
        assert_eq!(words(ProblemKind::Unknown, None, ""), general::UNKNOWN);
    }
}

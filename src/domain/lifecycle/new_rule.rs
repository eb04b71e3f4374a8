//! A rule as this program writes it: archive, expire, abort incomplete uploads, of the objects under one prefix.

use std::fmt;

use thiserror::Error;

use super::rule::{Action, Rule, When};
use super::xml::escaped;

/// What a rule is called that nobody has named.
pub const OWN_RULE: &str = "logferry";

/// S3: "ID length is limited to 255 characters".
const LONGEST_ID: usize = 255;

/// S3's limit for a whole key, in UTF-8 bytes.
const LONGEST_PREFIX: usize = crate::domain::layout::KEY_LIMIT;

/// `Days` is a signed integer of 32 bits in S3's service model.
const MOST_DAYS: u32 = 0x7fff_ffff;

/// S3 archives nothing smaller unless the configuration says otherwise ("Example: Allowing objects smaller than 128 KB to be
/// transitioned").
const SMALLEST_ARCHIVED: &str = "S3 archives no object under 128 KB unless the bucket says otherwise";

/// Where objects are archived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArchiveClass {
    /// Read at once.
    Instant,
    /// Read after minutes or hours.
    Flexible,
    /// Read after half a day or two.
    Deep,
}

impl ArchiveClass {
    /// Every class, from the quickest to the cheapest.
    pub const ALL: [Self; 3] = [Self::Instant, Self::Flexible, Self::Deep];

    /// S3's code of the storage class.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Instant => "GLACIER_IR",
            Self::Flexible => "GLACIER",
            Self::Deep => "DEEP_ARCHIVE",
        }
    }

    /// The word it is chosen by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Flexible => "flexible",
            Self::Deep => "deep",
        }
    }

    /// The class of S3's `code`, if it is one of these.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }

    /// The class chosen by `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }

    /// So many days are paid for whatever happens before (S3 user guide, "Comparing the Amazon S3 storage classes").
    const fn least_days_paid(self) -> u32 {
        match self {
            Self::Instant | Self::Flexible => 90,
            Self::Deep => 180,
        }
    }
}

impl fmt::Display for ArchiveClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Instant => "Glacier Instant Retrieval",
            Self::Flexible => "Glacier Flexible Retrieval",
            Self::Deep => "Glacier Deep Archive",
        })
    }
}

/// Archiving: where to, and how many days after an object was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Archive {
    /// The storage class.
    pub class: ArchiveClass,
    /// 0 for as soon as can be.
    pub days: u32,
}

/// What a rule does; at least one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Actions {
    /// Archives objects.
    pub archive: Option<Archive>,
    /// Deletes objects so many days after they were created.
    pub expire: Option<u32>,
    /// Throws away the parts of uploads that were not completed within so many days.
    pub abort: Option<u32>,
}

/// Why S3 would not take a rule.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RuleError {
    /// It has no name.
    #[error("a rule needs an id")]
    NoId,
    /// Its name is too long.
    #[error("rule id too long: {0} characters, {LONGEST_ID} at most")]
    LongId(usize),
    /// XML has no place for the character in a name or a prefix.
    #[error("a {0} may not contain {1:?}")]
    Character(&'static str, char),
    /// No key begins with it.
    #[error("prefix too long: {0} bytes, {LONGEST_PREFIX} at most")]
    LongPrefix(usize),
    /// It does nothing.
    #[error("a rule needs something to do: archive, expire, or abort incomplete uploads")]
    NoAction,
    /// What is done after no days at all.
    #[error("{0} after 1 day at the earliest")]
    TooSoon(&'static str),
    /// More days than S3 can count.
    #[error("{0} after {MOST_DAYS} days at the latest")]
    TooLate(&'static str),
    /// What is archived would be gone by then.
    #[error("expire later than archive: after {expire} days is not later than after {archive} days")]
    ExpiresFirst {
        /// Days until it is archived.
        archive: u32,
        /// Days until it expires.
        expire: u32,
    },
}

/// A rule S3 takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRule {
    id: String,
    prefix: String,
    actions: Actions,
}

/// How a rule says which objects it is about. S3 takes no configuration in which some rules say it one way and some the
/// other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// In a `Filter`.
    Filter,
    /// In a `Prefix` of its own, as before there were filters.
    Prefix,
}

impl NewRule {
    /// A rule called `id` for the objects whose keys begin with `prefix`; empty for all of the bucket.
    pub fn new(id: &str, prefix: &str, actions: Actions) -> Result<Self, RuleError> {
        fits("rule id", id)?;
        fits("prefix", prefix)?;
        let length = id.chars().count();
        refuse(length == 0, RuleError::NoId)?;
        refuse(length > LONGEST_ID, RuleError::LongId(length))?;
        refuse(prefix.len() > LONGEST_PREFIX, RuleError::LongPrefix(prefix.len()))?;
        actions.check()?;
        Ok(Self { id: id.to_owned(), prefix: prefix.to_owned(), actions })
    }

    /// `rule` as this program would write it; `None` if it does more than this program writes.
    pub fn of(rule: &Rule) -> Option<Self> {
        let mut actions = Actions::default();
        for action in &rule.actions {
            let (place, days) = match action {
                Action::Transition(code, When::Days(days)) => {
                    let class = ArchiveClass::from_code(code)?;
                    let archive = Archive { class, days: u32::try_from(*days).ok()? };
                    if actions.archive.replace(archive).is_some() {
                        return None;
                    }
                    continue;
                }
                Action::Expire(When::Days(days)) => (&mut actions.expire, days),
                Action::AbortUploads(When::Days(days)) => (&mut actions.abort, days),
                Action::Transition(..)
                | Action::Expire(_)
                | Action::ExpireMarkers
                | Action::TransitionOld(..)
                | Action::ExpireOld(_)
                | Action::AbortUploads(_)
                | Action::Other(_) => return None,
            };
            if place.replace(u32::try_from(*days).ok()?).is_some() {
                return None;
            }
        }
        let filtered = rule.scope.more.is_empty();
        Self::new(rule.id.as_deref()?, &rule.scope.prefix, actions).ok().filter(|_| filtered)
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the keys it is about begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What it does.
    pub const fn actions(&self) -> Actions {
        self.actions
    }

    /// What a person may not expect of it: clauses.
    pub fn hints(&self) -> Vec<String> {
        let Some(Archive { class, days }) = self.actions.archive else { return Vec::new() };
        let mut hints = vec![SMALLEST_ARCHIVED.to_owned()];
        let paid = class.least_days_paid();
        if self.actions.expire.is_some_and(|expire| expire - days < paid) {
            hints.push(format!("{paid} days in {class} are paid for, however soon an object expires"));
        }
        hints
    }

    /// The rule as S3 reads it.
    pub(super) fn xml(&self, enabled: bool, spelling: Spelling) -> String {
        let Actions { archive, expire, abort } = self.actions;
        let status = if enabled { "Enabled" } else { "Disabled" };
        let prefix = format!("<Prefix>{}</Prefix>", escaped(&self.prefix));
        let scope = match spelling {
            Spelling::Filter => format!("<Filter>{prefix}</Filter>"),
            Spelling::Prefix => prefix,
        };
        let archive = archive.map(|Archive { class, days }| {
            format!("<Transition><Days>{days}</Days><StorageClass>{}</StorageClass></Transition>", class.code())
        });
        let expire = expire.map(|days| format!("<Expiration><Days>{days}</Days></Expiration>"));
        let abort = abort.map(|days| {
            format!(
                "<AbortIncompleteMultipartUpload><DaysAfterInitiation>{days}</DaysAfterInitiation>\
                 </AbortIncompleteMultipartUpload>"
            )
        });
        let does = [archive, expire, abort].into_iter().flatten().collect::<String>();
        format!("<Rule><ID>{}</ID>{scope}<Status>{status}</Status>{does}</Rule>", escaped(&self.id))
    }
}

impl fmt::Display for NewRule {
    /// `archive to Glacier Deep Archive after 30 d, expire after 365 d`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Actions { archive, expire, abort } = self.actions;
        let days = |days| When::Days(u64::from(days));
        let archive =
            archive.map(|Archive { class, days: after }| Action::Transition(class.code().to_owned(), days(after)));
        let expire = expire.map(|after| Action::Expire(days(after)));
        let abort = abort.map(|after| Action::AbortUploads(days(after)));
        let does: Vec<String> = [archive, expire, abort].iter().flatten().map(Action::to_string).collect();
        f.write_str(&does.join(", "))
    }
}

impl Actions {
    /// Whether S3 takes them together. Archiving may happen at once, all else takes a day ("valid values are 0 or positive
    /// integers" of Transition, "must be a non-zero positive integer" of the others).
    fn check(self) -> Result<(), RuleError> {
        const EXPIRE: &str = "objects expire";
        const ABORT: &str = "incomplete uploads are aborted";
        let Self { archive, expire, abort } = self;
        refuse(archive.is_none() && expire.is_none() && abort.is_none(), RuleError::NoAction)?;
        refuse(expire == Some(0), RuleError::TooSoon(EXPIRE))?;
        refuse(abort == Some(0), RuleError::TooSoon(ABORT))?;
        let archived = archive.map(|archive| archive.days);
        for (what, days) in [("objects are archived", archived), (EXPIRE, expire), (ABORT, abort)] {
            refuse(days.is_some_and(|days| days > MOST_DAYS), RuleError::TooLate(what))?;
        }
        match archived.zip(expire) {
            Some((archive, expire)) if expire <= archive => Err(RuleError::ExpiresFirst { archive, expire }),
            _ => Ok(()),
        }
    }
}

fn refuse(broken: bool, error: RuleError) -> Result<(), RuleError> {
    if broken { Err(error) } else { Ok(()) }
}

/// XML 1.0 has no way to write most control characters.
fn fits(what: &'static str, text: &str) -> Result<(), RuleError> {
    let odd = text.chars().find(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
    odd.map_or(Ok(()), |c| Err(RuleError::Character(what, c)))
}

#[cfg(test)]
mod tests {
    use super::super::xml::read;
    use super::*;

    const fn actions(archive: Option<u32>, expire: Option<u32>, abort: Option<u32>) -> Actions {
        let archive = match archive {
            Some(days) => Some(Archive { class: ArchiveClass::Deep, days }),
            None => None,
        };
        Actions { archive, expire, abort }
    }

    fn refused(id: &str, prefix: &str, actions: Actions) -> String {
        NewRule::new(id, prefix, actions).unwrap_err().to_string()
    }

    #[test]
    fn s3_s_constraints_are_told_before_s3_is_asked() {
        let expire = actions(None, Some(1), None);
        for (error, told) in [
            (refused("", "a/", expire), "a rule needs an id"),
            (refused(&"i".repeat(256), "a/", expire), "rule id too long: 256 characters, 255 at most"),
            (refused("a\nb", "a/", expire), "a rule id may not contain '\\n'"),
            (refused("a", "a\u{7}", expire), "a prefix may not contain '\\u{7}'"),
            (refused("a", &"ü".repeat(513), expire), "prefix too long: 1026 bytes, 1024 at most"),
            (
                refused("a", "", Actions::default()),
                "a rule needs something to do: archive, expire, or abort incomplete uploads",
            ),
            (refused("a", "", actions(None, Some(0), None)), "objects expire after 1 day at the earliest"),
            (
                refused("a", "", actions(None, None, Some(0))),
                "incomplete uploads are aborted after 1 day at the earliest",
            ),
            (
                refused("a", "", actions(Some(MOST_DAYS + 1), None, None)),
                "objects are archived after 2147483647 days at the latest",
            ),
            (
                refused("a", "", actions(Some(30), Some(30), None)),
                "expire later than archive: after 30 days is not later than after 30 days",
            ),
        ] {
            assert_eq!(error, told);
        }
        for fine in [actions(Some(0), None, None), actions(Some(30), Some(31), Some(1)), expire] {
            assert!(NewRule::new("a", "", fine).is_ok(), "{fine:?}");
        }
    }

    #[test]
    fn a_rule_is_written_as_s3_reads_it_and_reads_back() {
        let rule = NewRule::new("a<b", "logs & more/", actions(Some(30), Some(365), Some(7))).unwrap();
        let xml = rule.xml(true, Spelling::Filter);
        assert_eq!(
            xml,
            "<Rule><ID>a&lt;b</ID><Filter><Prefix>logs &amp; more/</Prefix></Filter><Status>Enabled</Status>\
             <Transition><Days>30</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>\
             <Expiration><Days>365</Days></Expiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>7\
             </DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
        );
        for spelling in [Spelling::Filter, Spelling::Prefix] {
            let read = Rule::read(&read(&rule.xml(true, spelling)).unwrap());
            assert_eq!(NewRule::of(&read).as_ref(), Some(&rule));
            assert_eq!(read.summary(), rule.to_string());
        }
    }

    #[test]
    fn what_may_surprise_is_said() {
        let hints = |expire| NewRule::new("a", "", actions(Some(30), expire, None)).unwrap().hints();
        assert_eq!(hints(None), [SMALLEST_ARCHIVED]);
        assert_eq!(hints(Some(210)), [SMALLEST_ARCHIVED]);
        assert_eq!(
            hints(Some(209))[1],
            "180 days in Glacier Deep Archive are paid for, however soon an object expires"
        );
        assert!(NewRule::new("a", "", actions(None, Some(1), None)).unwrap().hints().is_empty());
    }
}

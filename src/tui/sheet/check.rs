//! What stands in a sheet, held against S3's rules: each field alone first, so that each has its own error, then all of
//! them together.

use super::{Item, Purpose, Sheet, Wanted};
use crate::domain::bucket_name::NewBucketName;
use crate::domain::lifecycle::{Actions, Archive, ArchiveClass, Edit, Lifecycle, NewRule, OWN_RULE, RuleError, edited};
use crate::export::remedy::NewBucket;

/// Fields, each with what is wrong in it.
pub type Errors = Vec<(Item, String)>;

/// What is said of days that are no number.
const NO_NUMBER: &str = "a whole number of days is needed, such as 30";

/// Something that is right in any rule, for looking at the rest of one.
const ANYTHING: Actions = Actions { archive: None, expire: Some(1), abort: None };

impl Sheet {
    /// What it comes to, or everything that is wrong in it.
    pub(super) fn check(&self) -> Result<Wanted, Errors> {
        match &self.purpose {
            Purpose::Bucket => self.new_bucket().map(Wanted::Bucket),
            Purpose::Rule { bucket, before, old } => {
                let edit = self.edit_of(before.as_ref(), old.as_ref())?;
                Ok(Wanted::Rule(bucket.clone(), edit))
            }
        }
    }

    /// The rule as it stands, if there is one: to be said in a sentence.
    pub fn rule_so_far(&self) -> Option<NewRule> {
        match self.check().ok()? {
            Wanted::Bucket(new) => new.rule,
            Wanted::Rule(_, Edit::Add(rule) | Edit::Change(rule)) => Some(rule),
            Wanted::Rule(_, Edit::Remove(_)) => None,
        }
    }

    fn new_bucket(&self) -> Result<NewBucket, Errors> {
        let mut errors = Errors::new();
        let name = noted(&mut errors, Item::Name, NewBucketName::parse(self.text(Item::Name).trim()));
        let actions = self.actions(&mut errors);
        let rule = (actions != Actions::default()).then(|| whole(&mut errors, OWN_RULE, "", actions)).flatten();
        match name {
            Some(name) if errors.is_empty() => {
                let (versioned, exports) = (self.choice(Item::Versions) == 1, self.choice(Item::Exports) == 1);
                Ok(NewBucket { name, versioned, exports, accounts: Vec::new(), rule })
            }
            Some(_) | None => Err(errors),
        }
    }

    fn edit_of(&self, before: Option<&Lifecycle>, old: Option<&NewRule>) -> Result<Edit, Errors> {
        let mut errors = Errors::new();
        let id = old.map_or_else(|| self.text(Item::Id).trim(), NewRule::id);
        let prefix = self.text(Item::Prefix);
        noted(&mut errors, Item::Id, NewRule::new(id, "", ANYTHING));
        noted(&mut errors, Item::Prefix, NewRule::new(OWN_RULE, prefix, ANYTHING));
        let actions = self.actions(&mut errors);
        let Some(rule) = whole(&mut errors, id, prefix, actions) else { return Err(errors) };
        let edit = if old.is_some() { Edit::Change(rule) } else { Edit::Add(rule) };
        let item = if old.is_some() { Item::Prefix } else { Item::Id };
        noted(&mut errors, item, edited(before, &edit));
        if errors.is_empty() { Ok(edit) } else { Err(errors) }
    }

    /// What the rule does, as far as it is right.
    fn actions(&self, errors: &mut Errors) -> Actions {
        let archive = self.archive(errors);
        let expire = self.days(errors, Item::ExpireAfter, |expire| Actions { expire, ..Actions::default() });
        let abort = self.days(errors, Item::AbortAfter, |abort| Actions { abort, ..Actions::default() });
        Actions { archive, expire, abort }
    }

    fn archive(&self, errors: &mut Errors) -> Option<Archive> {
        let class = self.choice(Item::Archive).checked_sub(1).and_then(|at| ArchiveClass::ALL.get(at).copied());
        let tried = class.unwrap_or(ArchiveClass::Deep);
        let archive = |days: Option<u32>| days.map(|days| Archive { class: tried, days });
        let days =
            self.days(errors, Item::ArchiveAfter, |days| Actions { archive: archive(days), ..Actions::default() });
        let typed = !self.text(Item::ArchiveAfter).trim().is_empty();
        match (class, days) {
            (Some(class), Some(days)) => return Some(Archive { class, days }),
            (Some(_), None) if !typed => {
                errors.push((Item::ArchiveAfter, "after how many days? 0 is at once".to_owned()));
            }
            (None, Some(_)) => {
                errors.push((Item::ArchiveAfter, "choose where to, above, or empty this".to_owned()));
            }
            (Some(_) | None, None) => {}
        }
        None
    }

    /// The days in a field, if S3 would take them for the action they make of a rule.
    fn days(&self, errors: &mut Errors, item: Item, action: impl Fn(Option<u32>) -> Actions) -> Option<u32> {
        let text = self.text(item).trim();
        if text.is_empty() {
            return None;
        }
        let days: Option<u32> = noted(errors, item, text.parse().map_err(|_| NO_NUMBER));
        noted(errors, item, NewRule::new(OWN_RULE, "", action(Some(days?)))).and(days)
    }
}

/// The whole rule, unless something is wrong in it already.
fn whole(errors: &mut Errors, id: &str, prefix: &str, actions: Actions) -> Option<NewRule> {
    if !errors.is_empty() {
        return None;
    }
    let rule = NewRule::new(id, prefix, actions);
    let item = match &rule {
        Err(RuleError::ExpiresFirst { .. }) => Item::ExpireAfter,
        Err(RuleError::NoAction) => Item::Archive,
        // All others were looked for in their fields.
        Err(
            RuleError::NoId
            | RuleError::LongId(_)
            | RuleError::Character(..)
            | RuleError::LongPrefix(_)
            | RuleError::TooSoon(_)
            | RuleError::TooLate(_),
        )
        | Ok(_) => Item::Prefix,
    };
    noted(errors, item, rule)
}

/// What is right of `result`; an error is noted of `item`.
fn noted<T, E: ToString>(errors: &mut Errors, item: Item, result: Result<T, E>) -> Option<T> {
    result.map_err(|error| errors.push((item, error.to_string()))).ok()
}

//! Lifecycle rules of a bucket: what they do to exports, and how one is added, changed or taken away.
//!
//! Pure: S3's XML in, S3's XML out. A configuration belongs to many people, so it is never written anew: a rule is cut out
//! of the text or put into it, and every other byte stays what it was, whatever newer S3 has put there.
//!
//! ```text
//! text ─ xml ─ configuration ─┬─ rule ── what each does, to which objects
//!                             └─ edit ── the text with one rule added, changed or taken away
//!                                 └─ new_rule ── a rule as this program writes it, within S3's constraints
//! ```

mod configuration;
mod edit;
mod new_rule;
mod rule;
mod scope;
mod xml;

pub use configuration::Lifecycle;
pub use edit::{Edit, EditError, editable, edited};
pub use new_rule::{Actions, Archive, ArchiveClass, NewRule, OWN_RULE, RuleError};
pub use rule::{Action, Rule, When};
pub use scope::{Scope, Touch};
pub use xml::XmlError;

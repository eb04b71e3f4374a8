//! What a person chose of the checks for a plan: it travels with the plan, and holds for every launch of its tasks.

use std::fmt;

use thiserror::Error;

use crate::domain::nearest::nearest;

/// Whether the checks are made before a launch, and how strictly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Preflight {
    /// All of them, as AWS documents exports.
    #[default]
    Full,
    /// All of them; a customer-managed KMS key is said to let the service in, and blocks nothing.
    AllowKms,
    /// None: what AWS will refuse is then told by AWS.
    Off,
}

/// A word that is none of [`Preflight`]'s.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown preflight {typed:?}: {hint}")]
pub struct PreflightError {
    typed: String,
    hint: String,
}

impl Preflight {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Full, Self::AllowKms, Self::Off];

    /// The word in plan files, in `--json` and in the ledger: ledgers hold these, they never change.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::AllowKms => "allow-kms",
            Self::Off => "off",
        }
    }

    /// The choice that `typed` is the word of.
    ///
    /// # Errors
    /// It is no word of any.
    pub fn parse(typed: &str) -> Result<Self, PreflightError> {
        let words = || Self::ALL.into_iter().map(Self::word);
        Self::ALL.into_iter().find(|choice| choice.word() == typed).ok_or_else(|| {
            let hint = nearest(typed, words()).map(|near| format!("did you mean {near}?"));
            let hint = hint.unwrap_or_else(|| format!("known are {}", words().collect::<Vec<_>>().join(", ")));
            PreflightError { typed: typed.to_owned(), hint }
        })
    }

    /// Whether a customer-managed key is said to let the service in.
    pub const fn allows_kms(self) -> bool {
        match self {
            Self::Full | Self::Off => false,
            Self::AllowKms => true,
        }
    }
}

impl fmt::Display for Preflight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_others_refused() {
        for choice in Preflight::ALL {
            assert_eq!(Preflight::parse(choice.word()), Ok(choice));
        }
        let refused = |typed: &str| Preflight::parse(typed).unwrap_err().to_string();
        assert_eq!(refused("alow-kms"), "unknown preflight \"alow-kms\": did you mean allow-kms?");
        assert_eq!(refused("never"), "unknown preflight \"never\": known are full, allow-kms, off");
    }
}

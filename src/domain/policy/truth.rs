//! Three-valued logic: yes, no, and "cannot be known", which keeps its reason.
//!
//! What a policy says of a call depends now and then on what nobody outside AWS knows. Such a part must neither open a
//! bucket nor lock it; it spoils the answer only where the answer depends on it (Kleene's logic).

use std::borrow::Cow;

/// Whether something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It cannot be known, for this reason: a clause that follows a colon.
    Unknown(Cow<'static, str>),
}

impl Truth {
    /// Whether all of `parts` hold: one that does not decides, then one that is unknown.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut unknown = None;
        for part in parts {
            match part {
                Self::Yes => {}
                Self::No => return Self::No,
                Self::Unknown(why) => unknown = unknown.or(Some(why)),
            }
        }
        unknown.map_or(Self::Yes, Self::Unknown)
    }

    /// Whether any of `parts` holds: one that does decides, then one that is unknown.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        // De Morgan: some hold unless all do not.
        Self::all(parts.into_iter().map(Self::negated)).negated()
    }

    /// The opposite; what is unknown stays unknown.
    pub fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown(why) => Self::Unknown(why),
        }
    }

    /// The opposite, if `negate`.
    pub fn negated_if(self, negate: bool) -> Self {
        if negate { self.negated() } else { self }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, No, Unknown, Yes};

    fn unknown() -> Truth {
        Unknown("why".into())
    }

    #[test]
    fn what_is_unknown_counts_only_where_the_rest_does_not_decide() {
        assert_eq!(Truth::all([]), Yes);
        assert_eq!(Truth::all([Yes, unknown(), Yes]), unknown());
        assert_eq!(Truth::all([unknown(), No]), No);
        assert_eq!(Truth::any([]), No);
        assert_eq!(Truth::any([No, unknown(), No]), unknown());
        assert_eq!(Truth::any([unknown(), Yes]), Yes);
    }

    #[test]
    fn the_first_reason_is_told() {
        assert_eq!(Truth::all([Unknown("a".into()), Unknown("b".into())]), Unknown("a".into()));
        assert_eq!(Truth::any([Unknown("a".into()), Unknown("b".into())]), Unknown("a".into()));
    }

    #[test]
    fn the_opposite_of_unknown_is_unknown() {
        assert_eq!([Yes.negated(), No.negated(), unknown().negated()], [No, Yes, unknown()]);
        assert_eq!([Yes.negated_if(false), Yes.negated_if(true)], [Yes, No]);
    }
}

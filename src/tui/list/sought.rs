//! A text looked for in names.

/// A substring to look for: capitals matter only if it has one ("smart case").
#[derive(Clone, Copy, Debug)]
pub enum Sought<'a> {
    /// Nothing is asked for: all are shown.
    Everything,
    /// As it stands.
    Exactly(&'a str),
    /// Whatever the case.
    AnyCase(&'a str),
}

impl<'a> Sought<'a> {
    /// What a filter's text asks for.
    pub fn new(text: &'a str) -> Self {
        match text {
            "" => Self::Everything,
            _ if text.chars().any(char::is_uppercase) => Self::Exactly(text),
            _ => Self::AnyCase(text),
        }
    }

    /// Whether nothing is filtered out.
    pub const fn is_everything(&self) -> bool {
        matches!(self, Self::Everything)
    }

    /// Whether `name` has it.
    pub fn is_in(&self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Exactly(text) => name.contains(text),
            Self::AnyCase(text) => name.to_lowercase().contains(text),
        }
    }
}

//! What the service may do with pages of events within its contract, and clients seldom meet: tiny pages, empty ones with a
//! token, tokens that are not taken any more; and a page that is answered twice, which is outside of it.

use serde::Deserialize;

use super::generated::mix;

/// How pages are answered. A count of `n` means one page in `n`, by dice, so that no caller falls into step with them; 0
/// means never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Whims {
    /// The most events a page holds, whatever the caller allows; 0 leaves it to the caller.
    pub most_events: usize,
    /// Pages without events, whose token goes on at the same place.
    pub empty_every: u64,
    /// Pages whose token leads to the same page once more.
    pub repeat_every: u64,
    /// Tokens that are refused, as after 24 hours.
    pub refuse_token_every: u64,
}

/// How one page is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// The page's number: makes its tokens unlike others for the same place.
    pub salt: u64,
    /// The most events it holds.
    pub most_events: usize,
    /// What is odd about it.
    pub oddity: Oddity,
}

/// What is odd about a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// Nothing.
    None,
    /// It is empty, and the token goes on where it began.
    Empty,
    /// The token goes on where it began.
    Repeated,
    /// The token is refused.
    Refused,
}

impl Whims {
    /// How page `number`, counted from 1, is answered.
    pub(super) fn turn(self, number: u64, has_token: bool) -> Turn {
        let is_due = |every: u64| every > 0 && mix(number).is_multiple_of(every);
        let oddity = if has_token && is_due(self.refuse_token_every) {
            Oddity::Refused
        } else if is_due(self.empty_every) {
            Oddity::Empty
        } else if is_due(self.repeat_every) {
            Oddity::Repeated
        } else {
            Oddity::None
        };
        let most_events = if self.most_events == 0 { usize::MAX } else { self.most_events };
        Turn { salt: number, most_events, oddity }
    }
}

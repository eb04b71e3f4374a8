//! Steps of a cursor.

/// A step of the cursor, or of a page's scroll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One up.
    Up,
    /// One down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
    /// To the beginning.
    First,
    /// To the end.
    Last,
}

impl Motion {
    /// Whether it goes towards the end.
    pub const fn goes_down(self) -> bool {
        match self {
            Self::Down | Self::PageDown | Self::HalfDown | Self::Last => true,
            Self::Up | Self::PageUp | Self::HalfUp | Self::First => false,
        }
    }

    /// Where `at` moves to, among `count` places, `page` of which are seen at once.
    pub fn apply(self, at: usize, count: usize, page: usize) -> usize {
        let last = count.saturating_sub(1);
        let page = page.max(1);
        let half = page.div_ceil(2);
        let to = match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at + 1,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at + page,
            Self::HalfUp => at.saturating_sub(half),
            Self::HalfDown => at + half,
            Self::First => 0,
            Self::Last => last,
        };
        to.min(last)
    }
}

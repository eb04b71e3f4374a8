//! The direct engine's vocabulary and rules: what is read, in which units, and how far reading has come.
//!
//! Pure, as all of `domain`. `aws` fills pages, `export` reads and writes them; neither's way of working is known here.

pub mod choose;
pub mod interner;
pub mod mark;
pub mod page;
pub mod progress;
pub mod quota;
pub mod rate;
pub mod stream;
pub mod unit;

//! The direct engine's vocabulary and rules: what is read, in which units, how far reading has come, and what is written where.
//!
//! Pure, as all of `domain`. `aws` fills pages, `export` reads and writes them; neither's way of working is known here.

pub mod checkpoint;
pub mod choose;
pub mod file_name;
pub mod headway;
pub mod interner;
pub mod line;
pub mod mark;
pub mod numbering;
pub mod page;
pub mod parts;
pub mod progress;
pub mod quota;
pub mod rate;
pub mod speed;
pub mod stream;
pub mod telling;
pub mod unit;

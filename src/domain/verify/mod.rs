//! Verification: what can be said of an export after it has ended, by reading back what lies in the bucket.
//!
//! Pure: [`mod@line`] finds the events in the text of an object, [`object`] says what one object is like, [`tally`] what all
//! of them come to, [`limits`] what no reading back proves, and [`manifest`] how it is written down. Who reads is
//! `export::verify`.

pub mod limits;
pub mod line;
pub mod manifest;
pub mod object;
pub mod subject;
pub mod tally;

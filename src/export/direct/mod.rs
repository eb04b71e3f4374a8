//! The direct engine: this program reads a log group's events itself and writes them where they are wanted.
//!
//! ```text
//! streams ─► units ─► chains of pages ─► bounded channel ─► lines ─► gzip ─► objects
//!           └────────── read ─────────┘
//! ```

pub mod read;

//! One object of an export, and what reading it back has shown.

use std::fmt;

use super::line::Events;
use crate::domain::amount::ByteCount;
use crate::domain::problem::Problem;

/// A log object's place in its task's folder: `<stream>/000000.gz` (aws-facts section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The stream's name as it stands in keys.
    pub stream: &'a str,
    /// Its number, counted from 0.
    pub number: u64,
}

impl<'a> Place<'a> {
    /// Reads a key below the task's folder; `None` if no export writes such a one.
    pub fn parse(key: &'a str) -> Option<Self> {
        let (stream, name) = key.split_once('/')?;
        let digits = name.strip_suffix(".gz")?;
        let number = digits.parse().ok()?;
        (!stream.is_empty() && format!("{number:06}") == digits).then_some(Self { stream, number })
    }
}

/// The SHA-256 of an object's bytes as they lie in the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sha256(pub [u8; 32]);

impl fmt::Display for Sha256 {
    /// 64 hexadecimal digits, as `sha256sum` prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What is wrong with an object as a gzip file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It has no bytes at all.
    NoBytes,
    /// It does not begin as gzip does.
    NotGzip,
    /// It ends before its compressed data does.
    CutOff,
    /// It cannot be decompressed, or not to what its own checksum says.
    Corrupt,
    /// Something else stands behind its end: so many bytes.
    Trailing(u64),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBytes => f.write_str("it has no bytes at all"),
            Self::NotGzip => f.write_str("it is no gzip file"),
            Self::CutOff => f.write_str("it is cut off: its compressed data goes on behind its end"),
            Self::Corrupt => f.write_str("it does not decompress to what its own checksum says"),
            Self::Trailing(bytes) => write!(f, "{bytes} bytes that are no gzip stand behind its end"),
        }
    }
}

/// What an object holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its bytes in the bucket, as they were read.
    pub size: ByteCount,
    /// Their checksum.
    pub sha256: Sha256,
    /// What they decompress to.
    pub raw: ByteCount,
    /// The events in it, up to where it is damaged.
    pub events: Events,
    /// Its first line begins no event.
    pub headless: bool,
    /// What is wrong with it, if anything is.
    pub damage: Option<Damage>,
}

/// One object that was read back, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadBack {
    /// Its key below the task's folder (untrusted text: the stream's name is part of it).
    pub key: String,
    /// Its size as it was listed.
    pub size: ByteCount,
    /// What it holds, or why that is not known.
    pub body: Result<Body, Problem>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_export_writes_has_a_place() {
        let place = |key| Place::parse(key).map(|place| (place.stream, place.number));
        assert_eq!(place("web-1/000000.gz"), Some(("web-1", 0)));
        assert_eq!(place("[$LATEST]ab/000017.gz"), Some(("[$LATEST]ab", 17)));
        assert_eq!(place("web/1234567.gz"), Some(("web", 1_234_567)));
        for key in ["000000.gz", "/000000.gz", "web/0.gz", "web/0000000.gz", "web/x.gz", "web/000000", "a/b/000000.gz"]
        {
            assert_eq!(place(key), None, "{key}");
        }
    }

    #[test]
    fn a_checksum_reads_as_sha256sum_prints_it() {
        let shown = Sha256([0x0f; 32]).to_string();
        assert_eq!((shown.len(), &shown[..4]), (64, "0f0f"));
    }
}

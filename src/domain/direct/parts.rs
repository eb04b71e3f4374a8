//! How large the parts of a multipart upload are (S3 user guide, "Multipart upload limits").

/// The most parts an upload may have.
pub const LAST_PART: u32 = 10_000;

/// Every part but the last must have at least this many bytes.
const SMALLEST: u64 = 5 * MIB;

/// No part of ours is larger: parts wait in memory until they are sent.
const LARGEST: u64 = 32 * MIB;

/// After so many parts they grow by another [`SMALLEST`].
const STEP: u64 = 1_000;

const MIB: u64 = 1024 * 1024;

/// How many bytes part `number` (counted from 1) is to have. Small at first, so that many objects can be written side by side in
/// little memory; growing, so that [`LAST_PART`] of them hold more than 200 GiB.
pub fn part_size(number: u32) -> u64 {
    let grown = u64::from(number.saturating_sub(1)) / STEP + 1;
    (SMALLEST * grown).min(LARGEST)
}

/// What an upload of [`LAST_PART`] parts holds: the most an object may be asked to hold before it is followed by another.
pub fn largest_object() -> u64 {
    (1..=LAST_PART).map(part_size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_begin_at_s3_s_least_and_never_outgrow_memory() {
        assert_eq!([part_size(0), part_size(1), part_size(1_000)], [SMALLEST; 3]);
        assert_eq!([part_size(1_001), part_size(2_001)], [2 * SMALLEST, 3 * SMALLEST]);
        assert_eq!([part_size(LAST_PART), part_size(u32::MAX)], [LARGEST; 2]);
        assert!((1..LAST_PART).all(|number| part_size(number) <= part_size(number + 1)));
    }

    #[test]
    fn ten_thousand_parts_hold_more_than_two_hundred_gibibytes() {
        assert!(largest_object() > 200 * 1024 * MIB, "{}", largest_object());
    }
}

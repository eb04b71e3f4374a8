//! Additional checksums: verified when a client sends one, computed as S3 does when it sends none.

use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as Hash, Crc32, Crc32c, Crc64Nvme, Sha1, Sha256};
use s3s::dto::{Checksum, ChecksumAlgorithm, ChecksumType};
use s3s::{S3Result, s3_error};

/// The algorithms S3 knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    /// The algorithm of that name; CRC-64/NVME, S3's own choice since 2024, where none is named.
    pub fn named(name: Option<&ChecksumAlgorithm>) -> Self {
        match name.map(ChecksumAlgorithm::as_str) {
            Some(ChecksumAlgorithm::CRC32) => Self::Crc32,
            Some(ChecksumAlgorithm::CRC32C) => Self::Crc32c,
            Some(ChecksumAlgorithm::SHA1) => Self::Sha1,
            Some(ChecksumAlgorithm::SHA256) => Self::Sha256,
            _ => Self::Crc64Nvme,
        }
    }

    fn hasher(self) -> ChecksumHasher {
        let mut hasher = ChecksumHasher::default();
        match self {
            Self::Crc32 => hasher.crc32 = Some(Crc32::new()),
            Self::Crc32c => hasher.crc32c = Some(Crc32c::new()),
            Self::Crc64Nvme => hasher.crc64nvme = Some(Crc64Nvme::new()),
            Self::Sha1 => hasher.sha1 = Some(Sha1::new()),
            Self::Sha256 => hasher.sha256 = Some(Sha256::new()),
        }
        hasher
    }

    fn checksum(self, data: &[u8]) -> Checksum {
        let mut hasher = self.hasher();
        hasher.update(data);
        hasher.finalize()
    }

    fn raw(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Crc32 => Crc32::checksum(data).to_vec(),
            Self::Crc32c => Crc32c::checksum(data).to_vec(),
            Self::Crc64Nvme => Crc64Nvme::checksum(data).to_vec(),
            Self::Sha1 => Sha1::checksum(data).to_vec(),
            Self::Sha256 => Sha256::checksum(data).to_vec(),
        }
    }

    /// The checksum of a whole upload: over the joined parts, or over the parts' own checksums with their number.
    pub fn of_parts(self, kind: Option<&ChecksumType>, parts: &[&[u8]]) -> Checksum {
        let full = kind.is_some_and(|kind| kind.as_str() == ChecksumType::FULL_OBJECT);
        if full || self == Self::Crc64Nvme {
            let mut hasher = self.hasher();
            for part in parts {
                hasher.update(part);
            }
            return typed(hasher.finalize(), ChecksumType::FULL_OBJECT);
        }
        let digests: Vec<u8> = parts.iter().flat_map(|part| self.raw(part)).collect();
        let mut checksum = self.checksum(&digests);
        for field in fields(&mut checksum).into_iter().flatten() {
            *field = format!("{field}-{}", parts.len());
        }
        typed(checksum, ChecksumType::COMPOSITE)
    }
}

/// The checksums to keep for a body, after comparing those the client gave.
pub(super) fn verify(body: &[u8], mut given: Checksum) -> S3Result<Checksum> {
    let known = [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme, Algorithm::Sha1, Algorithm::Sha256];
    let claimed = fields(&mut given).map(Option::<&mut String>::cloned);
    let Some((algorithm, claim)) = known.into_iter().zip(claimed).find_map(|(known, claim)| Some((known, claim?)))
    else {
        return Ok(typed(Algorithm::Crc64Nvme.checksum(body), ChecksumType::FULL_OBJECT));
    };
    let mut computed = algorithm.checksum(body);
    if fields(&mut computed).into_iter().flatten().any(|field| *field != claim) {
        return Err(s3_error!(BadDigest, "The checksum you specified did not match the calculated checksum."));
    }
    Ok(typed(computed, ChecksumType::FULL_OBJECT))
}

fn typed(mut checksum: Checksum, kind: &'static str) -> Checksum {
    checksum.checksum_type = Some(ChecksumType::from_static(kind));
    checksum
}

/// The five values, in the order of [`Algorithm`].
fn fields(checksum: &mut Checksum) -> [Option<&mut String>; 5] {
    [
        checksum.checksum_crc32.as_mut(),
        checksum.checksum_crc32c.as_mut(),
        checksum.checksum_crc64nvme.as_mut(),
        checksum.checksum_sha1.as_mut(),
        checksum.checksum_sha256.as_mut(),
    ]
}

/// The checksums in an input, as one value.
macro_rules! given {
    ($input:expr) => {
        ::s3s::dto::Checksum {
            checksum_crc32: $input.checksum_crc32.take(),
            checksum_crc32c: $input.checksum_crc32c.take(),
            checksum_crc64nvme: $input.checksum_crc64nvme.take(),
            checksum_sha1: $input.checksum_sha1.take(),
            checksum_sha256: $input.checksum_sha256.take(),
            checksum_type: None,
        }
    };
}

/// Puts checksums into an output's fields of the same names.
macro_rules! tell {
    ($output:expr, $checksum:expr) => {{
        let checksum: ::s3s::dto::Checksum = $checksum;
        $output.checksum_crc32 = checksum.checksum_crc32;
        $output.checksum_crc32c = checksum.checksum_crc32c;
        $output.checksum_crc64nvme = checksum.checksum_crc64nvme;
        $output.checksum_sha1 = checksum.checksum_sha1;
        $output.checksum_sha256 = checksum.checksum_sha256;
    }};
}

pub(super) use {given, tell};

#[cfg(test)]
mod tests {
    use super::*;

    /// CRC-32 of "123456789" is cbf43926, its published check value.
    const CHECK: &str = "y/Q5Jg==";

    #[test]
    fn a_checksum_that_was_sent_is_compared_and_kept() {
        let given = |value: &str| Checksum { checksum_crc32: Some(value.into()), ..Checksum::default() };
        let kept = verify(b"123456789", given(CHECK)).expect("it matches");
        assert_eq!((kept.checksum_crc32.as_deref(), kept.checksum_crc64nvme), (Some(CHECK), None));
        let error = verify(b"12345678", given(CHECK)).expect_err("it does not match");
        assert_eq!(error.code().as_str(), "BadDigest");
    }

    #[test]
    fn without_one_s3_computes_crc64nvme() {
        // The published check value of CRC-64/NVME is ae8b14860a799888.
        let kept = verify(b"123456789", Checksum::default()).expect("nothing to compare");
        assert_eq!(kept.checksum_crc64nvme.as_deref(), Some("rosUhgp5mIg="));
    }

    #[test]
    fn parts_give_a_composite_with_their_number_or_one_of_the_whole() {
        let parts: [&[u8]; 2] = [b"12345", b"6789"];
        let composite = Algorithm::Crc32.of_parts(None, &parts);
        assert!(composite.checksum_crc32.as_deref().is_some_and(|value| value.ends_with("-2")), "{composite:?}");
        let whole = Algorithm::Crc32.of_parts(Some(&ChecksumType::from_static(ChecksumType::FULL_OBJECT)), &parts);
        assert_eq!(whole.checksum_crc32.as_deref(), Some(CHECK));
    }
}

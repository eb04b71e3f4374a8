//! Names of buckets that are yet to be created: S3's rules for them, each told by itself as the name is typed.
//!
//! Rules and their wording follow the S3 user guide, "General purpose bucket naming rules". Buckets that exist are named by
//! [`BucketName`], which is laxer: some beginnings and endings were taken away only after buckets had been named so.

use super::names::{BucketName, NameError};

/// The name of a bucket that is to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBucketName(BucketName);

impl NewBucketName {
    /// Takes `text` if S3 would take it for a new bucket in the global namespace. Whether the name is free only S3 knows.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = BucketName::parse(text)?;
        told(&STARTS, |start| text.starts_with(start))?;
        told(&ENDS, |end| text.ends_with(end))?;
        Ok(Self(name))
    }

    /// The name, for what is done once the bucket exists.
    pub const fn name(&self) -> &BucketName {
        &self.0
    }
}

/// A beginning or an ending, and what is said of it.
type Taken = (&'static str, &'static str);

/// Beginnings that no new bucket may have, and old ones may.
const STARTS: [Taken; 1] =
    [("amzn-s3-demo-", "bucket name may not begin with amzn-s3-demo-: AWS keeps that for its examples")];

/// Endings that no new bucket of the global namespace may have.
const ENDS: [Taken; 1] =
    [("-an", "bucket name may not end with -an: S3 keeps that for the regional namespaces of accounts")];

/// Beginnings S3 has always kept for itself.
const RESERVED_STARTS: [Taken; 2] = [
    ("xn--", "bucket name may not begin with xn--: S3 keeps that for itself"),
    ("sthree-", "bucket name may not begin with sthree-: S3 keeps that for itself"),
];

/// Endings of names that are no general purpose buckets.
const RESERVED_ENDS: [Taken; 5] = [
    ("-s3alias", "bucket name may not end with -s3alias: S3 names access points so"),
    ("--ol-s3", "bucket name may not end with --ol-s3: S3 names Object Lambda access points so"),
    (".mrap", "bucket name may not end with .mrap: S3 names Multi-Region access points so"),
    ("--x-s3", "bucket name may not end with --x-s3: S3 names directory buckets so"),
    ("--table-s3", "bucket name may not end with --table-s3: S3 names table buckets so"),
];

/// Refuses what no general purpose bucket has ever been able to be named.
pub(super) fn not_reserved(text: &str) -> Result<(), NameError> {
    told(&RESERVED_STARTS, |start| text.starts_with(start))?;
    told(&RESERVED_ENDS, |end| text.ends_with(end))
}

fn told(taken: &[Taken], is_in: impl Fn(&str) -> bool) -> Result<(), NameError> {
    taken.iter().find(|(part, _)| is_in(part)).map_or(Ok(()), |(_, what)| Err(NameError::Rule(what)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(text: &str) -> String {
        NewBucketName::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn each_rule_of_s3_has_its_own_words() {
        for (name, why) in [
            ("", "a bucket name is needed"),
            ("ab", "bucket name too short: 2 characters, 3 at least"),
            (&"b".repeat(64), "bucket name too long: 64 characters, 63 at most"),
            ("Logs", "bucket name may not contain 'L'"),
            ("my_logs", "bucket name may not contain '_'"),
            ("-logs", "bucket name begins and ends with a lower-case letter or digit"),
            ("my..logs", "bucket name may not contain two dots in a row"),
            ("192.168.5.4", "bucket name may not look like an IP address"),
            ("xn--logs", "bucket name may not begin with xn--: S3 keeps that for itself"),
            ("sthree-configurator", "bucket name may not begin with sthree-: S3 keeps that for itself"),
            ("amzn-s3-demo-logs", "bucket name may not begin with amzn-s3-demo-: AWS keeps that for its examples"),
            ("logs-s3alias", "bucket name may not end with -s3alias: S3 names access points so"),
            ("logs--ol-s3", "bucket name may not end with --ol-s3: S3 names Object Lambda access points so"),
            ("logs.mrap", "bucket name may not end with .mrap: S3 names Multi-Region access points so"),
            ("logs--use1-az4--x-s3", "bucket name may not end with --x-s3: S3 names directory buckets so"),
            ("logs--table-s3", "bucket name may not end with --table-s3: S3 names table buckets so"),
            (
                "logs-111122223333-us-west-2-an",
                "bucket name may not end with -an: S3 keeps that for the regional namespaces of accounts",
            ),
        ] {
            assert_eq!(refused(name), why, "{name}");
        }
    }

    #[test]
    fn what_s3_takes_is_taken() {
        for name in ["logs-archive", "my.logs", "0-0", &"b".repeat(63), "xn-logs", "1.2.3.4.5", "an"] {
            assert_eq!(NewBucketName::parse(name).is_ok(), name.len() > 2, "{name}");
        }
    }

    proptest! {
        #[test]
        fn what_a_new_bucket_may_be_named_an_old_one_may(text in "[a-z0-9.-]{0,70}") {
            if let Ok(name) = NewBucketName::parse(&text) {
                prop_assert_eq!(name.name().as_str(), text);
            }
        }
    }
}

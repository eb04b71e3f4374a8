//! Listing objects: prefixes, delimiters, pages.

#![expect(clippy::needless_pass_by_value, reason = "operations own their input: the table has one signature")]

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use s3s::dto::{
    CommonPrefix, EncodingType, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output,
    Object as ListedObject, ObjectStorageClass, Owner,
};
use s3s::{S3Error, S3Result};

use super::bucket::{Bucket, Object, hex, owner};
use super::wire::Call;
use super::{Store, errors};

/// The most keys a page may hold, and what it holds when nothing is asked for.
const MAX_KEYS: i32 = 1000;

/// Sorts behind every key with a given prefix (keys hold no noncharacters).
const LAST: char = '\u{10FFFF}';

/// What to list.
#[derive(Clone, Copy, Debug)]
struct Wanted<'a> {
    prefix: &'a str,
    delimiter: Option<&'a str>,
    /// Only what sorts behind this.
    after: &'a str,
    max: usize,
}

/// A page of keys and of the prefixes that keys were rolled up into.
#[derive(Debug, Default)]
struct Slice<'a> {
    objects: Vec<(&'a String, &'a Object)>,
    prefixes: Vec<String>,
    /// The last entry, if there are more behind it.
    next: Option<String>,
}

impl<'a> Wanted<'a> {
    /// The prefix that a key is rolled up into, if any.
    fn rolled<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.delimiter.filter(|delimiter| !delimiter.is_empty())?;
        let rest = key.strip_prefix(self.prefix)?;
        let end = rest.find(delimiter)? + self.prefix.len() + delimiter.len();
        key.get(..end)
    }

    fn start(&self) -> Bound<String> {
        if self.after < self.prefix {
            Bound::Included(self.prefix.to_owned())
        } else if self.rolled(self.after) == Some(self.after) {
            Bound::Excluded(format!("{}{LAST}", self.after))
        } else {
            Bound::Excluded(self.after.to_owned())
        }
    }

    /// Takes a page; a rolled-up prefix is jumped over, however many keys it stands for.
    fn slice(&self, keys: &'a BTreeMap<String, Arc<Object>>) -> Slice<'a> {
        let mut slice = Slice::default();
        let mut cursor = self.start();
        let mut last = None;
        while self.max > 0
            && let Some((key, object)) = keys.range((cursor.clone(), Bound::Unbounded)).next()
            && key.starts_with(self.prefix)
        {
            if slice.objects.len() + slice.prefixes.len() == self.max {
                slice.next = last;
                break;
            }
            if let Some(prefix) = self.rolled(key) {
                slice.prefixes.push(prefix.to_owned());
                cursor = Bound::Excluded(format!("{prefix}{LAST}"));
                last = Some(prefix.to_owned());
            } else {
                slice.objects.push((key, object));
                cursor = Bound::Excluded(key.clone());
                last = Some(key.clone());
            }
        }
        slice
    }
}

pub(super) fn list_v2(store: &Store, call: &Call, input: ListObjectsV2Input) -> S3Result<ListObjectsV2Output> {
    let max_keys = page_size(input.max_keys)?;
    let token = input.continuation_token.as_deref().map(token_key).transpose()?;
    let start_after = input.start_after.clone().unwrap_or_default();
    let owner = input.fetch_owner.unwrap_or_default().then(|| owner(&call.caller.account));
    let text = Encoder::of(input.encoding_type.as_ref());
    store.with(&input.bucket, |bucket: &mut Bucket| {
        let wanted = Wanted {
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref(),
            after: token.as_deref().unwrap_or(&start_after),
            max: usize::try_from(max_keys).unwrap_or_default(),
        };
        let slice = wanted.slice(&bucket.objects);
        let count = slice.objects.len() + slice.prefixes.len();
        Ok(ListObjectsV2Output {
            name: Some(input.bucket.clone()),
            prefix: Some(text.encode(wanted.prefix)),
            max_keys: Some(max_keys),
            key_count: i32::try_from(count).ok(),
            continuation_token: input.continuation_token.clone(),
            is_truncated: Some(slice.next.is_some()),
            next_continuation_token: slice.next.as_deref().map(|key| hex(key.as_bytes())),
            contents: Some(
                slice.objects.iter().map(|(key, object)| listed(text, key, object, owner.clone())).collect(),
            ),
            common_prefixes: Some(slice.prefixes.iter().map(|prefix| common(text, prefix)).collect()),
            delimiter: input.delimiter.as_deref().map(|delimiter| text.encode(delimiter)),
            encoding_type: input.encoding_type.clone(),
            start_after: input.start_after.as_deref().map(|after| text.encode(after)),
            request_charged: None,
        })
    })
}

pub(super) fn list_v1(store: &Store, call: &Call, input: ListObjectsInput) -> S3Result<ListObjectsOutput> {
    let max_keys = page_size(input.max_keys)?;
    let owner = owner(&call.caller.account);
    let text = Encoder::of(input.encoding_type.as_ref());
    store.with(&input.bucket, |bucket: &mut Bucket| {
        let wanted = Wanted {
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref(),
            after: input.marker.as_deref().unwrap_or_default(),
            max: usize::try_from(max_keys).unwrap_or_default(),
        };
        let slice = wanted.slice(&bucket.objects);
        Ok(ListObjectsOutput {
            name: Some(input.bucket.clone()),
            prefix: Some(text.encode(wanted.prefix)),
            marker: Some(text.encode(wanted.after)),
            max_keys: Some(max_keys),
            is_truncated: Some(slice.next.is_some()),
            contents: Some(
                slice.objects.iter().map(|(key, object)| listed(text, key, object, Some(owner.clone()))).collect(),
            ),
            common_prefixes: Some(slice.prefixes.iter().map(|prefix| common(text, prefix)).collect()),
            delimiter: input.delimiter.as_deref().map(|delimiter| text.encode(delimiter)),
            // Version 1 tells the next marker only where it cannot be the last key.
            next_marker: slice.next.as_deref().filter(|_| input.delimiter.is_some()).map(|key| text.encode(key)),
            encoding_type: input.encoding_type.clone(),
            request_charged: None,
        })
    })
}

fn page_size(asked: Option<i32>) -> S3Result<i32> {
    match asked.unwrap_or(MAX_KEYS) {
        negative if negative < 0 => {
            Err(errors::invalid_argument("Argument maxKeys must be an integer between 0 and 2147483647"))
        }
        size => Ok(size.min(MAX_KEYS)),
    }
}

/// Tokens are the last key in hexadecimal digits: opaque to clients, and any key survives them.
fn token_key(token: &str) -> S3Result<String> {
    let digits = token.as_bytes();
    let bytes: Option<Vec<u8>> = digits
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2))
        .map(|pair| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(bad_token)
}

fn bad_token() -> S3Error {
    errors::invalid_argument("The continuation token provided is incorrect")
}

fn listed(text: Encoder, key: &str, object: &Object, owner: Option<Owner>) -> ListedObject {
    ListedObject {
        checksum_type: object.checksum.checksum_type.clone(),
        e_tag: Some(object.e_tag()),
        key: Some(text.encode(key)),
        last_modified: Some(object.modified.clone()),
        owner,
        size: Some(object.size()),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
        ..ListedObject::default()
    }
}

fn common(text: Encoder, prefix: &str) -> CommonPrefix {
    CommonPrefix { prefix: Some(text.encode(prefix)) }
}

/// How keys are written in a listing.
#[derive(Clone, Copy, Debug)]
enum Encoder {
    Plain,
    Url,
}

impl Encoder {
    fn of(asked: Option<&EncodingType>) -> Self {
        if asked.is_some_and(|kind| kind.as_str() == EncodingType::URL) { Self::Url } else { Self::Plain }
    }

    fn encode(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Url => text.bytes().map(percent_encoded).collect(),
        }
    }
}

fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-_.*/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;

    fn objects(keys: &[&str]) -> BTreeMap<String, Arc<Object>> {
        keys.iter().map(|key| ((*key).to_owned(), Arc::new(Object::plain(Bytes::new())))).collect()
    }

    /// Pages through everything; keys and prefixes in the order they come.
    fn walk(keys: &BTreeMap<String, Arc<Object>>, prefix: &str, delimiter: Option<&str>, max: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let wanted = Wanted { prefix, delimiter, after: &after, max };
            let slice = wanted.slice(keys);
            let mut page: Vec<String> = slice.objects.iter().map(|(key, _)| (*key).clone()).collect();
            page.extend(slice.prefixes);
            page.sort();
            found.extend(page);
            match slice.next {
                Some(next) => after = next,
                None => return found,
            }
        }
    }

    #[test]
    fn keys_behind_a_delimiter_are_rolled_up_once() {
        let keys = objects(&["a/1", "a/2", "b", "c/x/1", "c/y"]);
        assert_eq!(walk(&keys, "", Some("/"), 1000), ["a/", "b", "c/"]);
        assert_eq!(walk(&keys, "c/", Some("/"), 1000), ["c/x/", "c/y"]);
        assert_eq!(walk(&keys, "a/", None, 1000), ["a/1", "a/2"]);
        assert_eq!(walk(&keys, "nothing", Some("/"), 1000), Vec::<String>::new());
    }

    #[test]
    fn no_keys_at_all_may_be_asked_for() {
        let keys = objects(&["a"]);
        let slice = Wanted { prefix: "", delimiter: None, after: "", max: 0 }.slice(&keys);
        assert!(slice.objects.is_empty() && slice.next.is_none());
    }

    #[test]
    fn keys_are_url_encoded_only_when_asked() {
        assert_eq!(Encoder::Url.encode("a b/ü+%"), "a%20b/%C3%BC%2B%25");
        assert_eq!(Encoder::Plain.encode("a b/ü"), "a b/ü");
    }

    #[test]
    fn a_token_that_was_not_ours_is_refused() {
        for token in ["zz", "6", "ff"] {
            assert!(token_key(token).is_err(), "{token}");
        }
    }

    proptest! {
        #[test]
        fn any_page_size_gives_the_same_listing(
            keys in prop::collection::vec("[ab/]{1,6}", 0..30),
            prefix in "[ab/]{0,2}",
            slash in any::<bool>(),
            max in 1_usize..7,
        ) {
            let keys = objects(&keys.iter().map(String::as_str).collect::<Vec<_>>());
            let delimiter = slash.then_some("/");
            let whole = walk(&keys, &prefix, delimiter, 1000);
            prop_assert_eq!(walk(&keys, &prefix, delimiter, max), whole.clone());
            prop_assert!(whole.windows(2).all(|pair| pair[0] < pair[1]), "sorted and without doubles");
        }

        #[test]
        fn tokens_carry_any_key(key in "\\PC*") {
            prop_assert_eq!(token_key(&hex(key.as_bytes())).ok(), Some(key));
        }
    }
}

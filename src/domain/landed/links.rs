//! An object in the words of other programs: as a URI, as a line for the AWS CLI, as a page of the console.
//!
//! Whoever pastes such a line into a shell runs it: keys are untrusted text, and nothing in one is to be obeyed.

use std::fmt::Write as _;

use super::path;
use crate::domain::partition::Partition;
use crate::domain::place::Region;
use crate::domain::text::is_hidden;

/// How the bucket is reached, as far as the AWS CLI has to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// The profile, if one was named.
    pub profile: Option<String>,
    /// The bucket's Region, or else the one that is worked in.
    pub region: Region,
    /// The custom endpoint, if any.
    pub endpoint: Option<String>,
}

/// `s3://bucket/key`.
pub fn uri(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}

/// Whether `text` may be pasted as it stands: nothing in it ends a line or is obeyed by a terminal.
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(is_hidden)
}

/// The line by which the AWS CLI copies the object, called `name` below its task's folder, to here.
pub fn copy_line(bucket: &str, key: &str, name: &str, via: &Via) -> String {
    let to = path::below(name).map_or_else(|_| ".".to_owned(), |path| format!("./{}", path.display()));
    line("aws s3 cp", &uri(bucket, key), &to, via)
}

/// The line by which the AWS CLI copies everything below `prefix` into a directory for `group`.
pub fn copy_all_line(bucket: &str, prefix: &str, group: &str, via: &Via) -> String {
    line("aws s3 cp --recursive", &uri(bucket, prefix), &format!("./{}", path::directory_for(group)), via)
}

fn line(command: &str, from: &str, to: &str, via: &Via) -> String {
    let mut line = format!("{command} {} {} --region {}", quoted(from), quoted(to), quoted(&via.region.0));
    for (option, value) in [("--profile", &via.profile), ("--endpoint-url", &via.endpoint)] {
        if let Some(value) = value {
            // Into a String: cannot fail.
            let _ = write!(line, " {option} {}", quoted(value));
        }
    }
    line
}

/// `text` as one word of a shell (bash, zsh, ksh): as it stands, in single quotes, or in `$'…'` where something in it would be
/// obeyed on the way.
pub fn quoted(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(bare) {
        return text.to_owned();
    }
    if is_plain(text) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = "$'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => word.extend(['\\', c]),
            _ if is_hidden(c) => octal(&mut word, c),
            _ => word.push(c),
        }
    }
    word.push('\'');
    word
}

/// Three octal digits a byte: unlike hexadecimal ones they end by themselves, whatever follows.
fn octal(word: &mut String, c: char) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        // Into a String: cannot fail.
        let _ = write!(word, "\\{byte:03o}");
    }
}

/// The page of the console that shows the object, or with a key that ends in `/` everything below it. `None` where the
/// partition has no console that the public reaches, and at a custom endpoint.
pub fn console(bucket: &str, key: &str, via: &Via) -> Option<String> {
    if via.endpoint.is_some() {
        return None;
    }
    let Region(region) = &via.region;
    // Where each partition's console is (AWS General Reference; the AWS CLI's partition data names the same suffixes).
    let host = match Partition::of(&via.region).name {
        "aws" => format!("{region}.console.aws.amazon.com"),
        "aws-cn" => format!("{region}.console.amazonaws.cn"),
        "aws-us-gov" => format!("{region}.console.amazonaws-us-gov.com"),
        _ => return None,
    };
    let kind = if key.ends_with('/') { "buckets" } else { "object" };
    Some(format!("https://{host}/s3/{kind}/{bucket}?region={region}&prefix={}", percent(key)))
}

fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Into a String: cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn via(region: &str) -> Via {
        Via { profile: None, region: Region(region.to_owned()), endpoint: None }
    }

    #[test]
    fn a_line_copies_to_a_path_that_tells_streams_apart_and_names_what_the_cli_must_know() {
        assert_eq!(
            copy_line("logs", "p/4d2b/web/000000.gz", "web/000000.gz", &via("eu-central-1")),
            "aws s3 cp s3://logs/p/4d2b/web/000000.gz ./web/000000.gz --region eu-central-1"
        );
        let via = Via {
            profile: Some("audit team".into()),
            region: Region("eu-central-1".into()),
            endpoint: Some("http://127.0.0.1:4566".into()),
        };
        assert_eq!(
            copy_all_line("logs", "p/4d2b/", "/ecs/web", &via),
            "aws s3 cp --recursive s3://logs/p/4d2b/ ./ecs-web --region eu-central-1 --profile 'audit team' \
             --endpoint-url http://127.0.0.1:4566"
        );
    }

    #[test]
    fn nothing_in_a_key_is_obeyed_by_a_shell() {
        for (text, word) in [
            ("plain-1.gz", "plain-1.gz"),
            ("", "''"),
            ("[$LATEST]8f", "'[$LATEST]8f'"),
            ("it's; rm -rf ~ `x` $(y)", r"'it'\''s; rm -rf ~ `x` $(y)'"),
            ("a\nrm -rf ~", r"$'a\012rm -rf ~'"),
            ("\u{1b}[201~'x\\", r"$'\033[201~\'x\\'"),
            ("a\u{202e}7", r"$'a\342\200\2567'"),
        ] {
            assert_eq!(quoted(text), word, "{text:?}");
        }
        assert!(is_plain("s3://logs/größe") && !is_plain("s3://logs/a\nb"));
    }

    #[test]
    fn a_quoted_word_holds_nothing_that_a_terminal_obeys() {
        for text in ["it's", "a b\t$HOME `x`", "\u{1b}[201~\u{202e}7\\n'", "*?[a]{b,c}!", "größe\u{7f}9"] {
            let word = quoted(text);
            assert!(word.chars().all(|c| !is_hidden(c)), "{word:?}");
        }
    }

    #[test]
    fn each_partition_has_its_own_console_and_some_have_none() {
        let page = |region| console("logs", "p/4d 2b/web/000000.gz", &via(region));
        assert_eq!(
            page("eu-central-1").as_deref(),
            Some(
                "https://eu-central-1.console.aws.amazon.com/s3/object/logs?region=eu-central-1&prefix=p/4d%202b/web/000000.gz"
            )
        );
        assert!(page("cn-north-1").is_some_and(|url| url.starts_with("https://cn-north-1.console.amazonaws.cn/s3/")));
        assert!(page("us-gov-west-1").is_some_and(|url| url.contains("console.amazonaws-us-gov.com")));
        assert_eq!(page("us-iso-east-1"), None);
        let folder = console("logs", "p/4d2b/", &via("eu-central-1"));
        assert!(folder.is_some_and(|url| url.contains("/s3/buckets/logs?") && url.ends_with("prefix=p/4d2b/")));
        assert_eq!(console("logs", "k", &Via { endpoint: Some("http://x".into()), ..via("eu-central-1") }), None);
    }
}

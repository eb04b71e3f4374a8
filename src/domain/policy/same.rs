//! Whether two policies say the same, however they are written.
//!
//! S3 does not always give a policy back as it was put: an account id becomes the ARN of its root, a list of one a single
//! value. That is no change, and nobody is to be told of one.

use serde_json::{Map, Value};

/// Whether `one` and `other` say the same. Texts that are no JSON do if they are equal.
pub fn same(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_json::from_str(text).ok().map(essence);
    match (read(one), read(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// The statement that `written` is, without the name it goes by.
pub(super) fn nameless(written: &str) -> Option<Value> {
    let mut statement: Map<String, Value> = serde_json::from_str(written).ok()?;
    statement.remove("Sid");
    Some(essence(Value::Object(statement)))
}

/// One spelling of all those that mean the same. The order of lists means nothing anywhere in a policy.
fn essence(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields.into_iter().map(field).collect::<Map<_, _>>().into(),
        Value::Array(values) => {
            let mut values: Vec<Value> = values.into_iter().map(essence).collect();
            values.sort_by_cached_key(Value::to_string);
            if values.len() == 1 { values.remove(0) } else { values.into() }
        }
        Value::String(text) => account(&text).map_or(text.clone(), str::to_owned).into(),
        Value::Number(_) | Value::Bool(_) => value.to_string().into(),
        Value::Null => value,
    }
}

fn field((key, value): (String, Value)) -> (String, Value) {
    let value = essence(value);
    let everyone = key == "Principal" && value == "*";
    let value = if everyone { Map::from_iter([("AWS".to_owned(), value)]).into() } else { value };
    (key, value)
}

/// The account whose root `text` names: `arn:aws:iam::123456789012:root`.
fn account(text: &str) -> Option<&str> {
    let (partition, account) = text.strip_prefix("arn:")?.strip_suffix(":root")?.split_once(":iam::")?;
    let is_root = !partition.contains(':') && account.bytes().all(|byte| byte.is_ascii_digit());
    is_root.then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_no_difference() {
        let one = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"},
            "Action": ["s3:PutObject"], "Resource": ["b", "a"], "Condition": {"Bool": {"aws:SecureTransport": true}}}]}"#;
        let other = r#"{"Statement": {"Action": "s3:PutObject", "Effect": "Allow", "Resource": ["a", "b"],
            "Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"},
            "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, "Version": "2012-10-17"}"#;
        assert!(same(one, other) && same(other, one));
        assert!(same(r#"{"Principal": "*"}"#, r#"{"Principal": {"AWS": ["*"]}}"#));
    }

    #[test]
    fn every_word_counts() {
        let policy = r#"{"Statement": [{"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "s3:PutObject"}]}"#;
        assert!(same(policy, policy) && same("no policy", "no policy"));
        for (from, to) in
            [("Allow", "Deny"), ("\"a\"", "\"b\""), ("s3:Put", "s3:Get"), ("\"*\"", "\"arn:aws:iam::1:role/root\"")]
        {
            assert!(!same(policy, &policy.replace(from, to)), "{from}");
        }
        assert!(!same(policy, "no policy"));
    }

    #[test]
    fn a_statement_is_known_again_under_another_name() {
        let named = |sid: &str| format!(r#"{{{sid}"Effect": "Allow", "Action": ["s3:PutObject"]}}"#);
        assert_eq!(nameless(&named(r#""Sid": "x", "#)), nameless(&named("")));
        assert_eq!(nameless("[]"), None);
    }
}

//! JSON as policies need it: objects that keep their order, and values that keep the text they were written in.
//!
//! A parsed and reprinted number or escape is not always the one that was there, and nobody may find his statement
//! changed because somebody else's was added. So values stay [`RawValue`]s, and are read only where a rule needs them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// An object: its keys and values as written, in their order.
#[derive(Clone, Debug)]
pub(super) struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    /// The object `raw` is; the error is a clause without a place.
    pub fn read(raw: &RawValue) -> Result<Self, String> {
        let fields: Self = serde_json::from_str(raw.get()).map_err(|_| "an object belongs here".to_owned())?;
        fields.without_doubles()
    }

    /// AWS keeps no policy with a key twice, and which of the two counts is anybody's guess.
    pub fn without_doubles(self) -> Result<Self, String> {
        let twice = |(at, (key, _)): (usize, &(String, _))| self.0[..at].iter().any(|(before, _)| before == key);
        match self.0.iter().enumerate().find(|field| twice(*field)) {
            Some((_, (key, _))) => Err(format!("{key} is there twice")),
            None => Ok(self),
        }
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&RawValue> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_ref())
    }

    /// Keys and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_ref()))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Takes a map's entries as they come.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}

/// One value or a list of them: policies write both.
pub(super) fn several(raw: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| vec![raw])
}

/// One text or a list of texts. Numbers and truth values count as what they are written as: policies hold `true` and
/// `"true"`, and account ids with and without quotes.
pub(super) fn texts(raw: &RawValue) -> Result<Vec<String>, String> {
    several(raw).into_iter().map(text).collect()
}

fn text(raw: &RawValue) -> Result<String, String> {
    let written = raw.get();
    match written.as_bytes().first() {
        Some(b'"') => serde_json::from_str(written).map_err(|_| format!("{written} is no text")),
        Some(b'{' | b'[' | b'n') | None => Err("a text or a list of texts belongs here".to_owned()),
        Some(_) => Ok(written.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_object_keeps_order_and_spelling() {
        let fields = Fields::read(&raw(r#"{"z": 1.10, "a": "\u0041", "m": [ 1,2 ]}"#)).unwrap();
        let all: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (key, value.get())).collect();
        assert_eq!(all, [("z", "1.10"), ("a", "\"\\u0041\""), ("m", "[ 1,2 ]")]);
        assert_eq!(fields.get("a").map(RawValue::get), Some("\"\\u0041\""));
    }

    #[test]
    fn what_is_no_object_or_has_a_key_twice_is_told() {
        assert_eq!(Fields::read(&raw("[]")).unwrap_err(), "an object belongs here");
        assert_eq!(Fields::read(&raw(r#"{"a": 1, "b": 2, "a": 1}"#)).unwrap_err(), "a is there twice");
    }

    #[test]
    fn a_text_may_be_a_list_a_number_or_a_truth_value() {
        assert_eq!(texts(&raw(r#""a""#)).unwrap(), ["a"]);
        assert_eq!(texts(&raw(r#"["a", true, 123456789012]"#)).unwrap(), ["a", "true", "123456789012"]);
        assert_eq!(texts(&raw("[]")).unwrap(), [""; 0]);
        for wrong in ["null", "{}", "[[]]", "[null]"] {
            assert_eq!(texts(&raw(wrong)).unwrap_err(), "a text or a list of texts belongs here", "{wrong}");
        }
        assert_eq!(texts(&raw(r#""\ud800""#)).unwrap_err(), "\"\\ud800\" is no text");
    }
}

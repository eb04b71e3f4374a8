//! A bucket policy as a document: read, kept as it was written, and printed.
//!
//! What its statements mean is for [`super::ruling`]. A statement knows its own text, so that writing the document
//! again loses nothing: not an unknown field, not the order, not how a number was spelled.

use std::fmt;

use serde_json::value::RawValue;
use thiserror::Error;

use super::fields::{Fields, several, texts};
use super::same::nameless;

/// S3: "Bucket policies are limited to 20 KB in size."
pub const SIZE_LIMIT: usize = 20 * 1024;

/// Why a text is no bucket policy.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{place}: {what}")]
pub struct DocumentError {
    /// Where: `the policy`, `statement 2 (AllowLogs), Condition`.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl DocumentError {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

/// What a statement is called: its number and, if it has one, its Sid (untrusted text: escape it before it reaches a
/// cell).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementName {
    /// Counted from 1.
    pub number: usize,
    /// The statement's own id.
    pub sid: Option<String>,
}

impl fmt::Display for StatementName {
    /// `statement 2 (AllowLogs)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.number)?;
        self.sid.as_ref().map_or(Ok(()), |sid| write!(f, " ({sid})"))
    }
}

/// A bucket policy.
#[derive(Clone, Debug)]
pub struct Document {
    fields: Fields,
    statements: Vec<Statement>,
}

/// What a statement does with the calls it applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// An element such as `Action`, or its `Not…` counterpart, which chooses everything else.
#[derive(Clone, Debug)]
pub(super) struct Element<T> {
    pub listed: Vec<T>,
    pub inverted: bool,
}

/// A principal: its kind (`AWS`, `Service`, …) and its name. The lone `*` is of the kind `AWS`, which means the same
/// (IAM user guide, "Principal": everyone).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub kind: String,
    pub name: String,
}

/// One line of a `Condition`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub operator: String,
    pub key: String,
    pub values: Vec<String>,
}

/// A statement, and the text it was written in.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    written: Box<RawValue>,
    pub name: StatementName,
    pub effect: Effect,
    pub principal: Element<Named>,
    pub action: Element<String>,
    pub resource: Element<String>,
    pub conditions: Vec<Condition>,
}

impl Document {
    /// Reads a policy, as GetBucketPolicy answers it.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let wrong = |what: String| DocumentError::new("the policy", what);
        let fields: Fields = serde_json::from_str(text).map_err(|error| wrong(format!("no JSON object: {error}")))?;
        let fields = fields.without_doubles().map_err(wrong)?;
        let written = fields.get(STATEMENT).ok_or_else(|| wrong("there is no Statement".to_owned()))?;
        let statements = several(written).into_iter().enumerate();
        let statements = statements.map(|(at, raw)| Statement::read(at + 1, raw)).collect::<Result<_, _>>()?;
        Ok(Self { fields, statements })
    }

    /// Its statements, in their order.
    pub(super) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Whether it has the statement that `written` is, under whatever name.
    pub(super) fn holds(&self, written: &str) -> bool {
        let wanted = nameless(written);
        self.statements.iter().any(|statement| nameless(statement.written.get()) == wanted)
    }

    /// The Sids it has.
    pub(super) fn sids(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().filter_map(|statement| statement.name.sid.as_deref())
    }

    /// The whole policy, statements and all else exactly as they were written.
    pub fn text(&self) -> String {
        self.text_with(&[])
    }

    /// [`Document::text`], with more statements at the end.
    pub(super) fn text_with(&self, more: &[String]) -> String {
        let own = self.statements.iter().map(|statement| statement.written.get());
        let statements: Vec<&str> = own.chain(more.iter().map(String::as_str)).collect();
        let statements = format!("[{}]", statements.join(","));
        let field = |(key, value): (&str, &RawValue)| {
            let value = if key == STATEMENT { &statements } else { value.get() };
            format!("{}:{value}", serde_json::Value::from(key))
        };
        format!("{{{}}}", self.fields.iter().map(field).collect::<Vec<_>>().join(","))
    }

    /// Whether S3 would refuse it for its size.
    pub fn is_too_long(&self) -> bool {
        self.text().len() > SIZE_LIMIT
    }

    /// The policy for people, two spaces a level.
    pub fn pretty(&self) -> String {
        super::pretty::pretty(&self.text())
    }
}

/// The field that holds the statements.
const STATEMENT: &str = "Statement";

impl Statement {
    fn read(number: usize, raw: &RawValue) -> Result<Self, DocumentError> {
        let nameless = StatementName { number, sid: None };
        let fields = Fields::read(raw).map_err(|what| DocumentError::new(nameless.to_string(), what))?;
        let sid = fields.get("Sid").and_then(|sid| serde_json::from_str(sid.get()).ok());
        let name = StatementName { number, sid };
        let reader = Reader { name: &name, fields: &fields };
        Ok(Self {
            effect: reader.effect()?,
            principal: reader.element("Principal", "NotPrincipal", principals)?,
            action: reader.element("Action", "NotAction", texts)?,
            resource: reader.element("Resource", "NotResource", texts)?,
            conditions: reader.conditions()?,
            written: raw.to_owned(),
            name,
        })
    }
}

/// Reads the elements of one statement; errors name it.
struct Reader<'a> {
    name: &'a StatementName,
    fields: &'a Fields,
}

impl Reader<'_> {
    fn wrong(&self, element: &str, what: impl Into<String>) -> DocumentError {
        DocumentError::new(format!("{}, {element}", self.name), what)
    }

    /// The IAM user guide: "The Effect value is case sensitive."
    fn effect(&self) -> Result<Effect, DocumentError> {
        let written = self.fields.get("Effect").map(RawValue::get);
        match written {
            Some(r#""Allow""#) => Ok(Effect::Allow),
            Some(r#""Deny""#) => Ok(Effect::Deny),
            Some(_) | None => Err(self.wrong("Effect", "Allow or Deny belongs here")),
        }
    }

    /// An element or its `Not…` counterpart: a statement of a bucket policy has exactly one of the two.
    fn element<T>(
        &self,
        name: &str,
        not_name: &str,
        read: fn(&RawValue) -> Result<Vec<T>, String>,
    ) -> Result<Element<T>, DocumentError> {
        let (name, raw, inverted) = match (self.fields.get(name), self.fields.get(not_name)) {
            (Some(raw), None) => (name, raw, false),
            (None, Some(raw)) => (not_name, raw, true),
            (None, None) => return Err(self.wrong(name, "it is missing")),
            (Some(_), Some(_)) => return Err(self.wrong(name, format!("{not_name} is there as well"))),
        };
        let listed = read(raw).map_err(|what| self.wrong(name, what))?;
        Ok(Element { listed, inverted })
    }

    fn conditions(&self) -> Result<Vec<Condition>, DocumentError> {
        let conditions = self.fields.get("Condition").map_or_else(|| Ok(Vec::new()), conditions);
        conditions.map_err(|what| self.wrong("Condition", what))
    }
}

fn conditions(raw: &RawValue) -> Result<Vec<Condition>, String> {
    let mut all = Vec::new();
    for (operator, keys) in Fields::read(raw)?.iter() {
        for (key, values) in Fields::read(keys).map_err(|what| format!("{operator}: {what}"))?.iter() {
            let values = texts(values).map_err(|what| format!("{operator} {key}: {what}"))?;
            all.push(Condition { operator: operator.to_owned(), key: key.to_owned(), values });
        }
    }
    Ok(all)
}

fn principals(raw: &RawValue) -> Result<Vec<Named>, String> {
    let principal = |kind: &str, name: String| Named { kind: kind.to_owned(), name };
    if let Ok(everyone) = serde_json::from_str::<String>(raw.get()) {
        return Ok(vec![principal("AWS", everyone)]);
    }
    let mut all = Vec::new();
    for (kind, names) in Fields::read(raw)?.iter() {
        let names = texts(names).map_err(|what| format!("{kind}: {what}"))?;
        all.extend(names.into_iter().map(|name| principal(kind, name)));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Document::parse(text).unwrap_err().to_string()
    }

    fn statement_error(changes: &str) -> String {
        error(&format!(r#"{{"Statement": [{{"Sid": "S", {changes}}}]}}"#))
    }

    const FIT: &str = r#""Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*""#;

    #[test]
    fn a_broken_document_is_told_with_its_place() {
        assert_eq!(error(""), "the policy: no JSON object: EOF while parsing a value at line 1 column 0");
        assert!(error("[]").starts_with("the policy: no JSON object: invalid type: sequence, expected an object"));
        assert_eq!(error("{}"), "the policy: there is no Statement");
        assert_eq!(error(r#"{"Statement": [], "Statement": []}"#), "the policy: Statement is there twice");
        assert_eq!(error(r#"{"Statement": [1]}"#), "statement 1: an object belongs here");
        assert_eq!(statement_error(r#""Effect": "allow""#), "statement 1 (S), Effect: Allow or Deny belongs here");
    }

    #[test]
    fn a_broken_statement_is_told_with_the_element() {
        let with = |more: &str| statement_error(&format!("{FIT}, {more}"));
        assert_eq!(with(r#""NotAction": "a""#), "statement 1 (S), Action: NotAction is there as well");
        assert_eq!(with(r#""Condition": []"#), "statement 1 (S), Condition: an object belongs here");
        assert_eq!(with(r#""Condition": {"Bool": 1}"#), "statement 1 (S), Condition: Bool: an object belongs here");
        assert_eq!(
            with(r#""Condition": {"Bool": {"a:b": null}}"#),
            "statement 1 (S), Condition: Bool a:b: a text or a list of texts belongs here"
        );
        let missing = statement_error(r#""Effect": "Deny", "Action": "*", "Resource": "*""#);
        assert_eq!(missing, "statement 1 (S), Principal: it is missing");
        let kind = FIT.replace(r#""Principal": "*""#, r#""Principal": {"AWS": {}}"#);
        assert_eq!(statement_error(&kind), "statement 1 (S), Principal: AWS: a text or a list of texts belongs here");
    }

    #[test]
    fn one_statement_counts_as_a_list_of_one_and_nothing_else_changes() {
        let text =
            format!(r#"{{"Version": "2008-10-17", "Odd": [1.10], "Statement": {{{FIT}, "New":null}}, "Id": "x"}}"#);
        let document = Document::parse(&text).unwrap();
        assert_eq!(document.statements().len(), 1);
        let expected =
            format!(r#"{{"Version":"2008-10-17","Odd":[1.10],"Statement":[{{{FIT}, "New":null}}],"Id":"x"}}"#);
        assert_eq!(document.text(), expected);
        assert_eq!(Document::parse(&document.text()).unwrap().text(), expected);
    }

    #[test]
    fn a_policy_over_20_kilobytes_is_too_long() {
        let long = |length: usize| {
            let text =
                format!(r#"{{"Statement":[],"Id":"{}"}}"#, "x".repeat(length - r#"{"Statement":[],"Id":""}"#.len()));
            Document::parse(&text).unwrap().is_too_long()
        };
        assert_eq!([long(SIZE_LIMIT), long(SIZE_LIMIT + 1)], [false, true]);
    }

    #[test]
    fn a_statement_is_named_by_its_number_and_sid() {
        let name = |sid: Option<&str>| StatementName { number: 2, sid: sid.map(str::to_owned) }.to_string();
        assert_eq!([name(None), name(Some("Logs"))], ["statement 2", "statement 2 (Logs)"]);
    }
}

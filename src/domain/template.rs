//! The template of a destination prefix: text with fields that each task of a plan fills in.
//!
//! Parsed once, expanded for every task. Pure: account, Region, log group, window and our task id come in a [`Context`].
//! Text without braces is a template as well, and expands to itself.

use std::fmt;

use chrono::format::{Item, StrftimeItems};
use thiserror::Error;

use super::names::{DestinationPrefix, LogGroupName, NameError, TaskId};
use super::nearest::nearest;
use super::place::Lane;
use super::time::{TimeRange, Timestamp};
use super::zone::Zone;

/// Why text is no template. The texts stand under form fields: short, and they say what to type.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TemplateError {
    /// A field that does not exist, with the known one nearest to it.
    #[error("unknown field {{{}}}: {}", name.escape_debug(), near_field(*.near))]
    UnknownField {
        /// What stands between the braces, without a format.
        name: String,
        /// The field that was probably meant.
        near: Option<&'static str>,
    },
    /// An opening brace without its closing one.
    #[error("unclosed {{: close the field, or type {{{{ for a brace")]
    Unclosed,
    /// A closing brace without its opening one.
    #[error("}} without its {{: type }}}} for a brace")]
    Unopened,
    /// A date without a format: there is no obvious one.
    #[error("{{{0}}} needs a format: {{{0}:%Y/%m/%d}}")]
    NoFormat(&'static str),
    /// A format that chrono's strftime does not know.
    #[error("bad date format {}: type %Y/%m/%d or the like", .0.escape_debug())]
    BadFormat(String),
    /// Something after the colon of a field that takes nothing there.
    #[error("{{{0}}} takes no format")]
    NoFormatTaken(&'static str),
    /// Something else than `flat` after `{group:`.
    #[error("type {{group}} or {{group:flat}}")]
    GroupForm,
    /// Whatever the fields are filled with, the result is no destination prefix.
    #[error(transparent)]
    Prefix(#[from] NameError),
}

fn near_field(near: Option<&str>) -> String {
    let known = || "account, region, group, task, from and to are known".to_owned();
    near.map_or_else(known, |near| format!("did you mean {{{near}}}?"))
}

/// What fields are filled with.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Account and Region.
    pub lane: &'a Lane,
    /// The task's log group.
    pub group: &'a LogGroupName,
    /// The task's window.
    pub window: TimeRange,
    /// The zone dates are written in.
    pub zone: Zone,
}

/// A destination prefix with fields:
///
/// | field | becomes |
/// | --- | --- |
/// | `{account}`, `{region}` | the lane's |
/// | `{group}` | the log group's name without its leading slash |
/// | `{group:flat}` | the same, with dashes for slashes |
/// | `{task}` | our own id of the task (AWS appends its own id in any case) |
/// | `{from:FORMAT}`, `{to:FORMAT}` | the window's ends in the plan's zone, by chrono's strftime: `{from:%Y/%m/%d}` |
/// | `{{`, `}}` | a brace |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Account,
    Region,
    Group,
    FlatGroup,
    Task,
    Date(End, Vec<Item<'static>>),
}

/// Which end of the window a date is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    From,
    To,
}

/// Turns what follows a field's colon, if anything, into a part.
type Field = fn(&'static str, Option<&str>) -> Result<Part, TemplateError>;

/// Every field by its name.
const FIELDS: [(&str, Field); 6] = [
    ("account", |name, form| bare(name, form, Part::Account)),
    ("region", |name, form| bare(name, form, Part::Region)),
    ("group", |_, form| group(form)),
    ("task", |name, form| bare(name, form, Part::Task)),
    ("from", |name, form| date(name, form, End::From)),
    ("to", |name, form| date(name, form, End::To)),
];

fn bare(name: &'static str, form: Option<&str>, part: Part) -> Result<Part, TemplateError> {
    form.map_or(Ok(part), |_| Err(TemplateError::NoFormatTaken(name)))
}

fn group(form: Option<&str>) -> Result<Part, TemplateError> {
    match form {
        None => Ok(Part::Group),
        Some("flat") => Ok(Part::FlatGroup),
        Some(_) => Err(TemplateError::GroupForm),
    }
}

fn date(name: &'static str, form: Option<&str>, end: End) -> Result<Part, TemplateError> {
    let form = form.filter(|form| !form.is_empty()).ok_or(TemplateError::NoFormat(name))?;
    let bad = || TemplateError::BadFormat(form.to_owned());
    let items = StrftimeItems::new(form).parse_to_owned().map_err(|_| bad())?;
    // Some items can be read but not written.
    Zone::Utc.write(SAMPLE, &items).ok_or_else(bad)?;
    Ok(Part::Date(end, items))
}

/// Any instant: only used to see whether something can be written at all.
const SAMPLE: Timestamp = super::time::EARLIEST;

/// Stands for the id of a task that does not exist yet, where a prefix is only shown.
pub const TASK_PLACEHOLDER: &str = "<task>";

impl Template {
    /// The template that `text` is. What could never become a destination prefix is refused here already.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let template = Self { source: text.to_owned(), parts: parts(text)? };
        DestinationPrefix::parse(&template.shortest())?;
        Ok(template)
    }

    /// The text it was parsed from.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether each task gets a prefix of its own by its id.
    pub fn names_task(&self) -> bool {
        self.parts.contains(&Part::Task)
    }

    /// Whether the prefix hangs on the task's window.
    pub fn has_dates(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Date(..)))
    }

    /// The prefix, if nothing in it hangs on a task or a lane.
    pub fn fixed(&self) -> Option<DestinationPrefix> {
        let text = |part: &Part| if let Part::Text(text) = part { Some(text.clone()) } else { None };
        DestinationPrefix::parse(&self.parts.iter().map(text).collect::<Option<String>>()?).ok()
    }

    /// The destination prefix of one task.
    pub fn expand(&self, context: &Context<'_>, task: TaskId) -> Result<DestinationPrefix, NameError> {
        DestinationPrefix::parse(&self.fill(context, &task))
    }

    /// How the prefix of a task without an id will read, with [`TASK_PLACEHOLDER`] for the id; unchecked.
    pub fn show(&self, context: &Context<'_>) -> String {
        self.fill(context, &TASK_PLACEHOLDER)
    }

    fn fill(&self, context: &Context<'_>, task: &impl fmt::Display) -> String {
        let group = context.group.as_str();
        let group = group.strip_prefix('/').unwrap_or(group);
        let mut text = String::with_capacity(self.source.len() + group.len());
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Account => text.push_str(&context.lane.account.0),
                Part::Region => text.push_str(&context.lane.region.0),
                Part::Group => text.push_str(group),
                Part::FlatGroup => text.push_str(&group.replace('/', "-")),
                Part::Task => text.push_str(&task.to_string()),
                Part::Date(end, items) => text.push_str(&end.of(context.window, context.zone, items)),
            }
        }
        text
    }

    /// The text with every field as short as it can be.
    fn shortest(&self) -> String {
        let short = |part: &Part| match part {
            Part::Text(literal) => literal.clone(),
            Part::Account | Part::Region | Part::Group | Part::FlatGroup | Part::Task => "x".to_owned(),
            Part::Date(_, items) => Zone::Utc.write(SAMPLE, items).unwrap_or_default(),
        };
        self.parts.iter().map(short).collect()
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.source)
    }
}

impl End {
    fn of(self, window: TimeRange, zone: Zone, items: &[Item<'_>]) -> String {
        let at = match self {
            Self::From => window.from(),
            Self::To => window.to(),
        };
        // An instant that no calendar holds is written as the milliseconds it is.
        zone.write(at, items).unwrap_or_else(|| at.millis().to_string())
    }
}

/// Takes `text` apart at its braces.
fn parts(text: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(brace) = rest.find(['{', '}']) {
        literal.push_str(&rest[..brace]);
        let after = &rest[brace + 1..];
        rest = if rest[brace..].starts_with("{{") || rest[brace..].starts_with("}}") {
            literal.push_str(&after[..1]);
            &after[1..]
        } else if rest[brace..].starts_with('}') {
            return Err(TemplateError::Unopened);
        } else {
            let end = after.find(['{', '}']).filter(|end| after[*end..].starts_with('}'));
            let end = end.ok_or(TemplateError::Unclosed)?;
            push_text(&mut parts, &mut literal);
            parts.push(field(&after[..end])?);
            &after[end + 1..]
        };
    }
    literal.push_str(rest);
    push_text(&mut parts, &mut literal);
    Ok(parts)
}

fn push_text(parts: &mut Vec<Part>, literal: &mut String) {
    if !literal.is_empty() {
        parts.push(Part::Text(std::mem::take(literal)));
    }
}

/// The part for what stands between two braces.
fn field(inside: &str) -> Result<Part, TemplateError> {
    let (name, form) = inside.split_once(':').map_or((inside, None), |(name, form)| (name, Some(form)));
    if let Some((name, part)) = FIELDS.iter().find(|(known, _)| *known == name) {
        return part(name, form);
    }
    let near = nearest(name, FIELDS.iter().map(|(known, _)| *known));
    Err(TemplateError::UnknownField { name: name.to_owned(), near })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::layout::PREFIX_ROOM;
    use crate::domain::place::{AccountId, Region};
    use chrono_tz::America;
    use proptest::prelude::*;
    use uuid::Uuid;

    /// 2026-08-09T18:00:00Z and an hour later.
    const FROM: Timestamp = Timestamp::from_millis(1_786_298_400_000);
    const TO: Timestamp = Timestamp::from_millis(1_786_302_000_000);

    fn lane() -> Lane {
        Lane::new(AccountId("123456789012".to_owned()), Region("eu-central-1".to_owned()))
    }

    fn expanded(template: &str, group: &str, zone: Zone) -> Result<String, String> {
        let (lane, group) = (lane(), LogGroupName::parse(group).unwrap());
        let context = Context { lane: &lane, group: &group, window: TimeRange::new(FROM, TO).unwrap(), zone };
        let template = Template::parse(template).map_err(|refused| refused.to_string())?;
        let prefix = template.expand(&context, TaskId(Uuid::nil())).map_err(|refused| refused.to_string())?;
        Ok(prefix.to_string())
    }

    fn good(template: &str) -> String {
        expanded(template, "/aws/lambda/checkout", Zone::Utc).unwrap()
    }

    fn refused(template: &str) -> String {
        Template::parse(template).unwrap_err().to_string()
    }

    #[test]
    fn fields_are_filled_in() {
        assert_eq!(good("nightly"), "nightly");
        assert_eq!(good("{account}/{region}"), "123456789012/eu-central-1");
        assert_eq!(good("logs/{group}"), "logs/aws/lambda/checkout");
        assert_eq!(good("logs/{group:flat}"), "logs/aws-lambda-checkout");
        assert_eq!(good("{task}"), "00000000-0000-0000-0000-000000000000");
        assert_eq!(good("{from:%Y/%m/%d}/{to:%H}"), "2026/08/09/19");
        assert_eq!(good("hour={from:%Y-%m-%dT%H:%M:%S}"), "hour=2026-08-09T18:00:00");
        assert_eq!(good("{{{region}}}"), "{eu-central-1}");
        assert_eq!(good("a{{b}}c"), "a{b}c");
    }

    #[test]
    fn dates_are_written_in_the_plan_s_zone() {
        let brazil = Zone::Named(America::Sao_Paulo.into());
        assert_eq!(expanded("{from:%d-%H%z}", "web", brazil).unwrap(), "09-15-0300");
    }

    #[test]
    fn a_prefix_without_a_task_is_shown_with_a_placeholder() {
        let (lane, group) = (lane(), LogGroupName::parse("web").unwrap());
        let context =
            Context { lane: &lane, group: &group, window: TimeRange::new(FROM, TO).unwrap(), zone: Zone::Utc };
        let template = Template::parse("{group}/{task}").unwrap();
        assert_eq!((template.show(&context).as_str(), template.names_task()), ("web/<task>", true));
        assert!(!Template::parse("{group}/task").unwrap().names_task());
        assert!(Template::parse("{to:%d}").unwrap().has_dates() && !template.has_dates());
        let fixed = |text| Template::parse(text).unwrap().fixed().map(|prefix| prefix.to_string());
        assert_eq!([fixed("a{{b}}"), fixed("a/{region}")], [Some("a{b}".to_owned()), None]);
    }

    #[test]
    fn an_unknown_field_names_the_one_that_was_meant() {
        assert_eq!(refused("{gruop}"), "unknown field {gruop}: did you mean {group}?");
        assert_eq!(refused("{form:%Y}"), "unknown field {form}: did you mean {from}?");
        assert_eq!(refused("{Region}"), "unknown field {Region}: did you mean {region}?");
        let known = "account, region, group, task, from and to are known";
        assert_eq!(refused("{stream}"), format!("unknown field {{stream}}: {known}"));
        assert_eq!(refused("{}"), format!("unknown field {{}}: {known}"));
        assert_eq!(refused("{\u{1b}[2J}"), format!("unknown field {{\\u{{1b}}[2J}}: {known}"));
    }

    #[test]
    fn braces_come_in_pairs() {
        for text in ["{", "a/{group", "{from:%Y/{to:%Y}", "{{{", "{a{b}}"] {
            assert_eq!(refused(text), "unclosed {: close the field, or type {{ for a brace", "{text}");
        }
        for text in ["}", "a}/b", "{group}}", "{{a}}}"] {
            assert_eq!(refused(text), "} without its {: type }} for a brace", "{text}");
        }
    }

    #[test]
    fn dates_need_a_format_that_can_be_written() {
        assert_eq!(refused("{from}"), "{from} needs a format: {from:%Y/%m/%d}");
        assert_eq!(refused("{to:}"), "{to} needs a format: {to:%Y/%m/%d}");
        assert_eq!(refused("{from:%Q}"), "bad date format %Q: type %Y/%m/%d or the like");
        assert_eq!(refused("{from:%Y/%}"), "bad date format %Y/%: type %Y/%m/%d or the like");
        assert_eq!(refused("{from:%#z}"), "bad date format %#z: type %Y/%m/%d or the like");
    }

    #[test]
    fn other_fields_take_no_format() {
        assert_eq!(refused("{account:x}"), "{account} takes no format");
        assert_eq!(refused("{task:}"), "{task} takes no format");
        assert_eq!(refused("{group:FLAT}"), "type {group} or {group:flat}");
    }

    #[test]
    fn what_can_never_be_a_prefix_is_refused_at_once() {
        assert_eq!(refused(""), "a destination prefix is needed");
        assert_eq!(refused("/{group}"), "destination prefix may not begin with /");
        assert_eq!(refused("{group}//x"), "destination prefix may not contain //");
        assert_eq!(refused("logs/{from:/%Y}"), "destination prefix may not contain //");
        assert_eq!(refused("{group}/"), "destination prefix needs no / at its end");
        assert_eq!(refused("a\u{7}{group}"), "destination prefix may not contain '\\u{7}'");
        assert_eq!(refused("{from:%Y%n}"), "destination prefix may not contain '\\n'");
        let long = "ü".repeat(PREFIX_ROOM / 2);
        assert!(Template::parse(&long).is_ok());
        assert_eq!(refused(&format!("{long}{{group}}")), "destination prefix too long: 465 bytes, 464 at most");
    }

    #[test]
    fn what_a_log_group_makes_of_a_prefix_is_checked_too() {
        let group = |template, group| expanded(template, group, Zone::Utc).unwrap_err();
        assert_eq!(group("{group}", "/"), "a destination prefix is needed");
        assert_eq!(group("{group}", "//web"), "destination prefix may not begin with /");
        assert_eq!(group("{group}/x", "web/"), "destination prefix may not contain //");
        assert_eq!(expanded("{group:flat}/x", "a//web/", Zone::Utc).unwrap(), "a--web-/x");
        let long = "g".repeat(460);
        assert_eq!(group("logs/{group}", &long), "destination prefix too long: 465 bytes, 464 at most");
        assert_eq!(expanded("log/{group}", &long, Zone::Utc).unwrap().len(), PREFIX_ROOM);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_text_without_braces_expands_to_itself(text in "\\PC{0,40}|[{}:%a-zY/#+.0-9]{0,30}") {
            if let Ok(template) = Template::parse(&text) {
                prop_assert_eq!(template.as_str(), text.as_str());
                let out = expanded(&text, "web", Zone::Named(America::Sao_Paulo.into()));
                let braces = text.contains(['{', '}']);
                prop_assert!(braces || out == Ok(text));
            }
        }

        #[test]
        fn doubled_braces_come_out_single(text in "[a-z{}]{1,30}") {
            let doubled = text.replace('{', "{{").replace('}', "}}");
            prop_assert_eq!(good(&doubled), text);
        }

        #[test]
        fn no_date_format_panics(form in "(%[-_0]?[A-Za-z#.:3+]{1,2}|[ /-]){1,4}", group in "[a-z/]{1,20}") {
            let _ = expanded(&format!("p/{{from:{form}}}/{{group}}"), &group, Zone::Local);
        }
    }
}

//! Plan files: a plan as TOML, for `logferry export plan.toml`.
//!
//! Pure: text in, plan out, and back. Whoever has the file reads it; whoever has "now" passes it in. Errors name the line
//! and, for a key that does not exist, the one that was probably meant.
//!
//! ```toml
//! name = "nightly"                              # optional
//! groups = ["/aws/lambda/checkout", "web"]
//! from = "last month"                           # whatever the command line takes, or a TOML date
//! to = 2026-11-08
//! split = "daily"                               # optional: none
//! timezone = "Europe/Berlin"                    # optional: as on the command line
//! bucket = "logs-archive"                       # or destination = "file:/var/logs", direct engine alone
//! prefix = "{group}/{from:%Y/%m/%d}"            # optional: the service's own
//! stream-prefix = "web"                         # optional
//! task-name = "nightly"                         # optional
//! preflight = "full"                            # optional: or "allow-kms", or "off"
//! engine = "direct"                             # optional: "managed"
//! format = "jsonl"                              # optional, direct engine alone: "text"
//! filter-pattern = "ERROR"                      # optional, direct engine alone
//! ```

use std::fmt;

use serde::Deserialize;
use toml::de::DeTable;
use toml::{Spanned, Value};

use super::direct::line::Format;
use super::engine::{DirectOnly, Engine, EngineKind};
use super::names::{BucketName, FilterPattern, Label, LogGroupName, PlanName, StreamPrefix};
use super::plan::Plan;
use super::preflight::Preflight;
use super::split::Split;
use super::store::{Base, Store};
use super::template::Template;
use super::time::{TimeRange, Timestamp};
use super::toml_source::{LineError, Source};
use super::when::{self, Reading};
use super::zone::Zone;

/// A plan as read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromFile {
    /// The plan.
    pub plan: Plan,
    /// How its `from` was understood, to be echoed.
    pub from: Reading,
    /// How its `to` was understood, to be echoed.
    pub to: Reading,
}

/// Every key, in the order they are written, with whether it has to be there.
const KEYS: [(&str, bool); 15] = [
    ("name", false),
    ("groups", true),
    ("from", true),
    ("to", true),
    ("split", false),
    ("timezone", false),
    ("bucket", false),
    ("destination", false),
    ("prefix", false),
    ("stream-prefix", false),
    ("task-name", false),
    ("preflight", false),
    ("engine", false),
    ("format", false),
    ("filter-pattern", false),
];

/// The file as it is typed; nothing in it is checked yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Typed {
    name: Option<Spanned<String>>,
    groups: Vec<Spanned<String>>,
    from: Spanned<Value>,
    to: Spanned<Value>,
    split: Option<Spanned<String>>,
    timezone: Option<Spanned<String>>,
    bucket: Option<Spanned<String>>,
    destination: Option<Spanned<String>>,
    prefix: Option<Spanned<String>>,
    stream_prefix: Option<Spanned<String>>,
    task_name: Option<Spanned<String>>,
    preflight: Option<Spanned<String>>,
    engine: Option<Spanned<String>>,
    format: Option<Spanned<String>>,
    filter_pattern: Option<Spanned<String>>,
}

/// The plan that `text` describes, with times read at `now`, and in `zone` unless the text names one; a relative directory
/// begins at `base`.
pub fn parse(text: &str, now: Timestamp, zone: Zone, base: &Base) -> Result<FromFile, LineError> {
    let source = Source(text);
    let table = DeTable::parse(text).map_err(|error| source.syntax(&error))?;
    keys(source, table.get_ref())?;
    let typed: Typed = toml::from_str(text).map_err(|error| source.syntax(&error))?;
    source.plan(&typed, now, zone, base)
}

/// Every key is known, and those that have to be there are.
fn keys(source: Source<'_>, table: &DeTable<'_>) -> Result<(), LineError> {
    if let Some(unknown) = source.unknown_keys(table, &KEYS.map(|(key, _)| key)).into_iter().next() {
        return Err(unknown);
    }
    let is_missing = |(key, needed): &&(&str, bool)| *needed && !table.contains_key(*key);
    let missing = KEYS.iter().find(is_missing).map(|(key, _)| *key);
    // Either of two says where to.
    let aimless = !table.contains_key("bucket") && !table.contains_key("destination");
    match missing.or_else(|| aimless.then_some("bucket")) {
        Some(key) => Err(LineError { line: None, message: format!("the plan has no {key}") }),
        None => Ok(()),
    }
}

/// What is read of a plan's keys.
impl Source<'_> {
    fn plan(&self, typed: &Typed, now: Timestamp, zone: Zone, base: &Base) -> Result<FromFile, LineError> {
        let zone = self.optional(typed.timezone.as_ref(), Zone::parse)?.unwrap_or(zone);
        let groups = typed.groups.iter().map(|group| self.read(group, LogGroupName::parse));
        let from = self.instant(&typed.from, now, zone)?;
        let to = self.instant(&typed.to, now, zone)?;
        let range = TimeRange::new(from.at, to.at).map_err(|refused| self.error(&typed.from.span(), refused))?;
        let store = self.store(typed, base)?;
        let engine = self.engine(typed, &store)?;
        let plan = Plan {
            name: self.optional(typed.name.as_ref(), PlanName::parse)?,
            groups: groups.collect::<Result<_, _>>()?,
            range,
            split: self.optional(typed.split.as_ref(), Split::parse)?.unwrap_or_default(),
            zone,
            store,
            template: self.optional(typed.prefix.as_ref(), Template::parse)?,
            stream_prefix: self.optional(typed.stream_prefix.as_ref(), StreamPrefix::parse)?,
            label: self.optional(typed.task_name.as_ref(), Label::parse)?,
            preflight: self.optional(typed.preflight.as_ref(), Preflight::parse)?.unwrap_or_default(),
            engine,
        };
        Ok(FromFile { plan, from, to })
    }

    fn store(&self, typed: &Typed, base: &Base) -> Result<Store, LineError> {
        match (&typed.bucket, &typed.destination) {
            (Some(bucket), None) => self.read(bucket, BucketName::parse).map(Store::Bucket),
            (None, Some(destination)) => self.read(destination, |text| Store::parse(text, base)),
            (Some(_), Some(destination)) => {
                Err(self.error(&destination.span(), "the bucket says where to: leave one of them out"))
            }
            (None, None) => Err(LineError { line: None, message: "the plan has no bucket".to_owned() }),
        }
    }

    fn engine(&self, typed: &Typed, store: &Store) -> Result<Engine, LineError> {
        let kind = self.optional(typed.engine.as_ref(), EngineKind::parse)?;
        let format = self.optional(typed.format.as_ref(), Format::parse)?;
        let pattern = self.optional(typed.filter_pattern.as_ref(), FilterPattern::parse)?;
        let chosen = Engine::choose(kind, format, pattern);
        chosen.and_then(|engine| engine.reaches(store).map(|()| engine)).map_err(|refused| {
            let key = match refused {
                DirectOnly::Format => &typed.format,
                DirectOnly::Pattern => &typed.filter_pattern,
                DirectOnly::Directory => &typed.destination,
            };
            let span = key.as_ref().map(Spanned::span).unwrap_or_default();
            self.error(&span, format!("{refused}: engine = \"direct\""))
        })
    }

    fn read<T, E: fmt::Display>(
        &self,
        typed: &Spanned<String>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<T, LineError> {
        parse(typed.get_ref()).map_err(|refused| self.error(&typed.span(), refused))
    }

    fn optional<T, E: fmt::Display>(
        &self,
        typed: Option<&Spanned<String>>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Option<T>, LineError> {
        typed.map(|typed| self.read(typed, parse)).transpose()
    }

    /// A date or time in quotes, a TOML date or time, or a number.
    fn instant(&self, typed: &Spanned<Value>, now: Timestamp, zone: Zone) -> Result<Reading, LineError> {
        let text = match typed.get_ref() {
            Value::String(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Datetime(at) => at.to_string(),
            other @ (Value::Float(_) | Value::Boolean(_) | Value::Array(_) | Value::Table(_)) => {
                return Err(self.error(&typed.span(), format!("a {} is no time", other.type_str())));
            }
        };
        when::read_tolerant(&text, now, zone).map_err(|refused| self.error(&typed.span(), refused))
    }
}

/// `plan` as text that [`parse`] reads as the same plan, at any later time and in any zone.
pub fn write(plan: &Plan) -> String {
    let text = |text: &str| Value::String(text.to_owned());
    let direct = plan.engine.direct();
    let value = |key: &str| match key {
        "name" => plan.name.as_ref().map(|name| text(name.as_str())),
        "groups" => Some(Value::Array(plan.groups.iter().map(|group| text(group.as_str())).collect())),
        "from" => Some(text(&plan.range.from().to_string())),
        "to" => Some(text(&plan.range.to().to_string())),
        "split" => Some(text(plan.split.word())),
        "timezone" => Some(text(plan.zone.name())),
        "bucket" => plan.store.bucket().map(|bucket| text(bucket.as_str())),
        "destination" => plan.store.directory().map(|_| text(plan.store.as_str())),
        "prefix" => plan.template.as_ref().map(|template| text(template.as_str())),
        "stream-prefix" => plan.stream_prefix.as_ref().map(|prefix| text(prefix.as_str())),
        "task-name" => plan.label.as_ref().map(|label| text(label.as_str())),
        // As it would be without the key: left out, so that files stay what people write.
        "preflight" => (plan.preflight != Preflight::default()).then(|| text(plan.preflight.word())),
        "engine" => (plan.engine != Engine::default()).then(|| text(plan.engine.kind().word())),
        "format" => direct.filter(|direct| direct.format != Format::default()).map(|direct| text(direct.format.word())),
        "filter-pattern" => direct.and_then(|direct| direct.pattern.as_ref()).map(|pattern| text(pattern.as_str())),
        _ => None,
    };
    KEYS.iter().filter_map(|(key, _)| value(key).map(|value| format!("{key} = {value}\n"))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::engine::Direct;
    use super::super::when::Epoch;
    use super::*;
    use chrono_tz::Europe;
    use proptest::prelude::*;

    /// 2026-11-22T16:57:16.123Z.
    const NOW: Timestamp = Timestamp::from_millis(1_795_366_636_123);

    const WHOLE: &str = r#"
name = "nightly"
groups = [
    "/aws/lambda/checkout",
    "web",
]
from = "2026-11-01"
to = 2026-11-08
split = "daily"
timezone = "Europe/Berlin"
bucket = "logs-archive"
prefix = "{group}/{from:%Y/%m/%d}"
stream-prefix = "web"
task-name = "nightly"
preflight = "allow-kms"
engine = "direct"
format = "jsonl"
filter-pattern = "ERROR"
"#;

    fn read(text: &str) -> Result<FromFile, LineError> {
        let base = Base { working: Some("/home/ada".to_owned()), home: None };
        parse(text, NOW, Zone::Utc, &base)
    }

    /// What is said of [`WHOLE`] with `old` replaced by `new`.
    fn refused(old: &str, new: &str) -> String {
        assert!(WHOLE.contains(old), "{old}");
        read(&WHOLE.replace(old, new)).unwrap_err().to_string()
    }

    fn engines() -> Vec<Engine> {
        let direct = |format, pattern: Option<&str>| {
            Engine::Direct(Direct { format, pattern: pattern.map(|text| FilterPattern::parse(text).unwrap()) })
        };
        let (plain, whole) = (direct(Format::Text, None), direct(Format::Jsonl, Some("ERROR")));
        vec![Engine::Managed, plain, whole, direct(Format::Text, Some("[ip, \"a\\b\"]"))]
    }

    #[test]
    fn what_only_the_direct_engine_can_do_names_its_line() {
        let told = "choose the direct engine for jsonl: engine = \"direct\"";
        for engine in ["engine = \"managed\"\n", ""] {
            let line = if engine.is_empty() { 16 } else { 17 };
            let refused = refused("engine = \"direct\"\n", engine);
            assert_eq!(refused, format!("line {line}: AWS's own export writes text alone: {told}"));
        }
        let pattern = least("\"yesterday\"", "\"today\"") + "filter-pattern = \"ERROR\"\n";
        assert!(
            read(&pattern).unwrap_err().to_string().starts_with("line 5: AWS's own export takes no filter pattern")
        );
    }

    /// The least a plan needs, with these ends.
    fn least(from: &str, to: &str) -> String {
        format!("groups = [\"web\"]\nbucket = \"logs\"\nfrom = {from}\nto = {to}\n")
    }

    #[test]
    fn a_whole_plan_is_read() {
        let plan = read(WHOLE).unwrap().plan;
        assert_eq!(plan.name.map(|name| name.to_string()).as_deref(), Some("nightly"));
        assert_eq!(plan.groups.iter().map(LogGroupName::as_str).collect::<Vec<_>>(), ["/aws/lambda/checkout", "web"]);
        assert_eq!(plan.range.from().to_string(), "2026-10-31T23:00:00.000Z", "midnight in Berlin");
        assert_eq!(plan.range.to().to_string(), "2026-11-07T23:00:00.000Z");
        assert_eq!((plan.split, plan.zone), (Split::Daily, Zone::Named(Europe::Berlin.into())));
        assert_eq!(plan.store.as_str(), "logs-archive");
        assert_eq!(plan.template.unwrap().as_str(), "{group}/{from:%Y/%m/%d}");
        assert_eq!(plan.stream_prefix.unwrap().as_str(), "web");
        assert_eq!(plan.label.unwrap().as_str(), "nightly");
        assert_eq!(plan.preflight, Preflight::AllowKms);
        assert_eq!(plan.engine, engines()[2]);
    }

    #[test]
    fn the_plan_in_this_module_s_documentation_is_a_plan() {
        let lines = include_str!("plan_file.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let example = lines.skip_while(|line| *line != " ```toml").skip(1).take_while(|line| *line != " ```");
        let example: Vec<&str> = example.collect();
        assert_eq!(example.len(), KEYS.len() - 1, "every key once, destination beside bucket: {example:?}");
        assert!(read(&example.join("\n")).is_ok());
    }

    #[test]
    fn what_is_left_out_is_none_or_as_on_the_command_line() {
        let plan =
            parse(&least("\"yesterday\"", "\"today\""), NOW, Zone::Named(Europe::Berlin.into()), &Base::default())
                .unwrap()
                .plan;
        assert_eq!((plan.name, plan.template, plan.stream_prefix, plan.label), (None, None, None, None));
        assert_eq!((plan.split, plan.zone), (Split::None, Zone::Named(Europe::Berlin.into())));
        assert_eq!((plan.preflight, plan.engine), (Preflight::Full, Engine::Managed));
        assert_eq!(plan.range.from().to_string(), "2026-11-20T23:00:00.000Z");
    }

    #[test]
    fn times_may_be_toml_s_own_or_numbers_and_are_echoed() {
        let file = read(&least("2026-11-01T14:00:00+02:00", "1795366636")).unwrap();
        assert_eq!((file.from.at.to_string().as_str(), file.from.digits), ("2026-11-01T12:00:00.000Z", None));
        assert_eq!(
            (file.to.at.to_string().as_str(), file.to.digits),
            ("2026-11-22T16:57:16.000Z", Some(Epoch::Seconds))
        );
        assert_eq!(file.plan.range.to(), file.to.at);
        let local = read(&least("2026-11-01 14:00:00", "\"1h ago\"")).unwrap();
        assert_eq!(local.from.at.to_string(), "2026-11-01T14:00:00.000Z");
    }

    #[test]
    fn an_unknown_key_names_its_line_and_the_one_that_was_meant() {
        assert_eq!(
            refused("stream-prefix", "stream_prefix"),
            "line 13: unknown key \"stream_prefix\": did you mean stream-prefix?"
        );
        assert_eq!(refused("groups", "gruops"), "line 3: unknown key \"gruops\": did you mean groups?");
        assert_eq!(
            refused("bucket", "whither"),
            "line 11: unknown key \"whither\": known are name, groups, from, to, split, timezone, bucket, destination, \
             prefix, stream-prefix, task-name, preflight, engine, format, filter-pattern"
        );
        assert_eq!(refused("bucket", "\"\\u001b\"").split(": known").next(), Some("line 11: unknown key \"\\u{1b}\""));
    }

    #[test]
    fn a_missing_key_is_named() {
        assert_eq!(refused("bucket = \"logs-archive\"", ""), "the plan has no bucket");
        assert_eq!(read("").unwrap_err().to_string(), "the plan has no groups");
    }

    #[test]
    fn a_value_that_is_refused_names_its_line() {
        assert_eq!(refused("\"web\",\n", "\"we b\",\n"), "line 5: log group name may not contain ' '");
        assert_eq!(refused("\"daily\"", "\"dayly\""), "line 9: unknown split \"dayly\": did you mean daily?");
        assert_eq!(
            refused("Europe/Berlin", "Europe/Berln"),
            "line 10: unknown time zone \"Europe/Berln\": did you mean Europe/Berlin?"
        );
        assert_eq!(refused("logs-archive", "L"), "line 11: bucket name may not contain 'L'");
        assert_eq!(refused("{group}", "{gruop}"), "line 12: unknown field {gruop}: did you mean {group}?");
        assert_eq!(
            refused("\"2026-11-01\"", "\"soon\""),
            "line 7: not a time: type 2026-11-01 14:00, 2h ago or yesterday"
        );
        assert_eq!(refused("2026-11-08", "2026-10-08"), "line 7: from must be before to");
        assert_eq!(refused("2026-11-08", "true"), "line 8: a boolean is no time");
        assert_eq!(refused("allow-kms", "of"), "line 15: unknown preflight \"of\": did you mean off?");
    }

    #[test]
    fn what_is_no_toml_names_its_line() {
        assert_eq!(refused("\"daily\"", "daily"), "line 9: string values must be quoted, expected literal string");
        assert_eq!(refused("\"logs-archive\"", "3"), "line 11: invalid type: integer `3`, expected a string");
        assert_eq!(refused("split = \"daily\"", "name = \"twice\""), "line 9: duplicate key");
    }

    #[test]
    fn every_key_is_written() {
        let written = write(&read(WHOLE).unwrap().plan);
        let keys: Vec<&str> = written.lines().filter_map(|line| line.split(" = ").next()).collect();
        assert!(
            keys.iter().copied().eq(KEYS.iter().map(|(key, _)| *key).filter(|key| *key != "destination")),
            "{keys:?}"
        );
    }

    #[test]
    fn a_directory_stands_for_the_bucket_and_is_written_with_its_whole_path() {
        let plan = read(&WHOLE.replace("bucket = \"logs-archive\"", "destination = \"file:./logs\"")).unwrap().plan;
        assert_eq!(plan.store.as_str(), "file:/home/ada/logs");
        let written = write(&plan);
        assert!(
            written.contains("\ndestination = \"file:/home/ada/logs\"\n") && !written.contains("bucket"),
            "{written}"
        );
        assert_eq!(parse(&written, NOW, Zone::Utc, &Base::default()).unwrap().plan, plan);
        let bucket = read(&WHOLE.replace("bucket = \"", "destination = \"s3://")).unwrap().plan;
        assert_eq!(bucket.store.as_str(), "logs-archive");
        assert_eq!(
            refused("prefix = \"{group}", "destination = \"file:/x\"\nprefix = \"{group}"),
            "line 12: the bucket says where to: leave one of them out"
        );
        let managed = least("\"yesterday\"", "\"today\"").replace("bucket = \"logs\"", "destination = \"file:/x\"");
        assert_eq!(
            read(&managed).unwrap_err().to_string(),
            "line 2: AWS's own export writes into buckets alone: choose the direct engine for a directory: engine = \"direct\""
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_as_the_same_plan(
            name in proptest::option::of("[^\\p{Cc}]{1,30}"),
            groups in proptest::collection::vec("[/a-zA-Z0-9._#-]{1,20}", 0..4),
            from in 1_136_073_600_000..2_524_608_000_000_i64,
            span in 1..1_000_000_000_000_i64,
            split in proptest::sample::select(Split::ALL.to_vec()),
            zone in proptest::sample::select(vec![Zone::Utc, Zone::Local, Zone::Named(Europe::Berlin.into())]),
            prefix in proptest::option::of("[a-z\"'\\\\ü]{1,9}(/\\{group\\}|/\\{\\{x|/\\{to:%H\\})?"),
            label in proptest::option::of("[^\\p{Cc}]{1,30}"),
            preflight in proptest::sample::select(Preflight::ALL.to_vec()),
            engine in proptest::sample::select(engines()),
        ) {
            let plan = Plan {
                name: name.map(|name| PlanName::parse(&name).unwrap()),
                groups: groups.iter().map(|group| LogGroupName::parse(group).unwrap()).collect(),
                range: TimeRange::new(Timestamp::from_millis(from), Timestamp::from_millis(from + span)).unwrap(),
                split,
                zone,
                store: Store::stored("logs-archive").unwrap(),
                template: prefix.map(|prefix| Template::parse(&prefix).unwrap()),
                stream_prefix: None,
                label: label.map(|label| Label::parse(&label).unwrap()),
                preflight,
                engine,
            };
            prop_assert_eq!(read(&write(&plan)).unwrap().plan, plan);
        }

        #[test]
        fn no_text_panics(text in any::<String>(), key in "[a-z-]{1,8}", value in "\\PC{0,12}") {
            let _ = read(&text);
            let _ = read(&format!("{WHOLE}\n{key} = {value}"));
        }
    }
}

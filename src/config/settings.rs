//! The settings, one row each: how it is called and how its value is taken.

use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::words::Choice;
use super::{Config, KeySetting};
use crate::domain::nearest::nearest;
use crate::domain::toml_source::{LineError, Source};
use crate::domain::zone::Zone;

/// One setting.
struct Setting {
    key: &'static str,
    /// Takes the value, or says in words what it may be.
    take: fn(&mut Config, &DeValue<'_>) -> Result<(), String>,
}

/// All of them.
const SETTINGS: [Setting; 10] = [
    Setting { key: "log-level", take: |config, value| choice(value).map(|level| config.log_level = level) },
    Setting { key: "read-only", take: |config, value| flag(value).map(|flag| config.read_only = flag) },
    Setting { key: "timezone", take: |config, value| zone(value).map(|zone| config.timezone = zone) },
    Setting { key: "retries", take: |config, value| count(value, 0..=100).map(|count| config.retries = count) },
    Setting { key: "theme", take: |config, value| choice(value).map(|theme| config.theme = theme) },
    Setting { key: "ascii", take: |config, value| flag(value).map(|flag| config.ascii = flag) },
    Setting { key: "mouse", take: |config, value| flag(value).map(|flag| config.mouse = flag) },
    Setting { key: "title", take: |config, value| flag(value).map(|flag| config.title = flag) },
    Setting { key: "notify", take: |config, value| choice(value).map(|how| config.notify = how) },
    Setting { key: "clipboard", take: |config, value| flag(value).map(|flag| config.clipboard = flag) },
];

/// The table of keys.
const KEYS: &str = "keys";

/// Everything that may stand in the file.
pub(super) fn known() -> Vec<&'static str> {
    SETTINGS.iter().map(|setting| setting.key).chain([KEYS]).collect()
}

/// Takes what `table` sets. Answers what is wrong with it, from the first line on.
pub(super) fn take(config: &mut Config, source: Source<'_>, table: &DeTable<'_>) -> Vec<LineError> {
    let mut errors = source.unknown_keys(table, &known());
    for setting in &SETTINGS {
        let Some(value) = table.get(setting.key) else { continue };
        if let Err(hint) = (setting.take)(config, value.get_ref()) {
            let written = as_written(source, value);
            errors.push(source.error(&value.span(), format!("{} is {written}: {hint}", setting.key)));
        }
    }
    if let Some(table) = table.get(KEYS) {
        match keys(source, table) {
            Ok(keys) => config.keys = keys,
            Err(wrong) => errors.extend(wrong),
        }
    }
    errors.sort_by_key(|error| error.line);
    errors
}

/// The table of keys: each action has the name of a key, or a list of some.
fn keys(source: Source<'_>, table: &Spanned<DeValue<'_>>) -> Result<Vec<KeySetting>, Vec<LineError>> {
    let Some(rows) = table.get_ref().as_table() else {
        return Err(vec![source.error(&table.span(), "keys is a table: write [keys], and below it quit = \"Q\"")]);
    };
    let (mut settings, mut errors) = (Vec::new(), Vec::new());
    for (action, value) in rows {
        let line = source.error(&action.span(), "").line;
        if let Some(keys) = key_names(value.get_ref()) {
            settings.push(KeySetting { action: action.get_ref().to_string(), keys, line });
        } else {
            let written = as_written(source, value);
            let hint = format!("{} is {written}: it may be a key in quotes, or a list of some", action.get_ref());
            errors.push(source.error(&value.span(), hint));
        }
    }
    settings.sort_by_key(|setting| setting.line);
    if errors.is_empty() { Ok(settings) } else { Err(errors) }
}

fn key_names(value: &DeValue<'_>) -> Option<Vec<String>> {
    if let Some(one) = value.as_str() {
        return Some(vec![one.to_owned()]);
    }
    let names = value.as_array()?.iter().map(|name| name.get_ref().as_str().map(str::to_owned));
    names.collect::<Option<Vec<_>>>().filter(|names| !names.is_empty())
}

/// The value as it stands in the text; of a long one, its kind.
fn as_written(source: Source<'_>, value: &Spanned<DeValue<'_>>) -> String {
    match source.0.get(value.span()) {
        _ if value.get_ref().is_table() => "a table".to_owned(),
        Some(text) if text.len() <= 60 && !text.contains('\n') => text.to_owned(),
        _ => format!("a long {}", value.get_ref().type_str()),
    }
}

fn flag(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "it may be true or false".to_owned())
}

fn choice<C: Choice>(value: &DeValue<'_>) -> Result<C, String> {
    let words = || C::ALL.iter().map(|choice| choice.word());
    let typed = value.as_str().unwrap_or_default();
    C::parse(typed).ok_or_else(|| {
        let meant = nearest(typed, words()).map(|near| format!("did you mean \"{near}\"? ")).unwrap_or_default();
        let quoted: Vec<String> = words().map(|word| format!("\"{word}\"")).collect();
        let (last, others) = quoted.split_last().map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
        format!("{meant}it may be {} or {last}", others.join(", "))
    })
}

fn zone(value: &DeValue<'_>) -> Result<Zone, String> {
    let name = value.as_str().ok_or("it may be \"UTC\", \"Local\" or a name such as \"Europe/Berlin\"")?;
    Zone::parse(name).map_err(|unknown| unknown.to_string())
}

fn count(value: &DeValue<'_>, range: RangeInclusive<u32>) -> Result<u32, String> {
    let number = value.as_integer().and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
    let fits = number.filter(|number| range.contains(number));
    fits.ok_or_else(|| format!("it may be a number from {} to {}", range.start(), range.end()))
}

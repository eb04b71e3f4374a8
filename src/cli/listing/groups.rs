//! A log group as a row: name, class, stored bytes, retention in days, time of creation.

use serde::Serialize;

use super::Row;
use crate::cli::output::Form;
use crate::domain::inventory::LogGroup;

/// The JSON object of a log group; README documents it.
#[derive(Serialize)]
struct Record<'a> {
    name: &'a str,
    class: &'a str,
    stored_bytes: Option<u64>,
    retention_days: Option<u32>,
    created: Option<String>,
}

impl Row for LogGroup {
    fn cells(&self, form: Form) -> Vec<String> {
        let people = form == Form::People;
        let stored = self.stored.map(|bytes| if people { bytes.to_string() } else { bytes.0.to_string() });
        let days = self.retention_days.map(|days| if people { format!("{days} days") } else { days.to_string() });
        let class = if people { self.class.word() } else { self.class.code() };
        vec![
            self.name.clone(),
            class.to_owned(),
            stored.unwrap_or_else(|| "-".to_owned()),
            days.unwrap_or_else(|| "-".to_owned()),
            self.created.map_or_else(|| "-".to_owned(), |at| at.to_string()),
        ]
    }

    fn record(&self) -> impl Serialize {
        Record {
            name: &self.name,
            class: self.class.code(),
            stored_bytes: self.stored.map(|bytes| bytes.0),
            retention_days: self.retention_days,
            created: self.created.map(|at| at.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::json_line;
    use crate::domain::amount::ByteCount;
    use crate::domain::inventory::GroupClass;
    use crate::domain::time::Timestamp;

    fn group() -> LogGroup {
        LogGroup {
            name: "web".to_owned(),
            class: GroupClass::InfrequentAccess,
            stored: Some(ByteCount(1536)),
            retention_days: Some(14),
            created: Some(Timestamp::from_millis(1_786_298_400_000)),
        }
    }

    #[test]
    fn a_group_is_exact_for_programs_and_in_words_for_people() {
        assert_eq!(group().cells(Form::Fields).join(" "), "web INFREQUENT_ACCESS 1536 14 2026-08-09T18:00:00.000Z");
        assert_eq!(group().cells(Form::People).join(" "), "web Infrequent 1.5 KiB 14 days 2026-08-09T18:00:00.000Z");
        let bare = LogGroup { stored: None, retention_days: None, created: None, ..group() };
        assert_eq!(bare.cells(Form::Fields)[2..], ["-", "-", "-"]);
    }

    #[test]
    fn the_json_keys_are_as_documented() {
        insta::assert_snapshot!(json_line(&group().record()), @r#"{"name":"web","class":"INFREQUENT_ACCESS","stored_bytes":1536,"retention_days":14,"created":"2026-08-09T18:00:00.000Z"}"#);
    }
}

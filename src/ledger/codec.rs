//! How the domain's words stand in columns, and how a row is read.

use std::error::Error;

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Type, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::domain::amount::{ByteCount, Landed};
use crate::domain::state::State;
use crate::domain::time::{TimeRange, Timestamp};

/// An id: its 16 bytes.
pub(super) struct Id(pub Uuid);

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_bytes().as_slice().into())
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Uuid::from_slice(value.as_blob()?).map(Self).map_err(other)
    }
}

/// An instant: its milliseconds since the epoch.
pub(super) struct At(pub Timestamp);

impl ToSql for At {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.millis().into())
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(|millis| Self(Timestamp::from_millis(millis)))
    }
}

/// A state: its place in a task's order of life. Files hold these numbers: they never change.
pub(super) struct Code(pub State);

/// The number a state has in the file.
pub(super) const fn code(state: State) -> i64 {
    match state {
        State::Queued => 0,
        State::Launching => 1,
        State::Pending => 2,
        State::Running => 3,
        State::Cancelling => 4,
        State::Completed => 5,
        State::Failed => 6,
        State::Cancelled => 7,
    }
}

impl ToSql for Code {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(code(self.0).into())
    }
}

impl FromSql for Code {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let found = value.as_i64()?;
        State::ALL.into_iter().find(|state| code(*state) == found).map(Self).ok_or(FromSqlError::OutOfRange(found))
    }
}

/// Anything that knows how to write itself.
pub(super) struct Json<T>(pub T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0);
        text.map(Into::into).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(other)
    }
}

/// A count that is never negative. SQLite's integers have a sign: what does not fit is beyond any bucket.
pub(super) struct Amount(pub u64);

impl ToSql for Amount {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(i64::try_from(self.0).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Amount {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let found = value.as_i64()?;
        u64::try_from(found).map(Self).map_err(|_| FromSqlError::OutOfRange(found))
    }
}

fn other(error: impl Error + Send + Sync + 'static) -> FromSqlError {
    FromSqlError::Other(Box::new(error))
}

/// Reads a row's columns from left to right.
pub(super) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    at: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub const fn of(row: &'r Row<'s>) -> Self {
        Self { row, at: 0 }
    }

    /// The next one.
    pub fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.at += 1;
        self.row.get(self.at - 1)
    }

    /// The next one, a text that follows a rule.
    pub fn parsed<T, E: Error + Send + Sync + 'static>(
        &mut self,
        parse: fn(&str) -> Result<T, E>,
    ) -> rusqlite::Result<T> {
        let at = self.at;
        let text: String = self.take()?;
        parse(&text).map_err(|error| wrong(at, error))
    }

    /// The next one, a text that follows a rule, if there is any.
    pub fn maybe_parsed<T, E: Error + Send + Sync + 'static>(
        &mut self,
        parse: fn(&str) -> Result<T, E>,
    ) -> rusqlite::Result<Option<T>> {
        let at = self.at;
        let text: Option<String> = self.take()?;
        text.map(|text| parse(&text).map_err(|error| wrong(at, error))).transpose()
    }

    /// The next one, an instant, if there is any.
    pub fn maybe_at(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.take::<Option<At>>()?.map(|At(at)| at))
    }

    /// The next one from its JSON, if there is any.
    pub fn maybe_json<T: DeserializeOwned>(&mut self) -> rusqlite::Result<Option<T>> {
        Ok(self.take::<Option<Json<T>>>()?.map(|Json(value)| value))
    }

    /// The next two: start and end.
    pub fn range(&mut self) -> rusqlite::Result<TimeRange> {
        let (at, At(from), At(to)) = (self.at, self.take()?, self.take()?);
        TimeRange::new(from, to).map_err(|error| wrong(at, error))
    }

    /// The next two: objects and bytes.
    pub fn landed(&mut self) -> rusqlite::Result<Landed> {
        let (Amount(objects), Amount(bytes)) = (self.take()?, self.take()?);
        Ok(Landed { objects, bytes: ByteCount(bytes) })
    }
}

/// The one column of a query that selects one.
pub(super) fn only<T: FromSql>(columns: &mut Columns<'_, '_>) -> rusqlite::Result<T> {
    columns.take()
}

fn wrong(column: usize, error: impl Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

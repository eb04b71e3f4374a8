//! Lanes: how to connect to them, whether they are held, and who drives them.

use rusqlite::{Result, params};
use uuid::Uuid;

use super::codec::{At, Columns, Id, only};
use super::error::Fault;
use super::records::{Driver, LaneRecord, Lease};
use super::transaction::{Reading, Writing};
use crate::domain::place::Lane;
use crate::domain::time::Timestamp;

/// The number of a lane, if the ledger knows it.
pub(super) fn number(reading: &Reading<'_>, lane: &Lane) -> Result<Option<i64>> {
    reading.maybe(
        "SELECT seq FROM lanes WHERE account = ?1 AND region = ?2 AND endpoint IS ?3",
        params![lane.account.0, lane.region.0, lane.endpoint],
        only,
    )
}

/// The number of a lane, which is made known if it was not.
pub(super) fn number_or_new(writing: &mut Writing<'_>, lane: &Lane) -> Result<i64> {
    if let Some(known) = number(writing, lane)? {
        return Ok(known);
    }
    let stamp = writing.stamp();
    writing.one(
        "INSERT INTO lanes (account, region, endpoint, revision) VALUES (?1, ?2, ?3, ?4) RETURNING seq",
        params![lane.account.0, lane.region.0, lane.endpoint, stamp],
        only,
    )
}

/// The lanes changed after `revision`, in the order they became known; all of them after 0.
pub(super) fn changed_after(reading: &Reading<'_>, revision: i64) -> Result<Vec<LaneRecord>> {
    let sql = "SELECT seq, profile, paused, driver, driver_label, until FROM lanes WHERE revision > ?1 ORDER BY seq";
    reading.all(sql, [revision], |columns| record(reading, columns))
}

fn record(reading: &Reading<'_>, columns: &mut Columns<'_, '_>) -> Result<LaneRecord> {
    Ok(LaneRecord {
        lane: reading.lane(columns.take()?)?,
        profile: columns.take()?,
        paused: columns.take()?,
        driver: match (columns.take()?, columns.take()?) {
            (Some(Id(id)), Some(label)) => Some(Driver { id, label }),
            _ => None,
        },
        until: columns.maybe_at()?,
    })
}

/// Notes which profile reaches a lane, unless that is known.
pub(super) fn know(writing: &mut Writing<'_>, lane: &Lane, profile: Option<&str>) -> Result<(), Fault> {
    let seq = number_or_new(writing, lane)?;
    let known: Option<String> = writing.one("SELECT profile FROM lanes WHERE seq = ?1", [seq], only)?;
    if known.as_deref() != profile {
        let sql = "UPDATE lanes SET profile = ?2, revision = ?3 WHERE seq = ?1";
        let stamp = writing.stamp();
        writing.run(sql, params![seq, profile, stamp])?;
    }
    Ok(())
}

/// Holds a lane, or lets it go on.
pub(super) fn pause(writing: &mut Writing<'_>, lane: &Lane, paused: bool) -> Result<(), Fault> {
    let seq = number_or_new(writing, lane)?;
    let already: bool = writing.one("SELECT paused FROM lanes WHERE seq = ?1", [seq], only)?;
    if already != paused {
        let stamp = writing.stamp();
        writing.run("UPDATE lanes SET paused = ?2, revision = ?3 WHERE seq = ?1", params![seq, paused, stamp])?;
    }
    Ok(())
}

/// Takes or renews the lease of a lane; `false` if another's has not run out at `at`.
pub(super) fn take(
    writing: &mut Writing<'_>,
    lane: &Lane,
    driver: &Driver,
    at: Timestamp,
    until: Timestamp,
) -> Result<bool, Fault> {
    let seq = number_or_new(writing, lane)?;
    if holder(writing, seq)?.is_some_and(|holder| holder.id != driver.id && !holder.has_run_out(at)) {
        return Ok(false);
    }
    let stamp = writing.stamp();
    writing.run(
        "UPDATE lanes SET driver = ?2, driver_label = ?3, until = ?4, revision = ?5 WHERE seq = ?1",
        params![seq, Id(driver.id), driver.label, At(until), stamp],
    )?;
    Ok(true)
}

/// Gives up all leases of a driver.
pub(super) fn release(writing: &mut Writing<'_>, driver: Uuid) -> Result<(), Fault> {
    let held: i64 = writing.one("SELECT count(*) FROM lanes WHERE driver = ?1", [Id(driver)], only)?;
    if held > 0 {
        let stamp = writing.stamp();
        let sql = "UPDATE lanes SET driver = NULL, driver_label = NULL, until = NULL, revision = ?2 WHERE driver = ?1";
        writing.run(sql, params![Id(driver), stamp])?;
    }
    Ok(())
}

/// Refuses to go on unless the lease is its driver's at `at`.
pub(super) fn expect_held(reading: &Reading<'_>, lease: &Lease, at: Timestamp) -> Result<(), Fault> {
    let holder = match number(reading, &lease.lane)? {
        Some(seq) => holder(reading, seq)?,
        None => None,
    };
    match holder {
        Some(holder) if holder.id == lease.driver && !holder.has_run_out(at) => Ok(()),
        _ => Err(Fault::LeaseLost(Lane::clone(&lease.lane))),
    }
}

struct Holder {
    id: Uuid,
    until: Timestamp,
}

impl Holder {
    fn has_run_out(&self, at: Timestamp) -> bool {
        self.until < at
    }
}

fn holder(reading: &Reading<'_>, lane: i64) -> Result<Option<Holder>> {
    let sql = "SELECT driver, until FROM lanes WHERE seq = ?1 AND driver IS NOT NULL AND until IS NOT NULL";
    reading.maybe(sql, [lane], |columns| Ok(Holder { id: columns.take::<Id>()?.0, until: columns.take::<At>()?.0 }))
}

//! Where logferry keeps its files: `logferry paths`.

use std::path::Path;
use std::process::ExitCode;

use color_eyre::eyre::{Report, WrapErr};
use serde::Serialize;

use super::log;
use super::output::{Columns, Form, Output, fields, json_line};
use super::state::StateDir;
use crate::config::Location;
use crate::ledger;

/// What was asked for.
#[derive(Debug)]
pub struct Request {
    /// Where the configuration file is looked for, if anywhere.
    pub config: Option<Location>,
    /// One JSON object.
    pub json: bool,
}

/// The paths, whether or not something is there yet.
#[derive(Serialize)]
struct Record<'a> {
    config: Option<&'a Path>,
    state: &'a Path,
    ledger: &'a Path,
    log: &'a Path,
}

/// Prints them. Nothing is made or opened.
pub fn run(request: &Request, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    let state = StateDir::kept(state_dir)?;
    let (ledger, log) = (state.path().join(ledger::FILE_NAME), state.path().join(log::NAME));
    let record =
        Record { config: request.config.as_ref().map(Location::path), state: state.path(), ledger: &ledger, log: &log };
    let mut output = Output::new(request.json);
    let text = match output.form() {
        Form::Json => json_line(&record),
        Form::Fields => rows(&record).iter().map(|row| fields(row)).collect(),
        Form::People => Columns::default().lay(&rows(&record)),
    };
    output.write(&text).wrap_err("cannot write to stdout")?;
    Ok(ExitCode::SUCCESS)
}

fn rows(record: &Record<'_>) -> Vec<Vec<String>> {
    let path = |path: &Path| path.display().to_string();
    let rows = [
        ("configuration", record.config.map_or_else(|| "-".to_owned(), path)),
        ("state", path(record.state)),
        ("ledger", path(record.ledger)),
        ("log", path(record.log)),
    ];
    rows.map(|(name, path)| vec![name.to_owned(), path]).to_vec()
}

//! `logferry groups` and `logferry buckets`: listings to stdout, page by page as AWS answers.
//!
//! What a row holds is in [`groups`] and [`buckets`].

mod buckets;
mod groups;

use color_eyre::eyre::Report;
use serde::Serialize;

use super::Target;
use super::output::{Columns, Form, Output, fields, json_line};
use crate::domain::inventory::Page;
use crate::domain::problem::Problem;

/// A listing that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Of what.
    pub kind: Kind,
    /// One JSON object a line.
    pub json: bool,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The log groups of the account and Region.
    Groups,
    /// The account's buckets.
    Buckets,
}

impl Kind {
    /// The command that lists it.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Buckets => "buckets",
        }
    }
}

/// One row of a listing.
trait Row {
    /// Its cells, the name first: in words for people, exact for programs.
    fn cells(&self, form: Form) -> Vec<String>;
    /// Its JSON object.
    fn record(&self) -> impl Serialize;
}

/// Lists, to the end or until nobody reads any more.
pub async fn run(target: Target, Listing { kind, json }: Listing) -> Result<(), Report> {
    let place = target.open().await?;
    let session = place.session().await?;
    let output = Output::new(json);
    match kind {
        Kind::Groups => pages(output, |token| session.log_groups(token)).await,
        Kind::Buckets => pages(output, |token| session.buckets(token)).await,
    }
}

async fn pages<T: Row, F>(mut output: Output, ask: impl Fn(Option<String>) -> F) -> Result<(), Report>
where
    F: Future<Output = Result<Page<T>, Problem>>,
{
    let mut columns = Columns::default();
    let mut token = None;
    loop {
        let page = ask(token).await?;
        let text = write(&page.items, output.form(), &mut columns);
        token = page.next;
        if !output.write(&text)? || token.is_none() {
            return Ok(());
        }
    }
}

fn write<T: Row>(rows: &[T], form: Form, columns: &mut Columns) -> String {
    match form {
        Form::Json => rows.iter().map(|row| json_line(&row.record())).collect(),
        Form::Fields => rows.iter().map(|row| fields(&row.cells(form))).collect(),
        Form::People => columns.lay(&rows.iter().map(|row| row.cells(form)).collect::<Vec<_>>()),
    }
}

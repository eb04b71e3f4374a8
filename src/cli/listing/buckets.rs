//! A bucket as a row: name, Region, time of creation.

use serde::Serialize;

use super::Row;
use crate::cli::output::Form;
use crate::domain::inventory::Bucket;

/// The JSON object of a bucket; README documents it.
#[derive(Serialize)]
struct Record<'a> {
    name: &'a str,
    region: Option<&'a str>,
    created: Option<String>,
}

impl Row for Bucket {
    fn cells(&self, _: Form) -> Vec<String> {
        let region = self.region.as_ref().map(|region| region.0.clone());
        let created = self.created.map(|at| at.to_string());
        let or_dash = |cell: Option<String>| cell.unwrap_or_else(|| "-".to_owned());
        vec![self.name.clone(), or_dash(region), or_dash(created)]
    }

    fn record(&self) -> impl Serialize {
        Record {
            name: &self.name,
            region: self.region.as_ref().map(|region| region.0.as_str()),
            created: self.created.map(|at| at.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::json_line;
    use crate::domain::place::Region;

    #[test]
    fn a_bucket_is_told_with_what_the_listing_knows() {
        let mut bucket = Bucket { name: "logs".to_owned(), created: None, region: None };
        assert_eq!(bucket.cells(Form::Fields), ["logs", "-", "-"]);
        bucket.region = Some(Region("eu-west-1".to_owned()));
        insta::assert_snapshot!(json_line(&bucket.record()), @r#"{"name":"logs","region":"eu-west-1","created":null}"#);
    }
}

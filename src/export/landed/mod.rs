//! Looking at what has landed: a task's objects by the page, the text of one, and copies of them on this machine.
//!
//! Nothing is held whole, neither a listing nor an object. Caller: the terminal interface.

mod download;
mod pass;
mod reader;

pub use download::{Copied, ToCopy, copy};
pub use pass::End;
pub use reader::{Answer, Ask, Lines, ObjectAt, read};

use super::reach::Reach;
use crate::aws::Session;
use crate::domain::inventory::{Object, Page};
use crate::domain::landed::Folder;
use crate::domain::place::Region;
use crate::domain::problem::Problem;

/// The way to `bucket`, which is in `region` if that is known already.
async fn reach(session: Session, bucket: &str, region: Option<Region>) -> Result<Reach, Problem> {
    match region {
        Some(region) => Ok(Reach { session, region, bucket: bucket.to_owned() }),
        None => Reach::find(session, bucket).await,
    }
}

/// A page of what is in `folder`, and where its bucket is.
///
/// # Errors
/// There is no way to the bucket, or its objects may not be listed.
pub async fn list(
    session: Session,
    folder: &Folder,
    region: Option<Region>,
    token: Option<String>,
) -> Result<(Region, Page<Object>), Problem> {
    let reach = reach(session, &folder.bucket, region).await?;
    let page = reach.list(&folder.prefix, token).await?;
    Ok((reach.region, page))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use crate::domain::landed::links::quoted;

    #[test]
    fn a_shell_reads_a_quoted_word_as_it_was() {
        for text in
            ["plain", "", "it's", "a b\t$HOME `x` $(y)", "\u{1b}[201~\u{202e}7\\n'", "*?[a]{b,c}!~", "größe\u{7f}9"]
        {
            let word = quoted(text);
            let said = Command::new("bash").args(["-c", &format!("printf %s {word}")]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&said.stdout), text, "{word}");
        }
    }
}

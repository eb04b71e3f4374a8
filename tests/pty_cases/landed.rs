//! What has landed is looked at where it lies: objects are listed, filtered and their names copied.

use std::io::Read as _;

use super::desk::{self, Desk, Typed};
use crate::support::exported::lines_under;
use crate::support::pty::{CTRL_U, ENTER, ESCAPE};

const ORDERS: Typed<'_> =
    Typed { group: "/demo/orders", from: "5d ago", to: "now", bucket: "acme-log-exports", prefix: "pty/landed" };

/// A completed export, and its objects on the screen.
fn landed() -> Desk {
    let mut desk = Desk::new("60");
    desk::export(&mut desk.terminal, &ORDERS);
    desk::wait_state(&desk.terminal, ORDERS.group, "Completed");
    desk.terminal.keys("o");
    desk.terminal.wait_until("its objects are listed", |screen| {
        screen.shows("Objects of /demo/orders") && screen.shows("000000.gz")
    });
    desk
}

/// The key of the first object and its lines, as a separate client has them.
fn first_object(desk: &Desk, prefix: &str) -> (String, Vec<String>) {
    let listing = desk.client.aws(&["s3api", "list-objects-v2", "--bucket", ORDERS.bucket, "--prefix", prefix]);
    let key = listing["Contents"].as_array().into_iter().flatten().filter_map(|object| object["Key"].as_str());
    let key = key.filter(|key| key.ends_with("/000000.gz")).min().expect("an object").to_owned();
    let file = desk.client.directory().join("object.gz");
    let path = file.to_str().expect("a UTF-8 path");
    desk.client.aws(&["s3api", "get-object", "--bucket", ORDERS.bucket, "--key", &key, path]);
    let mut text = String::new();
    let packed = std::fs::File::open(&file).expect("it was written");
    flate2::read::MultiGzDecoder::new(packed).read_to_string(&mut text).expect("gzip of UTF-8");
    (key, text.lines().map(str::to_owned).collect())
}

#[test]
fn objects_are_listed_filtered_and_their_names_copied() {
    let mut desk = landed();
    let sum = desk.landed(ORDERS.bucket, &format!("{}/", ORDERS.prefix));
    desk.terminal.wait_for(&format!("{} objects, {}", sum.objects, sum.bytes));
    desk.terminal.keys("/zzzz");
    desk.terminal.wait_for("Nothing matches the filter.");
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_for("000000.gz");
    desk.terminal.keys("y");
    desk.terminal.wait_for("copied, if your terminal allows OSC 52: s3://acme-log-exports/pty/landed/");
    assert!(desk.terminal.tail().contains("\x1b]52;c;"), "the terminal is asked to copy");
    desk.terminal.keys("O");
    desk.terminal.wait_for("is not AWS itself: it has no console");
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_gone("Objects of /demo/orders");
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("Timeline");
    desk.terminal.keys("o");
    desk.terminal.wait_for("Objects of /demo/orders");
}

#[test]
fn an_object_is_read_unpacked_and_a_text_is_looked_for_in_it() {
    let mut desk = landed();
    let prefix = format!("{}/", ORDERS.prefix);
    let (key, lines) = first_object(&desk, &prefix);
    desk.terminal.keys(ENTER);
    // The whole first line, as a separate client has it.
    desk.terminal.wait_for(&lines[0]);
    desk.terminal.wait_for(&format!("of {}", lines.len()));
    desk.terminal.keys("G");
    desk.terminal
        .wait_until("its end is seen", |screen| screen.shows("── end ──") && screen.shows(&lines[lines.len() - 1]));
    let sought = lines[lines.len() - 1].clone();
    desk.terminal.keys("g");
    desk.terminal.wait_gone("── end ──");
    desk.terminal.keys(&format!("/{}{ENTER}", &sought[..23]));
    desk.terminal.wait_until("it is found", |screen| screen.line_with(&["›", &sought]).is_some());
    desk.terminal.keys("n");
    desk.terminal.wait_for("N goes back up");
    desk.terminal.keys(&format!("#1{ENTER}"));
    desk.terminal.wait_for("lines 1–");
    // The first takes the search away. Two at once would be one key: Alt with Escape.
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_gone(&format!("/ {}", &sought[..23]));
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_for("Objects of /demo/orders");
    // Archived, gone or replaced: the bucket is somebody's own.
    desk.client.aws(&["s3api", "delete-object", "--bucket", ORDERS.bucket, "--key", &key]);
    desk.terminal.keys(ENTER);
    desk.terminal.wait_for("GetObject");
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_for("Objects of /demo/orders");
}

#[test]
fn objects_are_downloaded_whole_and_nothing_that_is_there_is_touched() {
    let mut desk = landed();
    let to = tempfile::tempdir().expect("a directory");
    let directory = to.path().join("here").to_str().expect("a UTF-8 path").to_owned();
    let prefix = format!("{}/", ORDERS.prefix);
    let sum = desk.landed(ORDERS.bucket, &prefix);
    let download = |desk: &mut Desk, key: &str| {
        desk.terminal.keys(key);
        desk.terminal.wait_for("Directory");
        desk.terminal.keys(CTRL_U);
        desk.terminal.keys(&format!("{directory}{ENTER}"));
    };
    download(&mut desk, "D");
    desk.terminal.wait_until("all is there", |screen| {
        screen.line_with(&["Downloaded", &format!("✓ {} objects, {}", sum.objects, sum.bytes)]).is_some()
    });
    let theirs = desk.client.directory().join("theirs");
    let uri = format!("s3://{}/{prefix}", ORDERS.bucket);
    desk.client.run("aws", &["s3", "cp", "--recursive", &uri, theirs.to_str().expect("a path")]).expect("a copy");
    assert_eq!(lines_under(to.path()), lines_under(&theirs), "the AWS CLI has copied the same");
    desk.terminal.keys(ESCAPE);
    desk.terminal.wait_for("Objects of /demo/orders");
    download(&mut desk, "d");
    desk.terminal.wait_until("it is left alone", |screen| screen.line_with(&["There already", "1 file"]).is_some());
}

//! `logferry buckets`: what it changes, what it shows first, and what it refuses where nobody can be asked.

use serde_json::{Value, json};

use crate::desk::{BUCKET, Desk, err, keys, out, records};

/// A bucket of the demo that no export is let into.
const CLOSED: &str = "acme-legacy-archive";

impl Desk {
    /// A command that must end well; what it wrote.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(&[&["buckets"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
        out(&output)
    }

    /// A command that must not; its code and what it said.
    fn not_done(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(&[&["buckets"], arguments].concat());
        (output.status.code().expect("a code"), err(&output))
    }

    /// What preflight says of a bucket's policy.
    fn verdict(&self, bucket: &str) -> String {
        let findings = records(&self.run(&["doctor", "--bucket", bucket, "--json"]));
        let policy = findings.iter().find(|finding| finding["check"] == "bucket policy").expect("it is checked");
        policy["verdict"].as_str().expect("a verdict").to_owned()
    }
}

#[test]
fn without_a_terminal_nothing_is_changed_unless_it_is_said() {
    let desk = Desk::at("60");
    for arguments in [
        &["create", "acme-new"][..],
        &["grant", CLOSED],
        &["undo", CLOSED],
        &["lifecycle", BUCKET, "add", "--expire-after", "400"],
        &["lifecycle", BUCKET, "remove", "x"],
    ] {
        let (code, said) = desk.not_done(arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(said.contains("no terminal to ask at") && said.contains("--yes"), "{arguments:?}: {said}");
    }
    let shown = desk.done(&["grant", CLOSED, "--dry-run"]);
    assert!(shown.starts_with("set the bucket policy of acme-legacy-archive in eu-central-1:\n+{\n"), "{shown}");
    assert!(!shown.contains('\x1b'), "no colours through a pipe");
    assert!(desk.done(&["create", "acme-new", "--dry-run"]).contains("a new bucket acme-new in eu-central-1"));
    let writes = ["CreateBucket", "PutBucketPolicy", "PutBucketLifecycleConfiguration"];
    assert_eq!(writes.map(|operation| desk.calls(operation)), [0, 0, 0]);
}

#[test]
fn a_grant_opens_the_bucket_and_undo_closes_it_again() {
    let desk = Desk::at("60");
    assert_eq!(desk.verdict(CLOSED), "block");
    let output = desk.run(&["buckets", "grant", CLOSED, "--yes", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let record = &records(&output)[0];
    let expected = ["after", "bucket", "copy", "event", "notes", "outcome", "region", "setting"];
    assert!(keys(record).into_iter().eq(expected), "{record}");
    assert_eq!([&record["event"], &record["outcome"], &record["setting"]], ["change", "applied", "policy"]);
    let copy = record["copy"].as_str().expect("a path");
    assert!(copy.starts_with(desk.state().join("policies").join(CLOSED).to_str().expect("UTF-8")), "{copy}");
    assert_eq!(desk.verdict(CLOSED), "pass");

    let again = records(&desk.run(&["buckets", "grant", CLOSED, "--yes", "--json"]));
    assert_eq!(again[0]["outcome"], "nothing_missing");
    let diff = desk.done(&["undo", CLOSED, "--yes"]);
    assert!(diff.starts_with("delete the bucket policy of acme-legacy-archive"), "{diff}");
    assert_eq!(desk.verdict(CLOSED), "block");
    let (code, said) = desk.not_done(&["undo", CLOSED, "--yes"]);
    assert_eq!(code, 1);
    assert_eq!(
        said,
        "logferry: there is no change of the bucket policy of acme-legacy-archive to undo\n  what to do: nothing to do\n"
    );
}

#[test]
fn a_created_bucket_takes_an_export_and_a_failed_step_is_told() {
    let desk = Desk::at("60");
    desk.control("faults", &json!({"operation": "PutBucketVersioning", "kind": "access_denied", "times": 1}));
    let create = ["buckets", "create", "acme-new", "--versioned", "--expire-after", "400", "--yes", "--json"];
    let begun = desk.run(&create);
    assert_eq!(begun.status.code(), Some(3), "{}", err(&begun));
    let told = err(&begun);
    assert!(told.contains("PutBucketVersioning on acme-new in eu-central-1 failed"), "{told}");
    assert!(told.contains("the same command goes on where it stopped"), "{told}");
    let outcomes = |records: &[Value]| -> Vec<String> {
        let words = records.iter().map(|record| record["outcome"].as_str().expect("an outcome").to_owned());
        words.collect()
    };
    assert_eq!(
        outcomes(&records(&begun)),
        ["done", "done", "done", "done", "failed", "not_reached", "not_reached", "incomplete"]
    );
    let finished = desk.run(&create);
    assert_eq!(finished.status.code(), Some(0), "{}", err(&finished));
    assert_eq!(
        outcomes(&records(&finished)),
        ["already", "already", "already", "already", "done", "done", "done", "complete"]
    );
    let exported = desk.export(&["--bucket", "acme-new", "--group", "/demo/orders"]);
    assert_eq!(exported.status.code(), Some(0), "{}", err(&exported));

    let (code, said) = desk.not_done(&["create", "acme-new", "--yes"]);
    assert_eq!(code, 1);
    assert!(said.contains("it is in use: there are objects in it") && said.contains("what to do: "), "{said}");
    let (code, said) = desk.not_done(&["create", "partner-shared-logs", "--yes"]);
    assert_eq!(code, 1);
    assert!(said.contains("the bucket name partner-shared-logs is taken by another account"), "{said}");
}

#[test]
fn lifecycle_rules_are_listed_added_edited_and_removed() {
    let desk = Desk::at("60");
    let rules = |desk: &Desk| desk.done(&["lifecycle", BUCKET, "list", "--prefix", "nightly"]);
    assert_eq!(rules(&desk), "");
    let add = ["add", "--id", "nightly", "--prefix", "nightly/", "--archive", "deep", "--archive-after", "30", "--yes"];
    let shown = desk.done(&[&["lifecycle", BUCKET], &add[..]].concat());
    assert!(
        shown.contains("+    <ID>nightly</ID>") && shown.contains("note: S3 archives no object under 128 KB"),
        "{shown}"
    );
    assert_eq!(rules(&desk), "nightly\ton\tnightly/\tarchive to Glacier Deep Archive after 30 d\tyes\n");
    desk.done(&["lifecycle", BUCKET, "edit", "nightly", "--expire-after", "365", "--no-archive", "--yes"]);
    let listed = desk.done(&["lifecycle", BUCKET, "--json"]);
    let record: Value = serde_json::from_str(&listed).expect("one object");
    let expected = ["bucket", "does", "enabled", "id", "only", "prefix", "touches"];
    assert!(keys(&record).into_iter().eq(expected), "{record}");
    assert_eq!([&record["id"], &record["does"]], ["nightly", "expire after 365 d"]);
    desk.done(&["lifecycle", BUCKET, "remove", "nightly", "--yes"]);
    assert_eq!(rules(&desk), "");
    desk.done(&["undo", BUCKET, "--lifecycle", "--yes"]);
    assert_eq!(rules(&desk), "nightly\ton\tnightly/\texpire after 365 d\tyes\n");
}

#[test]
fn what_cannot_be_is_told_before_aws_is_asked() {
    let desk = Desk::at("60");
    for (arguments, told) in [
        (&["create", "xn--new", "--yes"][..], "bucket name may not begin with xn--: S3 keeps that for itself"),
        (&["create", "new-logs", "--archive", "deep", "--yes"], "--archive-after"),
        (
            &["create", "new-logs", "--archive", "deep", "--archive-after", "9", "--expire-after", "9", "--yes"],
            "expire later than archive",
        ),
        (&["lifecycle", BUCKET, "add", "--yes"], "a rule needs something to do"),
        (
            &["lifecycle", BUCKET, "add", "--archive", "warm", "--archive-after", "1"],
            "expected one of instant, flexible, deep",
        ),
        (&["lifecycle", BUCKET, "--json", "remove", "x", "--yes"], "put the options behind"),
        (&["--json", "grant", CLOSED, "--yes"], "put it behind the command"),
        (&["grant", CLOSED, "--prefix", "{group}", "--yes"], "without fields in braces"),
    ] {
        let (code, said) = desk.not_done(arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(told), "{arguments:?}: {said}");
    }
    assert_eq!(desk.calls("GetCallerIdentity"), 0);
}

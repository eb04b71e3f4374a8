//! The short form: what each field takes, which error stands under which, and what it all comes to.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;
use crate::domain::lifecycle::{Actions, Archive};

fn key(sheet: &mut Sheet, code: KeyCode) {
    sheet.edit(KeyEvent::new(code, KeyModifiers::NONE));
}

fn go_to(sheet: &mut Sheet, item: Item) {
    while sheet.here() != Some(item) {
        sheet.step(1);
    }
}

fn fill(sheet: &mut Sheet, item: Item, text: &str) {
    go_to(sheet, item);
    sheet.clear();
    for c in text.chars() {
        key(sheet, KeyCode::Char(c));
    }
}

fn named(name: &str) -> Sheet {
    let mut sheet = Sheet::bucket("", None);
    fill(&mut sheet, Item::Name, name);
    sheet
}

fn bucket() -> BucketName {
    BucketName::parse("acme-logs").expect("a name")
}

fn lifecycle(id: &str) -> Lifecycle {
    let rule = format!(
        "<Rule><ID>{id}</ID><Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status>\
         <Transition><Days>30</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>\
         <Expiration><Days>300</Days></Expiration></Rule>"
    );
    Lifecycle::parse(&format!("<LifecycleConfiguration>{rule}</LifecycleConfiguration>")).expect("rules")
}

fn adding(before: Option<Lifecycle>) -> Sheet {
    Sheet::new_rule(bucket(), before, "exportedlogs/", None)
}

#[test]
fn a_bucket_s_name_is_judged_as_it_is_typed_and_not_before() {
    assert_eq!(named("").error(Item::Name), None, "nobody has touched it yet");
    for (typed, error) in [
        ("ab", Some("bucket name too short: 2 characters, 3 at least")),
        ("Logs", Some("bucket name may not contain 'L'")),
        ("acme-logs", None),
    ] {
        assert_eq!(named(typed).error(Item::Name).as_deref(), error, "{typed}");
    }
    let mut empty = named("");
    assert_eq!(empty.submit(), None);
    assert_eq!(empty.error(Item::Name).as_deref(), Some("a bucket name is needed"));
}

#[test]
fn a_bucket_lets_exports_in_and_keeps_no_versions_unless_somebody_chooses_otherwise() {
    let Some(Wanted::Bucket(plain)) = named(" acme-logs ").submit() else { panic!("a bucket") };
    assert_eq!(
        (plain.name.name().as_str(), plain.exports, plain.versioned, &plain.rule),
        ("acme-logs", true, false, &None)
    );
    let mut sheet = named("acme-logs");
    go_to(&mut sheet, Item::Versions);
    key(&mut sheet, KeyCode::Right);
    sheet.step(1);
    key(&mut sheet, KeyCode::Char(' '));
    fill(&mut sheet, Item::ExpireAfter, "400");
    let Some(Wanted::Bucket(other)) = sheet.submit() else { panic!("a bucket") };
    assert_eq!((other.exports, other.versioned), (false, true));
    let rule = other.rule.expect("a rule");
    assert_eq!((rule.id(), rule.prefix(), rule.to_string().as_str()), ("logferry", "", "expire after 400 d"));
}

#[test]
fn each_error_of_a_rule_stands_under_its_field() {
    for (fields, wrong, error) in [
        (vec![(Item::ExpireAfter, "x")], Item::ExpireAfter, "a whole number of days is needed, such as 30"),
        (vec![(Item::ExpireAfter, "-3")], Item::ExpireAfter, "a whole number of days is needed, such as 30"),
        (vec![(Item::ExpireAfter, "0")], Item::ExpireAfter, "objects expire after 1 day at the earliest"),
        (vec![(Item::AbortAfter, "0")], Item::AbortAfter, "incomplete uploads are aborted after 1 day at the earliest"),
        (
            vec![(Item::ArchiveAfter, "3000000000")],
            Item::ArchiveAfter,
            "objects are archived after 2147483647 days at the latest",
        ),
        (vec![(Item::ArchiveAfter, "3")], Item::ArchiveAfter, "choose where to, above, or empty this"),
        (vec![(Item::Id, " "), (Item::ExpireAfter, "3")], Item::Id, "a rule needs an id"),
        (
            vec![(Item::Prefix, &*"p".repeat(1025)), (Item::ExpireAfter, "3")],
            Item::Prefix,
            "prefix too long: 1025 bytes, 1024 at most",
        ),
        (vec![], Item::Archive, "a rule needs something to do: archive, expire, or abort incomplete uploads"),
        (
            vec![(Item::Id, "old"), (Item::ExpireAfter, "3")],
            Item::Id,
            "there is a rule \"old\" already: choose another id, or edit that one",
        ),
    ] {
        let mut sheet = adding(Some(lifecycle("old")));
        for (item, text) in &fields {
            fill(&mut sheet, *item, text);
        }
        assert_eq!(sheet.submit(), None, "{error}");
        assert_eq!(sheet.error(wrong).as_deref(), Some(error));
        assert_eq!(sheet.here(), Some(wrong), "{error}: the cursor goes there");
    }
}

#[test]
fn a_class_needs_days_and_objects_expire_later_than_they_are_archived() {
    let mut sheet = adding(None);
    go_to(&mut sheet, Item::Archive);
    key(&mut sheet, KeyCode::Left);
    assert_eq!(sheet.error(Item::ArchiveAfter), None, "nobody has been there yet");
    assert_eq!(sheet.submit(), None);
    assert_eq!(sheet.error(Item::ArchiveAfter).as_deref(), Some("after how many days? 0 is at once"));
    fill(&mut sheet, Item::ArchiveAfter, "30");
    fill(&mut sheet, Item::ExpireAfter, "30");
    assert_eq!(
        sheet.error(Item::ExpireAfter).as_deref(),
        Some("expire later than archive: after 30 days is not later than after 30 days")
    );
    fill(&mut sheet, Item::ExpireAfter, "300");
    let Some(Wanted::Rule(_, Edit::Add(rule))) = sheet.submit() else { panic!("a rule") };
    let archive = Some(Archive { class: ArchiveClass::Deep, days: 30 });
    assert_eq!(rule.actions(), Actions { archive, expire: Some(300), abort: None });
    assert_eq!((rule.id(), rule.prefix()), ("logferry", "exportedlogs/"));
}

#[test]
fn a_new_rule_is_given_an_id_that_is_free() {
    let mut sheet = adding(Some(lifecycle("logferry")));
    fill(&mut sheet, Item::AbortAfter, "7");
    let Some(Wanted::Rule(_, Edit::Add(rule))) = sheet.submit() else { panic!("a rule") };
    assert_eq!(rule.id(), "logferry-2");
}

#[test]
fn an_old_rule_is_shown_as_it_is_and_keeps_its_id() {
    let before = lifecycle("old");
    let old = crate::domain::lifecycle::editable(Some(&before), "old").expect("it can be written");
    let mut sheet = Sheet::rule(bucket(), Some(before), old.clone(), None);
    assert_eq!(sheet.rule_so_far(), Some(old));
    assert!(sheet.fields().iter().all(|(item, _)| *item != Item::Id));
    fill(&mut sheet, Item::ExpireAfter, "");
    let Some(Wanted::Rule(_, Edit::Change(rule))) = sheet.submit() else { panic!("a rule") };
    assert_eq!((rule.id(), rule.to_string().as_str()), ("old", "archive to Glacier Deep Archive after 30 d"));
}

#[test]
fn what_is_pasted_is_one_line_of_text() {
    let mut sheet = Sheet::bucket("", None);
    sheet.paste(" acme\u{1b}-logs\n");
    let Some(Wanted::Bucket(new)) = sheet.submit() else { panic!("a bucket") };
    assert_eq!(new.name.name().as_str(), "acme-logs");
    sheet.step(1);
    sheet.paste("x");
    sheet.step(-2);
    assert_eq!(sheet.here(), Some(Item::AbortAfter), "round at the ends");
}

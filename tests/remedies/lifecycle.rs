//! Lifecycle rules over the wire: one is edited, and every byte of the others comes back.

use logferry::aws::BucketAt;
use logferry::domain::lifecycle::{Actions, Archive, ArchiveClass, Edit, NewRule, Touch};
use logferry::export::remedy::{RemedyError, Setting};
use logferry::sandbox::faults::{Kind, Refusal};

use crate::bench::{Bench, bucket, session};

const BUCKET: &str = "acme-log-exports";

/// Somebody else's rules, in a spelling no program of ours would choose.
const THEIRS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\" >\n  <!-- the storage team's: do not touch -->\n  <Rule>\n    <ID>tidy &amp; clean</ID>\n    <Status>Enabled</Status>\n    <Filter><And><Prefix>tmp/</Prefix><Tag><Key>keep</Key><Value>no</Value></Tag></And></Filter>\n    <NoncurrentVersionExpiration><NewerNoncurrentVersions>3</NewerNoncurrentVersions><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration>\n  </Rule><!-- end -->\n</LifecycleConfiguration>\n";

fn rule(expire: u32) -> NewRule {
    let archive = Some(Archive { class: ArchiveClass::Deep, days: 30 });
    let actions = Actions { archive, expire: Some(expire), abort: Some(7) };
    NewRule::new("exports", "exports/", actions).expect("a good rule")
}

/// The configuration exactly as S3 has it.
async fn stored(bench: &Bench) -> Option<String> {
    let session = session(bench.connect()).await;
    let owner = bench.remedies().await.lane().account.clone();
    let at = BucketAt { bucket: BUCKET, region: session.region(), owner: &owner };
    session.lifecycle(at).await.expect("an answer").map(|text| text.xml)
}

#[tokio::test]
async fn a_rule_is_added_changed_and_removed_beside_others() {
    let bench = Bench::new().await;
    bench.sandbox.world.s3.set_lifecycle(BUCKET, Some(THEIRS.to_owned()));
    let remedies = bench.remedies().await;
    let name = bucket(BUCKET);
    assert_eq!(stored(&bench).await.as_deref(), Some(THEIRS));

    let add = remedies.propose_lifecycle(&name, &Edit::Add(rule(365))).await.expect("a proposal");
    assert_eq!(add.title(), "change the lifecycle configuration of acme-log-exports");
    assert!(add.notes()[0].contains("128 KB"), "{:?}", add.notes());
    remedies.apply(&add).await.expect("it is added");
    let (head, tail) = THEIRS.split_at(THEIRS.find("<!-- end -->").expect("a comment"));
    let now = stored(&bench).await.expect("rules");
    assert!(now.starts_with(head) && now.ends_with(tail), "{now}");

    let rules = remedies.rules(&name).await.expect("rules").lifecycle.expect("some");
    let touching: Vec<(String, Touch)> =
        rules.touching("exports").map(|(rule, touch)| (rule.summary(), touch)).collect();
    let summary = "archive to Glacier Deep Archive after 30 d, expire after 365 d, abort incomplete uploads after 7 d";
    assert_eq!(touching, [(summary.to_owned(), Touch::Yes)]);
    assert_eq!(rules.touching("tmp").count(), 1);

    let change = remedies.propose_lifecycle(&name, &Edit::Change(rule(400))).await.expect("a proposal");
    remedies.apply(&change).await.expect("it is changed");
    let now = stored(&bench).await.expect("rules");
    assert!(now.starts_with(head) && now.ends_with(tail) && now.contains("<Days>400</Days>"), "{now}");

    let remove = remedies.propose_lifecycle(&name, &Edit::Remove("exports".to_owned())).await.expect("a proposal");
    remedies.apply(&remove).await.expect("it is removed");
    assert_eq!(stored(&bench).await.as_deref(), Some(THEIRS));
    assert_eq!(bench.copies("lifecycles", BUCKET).len(), 3);

    let undo = remedies.propose_undo(&name, Setting::Lifecycle).await.expect("something to undo");
    remedies.apply(&undo).await.expect("undone");
    assert_eq!(stored(&bench).await, Some(now));
}

#[tokio::test]
async fn the_only_rule_comes_and_goes_with_its_configuration() {
    let bench = Bench::new().await;
    let remedies = bench.remedies().await;
    let name = bucket(BUCKET);
    assert!(remedies.rules(&name).await.expect("an answer").lifecycle.is_none());
    let add = remedies.propose_lifecycle(&name, &Edit::Add(rule(365))).await.expect("a proposal");
    assert_eq!(add.title(), "set the lifecycle configuration of acme-log-exports");
    remedies.apply(&add).await.expect("it is added");
    let remove = remedies.propose_lifecycle(&name, &Edit::Remove("exports".to_owned())).await.expect("a proposal");
    assert_eq!(remove.title(), "delete the lifecycle configuration of acme-log-exports");
    remedies.apply(&remove).await.expect("it is removed");
    assert_eq!((stored(&bench).await, bench.calls("DeleteBucketLifecycle")), (None, 1));
}

#[tokio::test]
async fn rules_that_changed_in_between_are_left_alone_and_lost_answers_looked_after() {
    let bench = Bench::new().await;
    let remedies = bench.remedies().await;
    let name = bucket(BUCKET);
    let add = remedies.propose_lifecycle(&name, &Edit::Add(rule(365))).await.expect("a proposal");
    bench.sandbox.world.s3.set_lifecycle(BUCKET, Some(THEIRS.to_owned()));
    let refused = remedies.apply(&add).await.expect_err("it has changed");
    assert_eq!(
        refused.to_string(),
        "the lifecycle configuration of acme-log-exports has changed since it was looked at: nothing was written"
    );
    assert_eq!(stored(&bench).await.as_deref(), Some(THEIRS));

    let add = remedies.propose_lifecycle(&name, &Edit::Add(rule(365))).await.expect("a proposal");
    // Cut once and refused once by a failure, the body is sent three times: whole, each time.
    bench.fault("PutBucketLifecycleConfiguration", Kind::CutBefore, 1);
    bench.fault("PutBucketLifecycleConfiguration", Kind::Refuse(Refusal::ServerError), 1);
    remedies.apply(&add).await.expect("it is added");
    assert_eq!(bench.calls("PutBucketLifecycleConfiguration"), 3);
    assert_eq!(stored(&bench).await.as_deref(), add.after());
}

#[tokio::test]
async fn the_size_below_which_nothing_is_archived_stays() {
    let bench = Bench::new().await;
    let session = session(bench.connect()).await;
    let remedies = bench.remedies().await;
    let at = BucketAt { bucket: BUCKET, region: session.region(), owner: &remedies.lane().account };
    let varies = Some("varies_by_storage_class".to_owned());
    let text = logferry::aws::LifecycleText { xml: THEIRS.to_owned(), smallest: varies.clone() };
    session.put_lifecycle(at, &text).await.expect("put");
    let add = remedies.propose_lifecycle(&bucket(BUCKET), &Edit::Add(rule(365))).await.expect("a proposal");
    remedies.apply(&add).await.expect("it is added");
    assert_eq!(session.lifecycle(at).await.expect("an answer").expect("rules").smallest, varies);
}

#[tokio::test]
async fn what_s3_refuses_and_what_cannot_be_edited_is_told() {
    let bench = Bench::new().await;
    bench.sandbox.world.s3.set_lifecycle(BUCKET, Some(THEIRS.to_owned()));
    let remedies = bench.remedies().await;
    let name = bucket(BUCKET);
    let theirs =
        NewRule::new("tidy & clean", "tmp/", Actions { expire: Some(1), ..Actions::default() }).expect("a rule");
    let refused = remedies.propose_lifecycle(&name, &Edit::Change(theirs)).await.expect_err("it would lose something");
    assert!(matches!(refused, RemedyError::Edit { .. }), "{refused}");
    assert!(refused.to_string().contains("holds more than logferry can write"), "{refused}");
    bench.fault("PutBucketLifecycleConfiguration", Kind::Refuse(Refusal::AccessDenied), 1);
    let add = remedies.propose_lifecycle(&name, &Edit::Add(rule(365))).await.expect("a proposal");
    remedies.apply(&add).await.expect_err("denied");
    assert!(bench.copies("lifecycles", BUCKET).is_empty());
    assert_eq!(stored(&bench).await.as_deref(), Some(THEIRS));
}

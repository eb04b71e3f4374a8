//! Creating buckets: what a new one is like, what of an old one is gone on with, and what is told when a step fails.

use logferry::aws::BucketAt;
use logferry::domain::bucket_name::NewBucketName;
use logferry::domain::inventory::Encryption;
use logferry::domain::lifecycle::{Actions, NewRule};
use logferry::domain::place::{AccountId, Lane, Region};
use logferry::domain::policy::{Access, Document, Export, rule};
use logferry::domain::preflight::ObjectOwnership;
use logferry::domain::problem::ProblemKind;
use logferry::export::remedy::{Created, NewBucket, Outcome, RemedyError, Step};
use logferry::sandbox::faults::{Kind, Refusal};

use crate::bench::{ACCOUNT, Bench, REGION, destination, session};

const NAME: &str = "acme-new-exports";

fn new() -> NewBucket {
    let name = NewBucketName::parse(NAME).expect("a good name");
    NewBucket { name, versioned: false, exports: true, accounts: Vec::new(), rule: None }
}

/// With everything there is to wish for.
fn full() -> NewBucket {
    let actions = Actions { expire: Some(400), ..Actions::default() };
    let rule = NewRule::new("expire", "", actions).expect("a good rule");
    NewBucket { versioned: true, rule: Some(rule), ..new() }
}

fn outcomes(created: &Created) -> Vec<(&'static str, &'static str)> {
    let word = |outcome: &Outcome| match outcome {
        Outcome::Done => "done",
        Outcome::Already => "already",
        Outcome::Failed(_) => "failed",
        Outcome::NotReached => "not reached",
    };
    created.steps.iter().map(|(step, outcome)| (step.code(), word(outcome))).collect()
}

#[tokio::test]
async fn a_new_bucket_is_closed_to_everyone_but_the_export_service() {
    let bench = Bench::new().await;
    let created = bench.remedies().await.create_bucket(&full()).await.expect("it is created");
    assert!(created.failure().is_none(), "{created:?}");
    assert_eq!(created.steps.iter().map(|(step, _)| *step).collect::<Vec<_>>(), Step::ALL);
    let session = session(bench.connect()).await;
    let region = session.region().clone();
    assert_eq!(session.bucket_region(NAME).await, Ok(region.clone()));
    assert_eq!(session.bucket_encryption(NAME, &region).await, Ok(Encryption::S3));
    assert_eq!(session.public_access_off(NAME, &region).await, Ok(Vec::new()));
    assert_eq!(session.object_ownership(NAME, &region).await, Ok(ObjectOwnership::BucketOwnerEnforced));
    assert_eq!(session.is_versioned(NAME, &region).await, Ok(true));
    let owner = AccountId(ACCOUNT.to_owned());
    let at = BucketAt { bucket: NAME, region: &region, owner: &owner };
    assert!(session.lifecycle(at).await.expect("an answer").expect("rules").xml.contains("<Days>400</Days>"));
    let policy = Document::parse(&bench.policy(NAME).expect("a policy")).expect("a policy");
    let ruling = rule(Some(&policy), &Export::new(&Lane::new(owner, region), None, &destination(NAME)));
    assert_eq!([ruling.get_bucket_acl, ruling.put_object], [Access::Allowed, Access::Allowed]);
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_done() {
    let bench = Bench::new().await;
    let created = bench.remedies().await.create_bucket(&new()).await.expect("it is created");
    let done = [
        ("create", "done"),
        ("ownership", "done"),
        ("public_access", "done"),
        ("encryption", "done"),
        ("policy", "done"),
    ];
    assert_eq!(outcomes(&created), done);
    assert_eq!((bench.calls("PutBucketVersioning"), bench.calls("PutBucketLifecycleConfiguration")), (0, 0));
}

#[tokio::test]
async fn a_bucket_can_be_created_that_lets_nobody_in() {
    let bench = Bench::new().await;
    let remedies = bench.remedies().await;
    let closed = NewBucket { exports: false, ..new() };
    let created = remedies.create_bucket(&closed).await.expect("it is created");
    assert_eq!(created.steps.last(), Some(&(Step::Encryption, Outcome::Done)));
    assert_eq!(bench.policy(NAME), None);
    assert!(closed.policy(remedies.lane()).expect("nothing stands against it").is_none(), "and none is announced");
}

#[tokio::test]
async fn the_steps_are_told_one_by_one() {
    let bench = Bench::new().await;
    let (remedies, wanted) = (bench.remedies().await, full());
    let mut creating = remedies.begin_bucket(&wanted).await.expect("it is there");
    for step in Step::ALL {
        assert_eq!(bench.calls("PutBucketPolicy") > 0, step == Step::Lifecycle, "{step:?} is yet to come");
        assert_eq!(creating.next().await, Some((step, Outcome::Done)));
    }
    assert_eq!(creating.next().await, None);
    assert_eq!(creating.end().steps.len(), Step::ALL.len());
}

#[tokio::test]
async fn accounts_of_log_groups_are_let_in_with_their_callers() {
    let bench = Bench::new().await;
    let accounts = ["111122223333", ACCOUNT].map(|id| AccountId(id.to_owned())).to_vec();
    bench.remedies().await.create_bucket(&NewBucket { accounts: accounts.clone(), ..new() }).await.expect("created");
    let policy = bench.policy(NAME).expect("a policy");
    let document = Document::parse(&policy).expect("a policy");
    for account in accounts {
        let lane = Lane::new(account, Region(REGION.to_owned()));
        let ruling = rule(Some(&document), &Export::new(&lane, None, &destination(NAME)));
        assert_eq!([ruling.get_bucket_acl, ruling.put_object], [Access::Allowed, Access::Allowed], "{lane}");
    }
    assert!(policy.contains("arn:aws:iam::111122223333:root") && !policy.contains("arn:aws:iam::123456789012:root"));
}

#[tokio::test]
async fn a_creation_that_broke_off_is_gone_on_with() {
    let bench = Bench::new().await;
    let remedies = bench.remedies().await;
    bench.fault("PutBucketVersioning", Kind::Refuse(Refusal::AccessDenied), 1);
    let begun = remedies.create_bucket(&full()).await.expect("the bucket is there");
    assert_eq!(begun.failure().map(|problem| problem.kind), Some(ProblemKind::AccessDenied));
    assert_eq!(
        outcomes(&begun)[3..],
        [("encryption", "done"), ("versioning", "failed"), ("policy", "not reached"), ("lifecycle", "not reached")]
    );
    assert_eq!(bench.policy(NAME), None, "what comes behind a failure was not tried");
    bench.fault("PutBucketLifecycleConfiguration", Kind::Refuse(Refusal::AccessDenied), 1);
    let more = remedies.create_bucket(&full()).await.expect("it is gone on with");
    assert_eq!(
        outcomes(&more),
        [
            ("create", "already"),
            ("ownership", "already"),
            ("public_access", "already"),
            ("encryption", "already"),
            ("versioning", "done"),
            ("policy", "done"),
            ("lifecycle", "failed"),
        ]
    );
    let finished = remedies.create_bucket(&full()).await.expect("it is finished");
    assert_eq!(outcomes(&finished)[4..], [("versioning", "already"), ("policy", "already"), ("lifecycle", "done")]);
    assert!(finished.failure().is_none());
}

#[tokio::test]
async fn a_lost_answer_to_the_creation_is_no_failure() {
    for region in [REGION, "us-east-1"] {
        let bench = Bench::new().await;
        bench.fault("CreateBucket", Kind::CutAfter, 1);
        let created = bench.remedies_in(region, ACCOUNT).await.create_bucket(&full()).await.expect("it is created");
        assert!(created.failure().is_none(), "{region}: {created:?}");
        assert_eq!(created.region, Region(region.to_owned()));
        assert_eq!(outcomes(&created)[0], ("create", "done"));
        assert_eq!(bench.calls("CreateBucket"), 2);
    }
}

#[tokio::test]
async fn a_bucket_that_may_have_been_made_is_never_left_unsaid() {
    let bench = Bench::new().await;
    bench.fault("CreateBucket", Kind::CutAfter, 1);
    bench.fault("ListObjectsV2", Kind::Refuse(Refusal::AccessDenied), 1);
    let created = bench.remedies().await.create_bucket(&new()).await.expect("it is there");
    assert_eq!(
        outcomes(&created)[..3],
        [("create", "done"), ("ownership", "failed"), ("public_access", "not reached")]
    );
    assert_eq!(created.failure().map(|problem| problem.operation.as_ref()), Some("ListObjectsV2"));
    assert!(bench.sandbox.world.s3.bucket(NAME).is_some());
}

#[tokio::test]
async fn a_failure_after_the_work_was_done_is_repeated_without_harm() {
    let bench = Bench::new().await;
    for operation in ["PutPublicAccessBlock", "PutBucketEncryption", "PutBucketVersioning", "PutBucketPolicy"] {
        bench.fault(operation, Kind::CutAfter, 1);
    }
    let created = bench.remedies().await.create_bucket(&full()).await.expect("it is created");
    assert!(created.failure().is_none(), "{created:?}");
}

#[tokio::test]
async fn buckets_in_use_are_left_alone_and_it_is_said_why() {
    let bench = Bench::new().await;
    let remedies = bench.remedies().await;
    let s3 = &bench.sandbox.world.s3;
    let make = |name: &str| {
        assert!(s3.create_bucket(name, REGION, ACCOUNT));
        let wanted = NewBucket { name: NewBucketName::parse(name).expect("a good name"), ..new() };
        (name.to_owned(), wanted)
    };
    let (name, with_objects) = make("in-use-objects");
    s3.put_object(&name, "a", bytes::Bytes::from_static(b"x"));
    let (name, with_policy) = make("in-use-policy");
    s3.set_policy(&name, Some(r#"{"Statement": []}"#.to_owned()));
    let (name, with_key) = make("in-use-key");
    s3.set_encryption(&name, Encryption::Kms(None));
    let (name, with_rules) = make("in-use-rules");
    let rules = "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter/><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>";
    s3.set_lifecycle(&name, Some(rules.to_owned()));
    for (wanted, why) in [
        (with_objects, "you have a bucket in-use-objects already, and it is in use: there are objects in it"),
        (with_policy, "you have a bucket in-use-policy already, and it is in use: it has a bucket policy of its own"),
        (with_key, "you have a bucket in-use-key already, and it is in use: its default encryption is SSE-KMS"),
        (
            with_rules,
            "you have a bucket in-use-rules already, and it is in use: it has a lifecycle configuration of its own",
        ),
    ] {
        let refused = remedies.create_bucket(&wanted).await.expect_err("it is in use");
        assert_eq!(refused.to_string(), why);
    }
    let puts: u64 =
        ["PutBucketPolicy", "PutBucketEncryption", "PutPublicAccessBlock"].map(|put| bench.calls(put)).iter().sum();
    assert_eq!(puts, 0);
}

#[tokio::test]
async fn names_of_others_and_of_other_regions_are_told_apart() {
    let bench = Bench::new().await;
    let remedies = bench.remedies().await;
    bench.sandbox.world.s3.create_bucket(NAME, "eu-west-1", "999988887777");
    let taken = remedies.create_bucket(&new()).await.expect_err("it is taken");
    assert!(matches!(taken, RemedyError::NameTaken(_)), "{taken}");
    let elsewhere = NewBucket { name: NewBucketName::parse("acme-elsewhere").expect("a good name"), ..new() };
    bench.sandbox.world.s3.create_bucket("acme-elsewhere", "eu-west-1", ACCOUNT);
    let refused = remedies.create_bucket(&elsewhere).await.expect_err("it is elsewhere");
    assert_eq!(refused.to_string(), "you have a bucket acme-elsewhere already, in eu-west-1 and not in eu-central-1");
    let mine = bench.remedies_in("us-east-1", ACCOUNT).await;
    bench.sandbox.world.s3.create_bucket("acme-classic", "us-east-1", ACCOUNT);
    bench.sandbox.world.s3.put_object("acme-classic", "a", bytes::Bytes::from_static(b"x"));
    let classic = NewBucket { name: NewBucketName::parse("acme-classic").expect("a good name"), ..new() };
    let refused = mine.create_bucket(&classic).await.expect_err("us-east-1 would have said that it was created");
    assert!(matches!(refused, RemedyError::InUse { .. }), "{refused}");
}

#[tokio::test]
async fn who_may_not_create_buckets_is_told_so() {
    let bench = Bench::new().await;
    bench.fault("CreateBucket", Kind::Refuse(Refusal::AccessDenied), 1);
    let refused = bench.remedies().await.create_bucket(&new()).await.expect_err("denied");
    assert!(refused.to_string().starts_with("CreateBucket on acme-new-exports in eu-central-1 failed"), "{refused}");
    assert!(bench.sandbox.world.s3.bucket(NAME).is_none());
}

//! The policies of `tests/policies`, each by S3's own door.

use std::fs;
use std::path::Path;

use crate::door::{Answer, decided, predicted};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_policy_of_the_folder_is_decided_as_predicted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let (mut wrong, mut either, mut not_the_caller) = (Vec::new(), Vec::new(), Vec::new());
    for file in &files {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(file).expect("a policy");
        let (decided, predicted) = (decided(&text).await, predicted(&text));
        if !predicted.contains(&decided) {
            wrong.push(format!("{name}: predicted {predicted:?}, decided {decided:?}"));
        }
        if predicted.contains(&Answer::Accepted) && predicted.contains(&Answer::NoPut) {
            either.push(format!("{name}: {decided:?}"));
        }
        if decided == Answer::NotTheCaller {
            not_the_caller.push(name);
        }
    }
    assert!(files.len() >= 70 && wrong.is_empty(), "{} of {}:\n{}", wrong.len(), files.len(), wrong.join("\n"));
    // Where nothing is predicted, because AWS does not document what it depends on.
    insta::assert_snapshot!(either.join("\n"), @r"
    deny-before-a-date: NoAcl
    deny-unencrypted-uploads: NoPut
    deny-userid-not-like: NoAcl
    deny-what-is-no-gzip: Accepted
    deny-wrong-kms-key-if-named: NoPut
    policy-variable: NoPut
    source-arn-to-the-letter: NoPut
    source-org-allow: NoAcl
    ");
    // They let the service in and keep out the caller of CreateExportTask: here he is of no organization, has no tags and
    // comes from no known address. The checklist tells of him apart.
    let expected = [
        "deny-closes-what-allow-leaves-open",
        "deny-not-principal-service",
        "deny-outside-network-data-perimeter",
        "deny-outside-org-but-services",
        "tag-conditions",
    ];
    assert_eq!(not_the_caller, expected);
}

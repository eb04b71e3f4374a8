//! Referees: Python's gzip says which objects are damaged, and moto holds what the AWS CLI has put there.

use std::collections::BTreeMap;

use bytes::Bytes;
use logferry::domain::verify::manifest::Manifest;
use logferry::export::verify::Verification;
use logferry::sandbox::{Config, Sandbox, Seed};
use serde_json::Value;

use crate::bench::{ACCOUNT, BUCKET, FOLDER, REGION, gz, lines, subject, verify};
use crate::support::client::Client;
use crate::support::moto::moto;
use crate::support::session::connect;

/// Reads each file of a directory as gzip: how many bytes that gives, or none.
const PYTHON: &str = "
import gzip, json, os, sys
def size(path):
    try:
        with gzip.open(path) as file:
            return sum(len(piece) for piece in iter(lambda: file.read(65536), b''))
    except (OSError, EOFError, __import__('zlib').error):
        return None
print(json.dumps({name: size(os.path.join(sys.argv[1], name)) for name in os.listdir(sys.argv[1])}))
";

/// Whole and spoilt files by name.
fn corpus() -> BTreeMap<String, Vec<u8>> {
    let whole = gz(&lines(400));
    let mut all = BTreeMap::from([
        ("whole".to_owned(), whole.clone()),
        ("members".to_owned(), [whole.clone(), gz("2026-08-09T18:00:01.000Z x\n"), gz("")].concat()),
        ("padded".to_owned(), [whole.clone(), vec![0; 700]].concat()),
        ("trailing".to_owned(), [whole.clone(), b"rubbish".to_vec()].concat()),
        ("padded-trailing".to_owned(), [whole.clone(), vec![0; 20], b"rubbish".to_vec()].concat()),
        ("half-member".to_owned(), [whole.clone(), whole[..30].to_vec()].concat()),
        ("text".to_owned(), lines(3).into_bytes()),
    ]);
    for cut in [1, 9, 10, 11, 40, whole.len() / 2, whole.len() - 8, whole.len() - 4, whole.len() - 1] {
        all.insert(format!("cut-{cut}"), whole[..cut].to_vec());
    }
    for at in [0, 1, 2, whole.len() / 3, whole.len() / 2, whole.len() - 7, whole.len() - 2] {
        let mut spoilt = whole.clone();
        spoilt[at] ^= 0x55;
        all.insert(format!("spoilt-{at}"), spoilt);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_called_damaged_is_what_pythons_gzip_refuses() {
    let sandbox = Sandbox::start(Config { seed: Seed::Empty, ..Config::default() }).await.expect("a free port");
    sandbox.world.s3.create_bucket(BUCKET, REGION, ACCOUNT);
    let client = Client::new(&sandbox.endpoint_url(), REGION);
    let files = client.directory().join("files");
    std::fs::create_dir(&files).expect("a directory");
    for (name, bytes) in corpus() {
        std::fs::write(files.join(&name), &bytes).expect("a file");
        sandbox.world.s3.put_object(BUCKET, &format!("{FOLDER}{name}/000000.gz"), Bytes::from(bytes));
    }
    let said = client.run("python", &["-c", PYTHON, files.to_str().expect("a UTF-8 path")]).expect("Python reads");
    let judged: BTreeMap<String, Option<u64>> = serde_json::from_str(&said).expect("JSON");
    let found = verify(connect(&sandbox.endpoint_url()).await, subject()).await;
    let ours: BTreeMap<String, Option<u64>> = found
        .objects
        .iter()
        .map(|object| {
            let body = object.body.as_ref().expect("it could be read");
            let name = object.key.trim_end_matches("/000000.gz").to_owned();
            (name, body.damage.is_none().then_some(body.raw.0))
        })
        .collect();
    assert_eq!(ours, judged);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_aws_cli_has_put_into_moto_is_read_back_and_the_manifest_can_be_read_by_it() {
    let server = moto();
    let client = Client::new(&server.url, REGION);
    let constraint = format!("LocationConstraint={REGION}");
    client.aws(&["s3api", "create-bucket", "--bucket", BUCKET, "--create-bucket-configuration", &constraint]);
    let file = client.directory().join("object");
    std::fs::write(&file, gz(&lines(1234))).expect("a file");
    let file = file.to_str().expect("a UTF-8 path");
    client.aws(&["s3", "cp", "--quiet", file, &format!("s3://{BUCKET}/{FOLDER}web/000000.gz")]);
    let sum = client.run("python", &["-c", SHA256, file]).expect("Python hashes");

    let session = connect(&server.url).await;
    let found = verify(session.clone(), subject()).await;
    assert_eq!((found.findings(), found.body().events.count), (Vec::new(), 1234));
    assert_eq!(found.body().sha256.to_string(), sum.trim());

    let verification = Verification::new(session, subject()).await.expect("a bucket");
    let records = found.objects.iter().map(Into::into).collect();
    let now = subject().range.to();
    let manifest = Manifest::new(&subject(), &found.tally, records, now);
    verification.write(&manifest).await.expect("it is put");
    let copy = client.directory().join("manifest.json");
    let copy = copy.to_str().expect("a UTF-8 path");
    client.aws(&["s3", "cp", "--quiet", &format!("s3://{BUCKET}/{FOLDER}manifest.json"), copy]);
    let read: Value = serde_json::from_str(&std::fs::read_to_string(copy).expect("it is there")).expect("JSON");
    assert_eq!(read["contents"][0]["sha256"].as_str(), Some(sum.trim()));
}

/// The SHA-256 of a file.
const SHA256: &str = "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())";

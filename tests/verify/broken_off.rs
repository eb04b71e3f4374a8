//! Connections that break in the middle of an object: reading goes on at the byte where they broke, and only of the same
//! content.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::bench::{FOLDER, gz, lines, subject, verify};
use crate::support::session::connect;

/// An S3 with one object, of which a connection carries so many bytes and no more. Dropping it ends it.
struct Breaking {
    url: String,
    served: Arc<Served>,
    serving: JoinHandle<()>,
}

struct Served {
    object: Vec<u8>,
    carries: usize,
    /// From the second request on the object has another content.
    replaced: bool,
    /// The `range` and `if-match` of each GetObject.
    asked: Mutex<Vec<(Option<String>, Option<String>)>>,
}

impl Breaking {
    async fn start(object: Vec<u8>, carries: usize, replaced: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let served = Arc::new(Served { object, carries, replaced, asked: Mutex::default() });
        let shared = Arc::clone(&served);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let served = Arc::clone(&shared);
                // A client that goes away is what these tests are about.
                tokio::spawn(async move { drop(served.answer(stream).await) });
            }
        });
        Self { url, served, serving }
    }

    fn asked(&self) -> Vec<(Option<String>, Option<String>)> {
        self.served.asked.lock().expect("no test panicked").clone()
    }
}

impl Drop for Breaking {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Served {
    async fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        if head.contains("?location") {
            return say(&mut stream, "200 OK", "", b"<LocationConstraint>eu-central-1</LocationConstraint>", None)
                .await;
        }
        if head.contains("list-type=2") {
            let size = self.object.len();
            let list = format!(
                "<ListBucketResult><Contents><Key>{FOLDER}a/000000.gz</Key><Size>{size}</Size></Contents></ListBucketResult>"
            );
            return say(&mut stream, "200 OK", "", list.as_bytes(), None).await;
        }
        let field = |name: &str| {
            let mut fields = head.lines().filter_map(|line| line.split_once(": "));
            fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let (range, condition) = (field("range"), field("if-match"));
        let again = {
            let mut asked = self.asked.lock().expect("no test panicked");
            asked.push((range.clone(), condition.clone()));
            asked.len() > 1
        };
        let tag = if again && self.replaced { "\"second\"" } else { "\"first\"" };
        if condition.is_some_and(|wanted| wanted != tag) {
            let refusal = b"<Error><Code>PreconditionFailed</Code><Message>no longer so</Message></Error>";
            return say(&mut stream, "412 Precondition Failed", "", refusal, None).await;
        }
        let from = range.and_then(|range| range.trim_start_matches("bytes=").trim_end_matches('-').parse().ok());
        let from: usize = from.unwrap_or(0);
        let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
        say(&mut stream, status, &format!("etag: {tag}\r\n"), &self.object[from..], Some(self.carries)).await
    }
}

/// Answers, and breaks off after so many bytes of the body.
async fn say(
    stream: &mut TcpStream,
    status: &str,
    headers: &str,
    body: &[u8],
    carries: Option<usize>,
) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body[..carries.unwrap_or(length).min(length)]).await?;
    stream.shutdown().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_is_read_on_where_the_connection_broke() {
    let object = gz(&lines(20_000));
    let carries = object.len() / 3;
    let server = Breaking::start(object.clone(), carries, false).await;
    let found = verify(connect(&server.url).await, subject()).await;
    assert_eq!((found.findings(), found.body().events.count), (Vec::new(), 20_000));
    assert_eq!(found.body().size.0, object.len() as u64);
    let asked = server.asked();
    assert_eq!(asked[0], (None, None));
    assert_eq!(asked[1], (Some(format!("bytes={carries}-")), Some("\"first\"".to_owned())));
    assert!(asked.len() >= 3, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_that_was_replaced_meanwhile_is_not_patched_together() {
    let object = gz(&lines(20_000));
    let server = Breaking::start(object.clone(), object.len() / 2, true).await;
    let found = verify(connect(&server.url).await, subject()).await;
    assert_eq!(found.findings(), [(Some("a/000000.gz"), "unread")]);
    let said = found.tally.found[0].finding.to_string();
    assert!(said.contains("the object was replaced while it was read"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_of_which_nothing_comes_is_given_up() {
    let server = Breaking::start(gz(&lines(10)), 0, false).await;
    let found = verify(connect(&server.url).await, subject()).await;
    assert_eq!(found.findings(), [(Some("a/000000.gz"), "unread")]);
}

//! What keeps a call from reaching AWS: names, ports, silence, proxies and certificates, each made to fail on loopback.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::support::canned::{Answer, Canned};
use crate::{SECRET, create, groups, session, tell};

/// How long a call may take; a connection is given up after 5 seconds, an answer after 15.
const PATIENCE: Duration = Duration::from_mins(1);

/// A port of loopback where nothing listens.
async fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("it is bound").to_string()
}

#[tokio::test]
async fn a_connection_that_is_refused_is_explained() {
    let problem = create(&session(&format!("http://{}", closed().await)).await).await;
    insta::assert_snapshot!(tell("nothing listens", &problem));
}

#[tokio::test]
async fn a_name_that_cannot_be_resolved_is_explained() {
    let mut problem = create(&session("http://logs.invalid").await).await;
    // The rest is the resolver's own wording.
    problem.message = problem.message.and_then(|said| said.split_once(": ").map(|(first, _)| first.to_owned()));
    insta::assert_snapshot!(tell("no such name", &problem));
}

#[tokio::test]
async fn a_connection_that_nobody_answers_is_explained() {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    // Nobody accepts, and the queue is soon full: what comes then is dropped, as by a firewall.
    let listener = socket.listen(0).expect("it listens");
    let address = listener.local_addr().expect("it is bound");
    let mut waiting = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
        waiting.push(stream);
    }
    let problem = create(&session(&format!("http://{address}")).await).await;
    insta::assert_snapshot!(tell("no connection in time", &problem));
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_explained() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    // The connection stands, and nothing is ever written to it.
    let problem = tokio::time::timeout(PATIENCE, async { create(&session(&url).await).await }).await;
    insta::assert_snapshot!(tell("no answer in time", &problem.expect("it gives up")));
}

#[tokio::test]
async fn a_connection_that_breaks_is_explained() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let hang_up = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let problem = create(&session(&url).await).await;
    hang_up.abort();
    assert_eq!(problem.explain().cause, "the endpoint could not be reached", "{problem}");
}

#[tokio::test]
async fn an_endpoint_without_tls_is_explained() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("it is bound"));
    let answering = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let hello = stream.read(&mut [0; 16 * 1024]).await;
            // The client may have gone: that is what it is to do.
            drop((hello, stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await));
        }
    });
    let problem = create(&session(&url).await).await;
    answering.abort();
    insta::assert_snapshot!(tell("HTTP where TLS is expected", &problem));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_nobody_trusts_is_explained() {
    let server = Canned::start_tls(Answer::default(), certified("127.0.0.1", 2100).acceptor).await;
    let problem = create(&session(&server.url("https")).await).await;
    insta::assert_snapshot!(tell("signed by itself", &problem));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trusted_certificate_that_does_not_fit_is_explained() {
    let home = tempfile::tempdir().expect("a home");
    let mut told = String::new();
    for (name, until) in [("other.example", 2100), ("127.0.0.1", 2001)] {
        let Certified { acceptor, pem } = certified(name, until);
        let trusted = home.path().join("trusted.pem");
        std::fs::write(&trusted, pem).expect("a file");
        let server = Canned::start_tls(Answer::default(), acceptor).await;
        let trusted = trusted.to_str().expect("a UTF-8 path");
        let text = groups_at(home.path(), &server.url("https"), ("SSL_CERT_FILE", trusted)).await;
        let (sentence, remedy) = text.trim_end().split_once('\n').expect("two lines");
        // What follows names the time of the day.
        let sentence = sentence.split(" (").next().unwrap_or_default();
        let _ = writeln!(told, "{name} until {until}\n{sentence}\n{remedy}");
    }
    insta::assert_snapshot!(told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_fails_is_explained() {
    let home = tempfile::tempdir().expect("a home");
    let locked = Canned::start(Answer { status: 407, ..Answer::default() }).await;
    let barring = Canned::start(Answer { status: 403, ..Answer::default() }).await;
    let mut told = String::new();
    for (name, proxy) in [
        ("nothing listens", format!("http://{}", closed().await)),
        ("asks for a password", locked.url("http")),
        ("lets nobody through", barring.url("http")),
    ] {
        told.extend([name, "\n", &groups_at(home.path(), "https://logs.invalid", ("HTTPS_PROXY", &proxy)).await]);
    }
    insta::assert_snapshot!(told);
}

/// Lists log groups at `endpoint`, with keys.
async fn groups_at(home: &Path, endpoint: &str, variable: (&str, &str)) -> String {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIATESTS"), ("AWS_SECRET_ACCESS_KEY", SECRET), variable];
    groups(home, &["--endpoint-url", endpoint], keys).await
}

struct Certified {
    acceptor: TlsAcceptor,
    pem: String,
}

/// TLS with a certificate for `name`, signed by itself and valid from 2000 until the year `until`.
fn certified(name: &str, until: i32) -> Certified {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a good name");
    (params.not_before, params.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(until, 1, 1));
    let certificate = params.self_signed(&key).expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("they belong together");
    Certified { acceptor: TlsAcceptor::from(Arc::new(config)), pem: certificate.pem() }
}

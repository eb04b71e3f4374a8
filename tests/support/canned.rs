//! A server on loopback that says to every call the same, whatever it is asked: for answers that no emulator gives.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// Who its callers are, as STS has it.
pub const ACCOUNT: &str = "123456789012";

/// One answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers besides those that HTTP needs.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body.
    pub body: String,
}

/// The running server. Dropping it ends it.
pub struct Canned {
    port: u16,
    serving: JoinHandle<()>,
}

impl Canned {
    /// Answers HTTP. GetCallerIdentity is answered as STS does, unless `answer` is for that very call.
    pub async fn start(answer: Answer) -> Self {
        Self::serve(answer, None).await
    }

    /// Answers over TLS.
    pub async fn start_tls(answer: Answer, tls: TlsAcceptor) -> Self {
        Self::serve(answer, Some(tls)).await
    }

    async fn serve(answer: Answer, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let port = listener.local_addr().expect("it is bound").port();
        let answer = Arc::new(answer);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, tls) = (Arc::clone(&answer), tls.clone());
                tokio::spawn(async move {
                    // A client that goes away, or does not like the certificate, is what some tests are about.
                    match tls {
                        Some(tls) => drop(converse(tls.accept(stream).await?, &answer).await),
                        None => drop(converse(stream, &answer).await),
                    }
                    Ok::<(), std::io::Error>(())
                });
            }
        });
        Self { port, serving }
    }

    /// Its address, as an endpoint.
    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &Answer) -> std::io::Result<()> {
    let request = request(&mut stream).await?;
    let whoami = request.contains("Action=GetCallerIdentity") && !answer.body.contains("sts.amazonaws.com");
    let text = if whoami { wire(&identity()) } else { wire(answer) };
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

/// Reads head and body.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= length(head)
        {
            return Ok(text.into_owned());
        }
        if stream.read_buf(&mut read).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn length(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}

fn wire(answer: &Answer) -> String {
    let Answer { status, headers, body } = answer;
    let mut text = format!("HTTP/1.1 {status} Canned\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    text + "\r\n" + body
}

fn identity() -> Answer {
    let body = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{ACCOUNT}:user/tests</Arn><UserId>AIDA</UserId><Account>{ACCOUNT}</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    Answer { status: 200, headers: vec![("content-type", "text/xml")], body }
}

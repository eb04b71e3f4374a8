//! The HTTP server: accepts connections and hands each call to the service it is for.
//!
//! One port for all: `x-amz-target` means CloudWatch Logs, a form posted to `/` means STS, `/_sandbox/...` is the
//! control endpoint, all else is S3. Knows no operation by itself.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use s3s::Body;
use s3s::service::S3Service;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::faults::{Refusal, Service, Verdict};
use super::world::{Caller, World};
use super::{control, logs, s3, sts};

/// What goes back over the wire.
pub(super) type Response = http::Response<Body>;

const JSON_1_1: &str = "application/x-amz-json-1.1";
const TARGET: &str = "Logs_20140328.";

/// Why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cut {
    /// A fault asked for it.
    #[error("a fault cut the connection")]
    Fault,
    /// The request broke off, or its answer could not be written.
    #[error("the connection broke")]
    Broken,
}

/// Accepts until `stop`; every connection is served in its own task.
pub(super) async fn serve(listener: TcpListener, world: Arc<World>, stop: CancellationToken) {
    let s3 = s3::service(&world);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = connection(stream, Arc::clone(&world), s3.clone());
                tokio::spawn(stop.clone().run_until_cancelled_owned(connection));
            }
            // Out of file descriptors, most likely: let some connections end first.
            Err(error) => {
                tracing::warn!(%error, "the sandbox cannot accept a connection");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, world: Arc<World>, s3: S3Service) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let service = service_fn(move |request| answer(Arc::clone(&world), s3.clone(), request));
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a sandbox connection ended");
    }
}

async fn answer(world: Arc<World>, s3: S3Service, request: http::Request<Incoming>) -> Result<Response, Cut> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut::Broken)?.to_bytes();
    let caller = Caller::of(&parts, &world.config);
    if let Some(path) = parts.uri.path().strip_prefix("/_sandbox") {
        return Ok(control::handle(&world, &caller, &parts.method, path, &body));
    }
    if let Some(target) = header_text(&parts.headers, "x-amz-target") {
        return call_logs(&world, &caller, target, body).await;
    }
    match sts_operation(&parts, &body) {
        Some(operation) => call_sts(&world, &caller, operation).await,
        None => s3::handle(&s3, caller, parts, body).await,
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn sts_operation<'a>(parts: &Parts, body: &'a Bytes) -> Option<&'a str> {
    let is_form = parts.method == Method::POST && parts.uri.path() == "/";
    is_form.then(|| sts::operation(body)).flatten()
}

async fn call_sts(world: &World, caller: &Caller, operation: &str) -> Result<Response, Cut> {
    let response = match world.faults.meet(Service::Sts, operation, caller).await {
        Verdict::Proceed => sts::handle(caller, operation),
        Verdict::Refuse(refusal) => sts::refuse(caller, operation, refusal),
        // There is no work to be done before a cut: identity changes nothing.
        Verdict::ProceedThenCut | Verdict::ProceedThenCutWithin | Verdict::Cut => return Err(Cut::Fault),
    };
    Ok(response)
}

async fn call_logs(world: &Arc<World>, caller: &Caller, target: &str, body: Bytes) -> Result<Response, Cut> {
    let operation = target.strip_prefix(TARGET).unwrap_or(target);
    match world.faults.meet(Service::Logs, operation, caller).await {
        Verdict::Proceed => Ok(json(&work_logs(world, caller, operation, body).await?)),
        Verdict::ProceedThenCut => work_logs(world, caller, operation, body).await.and(Err(Cut::Fault)),
        Verdict::ProceedThenCutWithin => Ok(half(&work_logs(world, caller, operation, body).await?)),
        Verdict::Cut => Err(Cut::Fault),
        Verdict::Refuse(refusal) => Ok(json(&refuse_logs(caller, operation, refusal))),
    }
}

/// Runs the call where it may take its time: synthetic groups compute their events.
async fn work_logs(world: &Arc<World>, caller: &Caller, operation: &str, body: Bytes) -> Result<logs::Reply, Cut> {
    let (world, caller, operation) = (Arc::clone(world), caller.clone(), operation.to_owned());
    tokio::task::spawn_blocking(move || logs::handle(&world, &caller, &operation, &body)).await.map_err(|_| Cut::Broken)
}

fn refuse_logs(caller: &Caller, operation: &str, refusal: Refusal) -> logs::Reply {
    let (status, code, message) = match refusal {
        Refusal::Throttle => (400, "ThrottlingException", "Rate exceeded".to_owned()),
        Refusal::ServerError => (500, "InternalFailure", "Internal failure".to_owned()),
        Refusal::ExpiredToken => {
            (400, "ExpiredTokenException", "The security token included in the request is expired".to_owned())
        }
        Refusal::AccessDenied => (400, "AccessDeniedException", denial(caller, operation)),
    };
    let body = serde_json::json!({"__type": code, "message": message}).to_string();
    logs::Reply { status, body: Bytes::from(body) }
}

/// AWS's wording of a denied call.
fn denial(caller: &Caller, operation: &str) -> String {
    let (arn, Caller { account, region, .. }) = (caller.arn(), caller);
    format!(
        "User: {arn} is not authorized to perform: logs:{operation} on resource: \
         arn:aws:logs:{region}:{account}:log-group:* because no identity-based policy allows the logs:{operation} action"
    )
}

/// Puts a JSON 1.1 reply on the wire.
pub(super) fn json(reply: &logs::Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, JSON_1_1, reply.body.clone())
}

/// The first half of a reply that promises all of it; then the connection breaks.
fn half(reply: &logs::Reply) -> Response {
    let mut response = json(reply);
    let length = reply.body.len();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let frames = [Ok(Frame::data(reply.body.slice(..length / 2))), Err(Cut::Fault)];
    *response.body_mut() = Body::http_body(StreamBody::new(futures::stream::iter(frames)));
    response
}

/// An answer with a body, its type and a request id.
pub(super) fn respond(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert("x-amzn-requestid", request_id());
    response
}

/// A fresh request id.
pub(super) fn request_id() -> HeaderValue {
    let id = uuid::Uuid::new_v4().to_string();
    HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("request"))
}

/// A listener on loopback.
///
/// # Errors
/// The address is not loopback, or cannot be bound.
pub(super) async fn bind(address: std::net::SocketAddr) -> std::io::Result<TcpListener> {
    if !address.ip().is_loopback() {
        let text = format!("the sandbox listens on loopback only, and {address} is not: it verifies no signatures");
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, text));
    }
    TcpListener::bind(address).await
}

//! The control endpoint `/_sandbox/...`: faults, rates and call counts for tests and people with curl.
//!
//! `POST /faults` adds a rule, `DELETE /faults` forgets all, `GET /calls` counts, `POST /rates` switches AWS's rates
//! on or off, `/logs/...` belongs to the Logs store. A body that cannot be read changes nothing.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::faults::{Fault, Kind, Refusal, Service};
use super::logs;
use super::server::{Response, json, respond};
use super::world::{Caller, World};

/// A fault as the control endpoint takes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default = "every_operation")]
    operation: String,
    service: Option<ServiceName>,
    kind: KindName,
    ms: Option<u64>,
    times: Option<u32>,
    every: Option<u32>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ServiceName {
    Logs,
    S3,
    Sts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindName {
    Latency,
    Hang,
    Throttle,
    ServerError,
    CutBefore,
    CutAfter,
    CutWithin,
    ExpiredToken,
    AccessDenied,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RateSwitch {
    enforce: bool,
}

fn every_operation() -> String {
    "*".to_owned()
}

impl Rule {
    fn into_fault(self) -> Result<Fault, String> {
        let mut fault = Fault::new(self.operation, kind(self.kind, self.ms)?);
        if let Some(service) = self.service {
            fault = fault.at(match service {
                ServiceName::Logs => Service::Logs,
                ServiceName::S3 => Service::S3,
                ServiceName::Sts => Service::Sts,
            });
        }
        if let Some(times) = self.times {
            fault = fault.times(times);
        }
        match self.every {
            Some(0) => Err("`every` counts from 1".to_owned()),
            Some(every) => Ok(fault.every(every)),
            None => Ok(fault),
        }
    }
}

fn kind(name: KindName, ms: Option<u64>) -> Result<Kind, String> {
    match (name, ms) {
        (KindName::Latency, Some(ms)) => Ok(Kind::Latency(Duration::from_millis(ms))),
        (KindName::Latency, None) => Err("a latency needs `ms`".to_owned()),
        (_, Some(_)) => Err("only a latency takes `ms`".to_owned()),
        (KindName::Hang, None) => Ok(Kind::Hang),
        (KindName::Throttle, None) => Ok(Kind::Refuse(Refusal::Throttle)),
        (KindName::ServerError, None) => Ok(Kind::Refuse(Refusal::ServerError)),
        (KindName::CutBefore, None) => Ok(Kind::CutBefore),
        (KindName::CutAfter, None) => Ok(Kind::CutAfter),
        (KindName::CutWithin, None) => Ok(Kind::CutWithin),
        (KindName::ExpiredToken, None) => Ok(Kind::Refuse(Refusal::ExpiredToken)),
        (KindName::AccessDenied, None) => Ok(Kind::Refuse(Refusal::AccessDenied)),
    }
}

/// Answers a call to `/_sandbox` + `path`.
pub(super) fn handle(world: &Arc<World>, caller: &Caller, method: &Method, path: &str, body: &Bytes) -> Response {
    if let Some(rest) = path.strip_prefix("/logs") {
        return json(&logs::control(world, caller, method.as_str(), rest, body));
    }
    let outcome = match (method.as_str(), path) {
        ("POST", "/faults") => add_fault(world, body),
        ("DELETE", "/faults") => {
            world.faults.clear();
            Ok(StatusCode::NO_CONTENT)
        }
        ("POST", "/rates") => parse(body).map(|RateSwitch { enforce }| {
            world.faults.enforce_rates(enforce);
            StatusCode::NO_CONTENT
        }),
        ("GET", "/calls") => return plain(StatusCode::OK, &serde_json::json!(world.faults.calls())),
        _ => return complain(StatusCode::NOT_FOUND, &format!("no control {method} /_sandbox{path}")),
    };
    match outcome {
        Ok(status) => respond(status, "application/json", Bytes::new()),
        Err(text) => complain(StatusCode::BAD_REQUEST, &text),
    }
}

fn add_fault(world: &World, body: &Bytes) -> Result<StatusCode, String> {
    world.faults.add(parse::<Rule>(body)?.into_fault()?);
    Ok(StatusCode::NO_CONTENT)
}

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn complain(status: StatusCode, text: &str) -> Response {
    plain(status, &serde_json::json!({"message": text}))
}

fn plain(status: StatusCode, body: &serde_json::Value) -> Response {
    respond(status, "application/json", body.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Config;

    fn ask(world: &Arc<World>, method: &Method, path: &str, body: &'static str) -> StatusCode {
        let caller = Caller { access_key: "AKIA".into(), account: "1".into(), region: "eu-central-1".into() };
        handle(world, &caller, method, path, &Bytes::from_static(body.as_bytes())).status()
    }

    fn fault(text: &str) -> Result<Fault, String> {
        parse::<Rule>(&Bytes::copy_from_slice(text.as_bytes())).and_then(Rule::into_fault)
    }

    #[test]
    fn a_rule_says_operation_service_kind_times_and_every() {
        let expected = Fault::new("GetObject", Kind::CutAfter).at(Service::S3).times(2).every(3);
        let text = r#"{"operation":"GetObject","service":"s3","kind":"cut_after","times":2,"every":3}"#;
        assert_eq!(fault(text), Ok(expected));
        let latency = Fault::new("*", Kind::Latency(Duration::from_millis(7)));
        assert_eq!(fault(r#"{"kind":"latency","ms":7}"#), Ok(latency));
    }

    #[test]
    fn a_rule_that_makes_no_sense_says_why() {
        for (text, reason) in [
            (r#"{"kind":"latency"}"#, "needs `ms`"),
            (r#"{"kind":"hang","ms":3}"#, "only a latency"),
            (r#"{"kind":"hang","every":0}"#, "counts from 1"),
            (r#"{"kind":"explode"}"#, "unknown variant `explode`"),
            (r#"{"kind":"hang","tims":1}"#, "unknown field `tims`"),
            ("{", "EOF"),
        ] {
            let error = fault(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn a_body_that_cannot_be_read_is_a_400_and_changes_nothing() {
        let world = Arc::new(World::new(Config::default()));
        assert_eq!(ask(&world, &Method::POST, "/faults", "{\"kind\":\"no\"}"), StatusCode::BAD_REQUEST);
        assert_eq!(ask(&world, &Method::POST, "/rates", "{\"enforce\":1}"), StatusCode::BAD_REQUEST);
        assert_eq!(ask(&world, &Method::GET, "/nothing", ""), StatusCode::NOT_FOUND);
        assert_eq!(ask(&world, &Method::POST, "/faults", "{\"kind\":\"hang\"}"), StatusCode::NO_CONTENT);
        assert_eq!(ask(&world, &Method::DELETE, "/faults", ""), StatusCode::NO_CONTENT);
    }
}

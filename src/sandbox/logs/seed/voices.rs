//! How the services of the demo account word their log events. Invented values throughout; each function writes one
//! message from an event's dice and nothing else.

use std::fmt::Write as _;

use crate::domain::time::Timestamp;

use super::super::generated::{Moment, Voice};

/// Declares the voices: a name, a message's usual size, and the function that writes one.
macro_rules! voices {
    ($($(#[$meta:meta])* $name:ident, $typical:literal, $write:ident;)*) => {
        $($(#[$meta])* pub(super) const $name: Voice = Voice { write: $write, typical: $typical };)*
    };
}

voices! {
    /// A Lambda function's own lines between START and REPORT.
    LAMBDA, 87, lambda;
    /// A Spring service in a container, with stack traces.
    SPRING, 160, spring;
    /// JSON lines of a Node service, customers' names in many scripts.
    NODE_JSON, 158, node_json;
    /// An API Gateway access log in JSON.
    API_GATEWAY, 240, api_gateway;
    /// VPC flow logs, version 2.
    FLOW, 99, flow;
    /// `PostgreSQL`'s error log.
    POSTGRES, 102, postgres;
    /// `MySQL`'s slow query log, several lines each.
    SLOW_QUERY, 260, slow_query;
    /// CloudTrail records.
    TRAIL, 520, trail;
    /// The Kubernetes API server's lines.
    KUBE, 140, kube;
    /// Route 53 Resolver queries in JSON.
    RESOLVER, 330, resolver;
    /// A build's output.
    BUILD, 42, build;
    /// An nginx access log.
    NGINX, 122, nginx;
}

const LEVELS: [&str; 8] = ["INFO", "INFO", "INFO", "INFO", "DEBUG", "DEBUG", "WARN", "ERROR"];
const PATHS: [&str; 7] = ["/orders", "/orders/{id}", "/cart", "/checkout", "/login", "/products?q=tee", "/health"];
const STATUSES: [u16; 8] = [200, 200, 200, 200, 201, 304, 404, 502];
const CUSTOMERS: [&str; 7] =
    ["Jürgen Groß", "Zoë Åkesson", "山田 太郎", "李小龙", "김민준", "Ольга Иванова", "Ana 🌻 Peña"];

/// Eight hexadecimal digits of the `n`th die.
fn hex(moment: &Moment, n: u64) -> u64 {
    moment.die(n) >> 32
}

/// A number below `bound` by the `n`th die.
fn below(moment: &Moment, n: u64, bound: u64) -> u64 {
    moment.die(n) % bound
}

fn at(moment: &Moment) -> Timestamp {
    Timestamp::from_millis(moment.at)
}

/// The same request's id for the four lines of one invocation.
fn request_id(moment: &Moment) -> String {
    let first = Moment { index: moment.index / 4, ..*moment };
    let (a, b) = (first.die(6), first.die(7));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}

fn lambda(out: &mut String, moment: &Moment) {
    let id = request_id(moment);
    let _ = match moment.index % 4 {
        0 => write!(out, "START RequestId: {id} Version: $LATEST"),
        1 => write!(
            out,
            "{}\t{id}\t{}\tprocessed {} records",
            at(moment),
            moment.pick(0, &LEVELS),
            below(moment, 1, 500)
        ),
        2 => write!(out, "END RequestId: {id}"),
        _ => {
            let used = below(moment, 2, 900);
            write!(
                out,
                "REPORT RequestId: {id}\tDuration: {used}.{:02} ms\tBilled Duration: {} ms\tMemory Size: 256 MB\tMax \
                 Memory Used: {} MB",
                below(moment, 3, 100),
                used + 1,
                80 + below(moment, 4, 90)
            )
        }
    };
}

fn spring(out: &mut String, moment: &Moment) {
    let level = moment.pick(0, &LEVELS);
    let _ = write!(out, "{} {level:>5} 1 --- [nio-8080-exec-{}] ", at(moment), below(moment, 1, 10));
    if level == "ERROR" {
        let _ = write!(
            out,
            "c.a.checkout.PaymentClient : Zahlung für Bestellung {:08x} abgelehnt\njava.lang.IllegalStateException: \
             gateway answered 503\n\tat com.acme.checkout.PaymentClient.charge(PaymentClient.java:{})\n\tat \
             com.acme.checkout.CheckoutService.place(CheckoutService.java:57)\n\tat \
             java.base/java.lang.Thread.run(Thread.java:1583)\nCaused by: java.net.ConnectException: Connection \
             refused\n\t... 12 more",
            hex(moment, 2),
            20 + below(moment, 3, 200)
        );
    } else {
        let _ = write!(
            out,
            "c.a.checkout.CheckoutService : order {:08x} placed in {} ms",
            hex(moment, 2),
            below(moment, 3, 400)
        );
    }
}

fn node_json(out: &mut String, moment: &Moment) {
    let _ = write!(
        out,
        r#"{{"time":"{}","level":"{}","msg":"invoice sent","customer":"{}","invoice":"INV-{:06}","ms":{},"trace":"{:016x}"}}"#,
        at(moment),
        moment.pick(0, &LEVELS).to_lowercase(),
        moment.pick(1, &CUSTOMERS),
        below(moment, 2, 1_000_000),
        below(moment, 3, 2_000),
        moment.die(4)
    );
}

fn api_gateway(out: &mut String, moment: &Moment) {
    let _ = write!(
        out,
        r#"{{"requestId":"{}","ip":"203.0.113.{}","requestTime":"{}","httpMethod":"{}","resourcePath":"{}","status":"{}","protocol":"HTTP/1.1","responseLength":"{}","latency":"{}"}}"#,
        request_id(moment),
        below(moment, 0, 255),
        at(moment),
        moment.pick(1, &["GET", "GET", "GET", "POST", "PUT", "DELETE"]),
        moment.pick(2, &PATHS),
        moment.pick(3, &STATUSES),
        below(moment, 4, 40_000),
        below(moment, 5, 900)
    );
}

fn flow(out: &mut String, moment: &Moment) {
    let packets = 1 + below(moment, 4, 60);
    let end = moment.at / 1_000;
    let _ = write!(
        out,
        "2 123456789012 eni-0{:08x}{:08x} 10.0.{}.{} 198.51.100.{} {} 443 6 {packets} {} {} {end} {} OK",
        moment.seed >> 32,
        moment.seed & 0xffff_ffff,
        below(moment, 0, 4),
        below(moment, 1, 255),
        below(moment, 2, 255),
        32_768 + below(moment, 3, 28_000),
        packets * (52 + below(moment, 5, 1_400)),
        end - 60,
        moment.pick(6, &["ACCEPT", "ACCEPT", "ACCEPT", "ACCEPT", "REJECT"])
    );
}

fn postgres(out: &mut String, moment: &Moment) {
    let _ = write!(
        out,
        "{}:10.0.1.{}(52{:03}):app@shop:[{}]:",
        at(moment),
        below(moment, 0, 255),
        below(moment, 1, 999),
        100 + below(moment, 2, 900)
    );
    let _ = match below(moment, 3, 6) {
        0 => write!(
            out,
            "ERROR:  duplicate key value violates unique constraint \"orders_pkey\"\nDETAIL:  Key (id)=({}) already exists.",
            below(moment, 4, 90_000)
        ),
        1 => write!(out, "LOG:  checkpoint complete: wrote {} buffers", below(moment, 4, 9_000)),
        _ => write!(out, "LOG:  duration: {}.{:03} ms", below(moment, 4, 4_000), below(moment, 5, 1_000)),
    };
}

fn slow_query(out: &mut String, moment: &Moment) {
    let _ = write!(
        out,
        "# Time: {}\n# User@Host: app[app] @  [10.0.2.{}]  Id: {}\n# Query_time: {}.{:06}  Lock_time: 0.000021 Rows_sent: {}  \
         Rows_examined: {}\nSELECT o.id, o.total FROM orders o JOIN customers c ON c.id = o.customer WHERE c.name LIKE '%ß%';",
        at(moment),
        below(moment, 0, 255),
        below(moment, 1, 9_000),
        2 + below(moment, 2, 20),
        below(moment, 3, 1_000_000),
        below(moment, 4, 500),
        below(moment, 5, 2_000_000)
    );
}

fn trail(out: &mut String, moment: &Moment) {
    let _ = write!(
        out,
        r#"{{"eventVersion":"1.09","userIdentity":{{"type":"AssumedRole","principalId":"AROA{:08X}:deploy","accountId":"123456789012"}},"eventTime":"{}","eventSource":"{}","eventName":"{}","awsRegion":"eu-central-1","sourceIPAddress":"192.0.2.{}","userAgent":"aws-sdk-rust/1.3","requestID":"{}","readOnly":{},"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"123456789012"}}"#,
        hex(moment, 0),
        at(moment),
        moment.pick(1, &["s3.amazonaws.com", "sts.amazonaws.com", "ec2.amazonaws.com", "logs.amazonaws.com"]),
        moment.pick(2, &["GetBucketAcl", "AssumeRole", "DescribeInstances", "CreateExportTask", "PutObject"]),
        below(moment, 3, 255),
        request_id(moment),
        moment.die(4).is_multiple_of(2)
    );
}

fn kube(out: &mut String, moment: &Moment) {
    let _ = write!(
        out,
        "I1120 {:02}:{:02}:{:02}.{:06}      10 httplog.go:132] \"HTTP\" verb=\"{}\" \
         URI=\"/api/v1/namespaces/{}/pods?limit=500\" latency=\"{}.{:03}ms\" resp={}",
        moment.at / 3_600_000 % 24,
        moment.at / 60_000 % 60,
        moment.at / 1_000 % 60,
        below(moment, 0, 1_000_000),
        moment.pick(1, &["LIST", "GET", "WATCH", "PATCH"]),
        moment.pick(2, &["default", "kube-system", "shop", "payments"]),
        below(moment, 3, 90),
        below(moment, 4, 1_000),
        moment.pick(5, &STATUSES)
    );
}

fn resolver(out: &mut String, moment: &Moment) {
    let _ = write!(
        out,
        r#"{{"version":"1.100000","account_id":"123456789012","region":"eu-central-1","vpc_id":"vpc-0a1b2c3d4e5f60718","query_timestamp":"{}","query_name":"{}.internal.acme.example.","query_type":"{}","query_class":"IN","rcode":"{}","answers":[{{"Rdata":"10.0.3.{}","Type":"A","Class":"IN"}}],"srcaddr":"10.0.1.{}","srcport":"{}","transport":"UDP"}}"#,
        at(moment),
        moment.pick(0, &["orders", "payments", "search", "bücher", "cache-01"]),
        moment.pick(1, &["A", "AAAA", "TXT"]),
        moment.pick(2, &["NOERROR", "NOERROR", "NOERROR", "NXDOMAIN"]),
        below(moment, 3, 255),
        below(moment, 4, 255),
        30_000 + below(moment, 5, 30_000)
    );
}

fn build(out: &mut String, moment: &Moment) {
    let _ = match below(moment, 0, 4) {
        0 => write!(out, "[Container] {} Running command cargo test --workspace", at(moment)),
        1 => write!(
            out,
            "   Compiling shop-{} v0.{}.{}",
            moment.pick(1, &["core", "web", "search"]),
            below(moment, 2, 30),
            below(moment, 3, 9)
        ),
        2 => write!(out, "test cart::tests::case_{:03} ... ok", below(moment, 1, 999)),
        _ => write!(out, "\u{1b}[32m✓\u{1b}[0m step {} in {} ms", moment.index, below(moment, 1, 4_000)),
    };
}

fn nginx(out: &mut String, moment: &Moment) {
    let _ = write!(
        out,
        "198.51.100.{} - - [{}] \"GET {} HTTP/1.1\" {} {} \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\" {:.3}",
        below(moment, 0, 255),
        at(moment),
        moment.pick(1, &PATHS),
        moment.pick(2, &STATUSES),
        below(moment, 3, 90_000),
        f64::from(u16::try_from(below(moment, 4, 2_000)).unwrap_or_default()) / 1_000.0
    );
}

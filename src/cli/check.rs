//! Rules for single argument values. Each answers the value in its final type, or a sentence for the person who typed it.
//!
//! Pure: nothing is opened, resolved or looked up. Caller: `args`, as value parsers.

use std::net::SocketAddr;

use crate::domain::names::DestinationPrefix;

/// Delays are divided by the clock: below this a minute becomes hours and longer waits overflow what timers can hold.
const SLOWEST_CLOCK: f64 = 0.01;

/// At this speed a day passes in under a second; anything faster only makes every delay zero.
const FASTEST_CLOCK: f64 = 100_000.0;

/// `--listen`: an address with a port, on loopback only, because the sandbox verifies no signatures.
pub fn listen(typed: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        typed.parse().map_err(|_| "expected an address and a port, such as 127.0.0.1:4566".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the sandbox checks no signatures, so it listens on loopback only: use 127.0.0.1".to_owned())
    }
}

/// `--clock`: how many times faster than AWS.
pub fn clock(typed: &str) -> Result<f64, String> {
    let refusal = || format!("expected a number from {SLOWEST_CLOCK} to {FASTEST_CLOCK}");
    let clock: f64 = typed.parse().map_err(|_| refusal())?;
    // NaN and the infinities are in no range.
    (SLOWEST_CLOCK..=FASTEST_CLOCK).contains(&clock).then_some(clock).ok_or_else(refusal)
}

/// `--account`: twelve digits.
pub fn account(typed: &str) -> Result<String, String> {
    let fits = typed.len() == 12 && typed.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| typed.to_owned()).ok_or_else(|| "an account id is twelve digits".to_owned())
}

/// `--region`: the shape all Region codes of all partitions share: at least three parts in lower case, the last a number
/// (`eu-central-1`, `us-gov-west-1`, `us-iso-east-1`).
pub fn region(typed: &str) -> Result<String, String> {
    let parts: Vec<&str> = typed.split('-').collect();
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let fits = match parts.split_last() {
        Some((last, words)) => number(last) && words.len() >= 2 && words.iter().all(|part| word(part)),
        None => false,
    };
    fits.then(|| typed.to_owned()).ok_or_else(|| "expected a Region code such as eu-central-1".to_owned())
}

/// `--profile`: any name but none.
pub fn profile(typed: &str) -> Result<String, String> {
    let name = typed.trim();
    (!name.is_empty()).then(|| name.to_owned()).ok_or_else(|| "a profile name is needed".to_owned())
}

/// `--endpoint-url`: `http` or `https`, a host, and no credentials or query in it.
pub fn endpoint_url(typed: &str) -> Result<String, String> {
    let refusal = || "expected a URL such as http://127.0.0.1:4566 or https://logs.example.com".to_owned();
    let uri: http::Uri = typed.parse().map_err(|_| refusal())?;
    let fits = matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.authority().is_some_and(|authority| !authority.host().is_empty() && !authority.as_str().contains('@'))
        && uri.query().is_none();
    fits.then(|| typed.trim_end_matches('/').to_owned()).ok_or_else(refusal)
}

/// `--prefix`: policies are asked about the prefix AWS would be given.
pub fn prefix(typed: &str) -> Result<DestinationPrefix, String> {
    if typed.contains(['{', '}']) {
        return Err("give the prefix as it comes out, without fields in braces".to_owned());
    }
    DestinationPrefix::parse(typed).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_loopback_can_be_listened_on() {
        assert_eq!(listen("127.0.0.1:0").unwrap().port(), 0);
        assert!(listen("[::1]:4566").is_ok());
        for wrong in ["0.0.0.0:80", "192.168.1.4:80", "[::]:80"] {
            assert!(listen(wrong).unwrap_err().contains("loopback"), "{wrong}");
        }
        for wrong in ["127.0.0.1", "localhost:80", "", "127.0.0.1:70000"] {
            assert!(listen(wrong).unwrap_err().contains("port"), "{wrong}");
        }
    }

    #[test]
    fn a_clock_is_a_sane_positive_number() {
        assert!((clock("60").unwrap() - 60.0).abs() < f64::EPSILON);
        assert!(clock("0.5").is_ok());
        for wrong in ["0", "-1", "nan", "inf", "-inf", "1e300", "1e-300", "fast", ""] {
            assert!(clock(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_account_is_twelve_digits() {
        assert_eq!(account("123456789012").unwrap(), "123456789012");
        for wrong in ["12345678901", "1234567890123", "12345678901a", "", "１２３４"] {
            assert!(account(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn region_codes_of_every_partition_pass() {
        for right in ["us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-north-1", "us-isob-east-1", "eusc-de-east-1"]
        {
            assert!(region(right).is_ok(), "{right}");
        }
        for wrong in ["", "mars", "us-east", "US-EAST-1", "us--1", "eu-central-1a", "eu central 1", "a-1", "us-east-"] {
            assert!(region(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_endpoint_is_an_http_url_without_secrets() {
        assert_eq!(endpoint_url("http://127.0.0.1:4566/").unwrap(), "http://127.0.0.1:4566");
        assert!(endpoint_url("https://vpce-1.logs.eu-central-1.vpce.amazonaws.com").is_ok());
        for wrong in ["ftp://host", "127.0.0.1:4566", "http://", "http://user:pass@host", "http://host/?a=b", "", "/x"]
        {
            assert!(endpoint_url(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_rule_panic(typed: String) {
            let _ = (listen(&typed), clock(&typed), account(&typed), region(&typed), profile(&typed), endpoint_url(&typed));
        }
    }
}

//! Next tokens: opaque to clients, stateless for us. A token is a letter for the listing it belongs to and the place
//! to go on from, in hexadecimal, so that any name survives in it.

use std::fmt::Write as _;

use super::answer::ServiceError;

/// The token of the listing `kind` that goes on after `place`.
pub(super) fn encode(kind: char, place: &str) -> String {
    place.bytes().fold(String::from(kind), |mut token, byte| {
        let _ = write!(token, "{byte:02x}"); // Writing into a String cannot fail.
        token
    })
}

/// The place in `token`, if it was handed out by the listing `kind`.
pub(super) fn decode(kind: char, token: &str) -> Result<String, ServiceError> {
    let digits = token
        .strip_prefix(kind)
        .filter(|digits| digits.len() % 2 == 0 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let bytes = digits.and_then(|digits| {
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
    });
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(ServiceError::bad_token)
}

/// [`decode`] of a token that may not have been given.
pub(super) fn decode_optional(kind: char, token: Option<&str>) -> Result<Option<String>, ServiceError> {
    token.map(|token| decode(kind, token)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_gives_back_its_place_and_only_to_its_own_listing() {
        for place in ["", "/aws/lambda/größe-日本-🦀", "2026/11/20/[$LATEST]0f"] {
            let token = encode('g', place);
            assert_eq!(decode('g', &token).as_deref(), Ok(place));
            assert_eq!(decode('s', &token), Err(ServiceError::bad_token()));
        }
    }

    #[test]
    fn garbage_is_refused() {
        for garbage in ["", "g1", "gzz", "g+1", "gffff", "gäöü", "next"] {
            assert_eq!(decode('g', garbage), Err(ServiceError::bad_token()), "{garbage}");
        }
    }
}

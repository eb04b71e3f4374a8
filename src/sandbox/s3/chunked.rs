//! The `aws-chunked` content encoding: how the SDKs send bodies whose checksum follows in a trailer.
//!
//! Chunk signatures are not verified, like all signatures here.

use bytes::{Buf, Bytes, BytesMut};

/// A decoded body and the trailers that followed it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub body: Bytes,
    pub trailers: Vec<(String, String)>,
}

/// Decodes a whole body; `None` if it is not aws-chunked or breaks off.
pub(super) fn decode(mut rest: Bytes) -> Option<Decoded> {
    let mut body = BytesMut::new();
    loop {
        let head = line(&mut rest)?;
        // `1a2b` or `1a2b;chunk-signature=...`
        let size = usize::from_str_radix(head.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(Decoded { body: body.freeze(), trailers: trailers(rest) });
        }
        if rest.len() < size {
            return None;
        }
        body.extend_from_slice(&rest.split_to(size));
        line(&mut rest).filter(String::is_empty)?;
    }
}

fn trailers(mut rest: Bytes) -> Vec<(String, String)> {
    std::iter::from_fn(|| line(&mut rest).filter(|text| !text.is_empty()))
        .filter_map(|text| {
            let (name, value) = text.split_once(':')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// Takes a line off the front. AWS's own clients end lines with CRLF; some end the last with LF or not at all.
fn line(rest: &mut Bytes) -> Option<String> {
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let text = std::str::from_utf8(&rest.split_to(end)).ok()?.trim_end_matches('\r').to_owned();
    rest.advance(usize::from(!rest.is_empty()));
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &'static str) -> Option<Decoded> {
        decode(Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn chunks_are_joined_and_trailers_kept() {
        let found =
            decoded("5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n").expect("decodes");
        assert_eq!(found.body, "hello world");
        assert_eq!(found.trailers, [("x-amz-checksum-crc32".to_owned(), "DUoRhQ==".to_owned())]);
    }

    #[test]
    fn chunk_signatures_and_line_ends_inside_a_chunk_do_not_matter() {
        let found = decoded("4;chunk-signature=ab\r\na\r\nb\r\n0;chunk-signature=cd\r\n\r\n").expect("decodes");
        assert_eq!(found.body, "a\r\nb");
        assert_eq!(found.trailers, []);
    }

    #[test]
    fn a_body_that_breaks_off_or_is_not_chunked_is_refused() {
        for text in ["", "5\r\nhel", "zz\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "3\r\nabc\r\n"] {
            assert_eq!(decoded(text), None, "{text:?}");
        }
    }
}

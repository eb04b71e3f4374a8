//! XML as lifecycle configurations need it: a tree whose elements know where in the text they stand.
//!
//! Nothing is written from the tree: what is kept is the text itself, so that what nobody here has heard of stays as it is.

use std::fmt;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use thiserror::Error;

/// Deeper than S3's own schema goes by far: what is deeper is no configuration.
const DEEPEST: usize = 32;

/// Why a text cannot be read as XML.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the lifecycle configuration cannot be read: {what}, at byte {at}")]
pub struct XmlError {
    /// What is wrong.
    pub what: String,
    /// Where, counted from 0.
    pub at: usize,
}

impl XmlError {
    fn new(at: usize, what: impl Into<String>) -> Self {
        Self { what: what.into(), at }
    }
}

/// An element and everything in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name as it is written, with a namespace's prefix if it has one.
    pub name: String,
    /// From `<` of its start tag to behind `>` of its end tag.
    pub at: Range<usize>,
    /// What is between its tags; `None` of an element that is one tag (`<Filter/>`).
    pub inner: Option<Range<usize>>,
    /// The text directly in it, references resolved.
    pub text: String,
    /// The elements directly in it.
    pub children: Vec<Element>,
}

impl Element {
    /// The first element of that name directly in it.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element of that name.
    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// What it says, whatever the order and spacing it is written in: two elements of one essence mean the same to S3.
    pub fn essence(&self) -> String {
        let text = if self.children.is_empty() { self.text.as_str() } else { self.text.trim() };
        let mut children: Vec<String> = self.children.iter().map(Self::essence).collect();
        children.sort_unstable();
        format!("{:?}{text:?}({})", self.name, children.concat())
    }

    /// Its lines for people, two spaces a level: tags as they stand in `source`.
    pub fn lines(&self, source: &str, depth: usize, lines: &mut Vec<String>) {
        let whole = source.get(self.at.clone()).unwrap_or_default();
        let indent = "  ".repeat(depth);
        let Some(inner) = self.inner.as_ref().filter(|_| !self.children.is_empty()) else {
            lines.push(format!("{indent}{whole}"));
            return;
        };
        lines.push(format!("{indent}{}", source.get(self.at.start..inner.start).unwrap_or_default()));
        self.children.iter().for_each(|child| child.lines(source, depth + 1, lines));
        lines.push(format!("{indent}{}", source.get(inner.end..self.at.end).unwrap_or_default()));
    }
}

/// The root element of `text`.
pub(super) fn read(text: &str) -> Result<Element, XmlError> {
    let mut reader = Reader::from_str(text);
    let mut tree = Tree::default();
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| XmlError::new(position(&reader), error.to_string()))?;
        let span = start..position(&reader);
        match event {
            Event::Start(tag) => tree.open(&tag, span)?,
            Event::Empty(tag) => tree.whole(&tag, span)?,
            Event::End(_) => tree.close(span)?,
            Event::Text(written) => tree.text(&written.decode().map_err(|error| wrong(&span, &error))?, &span)?,
            Event::CData(written) => tree.text(&written.decode().map_err(|error| wrong(&span, &error))?, &span)?,
            Event::GeneralRef(reference) => tree.text(&resolved(&reference, &span)?, &span)?,
            Event::DocType(_) => return Err(XmlError::new(span.start, "it has a document type")),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return tree.end(span.start),
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn wrong(span: &Range<usize>, error: &impl fmt::Display) -> XmlError {
    XmlError::new(span.start, error.to_string())
}

/// `&amp;`, `&#228;`: what such a reference stands for.
fn resolved(reference: &BytesRef<'_>, span: &Range<usize>) -> Result<String, XmlError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| wrong(span, &error))? {
        return Ok(character.to_string());
    }
    let name = reference.decode().map_err(|error| wrong(span, &error))?;
    let text = resolve_predefined_entity(&name);
    text.map(str::to_owned).ok_or_else(|| XmlError::new(span.start, format!("&{name}; is no entity of XML")))
}

/// Elements that have begun and not ended, and the root once it has.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree {
    fn open(&mut self, tag: &BytesStart<'_>, span: Range<usize>) -> Result<(), XmlError> {
        if self.open.len() == DEEPEST {
            return Err(XmlError::new(span.start, "elements are nested too deep"));
        }
        let inner = Some(span.end..span.end);
        self.open.push(Element { inner, ..element(tag, span)? });
        Ok(())
    }

    fn whole(&mut self, tag: &BytesStart<'_>, span: Range<usize>) -> Result<(), XmlError> {
        let element = element(tag, span)?;
        self.place(element)
    }

    /// The reader has seen to it that the names of the tags agree.
    fn close(&mut self, span: Range<usize>) -> Result<(), XmlError> {
        let Some(mut element) = self.open.pop() else {
            return Err(XmlError::new(span.start, "an element ends that has not begun"));
        };
        element.at.end = span.end;
        element.inner = element.inner.map(|inner| inner.start..span.start);
        self.place(element)
    }

    fn place(&mut self, element: Element) -> Result<(), XmlError> {
        match (self.open.last_mut(), &self.root) {
            (Some(parent), _) => parent.children.push(element),
            (None, None) => self.root = Some(element),
            (None, Some(_)) => return Err(XmlError::new(element.at.start, "there are two roots")),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, span: &Range<usize>) -> Result<(), XmlError> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(XmlError::new(span.start, "there is text outside of every element")),
        }
        Ok(())
    }

    fn end(self, at: usize) -> Result<Element, XmlError> {
        match (self.open.last(), self.root) {
            (Some(element), _) => Err(XmlError::new(at, format!("{} does not end", element.name))),
            (None, Some(root)) => Ok(root),
            (None, None) => Err(XmlError::new(at, "there is no element in it")),
        }
    }
}

fn element(tag: &BytesStart<'_>, at: Range<usize>) -> Result<Element, XmlError> {
    let name = str::from_utf8(tag.name().into_inner()).map_err(|error| wrong(&at, &error))?.to_owned();
    Ok(Element { name, at, inner: None, text: String::new(), children: Vec::new() })
}

/// `text` as it may stand between tags.
pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn an_element_knows_its_place_and_its_text() {
        let text = "<?xml version=\"1.0\"?>\n<!-- c --><A x='1'> <B>1 &lt; 2 &#228;<![CDATA[ & ]]></B><C/></A>\n";
        let root = read(text).unwrap();
        assert_eq!((root.name.as_str(), &text[root.at.clone()][..3]), ("A", "<A "));
        let inner = root.inner.clone().unwrap();
        assert_eq!(&text[inner], " <B>1 &lt; 2 &#228;<![CDATA[ & ]]></B><C/>");
        assert_eq!(root.child_text("B"), Some("1 < 2 ä & "));
        assert_eq!(root.child("C").map(|c| (c.inner.clone(), &text[c.at.clone()])), Some((None, "<C/>")));
    }

    #[test]
    fn what_is_no_such_text_is_told() {
        assert!(error("").contains("there is no element in it, at byte 0"), "{}", error(""));
        assert!(error("<A>").contains("A does not end"));
        assert!(error("<A/><B/>").contains("there are two roots, at byte 4"));
        assert!(error("<A/>x").contains("outside of every element"));
        assert!(error("<!DOCTYPE a [<!ENTITY x 'y'>]><A/>").contains("document type"));
        assert!(error("<A>&x;</A>").contains("&x; is no entity of XML"));
        assert!(error("<A></B>").contains("at byte"));
        assert!(error(&"<A>".repeat(100)).contains("too deep"));
    }

    #[test]
    fn the_essence_is_the_same_in_any_order_and_spacing() {
        let essence = |text: &str| read(text).unwrap().essence();
        assert_eq!(essence("<A><B>1</B><C/></A>"), essence("<A>\n  <C></C>\n  <B><![CDATA[1]]></B>\n</A>"));
        for other in ["<A><B>1</B></A>", "<A><B>1 </B><C/></A>", "<A><B>2</B><C/></A>", "<A><C/><C/><B>1</B></A>"] {
            assert_ne!(essence("<A><B>1</B><C/></A>"), essence(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[<>/A-C&;#x0-9 !\\-\\[\\]?ä]{0,40}") {
            if let Ok(root) = read(&text) {
                prop_assert!(text.get(root.at.clone()).is_some());
                root.lines(&text, 0, &mut Vec::new());
            }
        }

        #[test]
        fn what_is_escaped_reads_back(text in "[ -~äß€\n]{0,40}") {
            let xml = format!("<A>{}</A>", escaped(&text));
            prop_assert_eq!(&read(&xml).unwrap().text, &text);
        }
    }
}

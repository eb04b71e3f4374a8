//! The README's demo, recorded from the real binary in a pseudo-terminal: from the first start to a completed export.
//!
//! It runs with every test, so that what the README shows can be done; `LOGFERRY_RECORD=1 cargo test --test pty demo` writes it to
//! `assets/demo.svg`. A frame is taken when the screen has what is waited for and stays as long as the script says, however long
//! the machine took: two recordings differ only in dates and ids.

use std::fs;
use std::path::{Path, PathBuf};

mod film;
mod script;
mod svg;

/// Where the README looks for it.
const ASSET: &str = "assets/demo.svg";

#[test]
fn the_demo_can_be_recorded() {
    let film = script::record();
    let picture = svg::animate(&film);
    well_formed(&picture);
    for text in ["/ecs/shop-web", "acme-log-exports", "Completed"] {
        assert!(picture.contains(text), "no frame shows {text}");
    }
    if std::env::var_os("LOGFERRY_RECORD").is_some() {
        fs::write(asset(), picture).expect("the demo is written");
    }
}

#[test]
fn the_readme_opens_with_the_demo() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    let opening = readme.split("\n## ").next().expect("it begins with something");
    assert!(opening.contains(ASSET), "README.md does not show {ASSET} before its first chapter");
    let picture = fs::read_to_string(asset()).expect("the demo");
    well_formed(&picture);
    assert!(picture.contains("Completed"), "{ASSET} shows no completed export");
}

fn asset() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(ASSET)
}

/// A browser shows nothing at all of an SVG that is not XML.
fn well_formed(picture: &str) {
    let mut reader = quick_xml::Reader::from_str(picture);
    reader.config_mut().check_end_names = true;
    while !matches!(reader.read_event().expect("well-formed XML"), quick_xml::events::Event::Eof) {}
}

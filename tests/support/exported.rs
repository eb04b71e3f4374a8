//! Reading exported objects back.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// Every line of the gzip files under `directory`, sorted: order within and across files is not guaranteed.
pub fn lines_under(directory: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    collect(directory, &mut lines);
    lines.sort();
    lines
}

fn collect(directory: &Path, lines: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display())) {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            collect(&path, lines);
        } else if path.extension().is_some_and(|extension| extension == "gz") {
            let file = fs::File::open(&path).expect("the download can be opened");
            let mut text = String::new();
            MultiGzDecoder::new(file).read_to_string(&mut text).expect("gzip of UTF-8");
            lines.extend(text.lines().map(str::to_owned));
        }
    }
}

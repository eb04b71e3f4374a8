//! Finds the paths written in a Rust file: in `use` trees and in the middle of code, with their lines.
//!
//! A small scanner, not a parser: it knows comments, literals, `use` trees, inline modules and `#[cfg(test)]`. That is all the
//! rules need, and it takes no dependency.

/// A path as it is written, made absolute: it begins with `crate` or with the name of a crate (or of something local).
#[derive(Debug)]
pub struct Path {
    pub line: usize,
    pub segments: Vec<String>,
    /// Whether it stands in a `#[cfg(test)]` module or in a file of tests.
    pub in_test: bool,
}

/// A word, `::`, or one character that is neither.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Separator,
    Other(char),
}

/// A file cut into tokens.
pub struct Source {
    module: Vec<String>,
    test_file: bool,
    tokens: Vec<(usize, Token)>,
}

/// An inline module that is open at some point of a file.
struct Open {
    depth: usize,
    test: bool,
}

impl Source {
    /// Cuts up `text`, the file `file` under `src`.
    pub fn read(file: &str, text: &str) -> Self {
        let stem = file.trim_end_matches(".rs");
        let mut module: Vec<String> = stem.split('/').map(str::to_owned).collect();
        module.pop_if(|last| ["mod", "lib", "main"].contains(&last.as_str()));
        let test_file = module.iter().any(|part| part == "tests");
        Self { module, test_file, tokens: tokens(&blank(text)) }
    }

    /// Every path of the file.
    pub fn paths(&self) -> Vec<Path> {
        let mut found = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut depth = 0;
        let mut at = 0;
        let mut module = self.module.clone();
        while at < self.tokens.len() {
            let in_test = self.test_file || open.iter().any(|outer| outer.test);
            let mut keep = |(line, segments): (usize, Vec<String>)| {
                if let Some(segments) = absolute(&module, segments) {
                    found.push(Path { line, segments, in_test });
                }
            };
            match &self.tokens[at].1 {
                // `use<…>` names what an `impl Trait` captures.
                Token::Word(word) if word == "use" && !self.is(at + 1, &Token::Other('<')) => {
                    let (paths, after) = self.use_tree(at + 1, &[]);
                    paths.into_iter().for_each(&mut keep);
                    at = after;
                }
                Token::Word(word) if word == "mod" && self.is(at + 2, &Token::Other('{')) => {
                    open.push(Open { depth, test: self.is_marked_test(at) });
                    module.extend(self.word(at + 1));
                    depth += 1;
                    at += 3;
                }
                Token::Word(_) => {
                    let (path, after) = self.inline_path(at);
                    if path.1.len() > 1 {
                        keep(path);
                    }
                    at = after;
                }
                Token::Other('{') => {
                    depth += 1;
                    at += 1;
                }
                Token::Other('}') => {
                    depth = depth.saturating_sub(1);
                    if open.pop_if(|innermost| innermost.depth == depth).is_some() {
                        module.pop();
                    }
                    at += 1;
                }
                Token::Separator | Token::Other(_) => at += 1,
            }
        }
        found
    }

    fn is(&self, at: usize, token: &Token) -> bool {
        self.tokens.get(at).is_some_and(|(_, there)| there == token)
    }

    fn word(&self, at: usize) -> Option<String> {
        match self.tokens.get(at) {
            Some((_, Token::Word(word))) => Some(word.clone()),
            _ => None,
        }
    }

    /// Whether `#[cfg(test)]` stands before the item at `at` (its `pub` aside).
    fn is_marked_test(&self, at: usize) -> bool {
        let start = if at > 0 && self.word(at - 1).as_deref() == Some("pub") { at - 1 } else { at };
        let marks: String = self.tokens[start.saturating_sub(7)..start]
            .iter()
            .map(|(_, token)| match token {
                Token::Word(word) => word.clone(),
                Token::Separator => "::".to_owned(),
                Token::Other(c) => c.to_string(),
            })
            .collect();
        marks == "#[cfg(test)]"
    }

    /// `a::b::c` from `at` on; answers it and where it ends.
    fn inline_path(&self, at: usize) -> ((usize, Vec<String>), usize) {
        let line = self.tokens[at].0;
        let mut segments: Vec<String> = self.word(at).into_iter().collect();
        let mut end = at + 1;
        while self.is(end, &Token::Separator) {
            let Some(next) = self.word(end + 1) else { break };
            segments.push(next);
            end += 2;
        }
        ((line, segments), end)
    }

    /// The paths of a `use` tree that begins at `at` under `prefix`; answers them and where the tree ends.
    fn use_tree(&self, mut at: usize, prefix: &[String]) -> (Vec<(usize, Vec<String>)>, usize) {
        let mut path = prefix.to_vec();
        let mut line = self.tokens.get(at).map_or(0, |(line, _)| *line);
        while let Some((here, token)) = self.tokens.get(at) {
            match token {
                // The word behind `as` is a local name, not part of the path.
                Token::Word(word) if word == "as" => at += 1,
                Token::Word(word) => {
                    path.push(word.clone());
                    line = *here;
                }
                Token::Other('{') => return self.use_group(at + 1, &path),
                Token::Other(',' | '}' | ';') => break,
                Token::Separator | Token::Other(_) => {}
            }
            at += 1;
        }
        (vec![(line, path)], at)
    }

    /// The trees between braces, up to the closing one.
    fn use_group(&self, mut at: usize, prefix: &[String]) -> (Vec<(usize, Vec<String>)>, usize) {
        let mut found = Vec::new();
        while at < self.tokens.len() {
            if self.is(at, &Token::Other('}')) {
                return (found, at + 1);
            }
            if self.is(at, &Token::Other(',')) {
                at += 1;
                continue;
            }
            let (paths, after) = self.use_tree(at, prefix);
            found.extend(paths);
            at = after;
        }
        (found, at)
    }
}

/// `segments` seen from `module`: `self` and `super` resolved, our own crate's name read as `crate`, `self` at the end of a group
/// dropped. Nothing for a path that names only the module itself.
fn absolute(module: &[String], segments: Vec<String>) -> Option<Vec<String>> {
    let ups = segments.iter().take_while(|segment| *segment == "super" || *segment == "self").count();
    let mut path = match segments.first()?.as_str() {
        "logferry" => [vec!["crate".to_owned()], segments[1..].to_vec()].concat(),
        "self" | "super" => {
            let supers = segments[..ups].iter().filter(|segment| *segment == "super").count();
            let base = &module[..module.len().saturating_sub(supers)];
            [&["crate".to_owned()], base, &segments[ups..]].concat()
        }
        _ => segments,
    };
    path.pop_if(|last| last == "self");
    Some(path)
}

fn tokens(blanked: &str) -> Vec<(usize, Token)> {
    let mut found = Vec::new();
    for (index, line) in blanked.lines().enumerate() {
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let token = if c.is_alphanumeric() || c == '_' {
                let mut word = c.to_string();
                while let Some(more) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(more);
                }
                Token::Word(word)
            } else if c == ':' && chars.next_if_eq(&':').is_some() {
                Token::Separator
            } else if c.is_whitespace() {
                continue;
            } else {
                Token::Other(c)
            };
            found.push((index + 1, token));
        }
    }
    found
}

/// `text` with comments and literals replaced by spaces; lines stay where they are.
fn blank(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some(c) = rest.chars().next() {
        let length = literal_length(rest, out.chars().next_back());
        let (taken, blanked) = if length == 0 { (c.len_utf8(), false) } else { (length, true) };
        let piece = &rest[..taken];
        if blanked {
            out.extend(piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        } else {
            out.push(c);
        }
        rest = &rest[taken..];
    }
    out
}

/// The length of the comment or literal that `text` begins with; 0 if it begins with neither. `before` is the character in front.
fn literal_length(text: &str, before: Option<char>) -> usize {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return block_comment_length(text);
    }
    if text.starts_with('"') {
        return quoted_length(text, '"');
    }
    if text.starts_with('r') && !in_word {
        return raw_string_length(text);
    }
    if text.starts_with('\'') {
        return character_length(text);
    }
    0
}

fn block_comment_length(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Up to the closing quote that no backslash stands before.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `r"…"` and `r#"…"#`; 0 for a word that only begins with r, and for `r#raw` names.
fn raw_string_length(text: &str) -> usize {
    let hashes = text[1..].chars().take_while(|c| *c == '#').count();
    let body = 1 + hashes;
    if !text[body..].starts_with('"') {
        return 0;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    text[body + 1..].find(&close).map_or(text.len(), |at| body + 1 + at + close.len())
}

/// `'x'` and `'\n'`; 0 for a lifetime.
fn character_length(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => quoted_length(text, '\''),
        (Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}

//! The picture in `src/lib.rs`, as data, and the one function that compares a path with it.

/// What is said of a file without a header.
pub const HEADER: &str = "a file opens with `//! ` and its job, what it must not do, and who calls it";

/// A floor of the house: a directory under `src`, and the others it may look at.
struct Floor {
    name: &'static str,
    may_use: &'static [&'static str],
}

/// From the ground up.
const FLOORS: &[Floor] = &[
    Floor { name: "domain", may_use: &[] },
    Floor { name: "aws", may_use: &["domain"] },
    Floor { name: "ledger", may_use: &["domain"] },
    Floor { name: "config", may_use: &["domain"] },
    Floor { name: "export", may_use: &["domain", "aws", "ledger", "config"] },
    Floor { name: "tui", may_use: &["domain", "aws", "ledger", "config", "export"] },
    Floor { name: "cli", may_use: &["domain", "aws", "ledger", "config", "export", "sandbox", "tui"] },
    Floor { name: "sandbox", may_use: &["domain"] },
    Floor { name: "main", may_use: &["cli", "tui", "sandbox"] },
    // The map itself: it declares the floors and does nothing.
    Floor { name: "lib", may_use: &[] },
];

/// What `cli` and `main` may name of `tui`: its entry.
const INTERFACE_ENTRY: &[&str] = &["run", "RunOptions", "EndedBySignal"];

/// Crates that belong to some floors alone: a name, or the beginning of one up to `*`.
const OWNED_CRATES: &[(&str, &[&str])] = &[
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("tui_input", &["tui"]),
    ("aws_*", &["aws"]),
    ("s3s", &["sandbox"]),
    ("rusqlite", &["ledger"]),
    ("clap", &["cli"]),
    ("color_eyre", &["cli", "tui", "main"]),
];

/// What `domain` may not touch: runtimes and everything of `std` that reaches outside.
const IMPURE: &[&[&str]] = &[
    &["tokio"],
    &["tokio_util"],
    &["hyper"],
    &["hyper_util"],
    &["tracing"],
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
    &["std", "thread"],
];

/// Types whose `now` reads a clock: whoever needs "now" passes it in to `domain`.
const CLOCKS: &[&str] = &["SystemTime", "Instant", "Utc", "Local"];

/// The floor a file under `src` belongs to: its directory, or its own name at the top.
pub fn floor_of(file: &str) -> &str {
    match file.split_once('/') {
        Some((directory, _)) => directory,
        None => file.trim_end_matches(".rs"),
    }
}

/// The rule that naming `path` on `floor` breaks. `path` begins with `crate` or the name of a crate.
pub fn broken_by(floor: &str, path: &[String], in_test: bool) -> Option<String> {
    let segments: Vec<&str> = path.iter().map(String::as_str).collect();
    if floor == "domain"
        && let Some(rule) = impure(&segments)
    {
        return Some(rule);
    }
    match segments.as_slice() {
        ["crate", other, rest @ ..] => broken_inside(floor, other, rest, in_test),
        [first, ..] => broken_outside(floor, first),
        [] => None,
    }
}

fn impure(path: &[&str]) -> Option<String> {
    if let Some(outside) = IMPURE.iter().find(|outside| path.starts_with(outside)) {
        return Some(format!("domain/ is pure: no `{}`", outside.join("::")));
    }
    let reads_clock = path.windows(2).any(|pair| CLOCKS.contains(&pair[0]) && pair[1] == "now");
    reads_clock.then(|| "domain/ is pure: whoever needs \"now\" passes it in".to_owned())
}

fn broken_inside(floor: &str, other: &str, rest: &[&str], in_test: bool) -> Option<String> {
    let Some(here) = FLOORS.iter().find(|known| known.name == floor) else {
        return Some(format!("{floor}/ is not in the picture: draw it in src/lib.rs and add it to FLOORS"));
    };
    if other == floor {
        return None;
    }
    let tests_on_the_sandbox = other == "sandbox" && in_test && floor != "domain";
    if !here.may_use.contains(&other) && !tests_on_the_sandbox {
        return Some(format!("{floor}/ may use {:?} of the house, not {other}/", here.may_use));
    }
    let past_the_entry = rest.first().is_some_and(|item| *item != "self" && !INTERFACE_ENTRY.contains(item));
    (other == "tui" && past_the_entry).then(|| format!("{floor}/ knows only the entry of tui/: {INTERFACE_ENTRY:?}"))
}

fn broken_outside(floor: &str, name: &str) -> Option<String> {
    let (owned, owners) = OWNED_CRATES.iter().find(|(pattern, _)| match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == *pattern,
    })?;
    (!owners.contains(&floor)).then(|| {
        let owners: Vec<String> = owners.iter().map(|owner| format!("{owner}/")).collect();
        format!("`{owned}` belongs to {} alone, this is {floor}/", owners.join(", "))
    })
}

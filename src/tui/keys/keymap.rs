//! The keys as the operator has them: the table's own, and what the configuration file puts in their place.
//!
//! Keys that mean the same in every program (Enter, Esc, Tab, the arrows and their like) stay, and so do those that hold
//! while one types, where letters are text. Whatever else an action has is replaced.

use crossterm::event::{KeyCode, KeyModifiers};

use super::{Binding, Context, DuplicateKey, Key, bindings, check};
use crate::config::KeySetting;
use crate::domain::nearest::nearest;
use crate::domain::toml_source::LineError;

/// The keys of each action that was given others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap(Vec<Changed>);

/// An action with keys of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Changed {
    action: &'static str,
    keys: Vec<Key>,
    line: Option<usize>,
}

impl Keymap {
    /// The keys that `settings` ask for.
    ///
    /// # Errors
    /// All that is wrong with them: actions and keys that do not exist, keys that would mean two things at once.
    pub fn read(settings: &[KeySetting]) -> Result<Self, Vec<LineError>> {
        let (mut map, mut errors) = (Self::default(), Vec::new());
        for setting in settings {
            match changed(setting) {
                Ok(changed) => map.0.push(changed),
                Err(message) => errors.push(LineError { line: setting.line, message }),
            }
        }
        if errors.is_empty()
            && let Err(clash) = check(&bindings().collect::<Vec<_>>(), &map)
        {
            errors.push(map.tell(&clash));
        }
        if errors.is_empty() { Ok(map) } else { Err(errors) }
    }

    /// The keys of `binding`.
    pub fn of(&self, binding: &Binding) -> Vec<Key> {
        let changed = self.of_action(binding).filter(|_| binding.is_configurable());
        let Some(changed) = changed else { return binding.keys.to_vec() };
        let kept = binding.keys.iter().copied().filter(|key| key.is_fixed());
        kept.chain(changed.keys.iter().copied()).collect()
    }

    fn of_action(&self, binding: &Binding) -> Option<&Changed> {
        let name = binding.action.name()?;
        self.0.iter().find(|changed| changed.action == name)
    }

    /// A key that would mean two things, told at the line that asks for it.
    fn tell(&self, clash: &DuplicateKey) -> LineError {
        let lines = [clash.first, clash.second].map(|binding| self.of_action(binding).and_then(|changed| changed.line));
        let name = |binding: &Binding| format!("{} ({})", binding.action.name().unwrap_or_default(), binding.help);
        let message = format!(
            "the key {} would mean two things on one screen: {}, and {}",
            clash.key,
            name(clash.first),
            name(clash.second)
        );
        LineError { line: lines.into_iter().flatten().max(), message }
    }
}

fn changed(setting: &KeySetting) -> Result<Changed, String> {
    let KeySetting { action: name, keys, line } = setting;
    let Some(action) = configurable().find(|known| known == name) else {
        let hint = nearest(name, configurable()).map(|near| format!("did you mean {near}?"));
        let hint = hint.unwrap_or_else(|| "`logferry config template` lists them all".to_owned());
        return Err(format!("no action {name:?} has a key that can be chosen: {hint}"));
    };
    let keys = keys.iter().map(|key| Key::parse(key).map_err(|hint| format!("{name} is {key:?}: {hint}")));
    Ok(Changed { action, keys: keys.collect::<Result<_, _>>()?, line: *line })
}

/// The actions that can be given other keys; one may come several times.
fn configurable() -> impl Iterator<Item = &'static str> {
    bindings().filter(|binding| binding.is_configurable()).filter_map(|binding| binding.action.name())
}

impl Binding {
    /// Whether it can be given other keys.
    fn is_configurable(&self) -> bool {
        let takes_text = matches!(
            self.context,
            Context::Always
                | Context::Filter
                | Context::Form
                | Context::Picker
                | Context::Palette
                | Context::Help
                | Context::Sheet
                | Context::Creation
                | Context::AddLane
                | Context::Prompt
                | Context::Download
        );
        !takes_text && self.keys.iter().any(|key| !key.is_fixed())
    }
}

/// What is said of text that names no key.
const NO_KEY: &str = "a key is one character, \"Space\", \"F2\" to \"F12\", \"Ctrl-\" and a letter or \"Space\", or \"Alt-\" and a character";

impl Key {
    /// Whether it means the same everywhere, and is nobody's to choose.
    fn is_fixed(self) -> bool {
        match self.0 {
            KeyCode::Char(code) => code == 'c' && self.1.contains(KeyModifiers::CONTROL),
            KeyCode::F(number) => number == 1,
            _ => true,
        }
    }

    /// The key of this name, or what a name may be.
    fn parse(name: &str) -> Result<Self, String> {
        let one = |text: &str| {
            let mut chars = text.chars();
            chars.next().filter(|first| chars.next().is_none() && !first.is_control())
        };
        let key = match name.split_once('-').filter(|(_, rest)| !rest.is_empty()) {
            _ if name == "Space" => Self(KeyCode::Char(' '), KeyModifiers::NONE),
            Some(("Ctrl", "Space")) => Self(KeyCode::Char(' '), KeyModifiers::CONTROL),
            Some(("Ctrl", rest)) => {
                let letter = one(rest).filter(char::is_ascii_alphabetic).ok_or(NO_KEY)?.to_ascii_lowercase();
                if matches!(letter, 'h' | 'i' | 'j' | 'm') {
                    return Err("terminals send the same for it and for Backspace, Tab or Enter".to_owned());
                }
                Self(KeyCode::Char(letter), KeyModifiers::CONTROL)
            }
            Some(("Alt", rest)) => Self(KeyCode::Char(one(rest).ok_or(NO_KEY)?), KeyModifiers::ALT),
            Some(_) | None => match (one(name), name.strip_prefix('F').and_then(|number| number.parse().ok())) {
                (Some(character), _) => Self(KeyCode::Char(character), KeyModifiers::NONE),
                (None, Some(number @ 1..=12)) => Self(KeyCode::F(number), KeyModifiers::NONE),
                (None, _) => return Err(NO_KEY.to_owned()),
            },
        };
        if key.is_fixed() { Err("it means the same everywhere, and cannot be given away".to_owned()) } else { Ok(key) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, TEMPLATE};

    fn read(text: &str) -> Result<Keymap, Vec<LineError>> {
        Keymap::read(&Config::parse(&format!("[keys]\n{text}")).unwrap().keys)
    }

    fn refused(text: &str) -> String {
        let errors = read(text).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    fn keys_of(map: &Keymap, context: Context, action: &str) -> Vec<String> {
        let rows = bindings().filter(|row| row.context == context && row.action.name() == Some(action));
        rows.flat_map(|row| map.of(row)).map(Key::name).collect()
    }

    #[test]
    fn a_chosen_key_takes_the_place_of_the_tables_own() {
        let map = read("quit = \"Ctrl-X\"\ndown = [\"+\", \"Alt-n\"]\n").unwrap();
        assert_eq!(keys_of(&map, Context::Screens, "quit"), ["Ctrl-X"]);
        assert_eq!(keys_of(&map, Context::Lists, "down"), ["↓", "+", "Alt-n"], "the arrow stays");
        assert_eq!(keys_of(&map, Context::Scroll, "down"), ["↓", "+", "Alt-n"]);
        assert_eq!(keys_of(&map, Context::Filter, "down"), ["↓"], "there letters are text");
        assert_eq!(keys_of(&map, Context::Always, "quit"), ["Ctrl-C"]);
        assert_eq!(keys_of(&map, Context::Groups, "mark"), ["Space"]);
    }

    #[test]
    fn an_action_with_enter_and_a_letter_keeps_enter() {
        let map = read("export = \"x\"").unwrap();
        assert_eq!(keys_of(&map, Context::Groups, "export"), ["Enter", "x"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(
            refused("qiut = \"x\""),
            "line 2: no action \"qiut\" has a key that can be chosen: did you mean quit?"
        );
        assert_eq!(
            refused("fly = \"x\""),
            "line 2: no action \"fly\" has a key that can be chosen: `logferry config template` lists them all"
        );
        assert_eq!(refused("quit = \"Shift-x\""), format!("line 2: quit is \"Shift-x\": {NO_KEY}"));
        assert_eq!(refused("quit = \"\""), format!("line 2: quit is \"\": {NO_KEY}"));
        assert_eq!(
            refused("\nmark = \"Ctrl-I\""),
            "line 3: mark is \"Ctrl-I\": terminals send the same for it and for Backspace, Tab or Enter"
        );
        for fixed in ["Ctrl-C", "F1"] {
            let told = refused(&format!("quit = \"{fixed}\""));
            assert!(told.ends_with("it means the same everywhere, and cannot be given away"), "{told}");
        }
    }

    #[test]
    fn a_key_that_would_mean_two_things_names_both() {
        let told = refused("help = \"F2\"\nquit = \"R\"");
        assert!(told.starts_with("line 3: the key R would mean two things on one screen: reload ("), "{told}");
        assert!(told.contains(", and quit ("), "{told}");
        assert!(read("quit = \"R\"\nreload = \"F5\"").is_ok(), "unless the other is given another");
    }

    /// The lines of the template, one for each action that can be given keys.
    fn listed() -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for row in bindings().filter(|row| row.is_configurable()) {
            let Some(name) = row.action.name() else { continue };
            if lines.iter().any(|line| line.starts_with(&format!("# {name} = "))) {
                continue;
            }
            let keys = row.keys.iter().filter(|key| !key.is_fixed()).map(|key| format!("\"{}\"", key.name()));
            let keys: Vec<String> = keys.collect();
            let value = if let [one] = keys.as_slice() { one.clone() } else { format!("[{}]", keys.join(", ")) };
            // Where one action has several rows, the first of them tells of it.
            let first = bindings().find(|row| row.action.name() == Some(name)).unwrap();
            lines.push(format!("# {name} = {value}  # {}", first.help));
        }
        lines
    }

    #[test]
    fn the_template_lists_every_action_with_its_keys() {
        let expected = listed().join("\n");
        assert!(TEMPLATE.contains(&expected), "assets/config.toml has to list:\n{expected}");
    }

    #[test]
    fn what_the_template_lists_can_be_taken_as_it_stands() {
        let lines: Vec<String> = listed().iter().map(|line| line.trim_start_matches("# ").to_owned()).collect();
        if let Err(errors) = read(&lines.join("\n")) {
            panic!("{errors:?}");
        }
    }
}

//! Copying to the clipboard of the person's terminal (OSC 52): for every screen that has something to copy.

use crate::tui::effect::Effect;
use crate::tui::model::{Model, Tone};

/// Copies `text`, and says so. Whether the terminal does as it is told nobody hears: some ask first, some never do.
pub fn copy(model: &mut Model, text: String) -> Vec<Effect> {
    if !model.settings.clipboard {
        model.say(Tone::Note, format!("not copied, the configuration says clipboard = false: {text}"));
        return Vec::new();
    }
    model.say(Tone::Note, format!("copied, if your terminal allows OSC 52: {text}"));
    vec![Effect::Copy(text)]
}

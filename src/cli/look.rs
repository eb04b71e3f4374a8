//! Options of the terminal interface alone: how it looks.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::environment::Environment;
use crate::config::{Choice, Config, ThemeName};

/// The options.
#[derive(Debug, Default, PartialEq, Args)]
#[command(next_help_heading = "The terminal interface")]
pub struct Look {
    /// The look: dark (default), light, high-contrast or monochrome, which NO_COLOR chooses too
    #[arg(long, value_name = "THEME", value_parser = choices::<ThemeName>(), hide_possible_values = true)]
    theme: Option<ThemeName>,

    /// Draw with ASCII alone: no box-drawing characters, no symbols
    #[arg(long)]
    ascii: bool,

    /// Take the mouse: wheel, clicks; the terminal's own selection needs Shift then
    #[arg(long)]
    mouse: bool,
}

impl Look {
    /// What was set, with the environment and these options put over it.
    pub fn over(self, mut config: Config, environment: &Environment) -> Config {
        let by_environment = environment.colourless.then_some(ThemeName::Monochrome);
        config.theme = self.theme.or(by_environment).unwrap_or(config.theme);
        config.ascii |= self.ascii;
        config.mouse |= self.mouse;
        config
    }
}

/// Takes one of the words of `C`.
pub fn choices<C: Choice>() -> impl TypedValueParser<Value = C> {
    let known = PossibleValuesParser::new(C::ALL.iter().map(|choice| choice.word()));
    known.try_map(|word| C::parse(&word).ok_or("no such word"))
}

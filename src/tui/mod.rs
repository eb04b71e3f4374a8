//! The terminal interface: an Elm loop over the engine room.
//!
//! `update(&mut Model, Msg) -> Vec<Effect>` and `view(&Model, &mut Frame)` are pure and synchronous; one driver waits,
//! drains, draws. No other module knows a terminal.

pub mod cells;
pub mod form;
pub mod theme;

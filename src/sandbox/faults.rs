//! Failures on demand.

/// The failures to inject into coming calls.
#[derive(Debug, Default)]
pub struct Faults {}

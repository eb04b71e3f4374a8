//! The thin binary: parse, choose a face, map the outcome to an exit code.

fn main() {}

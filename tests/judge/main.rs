//! Two pieces of code that know nothing of each other judge the same bucket policies: the checklist's evaluator, which
//! predicts, and the embedded AWS, which decides when an export task is created. They agree, on the policies of
//! `tests/policies` and on made-up ones.
#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

mod corpus;
mod door;
mod made_up;

#[path = "../support"]
mod support {
    pub mod session;
}

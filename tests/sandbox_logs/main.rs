//! The embedded CloudWatch Logs, call by call through `logs::handle`: what each operation answers, and in which shape it
//! refuses. Over HTTP and with real clients other tests look at it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod desk;
mod exports;
mod groups;
mod reading;
mod seeded;

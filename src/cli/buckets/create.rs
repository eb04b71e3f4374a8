//! `logferry buckets create`: what the new bucket will be like, a question, and each step with what came of it.

use std::process::ExitCode;

use color_eyre::eyre::Report;
use serde::Serialize;

use super::review::{Decision, Manner, NOT_ALL};
use super::told;
use crate::cli::outcome::{remedy, say};
use crate::cli::output::{Form, Output, fields, json_line};
use crate::domain::lifecycle::NewRule;
use crate::domain::policy::Document;
use crate::domain::text::escape;
use crate::export::remedy::{Created, NewBucket, Outcome, Remedies, Step};

/// A step as one JSON object; README documents it.
#[derive(Serialize)]
struct StepRecord {
    event: &'static str,
    step: &'static str,
    outcome: &'static str,
    problem: Option<String>,
    remedy: Option<String>,
}

/// The bucket as one JSON object, behind its steps.
#[derive(Serialize)]
struct Record<'a> {
    event: &'static str,
    bucket: &'a str,
    region: &'a str,
    /// `complete`, `incomplete`, `shown` or `declined`.
    outcome: &'static str,
    /// `null` if it has none.
    policy: Option<String>,
}

/// Creates it.
pub async fn run(remedies: &Remedies, new: &NewBucket, manner: Manner) -> Result<ExitCode, Report> {
    let policy = new.policy(remedies.lane()).map_err(told)?;
    let mut output = Output::new(manner.json);
    // A program that has said yes reads the steps alone.
    if !manner.yes || output.form() == Form::People {
        manner.show(&mut output, &planned(remedies, new, policy.as_ref()))?;
    }
    let (outcome, exit_code) = match manner.decide("Create this bucket?").await? {
        Decision::Do => {
            let created = remedies.create_bucket(new).await.map_err(told)?;
            tell(&mut output, &created);
            if created.failure().is_some() {
                say("logferry: the bucket is there, and not finished: the same command goes on where it stopped");
                ("incomplete", ExitCode::from(NOT_ALL))
            } else {
                ("complete", ExitCode::SUCCESS)
            }
        }
        Decision::ShownOnly => ("shown", ExitCode::SUCCESS),
        Decision::Declined => ("declined", ExitCode::from(NOT_ALL)),
    };
    if output.form() == Form::Json {
        let (bucket, region) = (new.name.name().as_str(), remedies.lane().region.0.as_str());
        let policy = policy.map(|policy| policy.text());
        output.tell(&json_line(&Record { event: "bucket", bucket, region, outcome, policy }));
    } else if outcome == "shown" || outcome == "declined" {
        say("logferry: nothing was created");
    }
    Ok(exit_code)
}

/// What is going to be done, step by step, and the policy.
fn planned(remedies: &Remedies, new: &NewBucket, policy: Option<&Document>) -> String {
    let lane = remedies.lane();
    let steps = new.steps().map(|step| match (step, &new.rule) {
        (Step::Lifecycle, Some(rule)) => format!("  {}: {}\n", step.words(), escape(&rule.to_string())),
        _ => format!("  {}\n", step.words()),
    });
    let policy = policy.map(|policy| format!("its policy:\n{}\n", escape_lines(&policy.pretty())));
    let hints = new.rule.iter().flat_map(NewRule::hints).map(|hint| format!("note: {hint}\n"));
    format!(
        "a new bucket {} in {}, of account {}:\n{}{}{}",
        new.name.name(),
        lane.region,
        lane.account,
        steps.collect::<String>(),
        policy.unwrap_or_default(),
        hints.collect::<String>()
    )
}

fn escape_lines(text: &str) -> String {
    text.lines().map(|line| format!("  {}", escape(line))).collect::<Vec<_>>().join("\n")
}

/// Each step with what came of it.
fn tell(output: &mut Output, created: &Created) {
    for (step, outcome) in &created.steps {
        let (word, words, problem) = match outcome {
            Outcome::Done => ("done", "done", None),
            Outcome::Already => ("already", "it was so already", None),
            Outcome::Failed(problem) => ("failed", "failed", Some(problem)),
            Outcome::NotReached => ("not_reached", "not tried", None),
        };
        let text = match output.form() {
            Form::Json => json_line(&StepRecord {
                event: "step",
                step: step.code(),
                outcome: word,
                problem: problem.map(ToString::to_string),
                remedy: problem.map(remedy),
            }),
            Form::Fields => {
                let said = problem.map(ToString::to_string).unwrap_or_default();
                fields(&[step.code().to_owned(), word.to_owned(), said])
            }
            Form::People => format!("{:<50}  {words}\n", step.words()),
        };
        output.tell(&text);
        if let Some(problem) = problem {
            say(&format!("logferry: {}\n  what to do: {}", escape(&problem.to_string()), remedy(problem)));
        }
    }
}

//! Carrying an action out: log file, runtime, sandbox, face.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use color_eyre::eyre::{Report, WrapErr};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use super::connection::{SANDBOX_KEY, start_sandbox};
use super::outcome::{conclude, install_reports, say};
use super::{
    Action, Interface, Invocation, Target, buckets, doctor, export, listing, log, policy, run, state, tasks, verify,
};
use crate::ledger::Ledger;
use crate::sandbox::Config;
use crate::tui::{self, RunOptions};

/// The work waits on the network and on keys: one worker would do, a second one keeps keys apart from a busy sandbox.
const WORKERS: usize = 2;

/// What background work may still take after the action has ended, before the process leaves.
const GRACE: Duration = Duration::from_secs(1);

/// Does what was asked for, to its end, and answers the exit code. Failures are told on stderr.
pub fn perform(invocation: Invocation) -> ExitCode {
    install_reports();
    if let Action::Print(print) = invocation.action {
        return conclude(print.write(invocation.state_dir.as_deref()));
    }
    let directory = state::directory(invocation.state_dir.as_deref());
    if let Err(error) = log::start(directory.as_deref(), &invocation.log_filter) {
        // Before the screen is taken: it stays above the interface and is there again after quitting.
        say(&format!("logferry: going on without a log file: {error}"));
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    conclude(runtime().and_then(|runtime| {
        let outcome = runtime.block_on(carry_out(invocation.action, invocation.state_dir.as_deref()));
        runtime.shutdown_timeout(GRACE);
        outcome
    }))
}

fn runtime() -> Result<Runtime, Report> {
    Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .wrap_err("cannot start: the operating system refused threads or handles")
}

async fn carry_out(action: Action, state_dir: Option<&Path>) -> Result<ExitCode, Report> {
    match action {
        Action::Export(target, request) => export::run(target, request, state_dir).await,
        Action::Run(target, request) => run::run(target, request, state_dir).await,
        Action::Tasks(target, request) => tasks::run(target, request, state_dir).await,
        Action::Verify(target, request) => verify::run(target, request, state_dir).await,
        Action::Print(print) => print.write(state_dir),
        Action::Buckets(target, request) => buckets::run(target, request, state_dir).await,
        Action::List(target, listing) => listing::run(target, listing).await.map(done),
        Action::Doctor(target, request) => doctor::run(target, request).await,
        Action::Policy(target, request) => policy::run(target, request).await.map(done),
        Action::Sandbox(config) => serve(config).await.map(done),
        Action::Interface(Interface { target, test_hooks, config }) => {
            let badge = match &target {
                Target::Aws(_) => None,
                Target::Sandbox { config, .. } => Some(format!("SANDBOX x{}", config.clock)),
            };
            // Both are held until the interface ends: dropping them stops the sandbox's listener and its ledger goes.
            let state = target.state(state_dir)?;
            let place = target.open().await?;
            let ledger = Ledger::open(state.path()).await?;
            let (connect, state) = (place.connect.clone(), state.path().to_owned());
            let options = RunOptions { connect, ledger, state, sandbox: badge, config, test_hooks };
            Box::pin(tui::run(options)).await.map(done)
        }
    }
}

const fn done((): ()) -> ExitCode {
    ExitCode::SUCCESS
}

/// The sandbox in the foreground, until SIGINT or SIGTERM.
async fn serve(config: Config) -> Result<(), Report> {
    // Before the first line: a script may send the signal as soon as it has read that.
    let mut interrupt = signal(SignalKind::interrupt()).wrap_err("cannot listen for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).wrap_err("cannot listen for SIGTERM")?;
    let region = config.region.clone();
    let sandbox = start_sandbox(config).await?;
    announce(&sandbox.endpoint_url(), &region).wrap_err("cannot write to stdout")?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// The one line that scripts read on stdout; hints for people on stderr.
fn announce(url: &str, region: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "listening on {url}")?;
    stdout.flush()?;
    say(&format!(
        "for the AWS CLI and the SDKs, any key will do:\n  \
         export AWS_ENDPOINT_URL={url} AWS_ACCESS_KEY_ID={SANDBOX_KEY} AWS_SECRET_ACCESS_KEY={SANDBOX_KEY} \
         AWS_REGION={region}\n  aws logs describe-log-groups --region {region}\n\
         everything is in memory; Ctrl-C ends it"
    ));
    Ok(())
}

//! Lines as typed, and what they become.

use super::*;

fn parsed(line: &str) -> Result<Invocation, clap::Error> {
    parse(line.split(' '), &Environment::default())
}

fn refusal(line: &str) -> String {
    let error = parsed(line).unwrap_err();
    assert_eq!(error.exit_code(), 2, "{line}");
    error.to_string()
}

fn target(line: &str) -> Target {
    match parsed(line).unwrap().action {
        Action::Interface(interface) => interface.target,
        other => panic!("{line} gave {other:?}"),
    }
}

fn sandbox(line: &str) -> sandbox::Config {
    match parsed(line).unwrap().action {
        Action::Sandbox(config) => config,
        other => panic!("{line} gave {other:?}"),
    }
}

#[test]
fn the_parser_itself_is_sound() {
    Arguments::command().debug_assert();
}

#[test]
fn nothing_given_means_aws_by_the_usual_chain() {
    let Target::Aws(options) = target("logferry") else { panic!("not AWS") };
    assert!(options.profile.is_none() && options.region.is_none());
    assert!(options.endpoint_url.is_none() && options.fixed_keys.is_none());
}

#[test]
fn profile_region_and_endpoint_reach_the_connection() {
    let line = "logferry --profile prod --region eu-west-1 --endpoint-url http://127.0.0.1:5000/";
    let Target::Aws(options) = target(line) else { panic!("not AWS") };
    assert_eq!(options.profile.as_deref(), Some("prod"));
    assert_eq!(options.region.as_deref(), Some("eu-west-1"));
    assert_eq!(options.endpoint_url.as_deref(), Some("http://127.0.0.1:5000"));
}

#[test]
fn the_embedded_sandbox_takes_seed_clock_and_region() {
    let Target::Sandbox { config, .. } = target("logferry --sandbox --seed empty --clock 60 --region us-west-2") else {
        panic!("not the sandbox")
    };
    assert_eq!(config.seed, sandbox::Seed::Empty);
    assert!((config.clock - 60.0).abs() < f64::EPSILON);
    assert_eq!(config.region, "us-west-2");
    assert_eq!(config.listen.port(), 0);
}

#[test]
fn the_foreground_sandbox_takes_everything() {
    let config = sandbox(
        "logferry sandbox --listen 127.0.0.1:4566 --seed empty --clock 2 --account 999999999999 --region us-east-1",
    );
    assert_eq!(config.listen.to_string(), "127.0.0.1:4566");
    assert_eq!((config.account.as_str(), config.region.as_str()), ("999999999999", "us-east-1"));
    let defaults = sandbox("logferry sandbox");
    assert_eq!(defaults.listen.to_string(), "127.0.0.1:0");
    assert_eq!(defaults.seed, sandbox::Seed::Demo);
}

#[test]
fn help_tells_the_sandboxs_real_defaults() {
    let defaults = sandbox::Config::default();
    let mut command = Arguments::command();
    let sandbox = command.find_subcommand_mut("sandbox").unwrap().render_long_help().to_string();
    for value in [defaults.clock.to_string(), defaults.account, defaults.region, defaults.listen.to_string()] {
        assert!(sandbox.contains(&format!("[default: {value}]")), "{value} is not in:\n{sandbox}");
    }
}

#[test]
fn the_sandbox_and_real_aws_exclude_each_other() {
    for (line, named) in [
        ("logferry --sandbox --profile prod", "--profile"),
        ("logferry --sandbox --endpoint-url http://127.0.0.1:1", "--endpoint-url"),
    ] {
        let text = refusal(line);
        assert!(text.contains("--sandbox") && text.contains(named) && text.contains("cannot be used"), "{text}");
    }
}

#[test]
fn sandbox_options_need_the_sandbox() {
    assert!(refusal("logferry --clock 60").contains("--sandbox"));
    assert!(refusal("logferry --seed empty").contains("--sandbox"));
}

#[test]
fn options_of_the_interface_do_not_go_with_the_sandbox_command() {
    for line in ["logferry --sandbox sandbox", "logferry --region us-east-1 sandbox", "logferry --profile p sandbox"] {
        assert!(refusal(line).contains("behind it"), "{line}");
    }
}

#[test]
fn the_log_level_may_stand_on_either_side_of_the_command() {
    for line in ["logferry --log-level debug sandbox", "logferry sandbox --log-level debug"] {
        assert_eq!(parsed(line).unwrap().log_filter, "warn,s3s=off,logferry=debug", "{line}");
    }
}

#[test]
fn wrong_values_are_wrong_usage_and_say_what_is_expected() {
    for (line, said) in [
        ("logferry sandbox --listen 0.0.0.0:80", "loopback"),
        ("logferry sandbox --clock 0", "number from 0.01"),
        ("logferry sandbox --clock -5", "number from 0.01"),
        ("logferry sandbox --account 12", "twelve digits"),
        ("logferry --region mars", "eu-central-1"),
        ("logferry --endpoint-url ftp://x", "http://127.0.0.1:4566"),
        ("logferry --log-level loud", "loud"),
        ("logferry fly", "fly"),
    ] {
        let text = refusal(line);
        assert!(text.contains(said), "{line}: {text}");
    }
}

#[test]
fn a_broken_log_filter_is_refused_before_anything_starts() {
    let environment = Environment { log: Some("logferry=loud".to_owned()), ..Environment::default() };
    let error = parse(["logferry"], &environment).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("LOGFERRY_LOG"), "{error}");
}

#[test]
fn test_hooks_come_from_the_environment() {
    let environment = Environment { test_hooks: true, ..Environment::default() };
    let Action::Interface(interface) = parse(["logferry"], &environment).unwrap().action else { panic!() };
    assert!(interface.test_hooks);
}

fn export_request(line: &str) -> export::Request {
    match parsed(line).unwrap().action {
        Action::Export(_, request) => request,
        other => panic!("{line} gave {other:?}"),
    }
}

#[test]
fn a_range_is_needed_unless_the_ledger_knows_where_to_go_on() {
    assert!(refusal("logferry export --group web --bucket logs-archive").contains("--from <TIME>"));
    let request = export_request("logferry export --group web --bucket logs-archive --since-last --to 2026-11-08");
    assert!(request.since_last && request.from.is_none());
    assert_eq!(request.to.at.to_string(), "2026-11-08T00:00:00.000Z");
}

#[test]
fn connection_options_of_tasks_stand_before_them() {
    let line = "logferry --profile prod tasks cancel 019a --region eu-west-1";
    let Action::Tasks(Target::Aws(options), tasks::Request::Cancel { .. }) = parsed(line).unwrap().action else {
        panic!("not a cancel")
    };
    assert_eq!((options.profile.as_deref(), options.region.as_deref()), (Some("prod"), Some("eu-west-1")));
    assert!(refusal("logferry tasks cancel").contains("<TASK>"));
    assert!(refusal("logferry tasks cancel 019a --plan nightly").contains("cannot be used with"));
    assert!(refusal("logferry tasks list --limit 0").contains("a number from 1 on"));
}

#[test]
fn verify_takes_tasks_and_the_connection_on_either_side() {
    let line = "logferry --profile prod verify 019a 019b --manifest --region eu-west-1";
    let Action::Verify(Target::Aws(options), request) = parsed(line).unwrap().action else { panic!("not verify") };
    assert_eq!((options.profile.as_deref(), options.region.as_deref()), (Some("prod"), Some("eu-west-1")));
    assert!(request.writes());
    assert!(refusal("logferry verify").contains("<TASK>"));
}

#[test]
fn what_drives_takes_retries() {
    let Action::Run(_, request) = parsed("logferry run --retries 7").unwrap().action else { panic!("not a run") };
    assert_eq!(request.terms.retries, 7);
    assert!(refusal("logferry run --retries many").contains("--retries"));
    let export = "logferry export --group web --from 2026-11-01 --to 2026-11-02 --bucket logs-archive --retries 2";
    assert!(refusal(export).contains("'--retries <N>' goes with '--wait'"));
    assert!(parsed(&format!("{export} --wait")).is_ok());
}

#[test]
fn a_read_only_run_refuses_every_command_that_changes_aws_or_the_queue() {
    for line in [
        "logferry export --group web --from 2026-11-01 --to 2026-11-02 --bucket logs-archive --read-only",
        "logferry --read-only run",
        "logferry tasks cancel 019a --read-only",
        "logferry tasks retry --plan nightly --read-only",
        "logferry tasks pause nightly --read-only",
        "logferry tasks resume nightly --read-only",
        "logferry doctor --bucket logs-archive --probe --read-only",
        "logferry verify 019a --manifest --read-only",
    ] {
        let said = refusal(line);
        assert!(
            said.contains(
                "logferry is read-only (--read-only, LOGFERRY_READ_ONLY or the configuration), and `logferry "
            ),
            "{said}"
        );
        assert!(said.contains(": nothing was done"), "{said}");
    }
    let environment = Environment { read_only: true, ..Environment::default() };
    assert!(parse("logferry run".split(' '), &environment).is_err(), "by the environment too");
}

#[test]
fn what_only_looks_goes_on_through_sessions_that_refuse_changes() {
    for line in [
        "logferry --read-only",
        "logferry groups --read-only",
        "logferry buckets --read-only",
        "logferry export --group web --from 2026-11-01 --to 2026-11-02 --bucket logs-archive --dry-run --read-only",
        "logferry tasks list --read-only",
        "logferry tasks watch --read-only",
        "logferry doctor --bucket logs-archive --read-only",
        "logferry policy --bucket logs-archive --read-only",
        "logferry verify 019a --read-only",
    ] {
        let mut action = parsed(line).unwrap().action;
        let Some(Target::Aws(options)) = action.target_mut() else { panic!("{line}") };
        assert!(options.read_only, "{line}");
    }
    let Target::Sandbox { read_only, .. } = target("logferry --sandbox --read-only") else { panic!("not the sandbox") };
    assert!(read_only);
    assert!(parsed("logferry sandbox --read-only").is_ok(), "others write to it");
}

/// A configuration file with this text, and an environment that names it.
fn configured(text: &str) -> (tempfile::TempDir, Environment) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    let environment = Environment { config: Some(Location::Named(path)), ..Environment::default() };
    (home, environment)
}

#[test]
fn what_the_file_sets_gives_way_to_the_environment_and_that_to_options() {
    let (_home, mut environment) = configured("log-level = \"error\"\nretries = 7\ntimezone = \"Europe/Berlin\"");
    let level = |line: &str, environment: &Environment| parse(line.split(' '), environment).unwrap().log_filter;
    assert_eq!(level("logferry", &environment), "error,logferry=error");
    environment.log = Some("debug".to_owned());
    assert_eq!(level("logferry", &environment), "warn,s3s=off,logferry=debug");
    assert_eq!(level("logferry --log-level trace", &environment), "warn,s3s=off,logferry=trace");
    for (line, retries) in [("logferry run", 7), ("logferry run --retries 2", 2)] {
        let Action::Run(_, request) = parse(line.split(' '), &environment).unwrap().action else { panic!("{line}") };
        assert_eq!(request.terms.retries, retries, "{line}");
    }
    for (options, zone) in [("", "Europe/Berlin"), (" --timezone UTC", "UTC")] {
        let line =
            format!("logferry export --group web --bucket logs-archive --from 2026-11-01 --to 2026-11-02{options}");
        let Action::Export(_, request) = parse(line.split(' '), &environment).unwrap().action else { panic!("{line}") };
        assert_eq!(request.plan.zone.name(), zone);
    }
    let Action::Interface(interface) = parse(["logferry"], &environment).unwrap().action else { panic!() };
    assert_eq!(interface.config.retries, 7);
}

#[test]
fn a_safety_catch_in_the_file_holds() {
    let (_home, environment) = configured("read-only = true");
    assert!(parse("logferry run".split(' '), &environment).is_err());
    let mut action = parse(["logferry"], &environment).unwrap().action;
    let Some(Target::Aws(options)) = action.target_mut() else { panic!("not AWS") };
    assert!(options.read_only);
}

#[test]
fn a_bad_file_stops_everything_but_what_helps_to_mend_it() {
    let (_home, environment) = configured("retries = 200\ncolour = 1\n");
    let error = parse("logferry groups".split(' '), &environment).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    let told = error.to_string();
    assert!(told.starts_with("error: /") && told.contains("config.toml: line 1: retries is 200: "), "{told}");
    assert!(told.contains("; and one thing more: `logferry config check` tells all"), "{told}");
    for line in ["logferry config path", "logferry config check", "logferry paths", "logferry man"] {
        assert!(parse(line.split(' '), &environment).is_ok(), "{line}");
    }
    let missing = parse("logferry --config /nowhere/x.toml run".split(' '), &environment).unwrap_err().to_string();
    assert!(missing.starts_with("error: cannot read the configuration file /nowhere/x.toml: "), "{missing}");
}

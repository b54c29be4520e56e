//! `tierkeeper`: the command line. Results go to stdout, everything else to stderr.

mod adopt;
mod approve;
mod bug;
mod check;
mod color;
mod completions;
mod decided;
mod demo;
mod desk;
mod evaluate;
mod exit;
mod explain;
mod explain_code;
mod extend;
mod filter;
mod history;
mod hold;
mod import;
mod init;
mod list;
mod output;
mod past;
mod plan;
mod progress;
mod project;
mod release;
mod run;
mod service;
mod session;
mod shared;
mod simulate;
mod status;
mod status_file;
mod summary;
mod test;
mod track;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::{Exit, Failure};

/// Decides who is in which customer tier, for how long, and what it brings.
#[derive(Debug, Parser)]
#[command(
    name = "tierkeeper",
    version,
    propagate_version = true,
    after_help = "Start here:\n  tierkeeper demo                a small shop to play with\n  \
                  tierkeeper init shop --from fashion-retail\n\n\
                  Exit codes: 0 done, 1 findings, 2 usage or environment, 101 a bug of ours."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Init(init::Arguments),
    Check(check::Arguments),
    Import(import::Arguments),
    Evaluate(evaluate::Arguments),
    List(list::Arguments),
    Explain(explain::Arguments),
    History(history::Arguments),
    Hold(hold::Arguments),
    Release(release::Arguments),
    Adopt(adopt::Arguments),
    Extend(extend::Arguments),
    Simulate(simulate::Arguments),
    Test(test::Arguments),
    Plan(plan::Arguments),
    Run(run::Arguments),
    Status(status::Arguments),
    Approve(approve::Approve),
    Reject(approve::Reject),
    Track(track::Track),
    Untrack(track::Untrack),
    ExplainCode(explain_code::Arguments),
    Completions(completions::Arguments),
}

impl Command {
    fn run(&self) -> Result<Exit, Failure> {
        match self {
            Command::Demo(arguments) => arguments.run(),
            Command::Evaluate(arguments) => arguments.run(),
            Command::List(arguments) => arguments.run(),
            Command::Explain(arguments) => arguments.run(),
            Command::History(arguments) => arguments.run(),
            Command::Hold(arguments) => arguments.run(),
            Command::Release(arguments) => arguments.run(),
            Command::Adopt(arguments) => arguments.run(),
            Command::Extend(arguments) => arguments.run(),
            Command::Init(arguments) => arguments.run(),
            Command::Check(arguments) => arguments.run(),
            Command::Import(arguments) => arguments.run(),
            Command::Simulate(arguments) => arguments.run(),
            Command::Test(arguments) => arguments.run(),
            Command::Plan(arguments) => arguments.run(),
            Command::Run(arguments) => arguments.run(),
            Command::Status(arguments) => arguments.run(),
            Command::Approve(arguments) => arguments.run(),
            Command::Reject(arguments) => arguments.run(),
            Command::Track(arguments) => arguments.run(),
            Command::Untrack(arguments) => arguments.run(),
            Command::ExplainCode(arguments) => arguments.run(),
            Command::Completions(arguments) => arguments.run(),
        }
    }
}

fn main() -> ExitCode {
    bug::install_hook();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are results; there is nobody to tell if they cannot be written.
            let _ = error.print();
            return if error.use_stderr() { Exit::Environment } else { Exit::Done }.into();
        }
    };
    match std::panic::catch_unwind(|| cli.command.run()) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => failure.report().into(),
        Err(_) => Exit::Bug.into(),
    }
}

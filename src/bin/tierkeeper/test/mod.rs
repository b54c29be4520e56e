mod github;
mod human;
mod json;
mod junit;
mod rules;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use tierkeeper::diagnostic::{Diagnostic, findings_text};
use tierkeeper::source::Sources;
use tierkeeper::suite::{PlayOptions, Played, Suite};

use crate::exit::{Exit, Failure};
use crate::output;
use crate::shared::Shared;
use rules::Tested;

/// A case whose time is over, unless `--timeout` says otherwise.
const SECONDS: u64 = 10;

/// The pack's own tests: cases, snapshots
///
/// Reads the cases in `tests/*.yaml` of the pack and plays them, without a store and without a
/// clock: every case brings its own dates and facts. The parameters are those of the pack, those of
/// `--set`, and those of the case; what a client's project file sets does not count.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper test\n  \
                        tierkeeper test rules/fashion-retail --run grace\n  \
                        tierkeeper test rules/fashion-retail/tests/vip.yaml --format junit > report.xml")]
pub struct Arguments {
    /// A pack, or one of its test files [default: the pack of `--pack` or of the project]
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Only cases and snapshots in whose file or name this text occurs
    #[arg(long, value_name = "TEXT")]
    run: Option<String>,
    /// Stop at the first case that fails
    #[arg(long)]
    fail_fast: bool,
    /// How long one case may take
    #[arg(long, value_name = "SECONDS", default_value_t = SECONDS, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// How to show the results
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Human,
    Json,
    /// XML that most CI systems read
    Junit,
    /// Annotations for a pull request
    Github,
}

/// What came of a run.
#[derive(Debug)]
struct Report {
    tested: Tested,
    /// What is wrong with the pack or its test files; then nothing is played.
    findings: Vec<Diagnostic>,
    suite: Suite,
    /// By case, whether it was asked for.
    asked: Vec<bool>,
    played: Vec<Played>,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let begun = Instant::now();
        let report = self.report(begun)?;
        match self.format {
            Format::Json => output::print_json(&json::report(&report))?,
            Format::Junit => output::print(&junit::report(&report, begun.elapsed()))?,
            Format::Github => output::print(&github::report(&report))?,
            Format::Human => {
                let paint = self.shared.look.color.for_stdout();
                let locale = self.shared.locale.as_deref();
                let text = match report.findings.is_empty() {
                    true => human::page(&report, locale, paint),
                    false => findings_text(&report.findings, &report.tested.texts, paint.on),
                };
                output::print(&text)?;
            }
        }
        Ok(if report.passed() { Exit::Done } else { Exit::Findings })
    }

    fn report(&self, begun: Instant) -> Result<Report, Failure> {
        let mut tested = Tested::open(&self.shared, self.path.as_deref())?;
        let (suite, findings) = tested.suite()?;
        let mut report = Report { tested, findings, suite, asked: Vec::new(), played: Vec::new() };
        if report.is_broken() {
            return Ok(report);
        }
        report.findings.clear();
        report.asked = self.asked(&report.suite, &report.tested.texts)?;
        let options = PlayOptions {
            asked: &report.asked,
            clock: &|| begun.elapsed(),
            limit: Duration::from_secs(self.timeout),
            fail_fast: self.fail_fast,
            threads: 0,
        };
        report.played = report.suite.play(&report.tested.programs, &report.tested.texts, &options);
        Ok(report)
    }

    /// By case whether `--run` asks for it.
    fn asked(&self, suite: &Suite, texts: &Sources) -> Result<Vec<bool>, Failure> {
        let Some(wanted) = &self.run else { return Ok(vec![true; suite.cases.len()]) };
        let wanted = wanted.to_lowercase();
        let asked: Vec<bool> = suite
            .cases
            .iter()
            .map(|case| {
                let file = &texts.file(case.span.file).name;
                format!("{file} {}", case.name).to_lowercase().contains(&wanted)
            })
            .collect();
        if !asked.contains(&true) {
            return Err(Failure::with_help(
                format_args!("no case has `{wanted}` in its file or name"),
                "without `--run` all cases are run",
            ));
        }
        Ok(asked)
    }
}

impl Report {
    /// Whether the pack or a test file has an error, so that nothing is played.
    fn is_broken(&self) -> bool {
        self.findings.iter().any(Diagnostic::is_error)
    }

    fn passed(&self) -> bool {
        !self.is_broken() && self.played.iter().all(|played| played.result.passed())
    }

    fn failed(&self) -> usize {
        self.played.iter().filter(|played| !played.result.passed()).count()
    }

    /// Cases that were asked for and are not to be run.
    fn skipped(&self) -> usize {
        let cases = self.suite.cases.iter().zip(&self.asked);
        cases.filter(|(case, asked)| **asked && case.skip.is_some()).count()
    }
}

mod coverage;
mod entries;
mod github;
mod human;
mod json;
mod junit;
mod mutants;
mod quality;
mod review;
mod rules;
mod snapshots;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use rust_decimal::Decimal;
use tierkeeper::diagnostic::{Diagnostic, findings_text};
use tierkeeper::source::{Sources, Span};
use tierkeeper::suite::snapshot::WhenDifferent;
use tierkeeper::suite::{PlayOptions, Played, Suite};

use crate::exit::{Exit, Failure};
use crate::output;
use crate::shared::Shared;
use quality::{Covered, Killed};
use rules::Tested;
use snapshots::{Snapshots, Taken};

/// A case whose time is over, unless `--timeout` says otherwise.
const SECONDS: u64 = 10;

/// The pack's own tests: cases, snapshots, coverage, mutants
///
/// Reads the cases in `tests/*.yaml` of the pack and plays them, without a store and without a
/// clock: every case brings its own dates and facts. The parameters are those of the pack, those of
/// `--set`, and those of the case; what a client's project file sets does not count.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper test\n  \
                        tierkeeper test rules/fashion-retail --run grace\n  \
                        tierkeeper test --coverage --min-coverage 95 --mutate --min-killed 90\n  \
                        tierkeeper test --review\n  \
                        tierkeeper test rules/fashion-retail/tests/vip.yaml --format junit > report.xml")]
pub struct Arguments {
    /// A pack, or one of its test files [default: the pack of `--pack` or of the project]
    #[arg(value_name = "PATH", conflicts_with = "pack")]
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
    /// Walk through the snapshots that changed, and take or reject each
    #[arg(long, conflicts_with_all = ["accept", "format"])]
    review: bool,
    /// Take all snapshots that are new or changed, of those that were run
    #[arg(long, conflicts_with = "format")]
    accept: bool,
    /// Show which parts of the rules no case has shown
    #[arg(long)]
    coverage: bool,
    /// Fail where less than so many percent of the rules are covered
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    min_coverage: Option<Decimal>,
    /// Write the coverage for other tools, in lcov's format
    #[arg(long, value_name = "FILE")]
    lcov: Option<PathBuf>,
    /// Change the pack one small step at a time, and show the steps that no case notices
    #[arg(long)]
    mutate: bool,
    /// Fail where less than so many percent of these steps are noticed
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    min_killed: Option<Decimal>,
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
    /// By snapshot, likewise.
    asked_snapshots: Vec<bool>,
    played: Vec<Played>,
    snapshots: Snapshots,
    coverage: Option<Covered>,
    mutants: Option<Killed>,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let begun = Instant::now();
        let mut report = self.report(begun)?;
        if (self.accept || self.review) && !report.is_broken() {
            self.settle(&mut report)?;
        }
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
        let mut report = Report {
            tested,
            findings,
            suite,
            asked: Vec::new(),
            asked_snapshots: Vec::new(),
            played: Vec::new(),
            snapshots: Snapshots::default(),
            coverage: None,
            mutants: None,
        };
        if report.is_broken() {
            return Ok(report);
        }
        report.findings.clear();
        let (tested, suite) = (&report.tested, &report.suite);
        let (asked, of_snapshots) = self.asked(suite, &tested.texts)?;
        let clock = || begun.elapsed();
        let options = PlayOptions {
            asked: &asked,
            clock: &clock,
            limit: Duration::from_secs(self.timeout),
            fail_fast: self.fail_fast,
            threads: 0,
        };
        if self.coverage || self.min_coverage.is_some() || self.lcov.is_some() {
            let (played, covered) = Covered::play(tested, suite, &options, self.min_coverage);
            report.played = played;
            report.coverage = Some(covered);
        } else {
            report.played = suite.play(&tested.programs, &tested.texts, &options, None);
        }
        let failed = report.played.iter().any(|played| !played.result.passed());
        if !(failed && self.fail_fast) {
            let taken = Snapshots::take(tested, suite, &of_snapshots, self.when_different())?;
            report.snapshots = taken;
        }
        if self.mutate || self.min_killed.is_some() {
            // On a pack whose cases fail every mutant would seem to be noticed.
            report.mutants = Some(match failed {
                true => Killed::Refused,
                false => Killed::play(tested, suite, &options, self.min_killed),
            });
        }
        (report.asked, report.asked_snapshots) = (asked, of_snapshots);
        if let (Some(file), Some(covered)) = (&self.lcov, &report.coverage) {
            let text = covered.report.lcov(&format!("{}/", report.tested.pack.display()));
            std::fs::write(file, text).map_err(|error| {
                Failure::new(format_args!("cannot write {}: {error}", file.display()))
            })?;
        }
        Ok(report)
    }

    /// As `insta` does: CI looks and writes nothing, unless what differs is to be taken.
    fn when_different(&self) -> WhenDifferent {
        let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
        match is_ci && !self.accept && !self.review {
            true => WhenDifferent::WriteNothing,
            false => WhenDifferent::WritePending,
        }
    }

    /// Takes what differs, or asks; then looks again.
    fn settle(&self, report: &mut Report) -> Result<(), Failure> {
        let changes = report.snapshots.pending(&report.suite)?;
        match self.review {
            true => review::review(&changes, self.shared.look.color.for_stdout())?,
            false => review::accept(&changes, std::io::stderr())?,
        };
        let Report { tested, suite, asked_snapshots, .. } = &*report;
        let nothing = WhenDifferent::WriteNothing;
        report.snapshots = Snapshots::take(tested, suite, asked_snapshots, nothing)?;
        Ok(())
    }

    /// By case, and by snapshot, whether `--run` asks for it.
    fn asked(&self, suite: &Suite, texts: &Sources) -> Result<(Vec<bool>, Vec<bool>), Failure> {
        let wanted = self.run.as_deref().unwrap_or_default().to_lowercase();
        let asks = |span: Span, name: &str| {
            let file = &texts.file(span.file).name;
            format!("{file} {name}").to_lowercase().contains(&wanted)
        };
        let cases: Vec<bool> = suite.cases.iter().map(|case| asks(case.span, &case.name)).collect();
        let snapshots: Vec<bool> =
            suite.snapshots.iter().map(|case| asks(case.span, &case.name)).collect();
        if !cases.contains(&true) && !snapshots.contains(&true) {
            return Err(match &self.run {
                Some(wanted) => Failure::with_help(
                    format_args!("no case or snapshot has `{wanted}` in its file or name"),
                    "without `--run` all are run",
                ),
                None => Failure::new("the test files have neither cases nor snapshots"),
            });
        }
        Ok((cases, snapshots))
    }
}

fn percent(text: &str) -> Result<Decimal, String> {
    let number: Option<Decimal> = text.strip_suffix('%').unwrap_or(text).trim().parse().ok();
    number
        .filter(|number| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(number))
        .ok_or_else(|| "write a number from 0 to 100".to_owned())
}

impl Report {
    /// Whether the pack or a test file has an error, so that nothing is played.
    fn is_broken(&self) -> bool {
        self.findings.iter().any(Diagnostic::is_error)
    }

    fn passed(&self) -> bool {
        !self.is_broken()
            && self.played.iter().all(|played| played.result.passed())
            && self.snapshots.taken.iter().all(Taken::passed)
            && self.coverage.as_ref().is_none_or(Covered::passed)
            && self.mutants.as_ref().is_none_or(Killed::passed)
    }

    /// Cases and snapshots that passed, and those that failed.
    fn counts(&self) -> (usize, usize) {
        let played = self.played.iter().map(|played| played.result.passed());
        let taken = self.snapshots.taken.iter().map(Taken::passed);
        let all: Vec<bool> = played.chain(taken).collect();
        let passed = all.iter().filter(|passed| **passed).count();
        (passed, all.len() - passed)
    }

    /// Cases and snapshots that were asked for and are not to be run.
    fn skipped(&self) -> usize {
        let cases = self.suite.cases.iter().zip(&self.asked);
        let cases = cases.filter(|(case, asked)| **asked && case.skip.is_some()).count();
        let snapshots = self.suite.snapshots.iter().zip(&self.asked_snapshots);
        cases + snapshots.filter(|(case, asked)| **asked && case.skip.is_some()).count()
    }
}

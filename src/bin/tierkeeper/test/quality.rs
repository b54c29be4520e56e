//! How good the tests are: what they cover, and which mutants they notice.

use rust_decimal::Decimal;
use tierkeeper::coverage::{Coverage, Report, Tally};
use tierkeeper::suite::{PlayOptions, Played, Suite};

use super::mutants::Mutants;
use super::rules::Tested;

/// What the cases cover, and how much they have to.
#[derive(Debug)]
pub struct Covered {
    pub report: Report,
    pub least: Option<Decimal>,
}

impl Covered {
    /// Plays the cases and takes down what they show.
    pub fn play(
        tested: &Tested,
        suite: &Suite,
        options: &PlayOptions<'_>,
        least: Option<Decimal>,
    ) -> (Vec<Played>, Self) {
        let (programs, lines): (Vec<_>, Vec<_>) =
            tested.programs.iter().map(|program| program.counted()).unzip();
        let mut coverage = Coverage::default();
        let played = suite.play(&programs, &tested.texts, options, Some(&mut coverage));
        lines.iter().for_each(|lines| coverage.observe_lines(lines));
        let report = coverage.report(&tested.programs[0], &tested.texts);
        (played, Self { report, least })
    }

    pub fn passed(&self) -> bool {
        self.least.is_none_or(|least| self.report.total.reaches(least))
    }
}

/// Which mutants the cases notice, and how many they have to.
#[derive(Debug)]
pub enum Killed {
    Played {
        mutants: Box<Mutants>,
        least: Option<Decimal>,
    },
    /// Nothing was played: cases fail on the pack as it is.
    Refused,
}

impl Killed {
    /// Plays the cases on every mutant.
    pub fn play(
        tested: &Tested,
        suite: &Suite,
        options: &PlayOptions<'_>,
        least: Option<Decimal>,
    ) -> Self {
        let mutants = Mutants::play(tested, suite, options.asked, options.clock, options.limit);
        Killed::Played { mutants: Box::new(mutants), least }
    }

    /// `612 of 640 mutants are noticed, 95.6 %`, and what is asked where that is too little.
    pub fn words(&self) -> String {
        let (mutants, least) = match self {
            Killed::Refused => {
                return "cases fail on the pack as it is, so no mutant was tried".to_owned();
            }
            Killed::Played { mutants, least } => (mutants, least),
        };
        let (killed, played) = (mutants.killed() as u64, mutants.played.len() as u64);
        let percent = Tally { covered: killed, points: played }.percent();
        let too_few = match least.filter(|_| !self.passed()) {
            Some(least) => format!(", less than {least} %"),
            None => String::new(),
        };
        format!("{killed} of {played} mutants are noticed, {percent} %{too_few}")
    }

    pub fn passed(&self) -> bool {
        match self {
            Killed::Refused => false,
            Killed::Played { mutants, least } => least.is_none_or(|least| {
                let points = mutants.played.len() as u64;
                Tally { covered: mutants.killed() as u64, points }.reaches(least)
            }),
        }
    }
}

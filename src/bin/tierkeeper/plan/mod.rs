mod against;
mod because;
mod cost;
mod flow;
mod html;
mod json;
mod markdown;
mod page;
mod passes;
mod rows;
mod wording;

use clap::{Args, ValueEnum};
use tierkeeper::build::{Origin, Rules};
use tierkeeper::limits::{DemotedLimit, Limits, RiseLimit};
use tierkeeper::pack::PackFiles;
use tierkeeper::plan::{Because, Mover, Plan, Reasons, Verdict, plan};

use crate::exit::{Exit, Failure};
use crate::output;
use crate::session::{Session, rules_of};
use crate::shared::Shared;
use against::Against;
use passes::passes;

/// What a change of the rules would do: who moves and why, and what it costs
///
/// Takes a pass of this pack and of another one, from the same stored standings as of the same
/// date, and compares them: rows are the tiers of this pack, columns those of the other. The store
/// is read once, and the state is never touched. Over a limit the exit code is 1.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tierkeeper plan --against rules/stricter\n  \
    tierkeeper plan --against git:main --reverse\n  \
    tierkeeper plan --against git:main --reverse --review-all --format markdown\n  \
    tierkeeper plan --against git:v1.2.0:rules/club --max-demoted 2% --max-cost-rise 10%\n  \
    tierkeeper plan --against rules/stricter --format html > plan.html")]
pub struct Arguments {
    /// The other pack: a directory, or this pack as it is in git, like `git:main`; elsewhere in the
    /// repository: `git:main:path/to/pack`
    #[arg(long, value_name = "DIR|git:REV", value_parser = against::parse)]
    against: Against,
    /// The way from the other pack to this one
    #[arg(long)]
    reverse: bool,
    /// As if everybody were reviewed now, whatever was promised
    #[arg(long)]
    review_all: bool,
    /// At most so many may be demoted: a percent of those who hold a tier, like `2%`, for any one
    /// tier, or a number of people in a ladder
    #[arg(long, value_name = "LIMIT", allow_hyphen_values = true)]
    max_demoted: Option<DemotedLimit>,
    /// Benefits may cost at most so much more a year: a percent, like `10%`, or an amount of money
    #[arg(long, value_name = "LIMIT", allow_hyphen_values = true)]
    max_cost_rise: Option<RiseLimit>,
    /// List at most so many who move [default: 5 for people, 3 in Markdown, 100 in HTML, all else]
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Skip rows that cannot be read, and count them
    #[arg(long)]
    skip_bad_rows: bool,
    /// How to show the plan
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
    /// Short enough for a comment on a pull request
    Markdown,
    /// One page, with the flow between tiers
    Html,
    /// Everybody who moves
    Csv,
}

/// A plan, and how it is to be shown.
struct Planned<'a> {
    plan: &'a Plan<'a>,
    reasons: Reasons<'a>,
    /// Those of the movers who are listed.
    movers: Vec<&'a Mover>,
    verdicts: Vec<Verdict>,
    against: &'a Against,
    reverse: bool,
    locale: Option<&'a str>,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let this = session.rules()?;
        let other = self.other(&session)?;
        if self.format == Format::Human && !self.reverse && self.against.is_revision() {
            output::note(format_args!(
                "note: this is the way from the pack as it is to `{}`; \
                 `--reverse` shows the way from there to the pack as it is",
                self.against
            ));
        }
        let (from, to) = if self.reverse { (&other, &this) } else { (&this, &other) };
        let as_of = session.as_of_or_today(&this.program)?;
        let [from, to] = passes(&session, [from, to], as_of, self.skip_bad_rows)?;
        let plan = plan(from, to, as_of, self.review_all, 0);
        let planned = self.planned(&plan);
        match self.format {
            Format::Json => output::print_json(&json::Shape(&planned))?,
            Format::Csv => rows::write(&planned)?,
            Format::Markdown => output::print(&markdown::comment(&planned))?,
            Format::Html => output::print(&html::page(&planned))?,
            Format::Human => {
                output::print(&page::page(&planned, self.shared.look.color.for_stdout()))?;
            }
        }
        Ok(if planned.is_over() { Exit::Findings } else { Exit::Done })
    }

    /// The same project and parameters: only the pack differs.
    fn other(&self, session: &Session<'_>) -> Result<Rules, Failure> {
        let files: PackFiles = self.against.read(session)?;
        let origin = Origin { files, ..session.origin()? };
        rules_of(origin).inspect_err(|failure| {
            if matches!(failure, Failure::Findings) {
                output::note(format_args!("note: these are findings of `{}`", self.against));
            }
        })
    }

    fn planned<'a>(&'a self, plan: &'a Plan<'a>) -> Planned<'a> {
        let listed = self.sample.or(match self.format {
            Format::Human => Some(5),
            Format::Markdown => Some(3),
            Format::Html => Some(100),
            Format::Json | Format::Csv => None,
        });
        let limits = Limits {
            max_demoted: self.max_demoted,
            max_cost_rise: self.max_cost_rise,
            ..Limits::default()
        };
        Planned {
            plan,
            reasons: Reasons::of_plan(plan),
            movers: plan.sample(listed.unwrap_or(usize::MAX)),
            verdicts: plan.verdicts(limits),
            against: &self.against,
            reverse: self.reverse,
            locale: self.shared.locale.as_deref(),
        }
    }
}

impl<'a> Planned<'a> {
    fn is_over(&self) -> bool {
        self.verdicts.iter().any(|verdict| verdict.over)
    }

    /// Those who are listed, and on what their moves rest.
    fn moves(&self) -> impl Iterator<Item = (&'a Mover, Because)> {
        self.movers.iter().map(|mover| (*mover, self.reasons.of(mover)))
    }
}

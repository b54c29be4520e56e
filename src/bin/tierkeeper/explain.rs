use std::fmt::Write;

use clap::Args;
use jiff::civil::Date;
use tierkeeper::criteria::Joined;
use tierkeeper::explain::{Criterion, Explanation, LadderExplanation, Slot, Words, explain};
use tierkeeper::program::{Occasion, Program};
use tierkeeper::store::CustomerId;

use crate::color::Paint;
use crate::decided::Decided;
use crate::exit::{Exit, Failure};
use crate::output::{self, Format, plain_table};
use crate::past::{Changed, Rerun};
use crate::session::Session;
use crate::shared::Shared;

/// Why a customer is where they are, and what is missing for more
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper explain 1042\n  \
                        tierkeeper explain 1042 --locale tr\n  \
                        tierkeeper explain 1042 --format json")]
pub struct Arguments {
    /// The customer's id
    #[arg(allow_negative_numbers = true)]
    customer: String,
    /// How to show it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let rerun = Rerun::find(&session)?;
        let (decided, future) = match rerun.as_ref().map(Rerun::decided).transpose()?.flatten() {
            Some(decided) => (decided, None),
            None => {
                let (decided, future) = Decided::with_future(&session)?;
                (decided, Some(future))
            }
        };
        let customer = CustomerId::parse(&self.customer);
        let Some(slot) = decided.population.facts.slot(&customer) else {
            return Err(unknown(&self.customer, &decided));
        };
        let locale = self.shared.locale.as_deref();
        let Decided { rules, population, after } = &decided;
        let mut explanation = explain(&rules.program, &rules.texts, population, after, slot);
        if let Some(future) = &future {
            explanation.look_ahead(slot, |on| future.pass(&decided, on))?;
        }
        let changed = rerun.map(|rerun| rerun.changed(&customer)).transpose()?;
        match self.format {
            Format::Json => {
                let mut json = explanation.to_json(&rules.program, locale);
                if let Some(changed) = &changed {
                    json["reproduced"] = changed.is_empty().into();
                    json["changed"] = changed.iter().map(Changed::to_json).collect();
                }
                output::print_json(&json)?;
            }
            Format::Human => {
                let paint = self.shared.look.color.for_stdout();
                let mut text = page(&explanation, &rules.program, locale, paint);
                if let Some(changed) = &changed {
                    let words = Words::new(&rules.program, locale);
                    text.push_str(&reproduced(changed, &words, paint));
                }
                output::print(&text)?;
            }
        }
        Ok(Exit::Done)
    }
}

/// Whether today's facts still come to what the pass of the past decided.
fn reproduced(changed: &[Changed], words: &Words<'_>, paint: Paint) -> String {
    if changed.is_empty() {
        return "\nThe facts still come to what was decided then.\n".to_owned();
    }
    let mut lines: Vec<String> =
        changed.iter().map(|changed| format!("  {}\n", changed.words(words))).collect();
    // Several criteria ask the same of the same number.
    lines.dedup();
    let heading = paint.warning("The facts have changed since");
    format!("\n{heading}\n{}", lines.concat())
}

fn unknown(customer: &str, decided: &Decided) -> Failure {
    let customers = &decided.population.facts.customers;
    let example = match customers.get(customers.len() / 2) {
        Some(somebody) => format!("ids look like `{somebody}`; `tierkeeper list` shows them"),
        None => "the store has no customers up to that date".to_owned(),
    };
    let as_of = decided.population.as_of;
    Failure::with_help(format_args!("there is no customer `{customer}` as of {as_of}"), example)
}

/// The page of one customer: ladders, numbers, benefits, segments and alerts.
fn page(
    explanation: &Explanation<'_>,
    program: &Program,
    locale: Option<&str>,
    paint: Paint,
) -> String {
    let mut text = ladders(explanation, program, locale, paint);
    let page = Page { program, words: Words::new(program, locale), paint };
    page.metrics(explanation, &mut text);
    page.benefits(explanation, &mut text);
    let segments = explanation.segments.iter().map(|&segment| {
        let segment = &program.segments[segment];
        page.words.title(&segment.title, &segment.name)
    });
    list("Segments", segments.collect(), paint, &mut text);
    page.alerts(explanation, &mut text);
    text
}

/// The part of the page that says where a customer is and what is missing for more.
pub fn ladders(
    explanation: &Explanation<'_>,
    program: &Program,
    locale: Option<&str>,
    paint: Paint,
) -> String {
    let page = Page { program, words: Words::new(program, locale), paint };
    let title = page.words.title(&program.title, &program.name);
    let customer = format!("Customer {}", explanation.customer);
    let mut text = format!("{}, as of {} ({title})\n", paint.bold(customer), explanation.as_of);
    for ladder in &explanation.ladders {
        page.ladder(ladder, explanation.as_of, &mut text);
    }
    text
}

struct Page<'a> {
    program: &'a Program,
    words: Words<'a>,
    paint: Paint,
}

impl Page<'_> {
    fn ladder(&self, explanation: &LadderExplanation, as_of: Date, text: &mut String) {
        let ladder = &self.program.ladders[explanation.ladder];
        let title =
            |tier: usize| self.words.title(&ladder.tiers[tier].title, &ladder.tiers[tier].name);
        let standing = &explanation.standing;
        let name = self.words.title(&ladder.title, &ladder.name);
        let tier = standing.tier.map_or("no tier", title);
        let _ = write!(text, "\n{}: {}", self.paint.bold(name), self.paint.good(tier));
        if let (Some(since), true) = (standing.since, standing.tier.is_some()) {
            let _ = write!(text, " since {since}");
        }
        if let Some(review_on) = standing.review_on {
            // A grace runs from a review that is over.
            let words = match standing.grace_until {
                Some(_) => "was due on",
                None => "looked at again on",
            };
            let _ = write!(text, ", {words} {review_on}");
        }
        text.push('\n');
        if let Some(grace_until) = standing.grace_until {
            let _ =
                writeln!(text, "  behind on what it asks; time to catch up until {grace_until}");
        }
        if let Some(hold) = standing.hold {
            let until = hold.until.map_or_else(String::new, |until| format!(" until {until}"));
            let how = if hold.pins { "held by hand in" } else { "by hand at least" };
            let tier = hold.tier.map_or("a tier that is gone", title);
            let _ = writeln!(text, "  {how} {tier}{until}");
        }
        let mut table = plain_table();
        let mut shown = None;
        for criterion in &explanation.criteria {
            let place = (criterion.tier, criterion.slot);
            let label = match (shown == Some(place), criterion.slot) {
                (true, _) => match criterion.joined {
                    Joined::And => String::new(),
                    Joined::Or => "  or".to_owned(),
                    Joined::AtLeast(count) => format!("  {count} of"),
                },
                (false, Slot::Enter) => title(criterion.tier).to_owned(),
                (false, Slot::Keep) => format!("{}, to stay", title(criterion.tier)),
            };
            shown = Some(place);
            table.add_row(self.criterion(criterion, label, as_of));
        }
        if !explanation.criteria.is_empty() {
            let _ = writeln!(text, "{}", table.trim_fmt());
        }
        if let Some(change) = &explanation.next_change {
            let change = self.words.next_change(ladder, change);
            let _ = writeln!(text, "  {change}");
        }
        let Some(next) = &explanation.next else { return };
        let next_title = title(next.tier);
        if next.needs.is_empty() && next.others.is_empty() {
            let _ = writeln!(text, "  Next, {next_title}: everything it asks for is there");
            return;
        }
        let _ = writeln!(text, "  For {}:", self.paint.bold(next_title));
        for need in &next.needs {
            let enough = if next.is_enough(need) { "; that alone is enough" } else { "" };
            let _ = writeln!(text, "    {}{enough}", self.words.need(need));
        }
        for other in &next.others {
            let _ = writeln!(text, "    {other}");
        }
        let changes: Vec<String> =
            next.other_changes().map(|change| self.words.change(change)).collect();
        match &changes[..] {
            [] => {}
            [change] => {
                let _ = writeln!(text, "    {change} is enough");
            }
            changes => {
                let _ = writeln!(text, "    any one of these is enough:");
                for change in changes {
                    let _ = writeln!(text, "      {change}");
                }
            }
        }
    }

    fn criterion(&self, criterion: &Criterion, label: String, as_of: Date) -> [String; 4] {
        let mark = match (criterion.fault, criterion.met) {
            (Some(_), _) => self.paint.warning("?").to_string(),
            (None, true) => self.paint.good("yes").to_string(),
            (None, false) => self.paint.warning("no").to_string(),
        };
        [label, mark, self.words.criterion(criterion), self.words.outcome(criterion, as_of)]
    }

    fn metrics(&self, explanation: &Explanation<'_>, text: &mut String) {
        if explanation.metrics.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{}", self.paint.bold("Numbers"));
        let mut table = plain_table();
        for (metric, value) in &explanation.metrics {
            table.add_row([
                self.words.metric(*metric),
                self.words.amount(value, self.program.metrics[*metric].unit),
            ]);
        }
        let _ = writeln!(text, "{}", table.trim_fmt());
    }

    fn benefits(&self, explanation: &Explanation<'_>, text: &mut String) {
        if explanation.benefits.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{}", self.paint.bold("Benefits"));
        let mut table = plain_table();
        for benefit in &explanation.benefits {
            table.add_row([
                self.words.title(benefit.title, benefit.id).to_owned(),
                self.words.given(benefit.kind, &benefit.value),
                format!("as {}{}", self.words.why(benefit.why), occasion(benefit.occasion)),
            ]);
        }
        let _ = writeln!(text, "{}", table.trim_fmt());
    }

    /// Each alert with its message and what to do.
    fn alerts(&self, explanation: &Explanation<'_>, text: &mut String) {
        if explanation.alerts.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{}", self.paint.bold("Alerts"));
        for &alert in &explanation.alerts {
            let alert = &self.program.alerts[alert];
            let said = |words| self.words.message(words, &explanation.mentioned);
            let _ = write!(text, "  {}", self.words.title(&alert.title, &alert.name));
            if let Some(message) = said(&alert.message) {
                let _ = write!(text, ": {message}");
            }
            let actions: Vec<String> = alert.action.iter().filter_map(said).collect();
            if !actions.is_empty() {
                let _ = write!(text, " ({})", actions.join(", "));
            }
            text.push('\n');
        }
    }
}

/// When a benefit is given, where it is not given all the time.
fn occasion(occasion: Option<Occasion>) -> String {
    match occasion {
        None => String::new(),
        Some(Occasion::Birthday) => ", on the birthday".to_owned(),
        Some(Occasion::Anniversary) => ", on the anniversary of joining".to_owned(),
        Some(Occasion::Entry) => ", when the tier is entered".to_owned(),
        Some(Occasion::Renewal) => ", when the tier is renewed".to_owned(),
        Some(Occasion::EachYear(day)) => format!(", each year on {:02}-{:02}", day.month, day.day),
    }
}

fn list(heading: &str, names: Vec<&str>, paint: Paint, text: &mut String) {
    if !names.is_empty() {
        let _ = writeln!(text, "\n{}: {}", paint.bold(heading), names.join(", "));
    }
}

use std::collections::HashMap;
use std::fmt::Write;

use clap::Args;
use serde_json::Value as Json;
use tierkeeper::build::Rules;
use tierkeeper::criteria::Joined;
use tierkeeper::diagnostic::did_you_mean;
use tierkeeper::explain::{Words, recorded};
use tierkeeper::lifecycle::Event;
use tierkeeper::store::{CustomerId, PastEvent, State, TierSince};

use crate::color::Paint;
use crate::decided::{facts, nothing_stored};
use crate::exit::{Exit, Failure};
use crate::output::{self, Format, plain_table};
use crate::session::Session;
use crate::shared::Shared;

/// Everything that happened to a customer's tiers, and why
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper history 1042\n  \
                        tierkeeper history 1042 --all\n  \
                        tierkeeper history 1042 --ladder club --format json")]
pub struct Arguments {
    /// The customer's id
    #[arg(allow_negative_numbers = true)]
    customer: String,
    /// Only in this ladder [default: in all]
    #[arg(long, value_name = "L")]
    ladder: Option<String>,
    /// Segments and alerts too
    #[arg(long, conflicts_with = "ladder")]
    all: bool,
    /// How to show it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let path = session.state()?;
        let state = State::open_existing(&path)?.ok_or_else(|| nothing_stored(&path))?;
        let rules = session.rules()?;
        if let Some(name) = &self.ladder
            && !rules.program.ladders.iter().any(|ladder| ladder.name == *name)
        {
            let names = rules.program.ladders.iter().map(|ladder| ladder.name.as_str());
            let message = format!("there is no ladder `{name}`");
            return Err(match did_you_mean(name, names) {
                Some(help) => Failure::with_help(message, help),
                None => Failure::new(message),
            });
        }
        let events = state.history(&CustomerId::parse(&self.customer))?;
        if events.is_empty() {
            self.known(&session, &rules)?;
        }
        let shown: Vec<PastEvent> = events.into_iter().filter(|event| self.shows(event)).collect();
        match self.format {
            Format::Json => {
                output::print_json(&shown.iter().map(PastEvent::to_json).collect::<Json>())?;
            }
            Format::Human => {
                let paint = self.shared.look.color.for_stdout();
                let past = deciders(&state, &shown)?;
                let page =
                    Page { rules: &rules, past, locale: self.shared.locale.as_deref(), paint };
                output::print(&page.text(&self.customer, &shown))?;
            }
        }
        Ok(Exit::Done)
    }

    fn shows(&self, event: &PastEvent) -> bool {
        let of_tiers = event.ladder.is_some() && event.event != Event::NearEntered;
        match &self.ladder {
            Some(ladder) => of_tiers && event.ladder.as_ref() == Some(ladder),
            None => self.all || of_tiers,
        }
    }

    /// Somebody to whom nothing happened yet is somebody all the same.
    fn known(&self, session: &Session<'_>, rules: &Rules) -> Result<(), Failure> {
        let program = &rules.program;
        let as_of = session.as_of_or_today(program)?;
        let facts = facts(session, program, as_of, true, &TierSince::default())?;
        match facts.slot(&CustomerId::parse(&self.customer)) {
            Some(_) => Ok(()),
            None => {
                let customer = &self.customer;
                Err(Failure::new(format_args!("there is no customer `{customer}` as of {as_of}")))
            }
        }
    }
}

/// The rules that decided, by their generation. Those that can no longer be built are left out:
/// then what they decided is told in plain numbers.
fn deciders(state: &State, events: &[PastEvent]) -> Result<HashMap<String, Rules>, Failure> {
    let mut past = HashMap::new();
    for program in events.iter().filter_map(|event| event.program.as_ref()) {
        if past.contains_key(program) {
            continue;
        }
        let Some(origin) = state.origin(program)? else { continue };
        let built = origin.build();
        if let Some(of) = built.program {
            past.insert(program.clone(), Rules { program: of, texts: built.sources, origin });
        }
    }
    Ok(past)
}

struct Page<'a> {
    rules: &'a Rules,
    past: HashMap<String, Rules>,
    locale: Option<&'a str>,
    paint: Paint,
}

impl Page<'_> {
    fn text(&self, customer: &str, events: &[PastEvent]) -> String {
        let words = Words::new(&self.rules.program, self.locale);
        let title = words.title(&self.rules.program.title, &self.rules.program.name);
        let head = self.paint.bold(format!("Customer {customer}"));
        let mut text = format!("{head} ({title})\n");
        if events.is_empty() {
            text.push_str("\nnothing happened yet\n");
            return text;
        }
        let mut ladders: Vec<Option<&str>> = Vec::new();
        for event in events {
            let ladder = event.ladder.as_deref();
            if !ladders.contains(&ladder) {
                ladders.push(ladder);
            }
        }
        for ladder in ladders {
            let known =
                self.rules.program.ladders.iter().find(|it| Some(it.name.as_str()) == ladder);
            let name = match (known, ladder) {
                (Some(known), _) => words.title(&known.title, &known.name),
                (None, Some(name)) => name,
                (None, None) => "Segments and alerts",
            };
            let _ = writeln!(text, "\n{}", self.paint.bold(name));
            for event in events.iter().filter(|event| event.ladder.as_deref() == ladder) {
                self.event(event, &mut text);
            }
        }
        text
    }

    fn event(&self, event: &PastEvent, text: &mut String) {
        let rules = event.program.as_ref().and_then(|program| self.past.get(program));
        let rules = rules.unwrap_or(self.rules);
        let words = Words::new(&rules.program, self.locale);
        let _ = write!(text, "  {}  {}", event.as_of, self.sentence(event, rules));
        match (&event.by, &event.reason) {
            (Some(by), Some(reason)) => {
                let _ = write!(text, ", by {by}: {reason}");
            }
            (Some(by), None) => {
                let _ = write!(text, ", by {by}");
            }
            (None, Some(reason)) => {
                let _ = write!(text, ": {reason}");
            }
            (None, None) => {}
        }
        text.push('\n');
        let Some(place) = &event.place else { return };
        let mut table = plain_table();
        for criterion in recorded(rules, place, &event.because) {
            let mark = match criterion.met {
                true => self.paint.good("yes").to_string(),
                false => self.paint.warning("no").to_string(),
            };
            let joined = match criterion.joined {
                Joined::And => String::new(),
                Joined::Or => "or".to_owned(),
                Joined::AtLeast(count) => format!("{count} of"),
            };
            table.add_row([
                format!("{joined:>12}"),
                mark,
                words.criterion(&criterion),
                words.outcome(&criterion, event.as_of),
            ]);
        }
        if table.row_count() > 0 {
            let _ = writeln!(text, "{}", table.trim_fmt());
        }
    }

    fn sentence(&self, event: &PastEvent, rules: &Rules) -> String {
        let words = Words::new(&rules.program, self.locale);
        let ladder =
            rules.program.ladders.iter().find(|it| Some(&it.name) == event.ladder.as_ref());
        let title = |name: &Option<String>| match name {
            None => "no tier".to_owned(),
            Some(name) => {
                let tier = ladder.and_then(|it| it.tiers.iter().find(|tier| tier.name == *name));
                tier.map_or(name.clone(), |tier| words.title(&tier.title, &tier.name).to_owned())
            }
        };
        let named = |name: &Option<String>| name.clone().unwrap_or_default();
        let (from, to) = (title(&event.from), title(&event.to));
        let review =
            event.review_on.map_or_else(String::new, |on| format!(", looked at again on {on}"));
        match event.event {
            Event::Entered => format!("entered {to}{review}"),
            Event::Upgraded => format!("rose from {from} to {to}{review}"),
            Event::Downgraded => format!("fell from {from} to {to}{review}"),
            Event::Left => format!("lost {from}"),
            Event::Retained => format!("kept {to}{review}"),
            Event::GraceStarted => match event.grace_until {
                Some(until) => {
                    format!("behind on what {from} asks: time to catch up until {until}")
                }
                None => format!("behind on what {from} asks"),
            },
            Event::GraceRecovered => format!("caught up and kept {to}{review}"),
            Event::Migrated => {
                let renamed = ladder.is_some_and(|ladder| {
                    ladder.renamed.iter().any(|(old, _)| Some(old) == event.from.as_ref())
                });
                match (renamed, &event.to) {
                    (true, _) => format!("{from} is called {to} now"),
                    (false, Some(_)) => format!("{from} is gone from the rules: {to}{review}"),
                    (false, None) => format!("{from} is gone from the rules"),
                }
            }
            Event::Fault => format!("could not be decided, and kept {to}"),
            Event::Expiring => match event.review_on {
                Some(on) => format!("about to lose {from} on {on}"),
                None => format!("about to lose {from}"),
            },
            Event::Adopted => format!("{to} taken over from another system{review}"),
            Event::HoldStarted => match &event.hold {
                Some(hold) => {
                    let how = if hold.floor { "at least" } else { "put into" };
                    let until = hold.until.map_or_else(
                        || " without end".to_owned(),
                        |until| format!(" until {until}"),
                    );
                    format!("{how} {} by hand{until}", title(&hold.tier))
                }
                None => format!("put into {to} by hand"),
            },
            Event::HoldEnded => "the hold ended".to_owned(),
            Event::Extended => match event.review_on {
                Some(on) => format!("the review of {to} moved to {on}"),
                None => format!("the review of {to} moved"),
            },
            Event::SegmentEntered => format!("came into the segment {}", named(&event.to)),
            Event::SegmentLeft => format!("left the segment {}", named(&event.from)),
            Event::NearEntered => format!("came near {to}"),
            Event::AlertRaised => format!("alert {}", named(&event.to)),
        }
    }
}

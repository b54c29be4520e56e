use clap::Args;
use tierkeeper::lifecycle::Deed;
use tierkeeper::pass::{Note, Wanted};

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::session::Session;
use crate::shared::Shared;

/// Ends a hold: the rules decide again
///
/// The tier stays until the next pass; after a hold that kept everything as it was, the review is
/// due then.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper release 1042\n  \
                        tierkeeper release 1042 --ladder club --reason \"left the partner firm\" --by Ayse")]
pub struct Arguments {
    /// The customer's id
    #[arg(allow_negative_numbers = true)]
    customer: String,
    /// Only in this ladder [default: in all]
    #[arg(long, value_name = "L")]
    ladder: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "released")]
    reason: String,
    /// Who decided it
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// How to show the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let desk = Desk::open(&session)?;
        let slot = desk.customer(&self.customer).map_err(Failure::new)?;
        let only = self.ladder.as_deref().map(|name| desk.ladder(name)).transpose();
        let only = only.map_err(Failure::new)?;
        let held = |ladder: usize| desk.standings.ladders[ladder].hold(slot as usize).is_some();
        let note = || Note { by: self.by.clone(), reason: Some(self.reason.clone()) };
        let wanted: Vec<Vec<Wanted>> = (0..desk.rules.program.ladders.len())
            .map(|ladder| {
                let asked = only.is_none_or(|only| only == ladder) && held(ladder);
                let wanted = Wanted { slot, deed: Deed::Release, note: note() };
                if asked { vec![wanted] } else { Vec::new() }
            })
            .collect();
        if wanted.iter().all(Vec::is_empty) {
            let place =
                self.ladder.as_ref().map_or_else(String::new, |name| format!(" in `{name}`"));
            return Err(Failure::with_help(
                format_args!("customer `{}` has no hold{place}", self.customer),
                format_args!("`tierkeeper explain {}` shows what they have", self.customer),
            ));
        }
        let written = desk.write(wanted, false)?;
        match self.format {
            Format::Json => output::print_json(&written.to_json())?,
            Format::Human => {
                let ladders = written.done.ladders.iter().zip(&written.rules.program.ladders);
                let released = ladders.filter(|(deeds, _)| !deeds.events.is_empty());
                let text: String = released
                    .map(|(_, ladder)| {
                        let customer = &self.customer;
                        format!(
                            "Customer {customer} is released in {}: the next pass decides\n",
                            ladder.name
                        )
                    })
                    .collect();
                output::print(&text)?;
            }
        }
        Ok(Exit::Done)
    }
}

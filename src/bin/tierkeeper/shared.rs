use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::color::When;

/// What most commands take: rules, facts, state, and how to show it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Rules and facts")]
pub struct Shared {
    /// The pack: a directory with a `pack.yaml`
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// The store: an SQLite database with customers and their orders
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
    /// The state database [default: STORE.tiers.db beside the store]
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// The project file [default: `tierkeeper.yaml`, from the current directory upwards]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Sets a parameter of the pack, like `vip_spend=1500`; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub set: Vec<(String, String)>,
    /// The date to decide for [default: today in the pack's zone; for list and explain the last pass]
    #[arg(long, value_name = "DATE", env = "TIERKEEPER_AS_OF", hide_env_values = true, value_parser = date)]
    pub as_of: Option<Date>,
    /// The language of titles, like `en` or `fa`
    #[arg(long, value_name = "LANG")]
    pub locale: Option<String>,
    #[command(flatten)]
    pub look: Look,
}

/// How results look.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct Look {
    /// Colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: When,
}

/// `name=value`
pub fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write it like `name=value`".to_owned()),
    }
}

/// Dates around which every window and review is still on the calendar.
const FIRST_YEAR: i16 = 1;
const LAST_YEAR: i16 = 8_000;

/// A date as people give it.
pub fn date(text: &str) -> Result<Date, String> {
    let is_iso = text.len() == 10 && text.as_bytes()[4] == b'-';
    let date: Date = match text.parse() {
        Ok(date) if is_iso => date,
        _ => return Err("write a date that exists, like 2026-03-21".to_owned()),
    };
    if (FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
        Ok(date)
    } else {
        Err(format!("dates go from year {FIRST_YEAR} to {LAST_YEAR}"))
    }
}

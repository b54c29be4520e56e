use clap::Args;
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::service::Service;

/// Lets the generation that waits go live
///
/// A running host holds new rules back that would demote too many people or cost too much.
/// `tierkeeper status` shows which generation waits, and why.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper approve 4f9d01c2ab77\n  \
                        tierkeeper approve 4f9d01c2ab77 --by \"Ada, marketing\"")]
pub struct Approve {
    #[command(flatten)]
    which: Which,
}

/// Keeps the generation that waits from going live
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper reject 4f9d01c2ab77")]
pub struct Reject {
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
struct Which {
    /// The generation: its first six characters or more, as `tierkeeper status` shows it
    #[arg(value_name = "ID")]
    generation: String,
    /// Who decides, for the record [default: the name of the user]
    #[arg(long, value_name = "NAME", env = "USER", hide_env_values = true)]
    by: Option<String>,
    /// How to show the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    service: Service,
}

impl Approve {
    pub fn run(&self) -> Result<Exit, Failure> {
        self.which.decide("approve")
    }
}

impl Reject {
    pub fn run(&self) -> Result<Exit, Failure> {
        self.which.decide("reject")
    }
}

impl Which {
    fn decide(&self, decision: &str) -> Result<Exit, Failure> {
        let id = &self.generation;
        let is_id = id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == ':');
        if !is_id || id.is_empty() {
            return Err(Failure::with_help(
                format_args!("`{id}` is no generation"),
                "copy it from `tierkeeper status`",
            ));
        }
        let body = match &self.by {
            Some(by) => json!({"by": by}),
            None => json!({}),
        };
        let answer = self.service.post(&format!("/v1/generations/{id}/{decision}"), &body)?;
        match self.format {
            Format::Json => output::print_json(&answer)?,
            Format::Human => {
                let message = answer["message"].as_str().unwrap_or("done");
                output::print(&format!("{message}\n"))?;
            }
        }
        Ok(Exit::Done)
    }
}

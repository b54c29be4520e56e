use clap::Args;
use tierkeeper::build::Built;
use tierkeeper::diagnostic::{findings_json, findings_text};

use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::session::Session;
use crate::shared::Shared;

/// All findings of the pack
///
/// Reads the pack with the parameters in effect and says everything that is wrong, at once. Where
/// a store is given, what the pack names must be in it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper check\n  \
                        tierkeeper check --pack rules/fashion-retail --deny-warnings\n  \
                        tierkeeper check --store shop.db --set vip_spend=1500 --format json")]
pub struct Arguments {
    /// Warnings count as errors
    #[arg(long)]
    deny_warnings: bool,
    /// How to show the findings
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let mut store = session.store_if_named();
        if let Some(path) = store
            && self.shared.store.is_none()
            && !path.exists()
        {
            // A project may be checked before its store is there.
            output::note(format_args!("note: {} is not there; checked without it", path.display()));
            store = None;
        }
        let built = session.build(store)?;
        match self.format {
            Format::Json => {
                let findings = findings_json(&built.findings, &built.sources, self.deny_warnings);
                output::print_json(&findings)?;
            }
            Format::Human => {
                let paint = self.shared.look.color.for_stdout();
                let text = match built.findings.is_empty() {
                    true => summary(&built),
                    false => findings_text(&built.findings, &built.sources, paint.on),
                };
                output::print(&text)?;
            }
        }
        let refused =
            |finding: &tierkeeper::diagnostic::Diagnostic| self.deny_warnings || finding.is_error();
        Ok(if built.findings.iter().any(refused) { Exit::Findings } else { Exit::Done })
    }
}

/// What the pack is made of, where there is nothing to find.
fn summary(built: &Built) -> String {
    let Some(program) = &built.program else { return String::new() };
    let count = |count: usize, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    let metrics = program.metrics.iter().filter(|metric| !metric.hidden).count();
    let tiers: usize = program.ladders.iter().map(|ladder| ladder.tiers.len()).sum();
    format!(
        "{} {}: no findings\n{}, {} in {}, {}, {}, {}\n",
        program.name,
        program.version,
        count(metrics, "metric", "metrics"),
        count(tiers, "tier", "tiers"),
        count(program.ladders.len(), "ladder", "ladders"),
        count(program.benefits.len(), "benefit", "benefits"),
        count(program.segments.len(), "segment", "segments"),
        count(program.alerts.len(), "alert", "alerts"),
    )
}

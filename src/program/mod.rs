//! The program: a checked pack with its parameters and bindings, ready to run.
//!
//! In: what `check` lowers. Out: an immutable value that says everything a pass needs, and its
//! hash, the generation. Never: IO, or anything that changes after it is built.

mod definition;
mod facts;
mod generation;
mod ladders;
mod metrics;
mod settings;
mod text;
mod treatment;

use std::sync::Arc;

use serde::Serialize;

pub use facts::*;
pub(crate) use generation::hash;
pub use ladders::*;
pub use metrics::*;
pub use settings::*;
pub use text::{LocalText, placeholders};
pub use treatment::*;

use crate::script::{LineCounts, Scripts};

/// Everything a pass needs to know about the rules.
#[derive(Debug, Clone, Serialize)]
pub struct Program {
    pub name: String,
    pub version: semver::Version,
    pub title: LocalText,
    pub settings: Settings,
    pub parameters: Vec<Parameter>,
    pub customers: Option<Customers>,
    /// Customers' attributes, in the order of their declaration. Empty without a table.
    pub attributes: Vec<Attribute>,
    pub sources: Vec<Source>,
    /// In the order of declaration, each `rfm` followed by its three parts; metrics made by
    /// `previous()` come last and are hidden.
    pub metrics: Vec<Metric>,
    pub cutoffs: Vec<Cutoff>,
    /// What to compute after the rows are read, each after what it needs.
    pub order: Vec<Step>,
    pub ladders: Vec<Ladder>,
    pub benefits: Vec<Benefit>,
    pub segments: Vec<Segment>,
    pub alerts: Vec<Alert>,
    pub scripts: Arc<Scripts>,
}

impl Program {
    /// The same rules, whose scripts count the lines that run.
    pub fn counted(&self) -> (Program, Arc<LineCounts>) {
        let (scripts, counts) = self.scripts.counted();
        (Program { scripts: Arc::new(scripts), ..self.clone() }, counts)
    }
}

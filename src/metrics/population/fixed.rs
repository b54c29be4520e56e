//! What a pass took over its population, for customers who are decided by themselves until the next.

use std::sync::Arc;

use super::Population;
use super::cutoff::Taken;
use super::rfm::ScoreBorders;
use crate::expr::{CutoffId, MetricId};

/// Everything that a population took over its customers: cutoffs, the borders of tops and of RFM
/// scores, and how many counted. Nothing in it grows with the population, and a copy is cheap.
///
/// A customer is measured by it as they would have been among everybody:
/// - values (`average(…)`, `percentile(…)`) are what they were;
/// - in a top are those who are at its border or above it, by its ties; where nobody was in it,
///   nobody is; in a top of everybody (`share: rest`) is everybody who counts and has a measure;
/// - RFM scores count the borders that are passed; over an empty population everybody scores 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed(Arc<Everything>);

#[derive(Debug, PartialEq)]
struct Everything {
    size: usize,
    /// By `CutoffId`, without members.
    cutoffs: Vec<Option<Taken>>,
    /// By `MetricId`.
    scores: Vec<Option<ScoreBorders>>,
}

impl Population {
    /// What was taken over these customers, or what it was built with.
    pub fn fixed(&self) -> Fixed {
        if let Some(fixed) = &self.fixed {
            return fixed.clone();
        }
        let cutoffs = self.cutoffs.iter();
        Fixed(Arc::new(Everything {
            size: self.size,
            cutoffs: cutoffs.map(|taken| Some(taken.as_ref()?.without_members())).collect(),
            scores: self.scores.clone(),
        }))
    }

    /// What it was built with, where nothing was taken over these customers.
    pub(crate) fn built_with(&self) -> Option<&Fixed> {
        self.fixed.as_ref()
    }
}

impl Fixed {
    /// How many counted.
    pub fn size(&self) -> usize {
        self.0.size
    }

    /// A cutoff as it was taken, without its members.
    pub fn cutoff(&self, cutoff: CutoffId) -> &Taken {
        self.0.cutoffs[cutoff].as_ref().expect("a population takes every cutoff")
    }

    pub(super) fn scores(&self, part: MetricId) -> ScoreBorders {
        self.0.scores[part].clone().expect("a population scores every part")
    }
}

//! Ladders of shares, and how tops break ties.

use rust_decimal::Decimal;

use super::side::Side;
use super::words::percent;
use super::written::Constants;
use crate::expr::{Condition, CutoffId, Expr, Input, LadderId, Node};
use crate::program::{CutoffKind, Ladder, Ties};

/// A ladder of shares of the population, as its pack has it.
pub(super) struct Shares {
    /// By tier, highest first: `5 %`, `rest`.
    pub of: Vec<String>,
    /// What ranks after what: `rfm, spend`. Where ties are broken by more, that comes last.
    pub rank_by: String,
}

impl Side<'_> {
    /// `None`: its tiers have criteria.
    pub fn shares(&self, ladder: &Ladder) -> Option<Shares> {
        let mut of = Vec::with_capacity(ladder.tiers.len());
        let mut rank_by = None;
        let mut above = Decimal::ZERO;
        let mut is_written = false;
        for tier in &ladder.tiers {
            let Condition::Expr(Expr { node: Node::Input(Input::Top(id)), .. }) = tier.enter else {
                return None;
            };
            let cutoff = &self.program.cutoffs[id];
            let CutoffKind::TopPercent(down_to) = cutoff.kind else { return None };
            let ranks = self.ranks(id);
            if down_to < above || rank_by.get_or_insert_with(|| ranks.clone()) != &ranks {
                return None;
            }
            of.push(match down_to == Decimal::ONE_HUNDRED && above > Decimal::ZERO {
                true => "rest".to_owned(),
                false => percent(down_to - above),
            });
            // A share's top is no call.
            is_written |= cutoff.text.starts_with("top_percent");
            above = down_to;
        }
        let rank_by = rank_by.filter(|_| !is_written)?;
        Some(Shares { of, rank_by })
    }

    /// What ranks the population of a top, the measure first.
    fn ranks(&self, cutoff: CutoffId) -> String {
        let cutoff = &self.program.cutoffs[cutoff];
        let (Ties::Include { then } | Ties::Exclude { then } | Ties::BreakBy(then)) = &cutoff.ties;
        let ranks: Vec<Expr> = [&cutoff.measure].into_iter().chain(then).cloned().collect();
        self.list(&ranks)
    }

    /// What ranks after the measure of a top, besides what its ladder breaks ties by.
    pub fn ranks_after(&self, cutoff: CutoffId) -> String {
        match &self.program.cutoffs[cutoff].ties {
            Ties::Include { then } | Ties::Exclude { then } => self.list(then),
            Ties::BreakBy(_) => String::new(),
        }
    }

    /// How the tops in a ladder's criteria break ties; `None` where it has none.
    pub fn ties(&self, ladder: LadderId) -> Option<String> {
        let mut found = None;
        for tier in &self.program.ladders[ladder].tiers {
            for condition in [Some(&tier.enter), tier.keep.as_ref()].into_iter().flatten() {
                condition.visit(&mut |expr| {
                    expr.visit(&mut |part| {
                        if let Node::Input(Input::Top(id)) = part.node {
                            found.get_or_insert(id);
                        }
                    });
                });
            }
        }
        Some(match &self.program.cutoffs[found?].ties {
            Ties::Include { .. } => "include".to_owned(),
            Ties::Exclude { .. } => "exclude".to_owned(),
            Ties::BreakBy(then) => format!("break by {}", self.list(then)),
        })
    }

    fn list(&self, ranks: &[Expr]) -> String {
        let ranks = ranks.iter().map(|rank| self.expr(rank, None, Constants::Valued));
        ranks.collect::<Vec<_>>().join(", ")
    }
}

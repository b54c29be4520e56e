//! What rules read, through formulas, scores, scripts and cutoffs.

use crate::expr::{Condition, CutoffId, Expr, Input, MetricId, Node, ScriptArgument};
use crate::program::{MetricKind, Program, Ties};

/// The metrics and cutoffs that some rules read.
#[derive(Debug)]
pub(super) struct Reads<'p> {
    program: &'p Program,
    metrics: Vec<bool>,
    cutoffs: Vec<bool>,
}

impl<'p> Reads<'p> {
    pub fn new(program: &'p Program) -> Self {
        Self {
            program,
            metrics: vec![false; program.metrics.len()],
            cutoffs: vec![false; program.cutoffs.len()],
        }
    }

    pub fn reads(&self, metric: MetricId) -> bool {
        self.metrics[metric]
    }

    pub fn metrics(&self) -> impl Iterator<Item = MetricId> {
        (0..self.metrics.len()).filter(|&metric| self.metrics[metric])
    }

    pub fn cutoffs(&self) -> impl Iterator<Item = CutoffId> {
        (0..self.cutoffs.len()).filter(|&cutoff| self.cutoffs[cutoff])
    }

    pub fn condition(&mut self, condition: &Condition<Expr>) {
        condition.visit(&mut |expr| self.expr(expr));
    }

    pub fn metric(&mut self, metric: MetricId) {
        if std::mem::replace(&mut self.metrics[metric], true) {
            return;
        }
        match &self.program.metrics[metric].kind {
            MetricKind::Rows(_) => {}
            MetricKind::Formula { expr, .. } => self.expr(expr),
            MetricKind::Score(lines) => {
                for line in lines {
                    self.condition(&line.when);
                    self.expr(&line.add);
                }
            }
            MetricKind::Rfm { recency, frequency, monetary, .. } => {
                [recency, frequency, monetary].into_iter().for_each(|&part| self.metric(part));
            }
            MetricKind::RfmPart { of, .. } => self.metric(*of),
        }
    }

    /// What a cutoff is taken from.
    pub fn measured(&mut self, cutoff: CutoffId) {
        if std::mem::replace(&mut self.cutoffs[cutoff], true) {
            return;
        }
        let cutoff = &self.program.cutoffs[cutoff];
        self.expr(&cutoff.measure);
        let (Ties::Include { then } | Ties::Exclude { then } | Ties::BreakBy(then)) = &cutoff.ties;
        then.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        expr.visit(&mut |part| match &part.node {
            Node::Input(Input::Metric(metric)) => self.metric(*metric),
            Node::Input(Input::Top(cutoff)) | Node::Cutoff(cutoff) => self.measured(*cutoff),
            Node::Script { function, arguments } => {
                for (parameter, name, _) in &self.program.scripts.functions[*function].properties {
                    if matches!(arguments.get(*parameter), Some(ScriptArgument::Customer)) {
                        let named = |metric: &crate::program::Metric| metric.name == *name;
                        if let Some(metric) = self.program.metrics.iter().position(named) {
                            self.metric(metric);
                        }
                    }
                }
            }
            _ => {}
        });
    }
}

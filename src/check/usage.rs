//! Warnings about what nothing uses.

use super::checker::{Checker, Draft};
use crate::diagnostic::{Code, Diagnostic};
use crate::pack::ParsedMetricKind;

impl Checker<'_> {
    pub fn warn_unused(&mut self) {
        let pack = self.pack;
        for (id, parameter) in pack.parameters.iter().enumerate() {
            if !self.usage.parameters.contains(&id) {
                let message = format!("nothing uses the parameter `{}`", parameter.name.value);
                let finding = Diagnostic::new(Code::UnusedParameter, parameter.name.span, message)
                    .help("remove it, or use it");
                self.unused(finding);
            }
        }
        let mut id = 0;
        for metric in &pack.metrics {
            let rfm = matches!(
                metric.kind.as_ref().map(|kind| &kind.value),
                Some(ParsedMetricKind::Rfm { .. })
            );
            let ids = id..id + if rfm { 4 } else { 1 };
            id = ids.end;
            let used = ids.clone().any(|id| self.usage.metrics.contains(&id));
            let broken = ids.clone().any(|id| matches!(self.drafts[id], Draft::Broken));
            if !used && !broken {
                let message = format!("nothing uses the metric `{}`", metric.name.value);
                let finding = Diagnostic::new(Code::UnusedMetric, metric.name.span, message)
                    .help("remove it, or use it in a tier, a segment or a benefit");
                self.unused(finding);
            }
        }
        self.warn_unused_functions();
    }

    /// A name that is itself at fault is not unused: it could not be used.
    fn unused(&mut self, finding: Diagnostic) {
        if !self.findings.iter().any(|told| told.is_error() && told.span == finding.span) {
            self.report(finding);
        }
    }

    fn warn_unused_functions(&mut self) {
        let mut used: Vec<usize> = self.usage.functions.iter().copied().collect();
        while let Some(id) = used.pop() {
            for called in &self.scripts.functions[id].calls {
                if self.usage.functions.insert(*called) {
                    used.push(*called);
                }
            }
        }
        let unused: Vec<_> = (0..self.scripts.functions.len())
            .filter(|id| !self.usage.functions.contains(id))
            .map(|id| self.scripts.functions[id].clone())
            .collect();
        for function in unused {
            let message = format!("nothing calls `{}::{}`", function.module, function.name);
            self.report(
                Diagnostic::new(Code::UnusedFunction, function.span, message)
                    .help("remove it, or call it"),
            );
        }
    }
}

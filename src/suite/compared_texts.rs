//! The texts with which the rules compare columns and attributes.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{AttributeId, ColumnId, Condition, Expr, Input, Node, SourceId, Value};
use crate::program::{BenefitValue, ColumnSource, MetricKind, Program, SegmentRule, Ties};

/// By attribute, and by source and column: each text once, in order.
#[derive(Debug, Default)]
pub(super) struct ComparedTexts {
    attributes: BTreeMap<AttributeId, BTreeSet<String>>,
    columns: BTreeMap<(SourceId, ColumnId), BTreeSet<String>>,
}

impl ComparedTexts {
    pub(super) fn of(program: &Program) -> Self {
        let mut found = Self::default();
        for (id, source) in program.sources.iter().enumerate() {
            for column in &source.columns {
                if let ColumnSource::Computed(expr) = &column.column {
                    found.expr(expr, Some(id));
                }
            }
        }
        for attribute in &program.attributes {
            if let ColumnSource::Computed(expr) = &attribute.column {
                found.expr(expr, None);
            }
        }
        for metric in &program.metrics {
            match &metric.kind {
                MetricKind::Rows(rows) => found.condition(&rows.filter, Some(rows.source)),
                MetricKind::Formula { expr, .. } => found.expr(expr, None),
                MetricKind::Score(lines) => {
                    for line in lines {
                        found.condition(&line.when, None);
                        found.expr(&line.add, None);
                    }
                }
                MetricKind::Rfm { .. } | MetricKind::RfmPart { .. } => {}
            }
        }
        found.condition(&program.settings.population, None);
        for cutoff in &program.cutoffs {
            found.expr(&cutoff.measure, None);
            let (Ties::Include { then } | Ties::Exclude { then } | Ties::BreakBy(then)) =
                &cutoff.ties;
            then.iter().for_each(|expr| found.expr(expr, None));
        }
        found.decisions(program);
        found
    }

    fn decisions(&mut self, program: &Program) {
        for tier in program.ladders.iter().flat_map(|ladder| &ladder.tiers) {
            self.condition(&tier.enter, None);
            tier.keep.iter().for_each(|keep| self.condition(keep, None));
        }
        for benefit in &program.benefits {
            self.condition(&benefit.when, None);
            let of_tiers = benefit.tiers.iter().map(|tier| &tier.value);
            for value in of_tiers.chain(benefit.segments.iter().map(|of_segment| &of_segment.value))
            {
                if let BenefitValue::Amount(expr)
                | BenefitValue::ShippingOver(expr)
                | BenefitValue::TextFrom(expr) = value
                {
                    self.expr(expr, None);
                }
            }
        }
        for segment in &program.segments {
            if let SegmentRule::When(condition) = &segment.rule {
                self.condition(condition, None);
            }
        }
        program.alerts.iter().for_each(|alert| self.condition(&alert.when, None));
    }

    pub(super) fn of_attribute(&self, attribute: AttributeId) -> Vec<&str> {
        self.attributes.get(&attribute).into_iter().flatten().map(String::as_str).collect()
    }

    pub(super) fn of_column(&self, source: SourceId, column: ColumnId) -> Vec<&str> {
        self.columns.get(&(source, column)).into_iter().flatten().map(String::as_str).collect()
    }

    fn condition(&mut self, condition: &Condition<Expr>, source: Option<SourceId>) {
        condition.visit(&mut |expr| self.expr(expr, source));
    }

    /// `source`: whose columns the expression reads.
    fn expr(&mut self, expr: &Expr, source: Option<SourceId>) {
        expr.visit(&mut |part| {
            if let Node::Compare(_, a, b) | Node::In(a, b) = &part.node {
                self.compared(a, b, source);
                self.compared(b, a, source);
            }
        });
    }

    fn compared(&mut self, with: &Expr, texts: &Expr, source: Option<SourceId>) {
        let texts = texts_in(texts);
        if texts.is_empty() {
            return;
        }
        with.visit(&mut |part| {
            let known = match part.node {
                Node::Input(Input::Attribute(id)) => self.attributes.entry(id).or_default(),
                Node::Input(Input::Column(column)) => match source {
                    Some(source) => self.columns.entry((source, column)).or_default(),
                    None => return,
                },
                _ => return,
            };
            known.extend(texts.iter().cloned());
        });
    }
}

fn texts_in(expr: &Expr) -> Vec<String> {
    let mut texts = Vec::new();
    expr.visit(&mut |part| {
        if let Node::Literal(value) | Node::Parameter(_, value) = &part.node {
            add_texts(value, &mut texts);
        }
    });
    texts
}

fn add_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Text(text) => texts.push(text.to_string()),
        Value::List(list) => list.iter().for_each(|value| add_texts(value, texts)),
        _ => {}
    }
}

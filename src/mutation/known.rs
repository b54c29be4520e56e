//! What the sound program says of a pack: what its expressions count, what its parameters are.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::expr::syntax::{Ast, AstKind};
use crate::expr::{Condition, Expr, Type, Unit, Value, decimal};
use crate::lifecycle::{Cadence, Duration, Review, Span as Length};
use crate::program::{
    BenefitValue, ColumnSource, MetricKind, ParameterValue, Program, SegmentRule, Ties,
};
use crate::source::{Sources, Span};

/// What is known while mutants of a pack are made.
#[derive(Debug)]
pub(super) struct Known<'a> {
    pub texts: &'a Sources,
    pub program: &'a Program,
    kinds: HashMap<Span, (Type, Unit)>,
}

impl<'a> Known<'a> {
    pub fn new(program: &'a Program, texts: &'a Sources) -> Self {
        let mut kinds = HashMap::new();
        each_expression(program, &mut |expr| {
            expr.visit(&mut |part| _ = kinds.insert(part.span, (part.ty, part.unit)));
        });
        Self { texts, program, kinds }
    }

    /// Type and unit of the expression at a place.
    pub fn kind(&self, span: Span) -> Option<(Type, Unit)> {
        self.kinds.get(&span).copied()
    }

    pub fn money_decimals(&self) -> u8 {
        self.program.settings.money_decimals
    }

    pub fn parameter(&self, name: &str) -> Option<&'a ParameterValue> {
        let mut parameters = self.program.parameters.iter();
        parameters.find(|parameter| parameter.name == name).map(|parameter| &parameter.value)
    }

    /// A number: written, or the value of a parameter.
    pub fn number(&self, written: &str) -> Option<Decimal> {
        match self.parameter(written) {
            Some(ParameterValue::Value(Value::Number(number))) => Some(number.normalize()),
            Some(_) => None,
            None => Decimal::from_str_exact(written).ok(),
        }
    }

    /// A duration: written, or the value of a parameter.
    pub fn duration(&self, written: &str) -> Option<Duration> {
        match self.parameter(written) {
            Some(ParameterValue::Duration(duration)) => Some(*duration),
            Some(ParameterValue::Value(_)) => None,
            None => written.parse().ok(),
        }
    }

    /// The value of an expression of numbers and parameters.
    pub fn constant(&self, ast: &Ast) -> Option<Decimal> {
        match &ast.kind {
            AstKind::Number(number) => Some(*number),
            AstKind::Name(name) => self.parameter(name).and_then(|_| self.number(name)),
            AstKind::Negate(inner) => self.constant(inner).map(|number| -number),
            AstKind::Arithmetic(op, a, b) => {
                decimal::apply(*op, self.constant(a)?, self.constant(b)?).ok()
            }
            _ => None,
        }
    }
}

fn each_expression<'p>(program: &'p Program, each: &mut impl FnMut(&'p Expr)) {
    program.settings.population.visit(each);
    for attribute in &program.attributes {
        computed(&attribute.column, each);
    }
    for column in program.sources.iter().flat_map(|source| &source.columns) {
        computed(&column.column, each);
    }
    for metric in &program.metrics {
        match &metric.kind {
            MetricKind::Rows(row) => row.filter.visit(each),
            MetricKind::Formula { expr, .. } => each(expr),
            MetricKind::Score(lines) => {
                for line in lines {
                    line.when.visit(each);
                    each(&line.add);
                }
            }
            MetricKind::Rfm { .. } | MetricKind::RfmPart { .. } => {}
        }
    }
    for cutoff in &program.cutoffs {
        each(&cutoff.measure);
        match &cutoff.ties {
            Ties::Include { then } | Ties::Exclude { then } | Ties::BreakBy(then) => {
                then.iter().for_each(&mut *each);
            }
        }
    }
    for tier in program.ladders.iter().flat_map(|ladder| &ladder.tiers) {
        tier.enter.visit(each);
        tier.keep.iter().for_each(|keep| keep.visit(each));
        match &tier.review {
            Review::Fixed { period: Length::Computed(expr), .. }
            | Review::Dynamic(Cadence::Every(Length::Computed(expr))) => each(expr),
            Review::Fixed { .. } | Review::Dynamic(_) => {}
        }
    }
    for benefit in &program.benefits {
        benefit.when.visit(each);
        benefit.tiers.iter().for_each(|tier| benefit_value(&tier.value, each));
        benefit.segments.iter().for_each(|of_segment| benefit_value(&of_segment.value, each));
    }
    let rules = program.segments.iter().map(|segment| &segment.rule);
    let when = rules.filter_map(|rule| match rule {
        SegmentRule::When(when) => Some(when),
        SegmentRule::Near { .. } => None,
    });
    when.chain(program.alerts.iter().map(|alert| &alert.when))
        .for_each(|when: &Condition<Expr>| when.visit(each));
}

fn computed<'p>(column: &'p ColumnSource, each: &mut impl FnMut(&'p Expr)) {
    if let ColumnSource::Computed(expr) = column {
        each(expr);
    }
}

fn benefit_value<'p>(value: &'p BenefitValue, each: &mut impl FnMut(&'p Expr)) {
    match value {
        BenefitValue::Amount(expr)
        | BenefitValue::ShippingOver(expr)
        | BenefitValue::TextFrom(expr) => each(expr),
        BenefitValue::Credit { ceiling, days, guarantor } => {
            [ceiling, days, guarantor].into_iter().for_each(each);
        }
        BenefitValue::ShippingAlways | BenefitValue::Text(_) => {}
    }
}

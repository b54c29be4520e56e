//! Expressions and conditions.

use serde_json::{Value as Json, json};

use super::{Definition, Part, plain};
use crate::expr::{Condition, Expr, Input, LadderId, Node, ScriptArgument, SourceId, TierId};

impl Definition<'_> {
    /// `rows`: the source whose rows an expression reads, if it does.
    pub(super) fn condition(
        &mut self,
        condition: &Condition<Expr>,
        rows: Option<SourceId>,
    ) -> Json {
        let mut each = |list: &[Condition<Expr>]| -> Vec<Json> {
            list.iter().map(|condition| self.condition(condition, rows)).collect()
        };
        match condition {
            Condition::Always => json!("always"),
            Condition::Never => json!("never"),
            Condition::Expr(expr) => self.expr(expr, rows),
            Condition::All(list) => json!(["all", each(list)]),
            Condition::Any { at_least, of } => json!(["any", at_least, each(of)]),
            Condition::None(list) => json!(["none", each(list)]),
        }
    }

    /// A parameter is its value: whether that is written out or named decides nothing.
    pub(super) fn expr(&mut self, expr: &Expr, rows: Option<SourceId>) -> Json {
        let mut of = |expr: &Expr| self.expr(expr, rows);
        match &expr.node {
            Node::Literal(value) | Node::Parameter(_, value) => json!(["value", plain(value)]),
            Node::Input(input) => self.input(*input, rows),
            Node::AsOf => json!("as_of"),
            Node::Cutoff(id) => {
                let cutoff = self.cutoff(&self.program.cutoffs[*id]);
                json!(["cutoff", cutoff])
            }
            Node::Not(a) => json!(["not", of(a)]),
            Node::Negate(a) => json!(["negate", of(a)]),
            Node::Arithmetic(op, a, b) => json!([plain(op), of(a), of(b)]),
            Node::Compare(op, a, b) => json!([plain(op), of(a), of(b)]),
            Node::And(a, b) => json!(["and", of(a), of(b)]),
            Node::Or(a, b) => json!(["or", of(a), of(b)]),
            Node::In(a, b) => json!(["in", of(a), of(b)]),
            Node::If(a, b, c) => json!(["if", of(a), of(b), of(c)]),
            Node::List(items) => json!(["list", items.iter().map(of).collect::<Vec<_>>()]),
            Node::Call(function, arguments) => {
                json!([function.name(), arguments.iter().map(of).collect::<Vec<_>>()])
            }
            Node::Script { function, arguments } => {
                let arguments = arguments.iter().map(|argument| match argument {
                    ScriptArgument::Value(expr) => of(expr),
                    ScriptArgument::Customer => json!("customer"),
                });
                let arguments: Vec<Json> = arguments.collect();
                json!([self.read(Part::Function(*function)), arguments, plain(&expr.ty)])
            }
        }
    }

    fn input(&mut self, input: Input, rows: Option<SourceId>) -> Json {
        let program = self.program;
        let ladder = |ladder: LadderId| &program.ladders[ladder].name;
        let tier = |id: LadderId, tier: TierId| {
            format!("{}.{}", ladder(id), program.ladders[id].tiers[tier].name)
        };
        match input {
            Input::Column(column) => {
                let source = rows.expect("only rows have columns");
                json!(self.read(Part::Column(source, column)))
            }
            Input::Metric(metric) => json!(self.read(Part::Metric(metric))),
            Input::Attribute(attribute) => json!(self.read(Part::Attribute(attribute))),
            Input::Top(id) => {
                let cutoff = self.cutoff(&program.cutoffs[id]);
                json!(["top", cutoff])
            }
            Input::At => json!("at"),
            Input::BenefitValue => json!("benefit value"),
            Input::InTier(id, of) => json!(["in_tier", tier(id, of)]),
            Input::Holds(id, of) => json!(["holds", tier(id, of)]),
            Input::DaysHeld(id, of) => json!(["days_held", tier(id, of)]),
            Input::DaysSinceHeld(id, of) => json!(["days_since_held", tier(id, of)]),
            Input::InGrace(id) => json!(["in_grace", ladder(id)]),
            Input::InSegment(segment) => json!(["in_segment", program.segments[segment].name]),
        }
    }
}

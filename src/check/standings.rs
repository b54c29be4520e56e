//! Functions on standings: `in_tier`, `holds` and their kin.

use super::checker::Checker;
use super::scope::{Scope, Standings};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::syntax::{Ast, AstKind};
use crate::expr::{Expr, Input, Node, Type, Unit};
use crate::source::Span;

impl Checker<'_> {
    pub fn standing_call(
        &mut self,
        callee: &str,
        callee_span: Span,
        arguments: &[Ast],
        span: Span,
        scope: Scope<'_>,
    ) -> Option<Expr> {
        let form = match callee {
            "in_grace" => "in_grace(club)".to_owned(),
            "in_segment" => "in_segment(advocates)".to_owned(),
            _ => format!("{callee}(club.vip)"),
        };
        self.counted(callee, span, arguments.len(), 1..=1, &form)?;
        let readable = match scope {
            Scope::Customer { standings, .. } => standings,
            _ => Standings::Unreadable,
        };
        if readable == Standings::Unreadable
            || callee == "in_segment" && readable == Standings::Before
        {
            let place = if callee == "in_segment" {
                "segments, alerts and benefits"
            } else {
                "conditions of tiers, segments, alerts and benefits"
            };
            let message = format!("`{callee}` can only be used in {place}");
            self.error(Code::NotAllowedHere, callee_span, message);
            return None;
        }
        let argument = &arguments[0];
        let AstKind::Name(name) = &argument.kind else {
            self.report(
                Diagnostic::new(
                    Code::WrongType,
                    argument.span,
                    format!("`{callee}` needs a name, as it is written in the pack"),
                )
                .help(format!("write `{form}`")),
            );
            return None;
        };
        let (input, ty) = match callee {
            "in_grace" => (Input::InGrace(self.ladder_named(name, argument.span)?), Type::Flag),
            "in_segment" => {
                (Input::InSegment(self.segment_named(name, argument.span)?), Type::Flag)
            }
            _ => {
                let (ladder, tier) = self.tier_reference(name, argument.span)?;
                match callee {
                    "in_tier" => (Input::InTier(ladder, tier), Type::Flag),
                    "holds" => (Input::Holds(ladder, tier), Type::Flag),
                    "days_held" => (Input::DaysHeld(ladder, tier), Type::Number),
                    _ => (Input::DaysSinceHeld(ladder, tier), Type::Number),
                }
            }
        };
        let unit = if ty == Type::Number { Unit::Days } else { Unit::Number };
        Some(Expr { node: Node::Input(input), ty, unit, span })
    }
}

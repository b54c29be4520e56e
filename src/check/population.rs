//! Functions over the population, and the condition that says who counts.

use rust_decimal::Decimal;

use super::checker::{Checker, PopulationState};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::syntax::Ast;
use crate::expr::{Condition, CutoffId, Expr, Input, LadderId, Node, Type, Unit};
use crate::pack::ParsedTies;
use crate::program::{Cutoff, CutoffKind, Step, Ties};
use crate::source::Span;

impl Checker<'_> {
    pub fn population_call(
        &mut self,
        callee: &str,
        callee_span: Span,
        arguments: &[Ast],
        span: Span,
        scope: Scope<'_>,
    ) -> Option<Expr> {
        let Scope::Customer { ladder, held_by, .. } = scope else {
            let message = format!("`{callee}` looks over all customers; a row cannot use it");
            self.error(Code::NotAllowedHere, callee_span, message);
            return None;
        };
        let with_number =
            matches!(callee, "top_percent" | "top_count" | "makes_percent" | "percentile");
        let (wanted, form) = if with_number {
            (2, format!("{callee}({}, spend)", if callee == "top_count" { 100 } else { 5 }))
        } else {
            (1, format!("{callee}(spend)"))
        };
        if arguments.len() != wanted {
            self.report(
                Diagnostic::new(
                    Code::WrongArgumentCount,
                    span,
                    format!(
                        "`{callee}` takes {wanted} argument{}, not {}",
                        if wanted == 1 { "" } else { "s" },
                        arguments.len()
                    ),
                )
                .help(format!("write `{form}`")),
            );
            return None;
        }
        let number =
            if with_number { Some(self.top_size(callee, &arguments[0], scope)) } else { None };
        let measure = Scope::measure(held_by);
        let measure = self.operand(&arguments[wanted - 1], measure, Type::Number);
        let measure = measure?;
        let unit = measure.unit;
        let number = match number {
            Some(number) => Some(number?),
            None => None,
        };
        let zero = Decimal::ZERO;
        let percent = number.unwrap_or(zero);
        let kind = match callee {
            "top_percent" => CutoffKind::TopPercent(percent),
            "top_count" => CutoffKind::TopCount(u64::try_from(percent).unwrap_or(u64::MAX)),
            "makes_percent" => CutoffKind::MakesPercent(percent),
            "percentile" => CutoffKind::Percentile(percent),
            "average" => CutoffKind::Average,
            "median" => CutoffKind::Median,
            "total" => CutoffKind::Total,
            _ => CutoffKind::StdDev,
        };
        let is_top = kind.is_top();
        let ladder = ladder.filter(|_| is_top);
        let ties = self.ties_of(ladder);
        let id = self.cutoff(Cutoff {
            kind,
            measure,
            ties,
            text: self.texts.text(span).split_whitespace().collect::<Vec<_>>().join(" "),
            ladder,
            held_by,
            span,
        });
        Some(if is_top {
            Expr { node: Node::Input(Input::Top(id)), ty: Type::Flag, unit: Unit::Number, span }
        } else {
            Expr { node: Node::Cutoff(id), ty: Type::Number, unit, span }
        })
    }

    /// The constant first argument of a top or percentile.
    fn top_size(&mut self, callee: &str, ast: &Ast, scope: Scope<'_>) -> Option<Decimal> {
        let expr = self.operand(ast, scope, Type::Number)?;
        let Some(number) = self.constant(&expr) else {
            let message = format!("the first argument of `{callee}` is a number or a parameter");
            let form = match callee {
                "top_count" => "top_count(100, spend)".to_owned(),
                "makes_percent" => "makes_percent(80, spend)".to_owned(),
                "percentile" => "percentile(95, spend)".to_owned(),
                _ => format!("{callee}(5, spend)"),
            };
            let help = format!("write the number first, as in `{form}`");
            self.report(Diagnostic::new(Code::NotConstant, expr.span, message).help(help));
            return None;
        };
        if callee != "top_count" {
            return self.percent_in_range(number, expr.span);
        }
        if !number.is_integer() || number < Decimal::ZERO {
            let message = format!("`{number}` is no number of customers");
            self.error(Code::InvalidValue, expr.span, message);
            return None;
        }
        Some(number)
    }

    /// The tie rule of a ladder; everybody equal to the k-th outside of ladders.
    pub fn ties_of(&mut self, ladder: Option<LadderId>) -> Ties {
        let pack = self.pack;
        match ladder.and_then(|ladder| pack.ladders[ladder].ties.as_ref()).map(|ties| &ties.value) {
            None | Some(ParsedTies::Include) => Ties::Include { then: Vec::new() },
            Some(ParsedTies::Exclude) => Ties::Exclude { then: Vec::new() },
            Some(ParsedTies::BreakBy(names)) => {
                let held_by = ladder.and_then(|ladder| self.holding(ladder));
                Ties::BreakBy(self.rank_measures(names, held_by))
            }
        }
    }

    /// The ladder itself where it holds its cutoffs for longer than a pass.
    pub fn holding(&self, ladder: LadderId) -> Option<LadderId> {
        self.cutoff_cadences[ladder].map(|_| ladder)
    }

    pub fn rank_measures(
        &mut self,
        texts: &[crate::pack::ExprText],
        held_by: Option<LadderId>,
    ) -> Vec<Expr> {
        let scope = Scope::measure(held_by);
        texts.iter().filter_map(|text| self.expression(text, scope, Some(Type::Number))).collect()
    }

    /// The id of a cutoff: the same one for the same rule over the same measure, held alike.
    pub fn cutoff(&mut self, mut cutoff: Cutoff) -> CutoffId {
        if cutoff.kind.is_everybody() {
            cutoff.held_by = None;
        }
        let key = (&cutoff.kind, &cutoff.measure, &cutoff.ties, &cutoff.held_by);
        let key = serde_json::to_string(&key).expect("a cutoff is plain data");
        if let Some(id) = self.cutoff_ids.get(&key) {
            return *id;
        }
        self.lower_population();
        let id = self.cutoffs.len();
        self.cutoffs.push(cutoff);
        self.cutoff_ids.insert(key, id);
        self.order.push(Step::Cutoff(id));
        id
    }

    /// Lowers `settings.population` before the first value that needs it.
    pub fn lower_population(&mut self) {
        match self.population {
            PopulationState::Done => {}
            PopulationState::Running => {
                if let Some(population) = &self.pack.settings.population {
                    self.error(
                        Code::MetricCircle,
                        population.span,
                        "who counts for relative values cannot depend on a relative value",
                    );
                }
            }
            PopulationState::Waiting => {
                self.population = PopulationState::Running;
                let pack = self.pack;
                self.settings.population = match &pack.settings.population {
                    Some(parsed) => self.condition(parsed, Scope::METRIC),
                    None => Condition::Always,
                };
                self.population = PopulationState::Done;
            }
        }
    }

    /// The top that a tier of a ladder of shares is: the sum of the shares down to it.
    pub fn share_top(
        &mut self,
        ladder: LadderId,
        percent: Decimal,
        ranks: &[Expr],
        span: Span,
    ) -> Option<Expr> {
        let (measure, then) = ranks.split_first()?;
        let ties = match self.ties_of(Some(ladder)) {
            Ties::Include { .. } => Ties::Include { then: then.to_vec() },
            Ties::Exclude { .. } => Ties::Exclude { then: then.to_vec() },
            Ties::BreakBy(more) => Ties::BreakBy(then.iter().cloned().chain(more).collect()),
        };
        let by: Vec<&str> = ranks.iter().map(|rank| self.texts.text(rank.span)).collect();
        let text = format!("top {percent} % by {}", by.join(", "));
        let id = self.cutoff(Cutoff {
            kind: CutoffKind::TopPercent(percent),
            measure: measure.clone(),
            ties,
            text,
            ladder: Some(ladder),
            held_by: self.holding(ladder),
            span,
        });
        Some(Expr { node: Node::Input(Input::Top(id)), ty: Type::Flag, unit: Unit::Number, span })
    }
}

#[cfg(test)]
mod tests {
    use crate::pass::fixture::program;

    /// What the cutoffs of a pack with these ladders are, and which ladder holds each.
    fn held(metrics: &str, ladders: &str) -> Vec<(String, Option<String>)> {
        let program = program("", metrics, &format!("ladders:\n{ladders}"));
        let ladder = |id: usize| program.ladders[id].name.clone();
        let cutoffs = program.cutoffs.iter();
        let mut held: Vec<_> =
            cutoffs.map(|cutoff| (cutoff.text.clone(), cutoff.held_by.map(ladder))).collect();
        held.sort();
        held
    }

    fn expected(cutoffs: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
        let own = |text: &str| text.to_owned();
        cutoffs.iter().map(|(text, ladder)| (own(text), ladder.map(own))).collect()
    }

    #[test]
    fn a_ladder_holds_what_its_criteria_say_and_nothing_else() {
        let metrics = "  above: { expr: spend - average(spend) }";
        let club = "
  club:
    cutoffs: monthly
    tiers:
      vip:
        enter: 'above > average(spend)'
        keep: 'spend > median(spend)'
        review: { fixed: { expr: 'if spend > total(spend) { 30 } else { 60 }' } }
      gold: { enter: 'top_percent(10, spend)' }
      member: { enter: always }";
        let friends = "
  friends:
    cutoffs: daily
    tiers:
      best: { enter: 'top_percent(10, spend) && spend > median(spend)' }
      fine: { enter: 'spend > median(spend)' }
";
        let of_club = Some("club");
        let cutoffs = [
            ("average(spend)", None),
            ("average(spend)", of_club),
            ("median(spend)", None),
            ("median(spend)", of_club),
            ("top_percent(10, spend)", None),
            ("top_percent(10, spend)", of_club),
            ("total(spend)", of_club),
        ];
        assert_eq!(held(metrics, &format!("{club}{friends}")), expected(&cutoffs));
        let other = club.replace("club", "other").replace("monthly", "10 days");
        let both = held("", &format!("{club}{other}").replace("above", "spend"));
        assert_eq!(both.len(), 8);
        assert!(both.iter().all(|(_, ladder)| ladder.is_some()));
    }

    #[test]
    fn what_is_written_inside_of_a_measure_or_a_ranking_is_held_too() {
        let ladders = "
  club:
    cutoffs: weekly
    ties: { break_by: ['spend - median(spend)'] }
    tiers: { vip: { enter: 'top_count(5, spend / (1 + average(spend)))' } }
  shares:
    cutoffs: weekly
    rank_by: 'spend - total(spend)'
    tiers: { vip: { share: 5 }, member: { share: rest } }
";
        let cutoffs = [
            ("average(spend)", Some("club")),
            ("median(spend)", Some("club")),
            ("top 100 % by spend - total(spend)", None),
            ("top 5 % by spend - total(spend)", Some("shares")),
            ("top_count(5, spend / (1 + average(spend)))", Some("club")),
            ("total(spend)", Some("shares")),
        ];
        assert_eq!(held("", ladders), expected(&cutoffs));
    }
}

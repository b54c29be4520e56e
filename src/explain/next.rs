use rust_decimal::Decimal;

use super::{Criterion, Measure, Slot};
use crate::criteria::{Direction, Leaf, Requirement};
use crate::expr::{LadderId, MetricId, TierId, Unit};
use crate::program::Program;
use crate::source::Sources;

/// The next higher tier, and the numbers that are missing for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    pub tier: TierId,
    /// Of several ways the one with the smallest gaps.
    pub needs: Vec<Need>,
    /// Criteria on that way that no number can meet, as written.
    pub others: Vec<String>,
    /// The gaps as parts of what is asked, added up.
    pub distance: Decimal,
    /// Each earns the tier, or a higher one, by itself; the smallest first.
    pub changes: Vec<Change>,
}

/// Another value of one metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub metric: MetricId,
    pub now: Decimal,
    pub to: Decimal,
    /// What `to` is more than `now`; negative: less.
    pub by: Decimal,
}

/// A number that is not reached yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The metric's name, or the expression as written.
    pub name: String,
    pub metric: Option<MetricId>,
    pub now: Decimal,
    pub asked: Decimal,
    /// Positive: short, or too much where less is asked for.
    pub gap: Decimal,
    pub unit: Unit,
    pub direction: Direction,
}

/// One way to meet a requirement.
#[derive(Debug, Clone, Default)]
struct Way {
    needs: Vec<Need>,
    others: Vec<String>,
    /// Gaps as parts of what is asked.
    distance: Decimal,
}

impl Next {
    /// Whether meeting a need is by itself enough.
    pub fn is_enough(&self, need: &Need) -> bool {
        self.changes.iter().any(|change| change.meets(need))
    }

    /// The changes that no need says already.
    pub fn other_changes(&self) -> impl Iterator<Item = &Change> {
        let is_said = |change: &&Change| self.needs.iter().any(|need| change.meets(need));
        self.changes.iter().filter(move |change| !is_said(change))
    }
}

impl Change {
    /// Whether it goes exactly where a need asks.
    fn meets(&self, need: &Need) -> bool {
        need.metric == Some(self.metric) && need.asked == self.to
    }
}

impl Way {
    /// What numbers cannot mend counts first, then how far it is, then how many.
    fn rank(&self) -> (usize, Decimal, usize) {
        (self.others.len(), self.distance, self.needs.len())
    }

    fn and(mut self, other: Way) -> Way {
        for need in other.needs {
            match self.needs.iter_mut().find(|own| own.name == need.name) {
                // The larger gap includes the smaller one.
                Some(own) if own.direction.is_upper() == need.direction.is_upper() => {
                    if need.gap > own.gap {
                        *own = need;
                    }
                }
                _ => self.needs.push(need),
            }
        }
        self.others.extend(other.others);
        self.distance = self.distance.checked_add(other.distance).unwrap_or(Decimal::MAX);
        self
    }
}

pub(super) fn next(
    program: &Program,
    texts: &Sources,
    ladder: LadderId,
    tier: TierId,
    customer: &dyn Measure,
) -> Next {
    let enter = Requirement::of(&program.ladders[ladder].tiers[tier].enter);
    let measure =
        &|leaf: &Leaf<'_>| Criterion::of(*leaf, program, texts, (tier, Slot::Enter), customer);
    let Way { needs, others, distance } = way(&enter, measure);
    Next { tier, needs, others, distance, changes: Vec::new() }
}

type MeasureLeaf<'a> = dyn Fn(&Leaf<'_>) -> Criterion + 'a;

fn way(requirement: &Requirement<'_>, measure: &MeasureLeaf<'_>) -> Way {
    match requirement {
        Requirement::Always => Way::default(),
        Requirement::Never => Way { others: vec!["never".to_owned()], ..Way::default() },
        Requirement::Leaf(leaf) => of_criterion(measure(leaf)),
        Requirement::All(of) => {
            of.iter().map(|part| way(part, measure)).fold(Way::default(), Way::and)
        }
        Requirement::Any { at_least, of } => {
            let mut ways: Vec<Way> = of.iter().map(|part| way(part, measure)).collect();
            ways.sort_by_key(Way::rank);
            ways.truncate(*at_least);
            ways.into_iter().fold(Way::default(), Way::and)
        }
    }
}

fn of_criterion(criterion: Criterion) -> Way {
    if criterion.met {
        return Way::default();
    }
    let numbers = (criterion.measured.as_number(), criterion.asked.as_number(), criterion.gap);
    let (Some(now), Some(asked), Some(gap)) = numbers else {
        return Way { others: vec![criterion.text], ..Way::default() };
    };
    let whole = if asked.is_zero() { Decimal::ONE } else { asked.abs() };
    let distance = gap.checked_div(whole).unwrap_or(Decimal::MAX).max(Decimal::ZERO);
    let need = Need {
        name: criterion.subject,
        metric: criterion.metric,
        now,
        asked,
        gap,
        unit: criterion.unit,
        direction: criterion.direction,
    };
    Way { needs: vec![need], others: Vec::new(), distance }
}

use super::clause::Clause;
use super::criterion::pair;
use super::side::Side;
use super::words::{self, NONE, month_day};
use super::written::{Constants, constant};
use super::{Comparison, Part, paired};
use crate::expr::{Condition, Expr, Unit};
use crate::program::{Benefit, BenefitKind, BenefitValue, Occasion};

impl<'r> Comparison<'r> {
    pub(super) fn benefits(&mut self) {
        let (old, new) = (self.from.program, self.to.program);
        for (was, is) in paired(&old.benefits, &new.benefits, |benefit| &benefit.name) {
            match (was, is) {
                (Some(was), Some(is)) => self.benefit(was, is),
                (None, Some(is)) => {
                    let words = format!("added: {}", self.to.benefit(is));
                    self.tell(Part::Benefits, format!("benefit {}", is.name), words);
                }
                (Some(was), None) => {
                    self.tell(Part::Benefits, format!("benefit {}", was.name), "removed");
                }
                (None, None) => {}
            }
        }
    }

    fn benefit(&mut self, old: &'r Benefit, new: &'r Benefit) {
        let place = format!("benefit {}", new.name);
        let key = |key: &str| format!("{place} {key}");
        self.tell_texts(Part::Benefits, &key("kind"), old.kind.name(), new.kind.name());
        let [was, is] = [old, new].map(|it| it.category.clone().unwrap_or_else(|| NONE.to_owned()));
        self.tell_texts(Part::Benefits, &key("category"), &was, &is);
        let [was, is] = [old, new].map(|it| occasion(it.occasion));
        self.tell_texts(Part::Benefits, &key("on"), &was, &is);
        self.values(&place, old, new);
        self.condition(Part::Benefits, &key("when"), (&old.when, &new.when), None);
        match (&old.cost, &new.cost) {
            (Some(was), Some(is)) => {
                self.expressions(Part::Benefits, &key("cost"), was, is, None);
            }
            (was, is) => {
                let write = |side: &Side<'_>, cost: &Option<Expr>| match cost {
                    Some(cost) => side.expr(cost, None, Constants::Named),
                    None => NONE.to_owned(),
                };
                let (was, is) = (write(&self.from, was), write(&self.to, is));
                self.tell_texts(Part::Benefits, &key("cost"), &was, &is);
            }
        }
    }

    /// What each tier and segment gets, and of perks which counts first.
    fn values(&mut self, place: &str, old: &'r Benefit, new: &'r Benefit) {
        let (was, is) = (self.from.given(old), self.to.given(new));
        for (before, now) in paired(&was, &is, |(receiver, _)| receiver) {
            let receiver = before.or(now).map_or("", |(receiver, _)| receiver);
            let place = format!("{place} for {receiver}");
            match (before, now) {
                (Some((_, before)), Some((_, now))) => {
                    let words =
                        value_change((&self.from, old.kind, before), (&self.to, new.kind, now));
                    if let Some(words) = words {
                        self.tell(Part::Benefits, place, words);
                    }
                }
                (None, Some((_, now))) => {
                    let words =
                        format!("added: {}", self.to.value(new.kind, now, Constants::Named));
                    self.tell(Part::Benefits, place, words);
                }
                (Some((_, before)), None) => {
                    let value = self.from.value(old.kind, before, Constants::Named);
                    self.tell(Part::Benefits, place, format!("removed, was {value}"));
                }
                (None, None) => {}
            }
        }
        if new.kind == BenefitKind::Perk {
            self.precedence(place, &was, &is);
        }
    }

    /// Of two perks that a customer would get the first counts. The tiers of one ladder exclude
    /// each other, so only ladders and segments have an order that means something.
    fn precedence(&mut self, place: &str, was: &[Given<'_>], is: &[Given<'_>]) {
        let rank = |own: &[Given<'_>], other: &[Given<'_>]| {
            let common = own.iter().filter(|(name, _)| other.iter().any(|(it, _)| it == name));
            let mut ranks: Vec<String> = Vec::new();
            for (name, _) in common {
                if ranks.last() != Some(name) {
                    ranks.push(name.clone());
                }
            }
            ranks
        };
        let (was, is) = (rank(was, is), rank(is, was));
        let is_moved = was.iter().enumerate().any(|(at, a)| {
            was[at + 1..].iter().any(|b| {
                let place = |name: &String| is.iter().position(|it| it == name);
                ladder(a) != ladder(b) && place(a) > place(b)
            })
        });
        if is_moved {
            let words = format!("{} → {}", was.join(", "), is.join(", "));
            self.tell(Part::Benefits, format!("{place} order"), words);
        }
    }
}

/// Who gets a value: `club.vip`, `segment advocates`.
type Given<'p> = (String, &'p BenefitValue);

/// The ladder of a receiver; a segment is alone.
fn ladder(receiver: &str) -> &str {
    receiver.split('.').next().unwrap_or(receiver)
}

impl Side<'_> {
    /// In the order in which they count.
    fn given<'p>(&self, benefit: &'p Benefit) -> Vec<Given<'p>> {
        let tiers = benefit.tiers.iter().map(|it| (self.tier(it.ladder, it.tier), &it.value));
        let segments = benefit
            .segments
            .iter()
            .map(|it| (format!("segment {}", self.program.segments[it.segment].name), &it.value));
        match benefit.segments_first {
            true => segments.chain(tiers).collect(),
            false => tiers.chain(segments).collect(),
        }
    }

    /// A benefit in one line.
    fn benefit(&self, benefit: &Benefit) -> String {
        let given = self.given(benefit).into_iter().map(|(receiver, value)| {
            format!("{receiver} {}", self.value(benefit.kind, value, Constants::Named))
        });
        let mut text = benefit.kind.name().to_owned();
        if let Some(category) = &benefit.category {
            text = format!("{text} ({category})");
        }
        if benefit.occasion.is_some() {
            text = format!("{text} on {}", occasion(benefit.occasion));
        }
        text = format!("{text}, {}", given.collect::<Vec<_>>().join(", "));
        if benefit.when != Condition::Always {
            text = format!("{text}; when {}", Clause::of(self, &benefit.when, None).text());
        }
        if let Some(cost) = &benefit.cost {
            text = format!("{text}; cost {}", self.expr(cost, None, Constants::Named));
        }
        text
    }

    fn value(&self, kind: BenefitKind, value: &BenefitValue, constants: Constants) -> String {
        match value {
            BenefitValue::Amount(expr) => {
                let unit = match kind {
                    BenefitKind::PercentOff | BenefitKind::Cashback => Unit::Percent,
                    _ => Unit::Number,
                };
                let amount = self.amount(expr, unit, constants);
                match kind {
                    BenefitKind::PointsMultiplier => format!("{amount} times"),
                    _ => amount,
                }
            }
            BenefitValue::ShippingAlways => "always".to_owned(),
            BenefitValue::ShippingOver(over) => {
                format!("over {}", self.amount(over, Unit::Money, constants))
            }
            BenefitValue::Credit { ceiling, days, guarantor } => {
                let parts = self.credit([ceiling, days, guarantor], constants);
                parts.map(|(key, value)| format!("{key} {value}")).join(", ")
            }
            BenefitValue::Text(text) => words::text(text),
            BenefitValue::TextFrom(expr) => self.expr(expr, None, constants),
        }
    }

    fn credit(
        &self,
        [ceiling, days, guarantor]: [&Expr; 3],
        constants: Constants,
    ) -> [(&'static str, String); 3] {
        [
            ("ceiling", self.amount(ceiling, Unit::Money, constants)),
            ("for", self.amount(days, Unit::Days, constants)),
            ("guarantor", self.amount(guarantor, Unit::Number, constants)),
        ]
    }

    /// A value by itself where it is the same for everybody.
    fn amount(&self, expr: &Expr, unit: Unit, constants: Constants) -> String {
        match constant(expr) {
            Some(value) => words::value(&value, unit),
            None => self.expr(expr, None, constants),
        }
    }
}

fn value_change(
    (from, old_kind, old): (&Side<'_>, BenefitKind, &BenefitValue),
    (to, new_kind, new): (&Side<'_>, BenefitKind, &BenefitValue),
) -> Option<String> {
    match (old, new) {
        (BenefitValue::Text(old), BenefitValue::Text(new)) => words::texts(old, new),
        (
            BenefitValue::Credit { ceiling: a, days: b, guarantor: c },
            BenefitValue::Credit { ceiling, days, guarantor },
        ) => {
            let exact = |constants| {
                let was = from.credit([a, b, c], constants);
                was.into_iter().zip(to.credit([ceiling, days, guarantor], constants))
            };
            let parts = exact(Constants::Valued).zip(exact(Constants::Named)).filter_map(
                |(((key, was), (_, is)), ((_, shown_was), (_, shown_is)))| {
                    (was != is)
                        .then(|| format!("{key} {}", pair((&shown_was, &shown_is), (&was, &is))))
                },
            );
            let parts: Vec<String> = parts.collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        _ => {
            let write = |constants| {
                (from.value(old_kind, old, constants), to.value(new_kind, new, constants))
            };
            let exact = write(Constants::Valued);
            if exact.0 == exact.1 {
                return None;
            }
            let texts = write(Constants::Named);
            Some(pair((&texts.0, &texts.1), (&exact.0, &exact.1)))
        }
    }
}

fn occasion(occasion: Option<Occasion>) -> String {
    match occasion {
        None => "all the time".to_owned(),
        Some(Occasion::Birthday) => "birthday".to_owned(),
        Some(Occasion::Anniversary) => "anniversary".to_owned(),
        Some(Occasion::Entry) => "entry".to_owned(),
        Some(Occasion::Renewal) => "renewal".to_owned(),
        Some(Occasion::EachYear(day)) => month_day(day),
    }
}

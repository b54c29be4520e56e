use super::criterion::pair;
use super::scores::Scored;
use super::side::Side;
use super::words::{NONE, duration};
use super::written::Constants;
use super::{Comparison, Part, clause::Clause, paired};
use crate::explain::plain_number;
use crate::expr::{Condition, Expr, SourceId};
use crate::program::{Aggregate, Metric, MetricKind, Period, RowMetric, Window};

impl<'r> Comparison<'r> {
    pub(super) fn metrics(&mut self) {
        let [old, new] = [&self.from, &self.to].map(|side| {
            let metrics = side.program.metrics.iter();
            // The others follow from these.
            let own = |metric: &&Metric| !metric.hidden && !metric.is_part();
            metrics.filter(own).collect::<Vec<_>>()
        });
        for (was, is) in paired(&old, &new, |metric| &metric.name) {
            match (was, is) {
                (Some(was), Some(is)) => self.metric(was, is),
                (None, Some(is)) => {
                    let words = format!("added: {}", self.to.metric(is, Constants::Named));
                    self.tell(Part::Metrics, format!("metric {}", is.name), words);
                }
                (Some(was), None) => {
                    self.tell(Part::Metrics, format!("metric {}", was.name), "removed");
                }
                (None, None) => {}
            }
        }
    }

    fn metric(&mut self, old: &'r Metric, new: &'r Metric) {
        let place = format!("metric {}", new.name);
        let before = self.told.len();
        match (&old.kind, &new.kind) {
            (MetricKind::Rows(was), MetricKind::Rows(is)) => self.rows(&place, was, is),
            (
                MetricKind::Formula { expr: was, otherwise: was_else },
                MetricKind::Formula { expr: is, otherwise: is_else },
            ) => {
                self.expressions(Part::Metrics, &place, was, is, None);
                let [was, is] = [was_else, is_else].map(|number| plain_number(*number));
                self.tell_texts(Part::Metrics, &format!("{place} else"), &was, &is);
            }
            (MetricKind::Score(was), MetricKind::Score(is)) => self.score(&place, was, is),
            (
                MetricKind::Rfm { recency: r, frequency: f, monetary: m, bins },
                MetricKind::Rfm { recency, frequency, monetary, bins: is },
            ) => {
                let name = |side: &Side<'_>, id: usize| side.program.metrics[id].name.clone();
                for (key, was, is) in [
                    ("recency", r, recency),
                    ("frequency", f, frequency),
                    ("monetary", m, monetary),
                ] {
                    let (was, is) = (name(&self.from, *was), name(&self.to, *is));
                    self.tell_texts(Part::Metrics, &format!("{place} {key}"), &was, &is);
                }
                let (was, is) = (bins.to_string(), is.to_string());
                self.tell_texts(Part::Metrics, &format!("{place} bins"), &was, &is);
            }
            _ => {
                let was = self.from.metric(old, Constants::Named);
                self.tell_texts(
                    Part::Metrics,
                    &place,
                    &was,
                    &self.to.metric(new, Constants::Named),
                );
            }
        }
        // The unit of what is measured otherwise mostly follows from it.
        if self.told[before..].iter().all(|change| change.place != place) {
            let place = format!("{place} unit");
            self.tell_texts(Part::Metrics, &place, old.unit.name(), new.unit.name());
        }
    }

    /// Tells two expressions that do not come to the same. `rows` as in [`Side::expr`].
    pub(super) fn expressions(
        &mut self,
        part: Part,
        place: &str,
        old: &Expr,
        new: &Expr,
        rows: Option<(SourceId, SourceId)>,
    ) {
        let write = |constants| {
            let was = self.from.expr(old, rows.map(|(source, _)| source), constants);
            (was, self.to.expr(new, rows.map(|(_, source)| source), constants))
        };
        let exact = write(Constants::Valued);
        if exact.0 != exact.1 {
            let texts = write(Constants::Named);
            self.tell(part, place, pair((&texts.0, &texts.1), (&exact.0, &exact.1)));
        }
    }

    fn rows(&mut self, place: &str, old: &'r RowMetric, new: &'r RowMetric) {
        let (was, is) = (self.from.taken(old), self.to.taken(new));
        self.tell_texts(Part::Metrics, place, &was, &is);
        let rows = Some((old.source, new.source));
        let filters = (&old.filter, &new.filter);
        match filters {
            (Condition::Always, Condition::Always) => {}
            (Condition::Always, filter) => {
                let filter = Clause::of(&self.to, filter, Some(new.source)).text();
                self.tell(Part::Metrics, format!("{place} where"), format!("{NONE} → {filter}"));
            }
            (filter, Condition::Always) => {
                let filter = Clause::of(&self.from, filter, Some(old.source)).text();
                self.tell(Part::Metrics, format!("{place} where"), format!("{filter} → {NONE}"));
            }
            _ => self.condition(Part::Metrics, &format!("{place} where"), filters, rows),
        }
        let (was, is) = (self.from.window(old.window), self.to.window(new.window));
        self.tell_texts(Part::Metrics, &format!("{place} within"), &was, &is);
        let (was, is) = (duration(old.ago), duration(new.ago));
        self.tell_texts(Part::Metrics, &format!("{place} ago"), &was, &is);
    }
}

impl Side<'_> {
    /// A metric in one line, as a pack has it.
    fn metric(&self, metric: &Metric, constants: Constants) -> String {
        let name = |id: usize| &self.program.metrics[id].name;
        match &metric.kind {
            MetricKind::Rows(rows) => {
                let mut text = self.taken(rows);
                if rows.filter != Condition::Always {
                    let filter = Clause::of(self, &rows.filter, Some(rows.source)).text();
                    text = format!("{text} where {filter}");
                }
                if rows.window != Window::Lifetime {
                    text = format!("{text} within {}", self.window(rows.window));
                }
                match rows.ago {
                    Some(ago) => format!("{text}, {ago} ago"),
                    None => text,
                }
            }
            MetricKind::Formula { expr, .. } => self.expr(expr, None, constants),
            MetricKind::Score(lines) => {
                let lines = lines.iter().map(|line| Scored::of(self, line));
                let lines = lines.map(|line| format!("{} for {}", line.text, line.shown));
                format!("score of {}", lines.collect::<Vec<_>>().join("; "))
            }
            MetricKind::Rfm { recency, frequency, monetary, bins } => {
                let [r, f, m] = [*recency, *frequency, *monetary].map(name);
                format!("rfm of {r}, {f}, {m} in {bins} bins")
            }
            MetricKind::RfmPart { .. } => metric.name.clone(),
        }
    }

    /// `sum orders.amount`
    fn taken(&self, rows: &RowMetric) -> String {
        let source = &self.program.sources[rows.source];
        let column = match rows.aggregate {
            Aggregate::DistinctDays => ".at".to_owned(),
            aggregate => match aggregate.column() {
                Some(column) => format!(".{}", source.columns[column].name),
                None => String::new(),
            },
        };
        format!("{} {}{column}", rows.aggregate.name(), source.name)
    }

    fn window(&self, window: Window) -> String {
        let period = |period| match period {
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::HalfYear => "half-year",
            Period::Year => "year",
        };
        match window {
            Window::Lifetime => "lifetime".to_owned(),
            Window::Trailing(duration) => duration.to_string(),
            Window::Calendar(of) => format!("calendar {}", period(of)),
            Window::Previous(of) => format!("previous calendar {}", period(of)),
            Window::MembershipYear(_) => "membership year".to_owned(),
            Window::PreviousMembershipYear(_) => "previous membership year".to_owned(),
            Window::Tier(ladder) => format!("tier {}", self.program.ladders[ladder].name),
        }
    }
}

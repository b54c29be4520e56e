use super::words::month_day;
use super::{Comparison, Part, condition};
use crate::expr::{Condition, Expr, SourceId};

impl<'r> Comparison<'r> {
    pub(super) fn settings(&mut self) {
        let (old, new) = (&self.from.program.settings, &self.to.program.settings);
        let [was, is] = [old, new].map(|settings| {
            [
                ("currency", settings.currency.clone()),
                ("money decimals", settings.money_decimals.to_string()),
                ("timezone", settings.timezone.clone()),
                ("year starts", month_day(settings.year_starts)),
            ]
        });
        for ((place, was), (_, is)) in was.iter().zip(&is) {
            self.tell_texts(Part::Settings, place, was, is);
        }
        self.condition(Part::Settings, "population", (&old.population, &new.population), None);
    }

    /// Tells what changed in a condition. `rows`: the sources whose rows it reads, if it does.
    pub(super) fn condition(
        &mut self,
        part: Part,
        place: &str,
        (old, new): (&'r Condition<Expr>, &'r Condition<Expr>),
        rows: Option<(SourceId, SourceId)>,
    ) {
        for words in condition::changed((&self.from, old), (&self.to, new), rows) {
            self.tell(part, place, words);
        }
    }
}

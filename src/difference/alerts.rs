use super::clause::Clause;
use super::side::Side;
use super::words::{self, NONE, duration};
use super::{Comparison, Part, paired};
use crate::program::{Alert, LocalText};

impl<'r> Comparison<'r> {
    pub(super) fn alerts(&mut self) {
        let (old, new) = (self.from.program, self.to.program);
        for (was, is) in paired(&old.alerts, &new.alerts, |alert| &alert.name) {
            match (was, is) {
                (Some(was), Some(is)) => self.alert(was, is),
                (None, Some(is)) => {
                    let words = format!("added: {}", self.to.alert(is));
                    self.tell(Part::Alerts, format!("alert {}", is.name), words);
                }
                (Some(was), None) => {
                    self.tell(Part::Alerts, format!("alert {}", was.name), "removed");
                }
                (None, None) => {}
            }
        }
    }

    fn alert(&mut self, old: &'r Alert, new: &'r Alert) {
        let place = |key: &str| format!("alert {} {key}", new.name);
        let (was, is) = (self.from.holders(old), self.to.holders(new));
        self.tell_texts(Part::Alerts, &place("for"), &was, &is);
        self.condition(Part::Alerts, &place("when"), (&old.when, &new.when), None);
        let [was, is] = [old, new].map(|alert| duration(alert.every));
        self.tell_texts(Part::Alerts, &place("every"), &was, &is);
        if let Some(words) = actions(&old.action, &new.action) {
            self.tell(Part::Alerts, place("action"), words);
        }
        if let Some(words) = words::texts(&old.message, &new.message) {
            self.tell(Part::Alerts, place("message"), words);
        }
    }
}

impl Side<'_> {
    fn holders(&self, alert: &Alert) -> String {
        match alert.holders {
            Some((ladder, tier)) => self.tier(ladder, tier),
            None => "everybody".to_owned(),
        }
    }

    fn alert(&self, alert: &Alert) -> String {
        let when = Clause::of(self, &alert.when, None).text();
        let every = match alert.every {
            Some(every) => format!(", every {every}"),
            None => String::new(),
        };
        format!("for {} when {when}{every}", self.holders(alert))
    }
}

/// What changed in the list of what to do; `None`: nothing.
fn actions(old: &[LocalText], new: &[LocalText]) -> Option<String> {
    if old == new {
        return None;
    }
    let list = |actions: &[LocalText]| match actions {
        [] => NONE.to_owned(),
        actions => actions.iter().map(words::text).collect::<Vec<_>>().join(", "),
    };
    let (was, is) = (list(old), list(new));
    if was != is || old.len() != new.len() {
        return Some(format!("{was} → {is}"));
    }
    // The words of another language.
    let changed: Vec<String> =
        old.iter().zip(new).filter_map(|(old, new)| words::texts(old, new)).collect();
    (!changed.is_empty()).then(|| changed.join(", "))
}

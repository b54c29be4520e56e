use super::{Comparison, Part};
use crate::program::{LocalText, Program};

impl Comparison<'_> {
    /// Titles decide nothing, so they are only counted. Those of what is new or gone are part of
    /// it.
    pub(super) fn titles(&mut self) {
        let (old, new) = (titles(&self.from), titles(&self.to));
        let changed = new.iter().filter(|(place, title)| {
            old.iter().any(|(before, was)| before == place && was != title)
        });
        let count = changed.count();
        if count > 0 {
            self.tell(Part::Titles, "titles", format!("{count} changed"));
        }
    }
}

fn titles<'p>(side: &super::Side<'p>) -> Vec<(String, &'p LocalText)> {
    let program: &'p Program = side.program;
    let mut all = vec![("pack".to_owned(), &program.title)];
    let parameters = program.parameters.iter();
    all.extend(parameters.map(|it| (format!("parameter {}", it.name), &it.title)));
    // The parts of an `rfm` metric have its title.
    let metrics = program.metrics.iter().filter(|it| !it.hidden && !it.is_part());
    all.extend(metrics.map(|it| (format!("metric {}", it.name), &it.title)));
    for (id, ladder) in program.ladders.iter().enumerate() {
        all.push((format!("ladder {}", ladder.name), &ladder.title));
        let tiers = ladder.tiers.iter().enumerate();
        all.extend(tiers.map(|(tier, it)| (side.tier(id, tier), &it.title)));
    }
    all.extend(program.benefits.iter().map(|it| (format!("benefit {}", it.name), &it.title)));
    all.extend(program.segments.iter().map(|it| (format!("segment {}", it.name), &it.title)));
    all.extend(program.alerts.iter().map(|it| (format!("alert {}", it.name), &it.title)));
    all
}

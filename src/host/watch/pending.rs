use std::time::{Duration, Instant};

/// Events that have not led to a hint yet.
#[derive(Debug)]
pub(super) struct Pending {
    quiet: Duration,
    at_most: Duration,
    /// The first and the last event.
    since: Option<(Instant, Instant)>,
}

impl Pending {
    pub(super) fn new(quiet: Duration, at_most: Duration) -> Self {
        Self { quiet, at_most, since: None }
    }

    pub(super) fn happened(&mut self, now: Instant) {
        let first = self.since.map_or(now, |(first, _)| first);
        self.since = Some((first, now));
    }

    /// When a hint is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.since.map(|(first, last)| (last + self.quiet).min(first + self.at_most))
    }

    /// Whether a hint is due now; then it begins anew.
    pub(super) fn is_over(&mut self, now: Instant) -> bool {
        let over = self.due().is_some_and(|due| now >= due);
        if over {
            self.since = None;
        }
        over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_ends_a_burst_and_a_long_one_ends_by_itself() {
        let ms = Duration::from_millis;
        let start = Instant::now();
        let mut pending = Pending::new(ms(250), ms(2000));
        assert!(!pending.is_over(start + ms(9999)), "nothing has happened");
        pending.happened(start);
        assert!(!pending.is_over(start + ms(249)));
        pending.happened(start + ms(249));
        assert!(!pending.is_over(start + ms(498)));
        assert!(pending.is_over(start + ms(499)));
        assert!(!pending.is_over(start + ms(9999)), "once");
        // Events that never stop.
        for at in (0..2000).step_by(100) {
            pending.happened(start + ms(at));
        }
        assert!(!pending.is_over(start + ms(1999)));
        assert!(pending.is_over(start + ms(2000)));
    }
}

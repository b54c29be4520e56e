//! How many requests a second somebody may make.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Lets a second's worth through at once, and then as many as the rate allows. Without a lock: all
/// it knows is the moment at which everything that was let through is paid for.
#[derive(Debug)]
pub(super) struct Rate {
    began: Instant,
    /// Nanoseconds that one request costs.
    cost: u64,
    /// Nanoseconds after the beginning.
    paid_at: AtomicU64,
}

const SECOND: u64 = 1_000_000_000;

impl Rate {
    pub fn new(per_second: u32, began: Instant) -> Self {
        Self { began, cost: SECOND / u64::from(per_second.max(1)), paid_at: AtomicU64::new(0) }
    }

    /// Whether a request is let through at a moment; otherwise how long to wait.
    pub fn admit(&self, now: Instant) -> Result<(), Duration> {
        let now = u64::try_from(now.duration_since(self.began).as_nanos()).unwrap_or(u64::MAX);
        let paid = |paid_at: u64| paid_at.max(now).saturating_add(self.cost);
        let latest = now.saturating_add(SECOND);
        let admitted = self.paid_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |paid_at| {
            Some(paid(paid_at)).filter(|paid_at| *paid_at <= latest)
        });
        match admitted {
            Ok(_) => Ok(()),
            Err(paid_at) => Err(Duration::from_nanos(paid(paid_at) - latest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_of_requests_at_once_and_then_one_by_one() {
        let began = Instant::now();
        let rate = Rate::new(4, began);
        let at = |milliseconds| began + Duration::from_millis(milliseconds);
        for _ in 0..4 {
            assert_eq!(rate.admit(at(0)), Ok(()));
        }
        assert_eq!(rate.admit(at(0)), Err(Duration::from_millis(250)));
        assert_eq!(rate.admit(at(100)), Err(Duration::from_millis(150)));
        assert_eq!(rate.admit(at(250)), Ok(()));
        assert_eq!(rate.admit(at(250)), Err(Duration::from_millis(250)));
        // Quiet does not add up beyond one second.
        for _ in 0..4 {
            assert_eq!(rate.admit(at(60_000)), Ok(()));
        }
        assert_eq!(rate.admit(at(60_000)), Err(Duration::from_millis(250)));
    }
}

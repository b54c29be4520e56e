//! Who is connected, and who of them has asked for nothing for the longest time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// Nobody has to go who has been idle for less: the request may be on its way.
const GRACE: Duration = Duration::from_secs(1);

/// Connections without a request, in the order in which they became so.
#[derive(Debug, Default)]
pub(super) struct Crowd(Mutex<Idle>);

#[derive(Debug, Default)]
struct Idle {
    next: u64,
    guests: BTreeMap<u64, (Instant, Arc<Notify>)>,
}

/// One connection of the crowd, until it is dropped.
#[derive(Debug)]
pub(super) struct Guest {
    crowd: Arc<Crowd>,
    /// While it is idle: its place in the order.
    place: Mutex<Option<u64>>,
    /// There is an answer that is not all sent yet.
    answered: AtomicBool,
    asked_to_go: Arc<Notify>,
}

impl Crowd {
    /// Somebody who has not asked for anything yet.
    pub fn enter(self: &Arc<Self>) -> Arc<Guest> {
        let guest = Guest {
            crowd: Arc::clone(self),
            place: Mutex::new(None),
            answered: AtomicBool::new(false),
            asked_to_go: Arc::default(),
        };
        guest.rests();
        Arc::new(guest)
    }

    /// Asks whoever has been idle for the longest time to go; nobody, where all are busy.
    pub fn make_room(&self) {
        let mut idle = lock(&self.0);
        if let Some(oldest) = idle.guests.first_entry()
            && oldest.get().0.elapsed() >= GRACE
        {
            oldest.remove().1.notify_one();
        }
    }
}

impl Guest {
    pub fn asks(&self) {
        // One answer may still be on its way when the next request has come.
        self.answered.store(false, Ordering::Relaxed);
        if let Some(place) = lock(&self.place).take() {
            lock(&self.crowd.0).guests.remove(&place);
        }
    }

    pub fn is_answered(&self) {
        self.answered.store(true, Ordering::Relaxed);
    }

    /// All that there was to send is sent.
    pub fn is_flushed(&self) {
        if self.answered.swap(false, Ordering::Relaxed) {
            self.rests();
        }
    }

    fn rests(&self) {
        let mut idle = lock(&self.crowd.0);
        let place = idle.next;
        idle.next += 1;
        idle.guests.insert(place, (Instant::now(), Arc::clone(&self.asked_to_go)));
        drop(idle);
        *lock(&self.place) = Some(place);
    }

    /// Ends when it has to make room, and asks for nothing just then.
    pub async fn has_to_go(&self) {
        loop {
            self.asked_to_go.notified().await;
            if lock(&self.place).is_some() {
                return;
            }
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.asks();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::time::{sleep, timeout};

    use super::*;

    async fn goes(guest: &Guest) -> bool {
        timeout(Duration::from_millis(20), guest.has_to_go()).await.is_ok()
    }

    #[tokio::test]
    async fn whoever_is_idle_longest_makes_room_and_nobody_who_asks() {
        let crowd = Arc::new(Crowd::default());
        let [first, second, third, fourth] = [0; 4].map(|_| crowd.enter());
        // The first has asked since, the third is asking, the fourth takes its answer.
        first.asks();
        first.is_answered();
        first.is_flushed();
        third.asks();
        fourth.asks();
        fourth.is_answered();
        // It has sent two requests at once, and only the first is answered.
        third.is_answered();
        third.asks();
        third.is_flushed();
        crowd.make_room();
        for guest in [&first, &second, &third, &fourth] {
            assert!(!goes(guest).await, "so soon");
        }
        sleep(GRACE).await;
        crowd.make_room();
        assert!(goes(&second).await && !goes(&first).await);
        drop(second);
        crowd.make_room();
        assert!(goes(&first).await);
        drop(first);
        // All others are busy.
        crowd.make_room();
        assert!(!goes(&third).await && !goes(&fourth).await);
        fourth.is_flushed();
        sleep(GRACE).await;
        crowd.make_room();
        // It asks just then, and is left alone.
        fourth.asks();
        assert!(!goes(&fourth).await);
    }
}

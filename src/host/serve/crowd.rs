//! Who is connected, and who of them has asked for nothing for the longest time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Connections without a request, in the order in which they became so.
#[derive(Debug, Default)]
pub(super) struct Crowd(Mutex<Idle>);

#[derive(Debug, Default)]
struct Idle {
    next: u64,
    guests: BTreeMap<u64, Arc<Notify>>,
}

/// One connection of the crowd, until it is dropped.
#[derive(Debug)]
pub(super) struct Guest {
    crowd: Arc<Crowd>,
    /// While it is idle: its place in the order.
    place: Mutex<Option<u64>>,
    asked_to_go: Arc<Notify>,
}

impl Crowd {
    /// Somebody who has not asked for anything yet.
    pub fn enter(self: &Arc<Self>) -> Arc<Guest> {
        let asked_to_go = Arc::default();
        let guest = Guest { crowd: Arc::clone(self), place: Mutex::new(None), asked_to_go };
        guest.rests();
        Arc::new(guest)
    }

    /// Asks whoever has been idle for the longest time to go; nobody, where all are busy.
    pub fn make_room(&self) {
        if let Some((_, oldest)) = lock(&self.0).guests.pop_first() {
            oldest.notify_one();
        }
    }
}

impl Guest {
    pub fn asks(&self) {
        if let Some(place) = lock(&self.place).take() {
            lock(&self.crowd.0).guests.remove(&place);
        }
    }

    pub fn rests(&self) {
        let mut idle = lock(&self.crowd.0);
        let place = idle.next;
        idle.next += 1;
        idle.guests.insert(place, Arc::clone(&self.asked_to_go));
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

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn goes(guest: &Guest) -> bool {
        timeout(Duration::from_millis(20), guest.has_to_go()).await.is_ok()
    }

    #[tokio::test]
    async fn whoever_is_idle_longest_makes_room_and_nobody_who_asks() {
        let crowd = Arc::new(Crowd::default());
        let [first, second, third] = [crowd.enter(), crowd.enter(), crowd.enter()];
        // The first has asked since.
        first.asks();
        first.rests();
        third.asks();
        crowd.make_room();
        assert!(!goes(&first).await && goes(&second).await && !goes(&third).await);
        drop(second);
        crowd.make_room();
        assert!(goes(&first).await);
        drop(first);
        // All others are busy.
        crowd.make_room();
        assert!(!goes(&third).await);
        third.rests();
        crowd.make_room();
        // It asks just then, and is left alone until it rests.
        third.asks();
        assert!(!goes(&third).await);
    }
}

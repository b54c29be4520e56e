use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::host::Command;

/// Commands in the order in which they came. Hints that came while something else was done ask for
/// one look, however many they are.
#[derive(Debug)]
pub(super) struct Inbox<'a> {
    commands: &'a Receiver<Command>,
    come: VecDeque<Command>,
}

impl<'a> Inbox<'a> {
    pub(super) fn of(commands: &'a Receiver<Command>) -> Self {
        Self { commands, come: VecDeque::new() }
    }

    /// The next command, waiting so long for one.
    pub(super) fn next(&mut self, wait: Duration) -> Result<Command, RecvTimeoutError> {
        let next = match self.come.pop_front() {
            Some(next) => next,
            None => self.commands.recv_timeout(wait)?,
        };
        self.come.extend(self.commands.try_iter());
        self.come.retain(|later| !later.is_asked_by(&next));
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::sync::oneshot;

    use super::*;

    #[test]
    fn hints_that_came_meanwhile_are_one() {
        let (commands, received) = mpsc::channel();
        let (reply, _asked) = oneshot::channel();
        let all = [
            Command::LookAtStore,
            Command::Reload(None),
            Command::LookAtStore,
            Command::Reload(Some(reply)),
            Command::Reload(None),
            Command::LookAtStore,
            Command::Stop,
        ];
        all.into_iter().for_each(|command| commands.send(command).expect("somebody listens"));
        let mut inbox = Inbox::of(&received);
        let mut next = || inbox.next(Duration::ZERO);
        assert!(matches!(next(), Ok(Command::LookAtStore)));
        assert!(matches!(next(), Ok(Command::Reload(None))));
        // Somebody waits for the answer.
        assert!(matches!(next(), Ok(Command::Reload(Some(_)))));
        assert!(matches!(next(), Ok(Command::Stop)));
        assert!(matches!(next(), Err(RecvTimeoutError::Timeout)));
        drop(commands);
        assert!(matches!(next(), Err(RecvTimeoutError::Disconnected)));
    }
}

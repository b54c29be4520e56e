//! A connection that is given up where the other side does not take its answer.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::crowd::Guest;

#[derive(Debug)]
pub(super) struct Patient {
    stream: TcpStream,
    limit: Duration,
    /// Since the other side takes nothing.
    until: Option<Pin<Box<Sleep>>>,
    /// Rests once its answer is sent.
    guest: Arc<Guest>,
}

impl Patient {
    /// Waits so long for each part of an answer to be taken.
    pub fn new(stream: TcpStream, limit: Duration, guest: Arc<Guest>) -> Self {
        Self { stream, limit, until: None, guest }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, wrote: Poll<Result<T>>) -> Poll<Result<T>> {
        if wrote.is_ready() {
            self.until = None;
            return wrote;
        }
        let until = self.until.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        let gave_up = || Err(Error::new(ErrorKind::TimedOut, "the answer was not taken"));
        until.as_mut().poll(cx).map(|()| gave_up())
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.watch(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        // What comes here is all written: what was not is kept before.
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if let Poll::Ready(Ok(())) = flushed {
            self.guest.is_flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::net::{TcpListener, TcpStream as OtherSide};
    use std::time::Instant;

    use tokio::runtime::Builder;

    use super::*;
    use crate::host::serve::crowd::Crowd;

    #[test]
    fn who_does_not_take_an_answer_is_given_up() {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").expect("it listens");
            let address = listener.local_addr().expect("an address");
            let _reads_nothing = OtherSide::connect(address).expect("connected");
            let (stream, _) = listener.accept().expect("accepted");
            stream.set_nonblocking(true).expect("set");
            let stream = TcpStream::from_std(stream).expect("a stream");
            let guest = Arc::new(Crowd::default()).enter();
            let mut stream = Patient::new(stream, Duration::from_millis(300), guest);
            let mut last = Instant::now();
            let error = loop {
                let part = [0; 65_536];
                match poll_fn(|cx| Pin::new(&mut stream).poll_write(cx, &part)).await {
                    Ok(_) => last = Instant::now(),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.kind(), ErrorKind::TimedOut);
            assert!(last.elapsed() >= Duration::from_millis(300));
        });
    }
}

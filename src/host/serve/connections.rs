//! Connections, as many as there may be.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

use super::crowd::{Crowd, Guest};
use super::open_files;
use super::patient::Patient;
use super::site::Site;

/// How long the other side may take none of its answer.
const TAKEN: Duration = Duration::from_secs(60);
/// How long to wait after a connection could not be taken, for instance for want of files, and for
/// somebody to make room.
const PAUSE: Duration = Duration::from_millis(100);

/// Takes connections until the service ends, and waits until the last one has ended.
pub(super) async fn accept(listener: TcpListener, router: Router, site: Arc<Site>) {
    let most = open_files::connections(site.options.connections);
    let places = Arc::new(Semaphore::new(most as usize));
    let crowd = Arc::new(Crowd::default());
    let mut stopping = site.stopping();
    let next = async {
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::debug!(%error, "no connection can be taken");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let Ok(place) = free(&places, &crowd).await else { return };
            let (router, stopping, guest) = (router.clone(), site.stopping(), crowd.enter());
            let idle_limit = site.options.idle_limit;
            tokio::spawn(async move {
                serve(stream, router, stopping, guest, idle_limit).await;
                drop(place);
            });
        }
    };
    select! {
        () = next => {}
        () = stopped(&mut stopping) => {}
    }
    drop(listener);
    // All places are free once everybody has gone.
    let _all = places.acquire_many(most).await;
}

/// A place, where need be that of somebody who is idle.
async fn free(
    places: &Arc<Semaphore>,
    crowd: &Crowd,
) -> Result<OwnedSemaphorePermit, AcquireError> {
    if let Ok(place) = Arc::clone(places).try_acquire_owned() {
        return Ok(place);
    }
    loop {
        crowd.make_room();
        // Whoever was asked may just have begun to ask for something.
        if let Ok(place) = timeout(PAUSE, Arc::clone(places).acquire_owned()).await {
            return place;
        }
    }
}

async fn serve(
    stream: TcpStream,
    router: Router,
    mut stopping: watch::Receiver<bool>,
    guest: Arc<Guest>,
    idle_limit: Duration,
) {
    // Answers are small and written at once.
    let _ = stream.set_nodelay(true);
    let asked = Arc::clone(&guest);
    let service = service_fn(move |request| {
        asked.asks();
        let (answer, asked) =
            (TowerToHyperService::new(router.clone()).call(request), asked.clone());
        async move {
            let answer = answer.await;
            asked.is_answered();
            answer
        }
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(idle_limit);
    let stream = Patient::new(stream, TAKEN, Arc::clone(&guest));
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
    let ended = select! {
        // A request that has come is read before anybody goes.
        biased;
        ended = connection.as_mut() => ended,
        () = guest.has_to_go() => return,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// Ends once the service ends.
pub(super) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // Without a sender the service has ended.
    let _ = stopping.wait_for(|stopping| *stopping).await.is_ok();
}

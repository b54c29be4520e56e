//! Many connections, and the end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::desk::{Answer, Desk};
use crate::host::serve::open_files;

#[test]
fn two_thousand_idle_connections_keep_nobody_from_an_answer() {
    // Here each connection has two ends in one process: where few files may be open, fewer come.
    let crowd = open_files::connections(2300) - 300;
    let desk = Desk::open();
    let idle: Vec<TcpStream> = (0..crowd).map(|_| desk.connect()).collect();
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(desk.get("/v1/customers/1").status, 200);
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    drop(idle);
    assert_eq!(desk.get("/healthz").status, 200);
}

const HANGING: &[u8] =
    b"POST /v1/generations/sha256:hang/approve HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[test]
fn whoever_is_idle_makes_room_for_whoever_comes() {
    let desk = Desk::with(|options| options.connections = 3);
    let mut busy = desk.connect();
    busy.write_all(HANGING).expect("sent");
    thread::sleep(Duration::from_millis(200));
    let mut oldest = desk.connect();
    thread::sleep(Duration::from_millis(500));
    let mut idle = desk.connect();
    assert_eq!(desk.get("/healthz").status, 200);
    assert_eq!(oldest.read(&mut [0; 1]).expect("hung up"), 0);
    for stream in [&mut idle, &mut busy] {
        stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a limit");
        assert!(stream.read(&mut [0; 1]).is_err(), "still connected");
    }
}

#[test]
fn more_clients_than_places_lose_no_answer() {
    let desk = Desk::with(|options| options.connections = 4);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let mut client = desk.connect();
                    // As on the way through a network.
                    thread::sleep(Duration::from_millis(5));
                    client
                        .write_all(b"GET /v1/customers/1 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                        .expect("sent");
                    let mut back = Vec::new();
                    client.read_to_end(&mut back).expect("answered");
                    assert_eq!(Answer::read(&back).status, 200);
                }
            });
        }
    });
}

#[test]
fn when_all_are_busy_whoever_comes_waits_for_a_place() {
    let desk = Desk::with(|options| options.connections = 2);
    let places = [desk.connect(), desk.connect()];
    places.iter().for_each(|mut busy| busy.write_all(HANGING).expect("sent"));
    thread::sleep(Duration::from_millis(200));
    let mut waiting = desk.connect();
    waiting
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .expect("sent");
    waiting.set_read_timeout(Some(Duration::from_millis(300))).expect("a limit");
    assert!(waiting.read(&mut [0; 10]).is_err(), "nobody listens yet");
    drop(places);
    waiting.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    let mut back = Vec::new();
    waiting.read_to_end(&mut back).expect("answered");
    assert_eq!(Answer::read(&back).status, 200);
}

#[test]
fn who_says_nothing_is_hung_up_on() {
    let desk = Desk::with(|options| options.idle_limit = Duration::from_secs(2));
    let mut silent = desk.connect();
    let mut slow = desk.connect();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: lo").expect("sent");
    let mut done = desk.connect();
    done.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("sent");
    let began = Instant::now();
    let mut back = Vec::new();
    for stream in [&mut silent, &mut slow, &mut done] {
        // A head that was begun may be answered with 408 or not at all.
        stream.read_to_end(&mut back).expect("closed");
    }
    let waited = began.elapsed().as_secs();
    assert!((1..20).contains(&waited), "{waited}");
}

#[test]
fn the_end_waits_for_running_requests_and_not_for_idle_ones() {
    let mut desk = Desk::with(|options| options.command_limit = Duration::from_millis(600));
    let mut idle = desk.connect();
    let mut running = desk.connect();
    running.write_all(HANGING).expect("sent");
    thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    desk.stop(Duration::from_secs(20));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let mut back = Vec::new();
    running.read_to_end(&mut back).expect("answered");
    Answer::read(&back).problem(504, "timeout");
    assert_eq!(idle.read(&mut [0; 1]).expect("closed"), 0);
    assert!(TcpStream::connect(desk.address).is_err(), "nobody listens");
}

#[test]
fn at_the_end_who_takes_too_long_is_cut_off() {
    let mut desk = Desk::open();
    let mut running = desk.connect();
    running.write_all(HANGING).expect("sent");
    thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    desk.stop(Duration::from_millis(300));
    assert!((300..5000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    let mut back = Vec::new();
    let _ = running.read_to_end(&mut back);
    assert!(back.is_empty());
}

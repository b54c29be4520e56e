//! Requests that nobody should send.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::desk::{Answer, Desk, answers};

#[test]
fn a_wrong_method_says_which_is_right() {
    let desk = Desk::open();
    let wrong = |method: &str, path: &str| {
        let answer = desk.ask(method, path, &[], "");
        answer.problem(405, "wrong-method");
        answer.header("allow").map(str::to_owned)
    };
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        assert_eq!(wrong(method, "/v1/customers/1").as_deref(), Some("GET,HEAD"), "{method}");
    }
    for path in ["/v1/reload", "/v1/decide", "/v1/generations/sha256:new/approve"] {
        for method in ["GET", "PUT", "OPTIONS"] {
            assert_eq!(wrong(method, path).as_deref(), Some("POST"), "{method} {path}");
        }
    }
}

#[test]
fn paths_lead_nowhere_else() {
    let desk = Desk::open();
    for path in [
        "/v1/customers/..%2f..%2fetc%2fpasswd",
        "/v1/customers/%2e%2e",
        "/v1/customers/%00",
        "/v1/customers/1%00",
        "/v1/customers/1%0d%0ax:%20y",
        "/v1/customers/1;drop",
        "/v1/customers/'%20OR%201=1",
        "/v1/customers/%20",
        "/v1/customers/01",
        "/v1/customers/%",
        "/v1/customers/%zz",
    ] {
        desk.get(path).problem(404, "unknown-customer");
    }
    for path in ["/v1/customers/../status", "/v1/../healthz", "/./healthz"] {
        desk.get(path).problem(404, "unknown-route");
    }
    for path in ["/v1/customers/%ff", "/v1/customers/%c3%28", "/v1/segments/%ff/customers"] {
        assert_eq!(desk.get(path).problem(400, "bad-request"), "the path is not UTF-8");
    }
    let long = "x".repeat(60_000);
    desk.get(&format!("/v1/customers/{long}")).problem(404, "unknown-customer");
    let longer = "x".repeat(70_000);
    let back = desk.raw(format!("GET /{longer} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes());
    assert_eq!(Answer::read(&back).status, 414);
    assert_eq!(desk.get("/healthz").status, 200);
}

#[test]
fn bytes_that_are_no_request_are_refused() {
    let desk = Desk::open();
    for bytes in [
        &b"\xff\xfe\xfd\r\n\r\n"[..],
        b"hello\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\nhost: localhost\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nhost localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ] {
        let back = desk.raw(bytes);
        assert!(back.is_empty() || Answer::read(&back).status == 400, "{bytes:?}");
    }
    let many = "x: y\r\n".repeat(200);
    let back = desk.raw(format!("GET /healthz HTTP/1.1\r\n{many}\r\n").as_bytes());
    assert_eq!(Answer::read(&back).status, 431);
    assert_eq!(desk.get("/healthz").status, 200);
}

#[test]
fn a_host_is_named_once() {
    let desk = Desk::open();
    let send = |lines: &str| Answer::read(&desk.raw(lines.as_bytes()));
    let none = send("GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n");
    assert_eq!(none.problem(400, "bad-request"), "write the header `host` once");
    let two =
        "GET /healthz HTTP/1.1\r\nhost: localhost\r\nhost: other\r\nconnection: close\r\n\r\n";
    send(two).problem(400, "bad-request");
    assert_eq!(send("GET /healthz HTTP/1.0\r\n\r\n").status, 200);
}

#[test]
fn a_huge_body_is_not_read() {
    let desk = Desk::with(|options| options.body_limit = 1000);
    let exact = format!(r#"{{"by": "x"}}{}"#, " ".repeat(1000 - 11));
    assert_eq!(exact.len(), 1000);
    let path = "/v1/generations/sha256:new/approve";
    assert_eq!(desk.post(path, &exact).status, 200);
    let too_large = |answer: Answer| {
        assert_eq!(answer.problem(413, "too-large"), "a body has at most 1000 bytes");
    };
    too_large(desk.post(path, &format!("{exact} ")));
    // Announced, and never sent.
    let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    let back = desk.raw(format!("{head}content-length: 99999999999\r\n\r\n").as_bytes());
    too_large(Answer::read(&back));
    // Not announced.
    let chunk = format!("400\r\n{}\r\n", "x".repeat(0x400));
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n\r\n");
    too_large(Answer::read(&desk.raw(chunked.as_bytes())));
    assert_eq!(desk.get("/healthz").status, 200);
}

#[test]
fn a_slow_body_is_not_waited_for() {
    let desk = Desk::with(|options| {
        options.time_limit = Duration::from_millis(400);
    });
    let mut stream = desk.connect();
    let head = "POST /v1/decide HTTP/1.1\r\nhost: localhost\r\ncontent-length: 20\r\n\r\n{";
    let began = Instant::now();
    stream.write_all(head.as_bytes()).expect("sent");
    let mut back = Vec::new();
    stream.read_to_end(&mut back).expect("it is answered and closed");
    let answer = Answer::read(&back);
    assert_eq!(answer.problem(408, "slow-body"), "a body has 0.2 seconds to come");
    assert!((200..5000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
}

#[test]
fn a_body_that_breaks_off_harms_nobody() {
    let desk = Desk::open();
    let mut stream = desk.connect();
    let head = "POST /v1/decide HTTP/1.1\r\nhost: localhost\r\ncontent-length: 20\r\n\r\n{";
    stream.write_all(head.as_bytes()).expect("sent");
    drop(stream);
    assert_eq!(desk.get("/healthz").status, 200);
}

#[test]
fn json_that_is_none_says_where() {
    let desk = Desk::open();
    let decide = |body: &str| desk.post("/v1/decide", body);
    for body in ["{", "{\"metrics\": }", "\u{feff}{}", "nonsense", "[1, 2", "{} {}", "\0"] {
        let answer = decide(body);
        let detail = answer.problem(400, "bad-body");
        assert!(detail.starts_with("line 1, column "), "{body:?}: {detail}");
        assert!(answer.json()["column"].is_number());
    }
    let nested = "[".repeat(100_000);
    decide(&nested).problem(400, "bad-body");
    let path = "/v1/decide";
    let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    let mut request = format!("{head}content-length: 5\r\n\r\n{{\n\"ä").into_bytes();
    request.truncate(request.len() - 1);
    request.extend([b'}']);
    let answer = Answer::read(&desk.raw(&request));
    assert_eq!(answer.problem(400, "bad-body"), "line 2, column 2: this is not UTF-8");
}

#[test]
fn requests_one_after_the_other_are_answered_in_their_order() {
    let desk = Desk::open();
    let request =
        |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{more}\r\n");
    let all = [
        request("/v1/customers/1", ""),
        request("/v1/customers/4711", ""),
        request("/v1/customers/2", ""),
        request("/healthz", "connection: close\r\n"),
    ];
    let back = String::from_utf8(desk.raw(all.concat().as_bytes())).expect("text");
    let statuses: Vec<&str> = back.matches("HTTP/1.1 ").collect();
    assert_eq!(statuses.len(), 4, "{back}");
    let at = |what: &str| back.find(what).unwrap_or_else(|| panic!("{what} in {back}"));
    assert!(at("\"customer\":\"1\"") < at("4711"));
    assert!(at("4711") < at("\"customer\":\"2\""));
    assert!(at("\"customer\":\"2\"") < at("{\"ok\":true}"));
}

#[test]
fn a_fault_of_ours_harms_one_request() {
    let desk = Desk::open();
    let mut torn = answers();
    // Standings of nobody, for five customers.
    let everybody = Arc::get_mut(&mut torn.everybody).expect("nobody else has it");
    everybody.after.standings.ladders.clear();
    desk.board.publish(Arc::new(torn));
    let answer = desk.get("/v1/customers/1");
    assert_eq!(answer.problem(500, "internal"), "the request has met a fault of tierkeeper");
    assert_eq!(answer.header("tierkeeper-generation"), Some(desk.generation.as_str()));
    let answer = desk.get("/v1/ladders/club/tiers/vip/customers");
    assert_eq!(answer.problem(500, "internal"), "the request has met a fault of tierkeeper");
    desk.board.publish(Arc::new(answers()));
    assert_eq!(desk.get("/v1/customers/1").status, 200);
}

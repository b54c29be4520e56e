//! Who may do what.

use std::net::IpAddr;
use std::time::Instant;

use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::{HeaderMap, Uri, Version};

use super::problem::{Kind, Problem};
use super::rate::Rate;
use super::{ServiceOptions, Token};

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody, as often as they like: for those who look whether it runs.
    Open,
    Read,
    Command,
}

/// The tokens, and what each has left to spend.
#[derive(Debug)]
pub(super) struct Doors {
    read: Option<Token>,
    command: Option<Token>,
    /// By `Who`.
    rates: Option<[Rate; 3]>,
}

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Without a token that is known.
    Nobody,
    Reader,
    Commander,
}

impl Doors {
    pub fn new(options: &ServiceOptions) -> Self {
        let began = Instant::now();
        let rates = options.rate().map(|rate| [0; 3].map(|_: u8| Rate::new(rate, began)));
        Self { read: options.read_token.clone(), command: options.write_token.clone(), rates }
    }

    /// Whether a request is let in.
    pub fn admit(&self, access: Access, headers: &HeaderMap) -> Result<(), Problem> {
        if access == Access::Open {
            return Ok(());
        }
        let shown = token_shown(headers);
        let who = shown.map_or(Who::Nobody, |token| self.who(token));
        if let Some(rates) = &self.rates {
            rates[who as usize]
                .admit(Instant::now())
                .map_err(|wait| Problem::new(Kind::TooMany, "ask less often").retry_after(wait))?;
        }
        match (access, who) {
            (_, Who::Commander) | (Access::Read, Who::Reader) => Ok(()),
            (Access::Read, Who::Nobody) if self.read.is_none() => from_this_machine(headers),
            (Access::Command, _) if self.command.is_none() && self.read.is_some() => {
                let detail =
                    "commands are not taken: the service was started without a token for them";
                Err(Problem::new(Kind::Forbidden, detail))
            }
            (Access::Command, _) if self.command.is_none() => from_this_machine(headers),
            (_, Who::Reader) => {
                let detail = "this token is for reading; commands need the other one";
                let challenge = "Bearer realm=\"tierkeeper\", error=\"insufficient_scope\"";
                Err(Problem::new(Kind::Forbidden, detail).challenge(challenge))
            }
            _ if shown.is_some() => {
                let challenge = "Bearer realm=\"tierkeeper\", error=\"invalid_token\"";
                let detail = "this token is not one of this service";
                Err(Problem::new(Kind::WrongToken, detail).challenge(challenge))
            }
            _ => {
                let detail = "write the header `authorization: Bearer TOKEN`";
                Err(Problem::new(Kind::NoToken, detail).challenge("Bearer realm=\"tierkeeper\""))
            }
        }
    }

    /// Both tokens are compared, so that the time does not tell which one it was nearly.
    fn who(&self, shown: &[u8]) -> Who {
        let is = |token: &Option<Token>| token.as_ref().is_some_and(|token| token.is(shown));
        match (is(&self.command), is(&self.read)) {
            (true, _) => Who::Commander,
            (false, true) => Who::Reader,
            (false, false) => Who::Nobody,
        }
    }
}

/// What stands after `Bearer` in the one header for it.
fn token_shown(headers: &HeaderMap) -> Option<&[u8]> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (shown, None) = (all.next()?.as_bytes(), all.next()) else { return None };
    let (scheme, token) = shown.split_at_checked("bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| token.trim_ascii())
}

/// Where no token is asked for, a page in somebody's browser must not be able to read or to send
/// commands, neither by itself nor by a name that it has made to mean this machine.
fn from_this_machine(headers: &HeaderMap) -> Result<(), Problem> {
    let forbidden = |detail| Err(Problem::new(Kind::Forbidden, detail));
    if headers.contains_key(ORIGIN) {
        return forbidden("requests of web pages need a token, and this service has none");
    }
    let Some(host) = headers.get(HOST) else { return Ok(()) };
    match host.to_str().ok().and_then(host_of) {
        Some(host) if is_here(&host) => Ok(()),
        _ => forbidden("without tokens the service is asked by its address or as `localhost`"),
    }
}

/// Without the port.
fn host_of(header: &str) -> Option<String> {
    let uri: Uri = header.parse().ok()?;
    Some(uri.authority()?.host().to_owned())
}

fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok()
}

/// HTTP/1.1 wants exactly one host.
pub(super) fn one_host(version: Version, headers: &HeaderMap) -> Result<(), Problem> {
    let hosts = headers.get_all(HOST).iter().count();
    if hosts > 1 || (hosts == 0 && version == Version::HTTP_11) {
        return Err(Problem::new(Kind::BadRequest, "write the header `host` once"));
    }
    Ok(())
}

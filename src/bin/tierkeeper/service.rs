//! A running host, as `status`, `approve` and `reject` speak to it.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value as Json;
use ureq::http::Response;
use ureq::{Agent, RequestBuilder};

use crate::exit::Failure;
use crate::run::LISTEN;

/// How long an answer may take: going live takes a pass.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where the host is, and who we are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Host")]
pub struct Service {
    /// Where the host answers [default: `listen:` of the project file, or http://127.0.0.1:7878]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A file with the token
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The token
    #[arg(long, env = "TIERKEEPER_TOKEN", hide = true, hide_env_values = true)]
    token: Option<String>,
    /// The project file [default: `tierkeeper.yaml`, from the current directory upwards]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Service {
    pub fn get(&self, path: &str) -> Result<Json, Failure> {
        self.answer(self.authorized(agent().get(self.address(path)?))?.call())
    }

    pub fn post(&self, path: &str, body: &Json) -> Result<Json, Failure> {
        self.answer(self.authorized(agent().post(self.address(path)?))?.send_json(body))
    }

    fn authorized<B>(&self, request: RequestBuilder<B>) -> Result<RequestBuilder<B>, Failure> {
        Ok(match self.token()? {
            Some(token) => request.header("Authorization", format!("Bearer {token}")),
            None => request,
        })
    }

    fn address(&self, path: &str) -> Result<String, Failure> {
        Ok(format!("{}{path}", self.base()?))
    }

    fn base(&self) -> Result<String, Failure> {
        if let Some(url) = &self.url {
            let url = url.trim_end_matches('/');
            return match url.split_once("://") {
                None => Ok(format!("http://{url}")),
                Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => Ok(url.to_owned()),
                Some((scheme, _)) => Err(Failure::with_help(
                    format_args!("`{url}`: a host speaks http, not {scheme}"),
                    "name the address where `tierkeeper run` listens, like `http://127.0.0.1:7878`",
                )),
            };
        }
        let listen = crate::session::listen(self.config.as_deref())?;
        Ok(match listen {
            Some(listen) => format!("http://{listen}"),
            None => format!("http://{LISTEN}"),
        })
    }

    fn token(&self) -> Result<Option<String>, Failure> {
        match &self.token_file {
            None => Ok(self.token.clone()),
            Some(file) => match std::fs::read_to_string(file) {
                Ok(text) => Ok(Some(text.trim().to_owned())),
                Err(error) => {
                    let file = file.display();
                    Err(Failure::new(format_args!("cannot read the token in {file}: {error}")))
                }
            },
        }
    }

    fn answer(&self, answer: Result<Response<ureq::Body>, ureq::Error>) -> Result<Json, Failure> {
        let mut answer = answer.map_err(|error| {
            let base = self.base().unwrap_or_default();
            Failure::with_help(
                format_args!("no host answers at {base}: {error}"),
                "start it with `tierkeeper run`, or name another with `--url`",
            )
        })?;
        let status = answer.status();
        let body: Result<Json, _> = answer.body_mut().read_json();
        match body {
            Ok(body) if status.is_success() => Ok(body),
            Ok(problem) => {
                let text = |key: &str| problem[key].as_str().map(str::to_owned);
                let said = text("detail").or_else(|| text("title"));
                Err(Failure::new(said.unwrap_or_else(|| format!("the host said {status}"))))
            }
            Err(error) => Err(Failure::new(format_args!(
                "what answers at {} is no host: {error}",
                self.base()?
            ))),
        }
    }
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .proxy(None)
        .build();
    config.into()
}

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    /// Check errors, failed tests, a plan over its limit.
    Findings = 1,
    /// No such file, not a database, locked, a refused date, an unknown customer.
    Environment = 2,
    Bug = 101,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// Whoever read our output has had enough: that is a success.
    ClosedPipe,
    Environment {
        message: String,
        help: Option<String>,
    },
    /// The findings are shown already.
    Findings,
}

impl Failure {
    pub fn new(message: impl Display) -> Self {
        Self::Environment { message: message.to_string(), help: None }
    }

    pub fn with_help(message: impl Display, help: impl Display) -> Self {
        Self::Environment { message: message.to_string(), help: Some(help.to_string()) }
    }

    pub fn report(self) -> Exit {
        match self {
            Failure::ClosedPipe => Exit::Done,
            Failure::Findings => Exit::Findings,
            Failure::Environment { message, help } => {
                let mut stderr = io::stderr();
                let _ = writeln!(stderr, "error: {message}");
                if let Some(help) = help {
                    let _ = writeln!(stderr, "help: {help}");
                }
                Exit::Environment
            }
        }
    }
}

/// A fault while a result is written to stdout.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::new(format_args!("cannot write the result: {error}")),
        }
    }
}

/// The environment's faults, each in words of its own.
macro_rules! environment {
    ($($error:path),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Failure::new(error)
            }
        })*
    };
}

environment!(
    tierkeeper::import::ImportError,
    tierkeeper::pack::PackReadError,
    tierkeeper::suite::TestFilesError,
    tierkeeper::store::StoreError,
    tierkeeper::store::StateError,
    tierkeeper::store::tracking::TrackingError
);

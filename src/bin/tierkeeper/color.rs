use std::fmt::{self, Display};
use std::io::IsTerminal;

use clap::ValueEnum;

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum When {
    #[default]
    Auto,
    Always,
    Never,
}

impl When {
    /// Whether to colour what goes to stdout. `NO_COLOR` is obeyed where nothing else is said.
    pub fn for_stdout(self) -> Paint {
        self.on(&std::io::stdout())
    }

    /// The same for what goes to stderr.
    pub fn for_stderr(self) -> Paint {
        self.on(&std::io::stderr())
    }

    fn on(self, stream: &impl IsTerminal) -> Paint {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let on = match self {
            When::Always => true,
            When::Never => false,
            When::Auto => !no_color && stream.is_terminal(),
        };
        Paint { on }
    }
}

/// Colours text, or leaves it plain.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    pub on: bool,
}

impl Paint {
    pub fn bold(self, text: impl Display) -> Painted<impl Display> {
        self.with("1", text)
    }

    pub fn good(self, text: impl Display) -> Painted<impl Display> {
        self.with("32", text)
    }

    pub fn warning(self, text: impl Display) -> Painted<impl Display> {
        self.with("33", text)
    }

    fn with<T: Display>(self, code: &'static str, text: T) -> Painted<T> {
        Painted { code: self.on.then_some(code), text }
    }
}

/// Text in a colour.
#[derive(Debug)]
pub struct Painted<T> {
    code: Option<&'static str>,
    text: T,
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "\x1b[{code}m{}\x1b[0m", self.text),
            None => self.text.fmt(f),
        }
    }
}

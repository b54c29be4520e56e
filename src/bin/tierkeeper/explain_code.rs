use std::fmt::Write;

use clap::Args;
use serde_json::{Value, json};
use tierkeeper::diagnostic::{Code, nearest};

use crate::color::Paint;
use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::shared::Look;

/// What a finding means and how to mend it
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper explain-code unknown-name\n  \
                        tierkeeper explain-code                 all codes")]
pub struct Arguments {
    /// The code, as findings show it; without one, all of them
    code: Option<String>,
    /// How to show it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    look: Look,
}

/// Characters in a line of running text.
const WIDTH: usize = 80;

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let paint = self.look.color.for_stdout();
        match (&self.code, self.format) {
            (None, Format::Human) => output::print(&all(paint))?,
            (None, Format::Json) => {
                output::print_json(
                    &Code::ALL.iter().map(|&code| as_json(code)).collect::<Value>(),
                )?;
            }
            (Some(slug), format) => {
                let code = find(slug)?;
                match format {
                    Format::Human => output::print(&page(code, paint))?,
                    Format::Json => output::print_json(&as_json(code))?,
                }
            }
        }
        Ok(Exit::Done)
    }
}

fn find(slug: &str) -> Result<Code, Failure> {
    let wanted = slug.trim().to_lowercase().replace('_', "-");
    Code::from_slug(&wanted).ok_or_else(|| {
        let help = match nearest(&wanted, Code::ALL.iter().map(|code| code.slug())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`tierkeeper explain-code` lists all codes".to_owned(),
        };
        Failure::with_help(format_args!("there is no code `{slug}`"), help)
    })
}

fn severity(code: Code) -> &'static str {
    match code.severity() {
        tierkeeper::diagnostic::Severity::Error => "error",
        tierkeeper::diagnostic::Severity::Warning => "warning",
    }
}

fn all(paint: Paint) -> String {
    let width = Code::ALL.iter().map(|code| code.slug().len()).max().unwrap_or(0);
    let mut text = String::new();
    for code in Code::ALL {
        let slug = format!("{:width$}", code.slug());
        let _ = writeln!(text, "{}  {:7}  {}", paint.bold(slug), severity(*code), code.title());
    }
    text
}

fn page(code: Code, paint: Paint) -> String {
    let page = code.page();
    let indented =
        |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    format!(
        "{} ({}): {}\n\n{}\n\n{}\n{}\n{}\n{}",
        paint.bold(code.slug()),
        severity(code),
        code.title(),
        output::wrapped(page.why, WIDTH),
        paint.warning("Not so:"),
        indented(page.wrong),
        paint.good("But so:"),
        indented(page.right),
    )
}

fn as_json(code: Code) -> Value {
    let page = code.page();
    json!({
        "code": code.slug(),
        "severity": severity(code),
        "title": code.title(),
        "why": page.why,
        "wrong": page.wrong,
        "right": page.right,
    })
}

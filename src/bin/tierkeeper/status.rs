use clap::Args;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::color::Paint;
use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::service::Service;
use crate::shared::Look;

/// What a running host says of itself: rules, passes, what waits for you
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper status\n  \
                        tierkeeper status --url http://10.0.0.7:7878 --token-file read.token\n  \
                        tierkeeper status --format json")]
pub struct Arguments {
    /// How to show it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    service: Service,
    #[command(flatten)]
    look: Look,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let status = self.service.get("/v1/status")?;
        match self.format {
            Format::Json => output::print_json(&status)?,
            Format::Human => {
                let now = Timestamp::now();
                output::print(&page(&status, now, self.look.color.for_stdout()))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn page(status: &Json, now: Timestamp, paint: Paint) -> String {
    let mut lines = vec![Line::new("live", short(&status["generation"]))];
    lines.push(Line::new("loaded", ago(&status["loaded_at"], now)));
    if status["from_state"] == true {
        lines.push(Line::warning("", "these are the last good rules, not those on disk"));
    }
    let attempt = &status["last_attempt"];
    if attempt["ok"] == false {
        lines.push(Line::warning("rules", "those on disk are not live:"));
        if let Some(error) = attempt["error"].as_str() {
            lines.push(Line::warning("", error));
        }
        let findings = attempt["findings"].as_array().map_or(&[][..], Vec::as_slice);
        let errors = findings.iter().filter(|finding| finding["severity"] == "error");
        lines.extend(errors.map(|finding| Line::warning("", finding_line(finding))));
    }
    let waiting = &status["waiting"];
    if !waiting.is_null() {
        let generation = short(&waiting["generation"]);
        lines.push(Line::warning(
            "waiting",
            format!("{generation}, {}", ago(&waiting["since"], now)),
        ));
        for list in [&waiting["impact"]["rules"], &waiting["reasons"]] {
            let told = list.as_array().map_or(&[][..], Vec::as_slice).iter();
            lines.extend(told.filter_map(Json::as_str).map(|text| Line::new("", text)));
        }
        let id = generation.trim_start_matches("sha256:");
        lines.push(Line::new("", format!("`tierkeeper approve {id}` or `tierkeeper reject {id}`")));
    }
    match &status["last_pass"] {
        Json::Null => lines.push(Line::warning("last pass", "none yet")),
        pass => {
            let text = format!(
                "{}, as of {}, {} customers, {} events, {}",
                pass["kind"].as_str().unwrap_or_default(),
                pass["as_of"].as_str().unwrap_or_default(),
                pass["customers"],
                pass["events"],
                ago(&pass["at"], now)
            );
            lines.push(Line::new("last pass", text));
        }
    }
    let schedule = status["schedule"].as_str().unwrap_or_default();
    let next = status["next_pass"].as_str().unwrap_or("unknown");
    lines.push(Line::new("next pass", format!("{next} ({schedule})")));
    if let Some(trouble) = status["trouble"].as_str() {
        lines.push(Line::warning("trouble", trouble));
    }
    let line = |line: &Line| {
        let text = match line.is_warning {
            true => paint.warning(&line.text).to_string(),
            false => line.text.clone(),
        };
        format!("{:<10} {text}\n", line.label)
    };
    lines.iter().map(line).collect()
}

struct Line {
    label: &'static str,
    text: String,
    is_warning: bool,
}

impl Line {
    fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, text: text.into(), is_warning: false }
    }

    fn warning(label: &'static str, text: impl Into<String>) -> Self {
        Self { is_warning: true, ..Self::new(label, text) }
    }
}

/// `tiers.yaml:7:11: unknown name …`
fn finding_line(finding: &Json) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or_default();
    format!("{}:{}:{}: {}", text("file"), finding["line"], finding["column"], text("message"))
}

/// As much of a generation as people need.
fn short(generation: &Json) -> String {
    let generation = generation.as_str().unwrap_or_default();
    generation.get(..19).unwrap_or(generation).to_owned()
}

/// `2026-11-27T04:00:00Z (3 min ago)`
fn ago(time: &Json, now: Timestamp) -> String {
    let Some(text) = time.as_str() else { return "unknown".to_owned() };
    let Ok(time) = text.parse::<Timestamp>() else { return text.to_owned() };
    let seconds = now.duration_since(time).as_secs().max(0);
    let ago = match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    };
    format!("{}, {ago}", time.strftime("%Y-%m-%d %H:%M:%S UTC"))
}

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
    lines.push(Line::new("loaded", when(&status["loaded_at"], now)));
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
            format!("{generation}, {}", when(&waiting["since"], now)),
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
                when(&pass["at"], now)
            );
            lines.push(Line::new("last pass", text));
        }
    }
    let schedule = status["schedule"].as_str().unwrap_or_default();
    let next = when(&status["next_pass"], now);
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

/// `2026-11-27 04:00:00 UTC, 3 min ago`, or `in 3 min`.
fn when(time: &Json, now: Timestamp) -> String {
    let Some(text) = time.as_str() else { return "unknown".to_owned() };
    let Ok(time) = text.parse::<Timestamp>() else { return text.to_owned() };
    let seconds = now.duration_since(time).as_secs();
    let long = match seconds.abs() {
        long @ 0..60 => format!("{long} s"),
        long @ 60..3600 => format!("{} min", long / 60),
        long @ 3600..172_800 => format!("{} h", long / 3600),
        long => format!("{} days", long / 86_400),
    };
    let away = if seconds < 0 { format!("in {long}") } else { format!("{long} ago") };
    format!("{}, {away}", time.strftime("%Y-%m-%d %H:%M:%S UTC"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_told_from_now() {
        let now = "2026-11-27T12:00:00Z".parse().expect("a time");
        let told = |time: &str| when(&json!(time), now);
        assert_eq!(told("2026-11-27T11:59:59.5Z"), "2026-11-27 11:59:59 UTC, 0 s ago");
        assert_eq!(told("2026-11-27T11:56:30Z"), "2026-11-27 11:56:30 UTC, 3 min ago");
        assert_eq!(told("2026-11-28T00:00:00Z"), "2026-11-28 00:00:00 UTC, in 12 h");
        assert_eq!(told("2026-11-28T12:30:00Z"), "2026-11-28 12:30:00 UTC, in 24 h");
        assert_eq!(told("2026-11-21T11:00:00Z"), "2026-11-21 11:00:00 UTC, 6 days ago");
        assert_eq!(when(&Json::Null, now), "unknown");
    }
}

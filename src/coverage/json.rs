use serde_json::{Map, Value as Json, json};

use super::report::{Report, Tally};
use crate::criteria::number_json;

impl Report {
    /// `{"covered", "points", "percent", "kinds": {"criteria": {"covered", "points", "percent"}},
    /// "parts": [{"part", "name", "covered", "points", "percent"}], "uncovered": [{"kind", "part",
    /// "message", "help", "file", "line", "column", "end_line", "end_column"}]}`. Files are relative
    /// to the pack's root.
    pub fn json(&self) -> Json {
        let kinds: Map<String, Json> = self
            .kinds
            .iter()
            .map(|(kind, tally)| (kind.name().to_owned(), Json::Object(numbers(*tally))))
            .collect();
        let parts = self.parts.iter().map(|part| {
            let mut json = Map::new();
            json.insert("part".to_owned(), json!(part.part.sort()));
            json.insert("name".to_owned(), json!(part.name));
            json.extend(numbers(part.tally));
            Json::Object(json)
        });
        let uncovered = self.uncovered.iter().map(|it| {
            json!({
                "kind": it.point.aspect.kind().name(),
                "part": it.part,
                "message": it.message,
                "help": it.help,
                "file": it.file,
                "line": it.place.line,
                "column": it.place.column,
                "end_line": it.place.end_line,
                "end_column": it.place.end_column,
            })
        });
        let mut json = numbers(self.total);
        json.insert("kinds".to_owned(), Json::Object(kinds));
        json.insert("parts".to_owned(), parts.collect());
        json.insert("uncovered".to_owned(), uncovered.collect());
        Json::Object(json)
    }
}

fn numbers(tally: Tally) -> Map<String, Json> {
    let mut json = Map::new();
    json.insert("covered".to_owned(), json!(tally.covered));
    json.insert("points".to_owned(), json!(tally.points));
    json.insert("percent".to_owned(), number_json(tally.percent()));
    json
}

use std::fmt::Write;

use super::super::{Code, Severity};

/// `docs/findings.md`, generated from the table of codes.
pub fn findings_markdown() -> String {
    let mut text = String::from(
        "# Findings\n\n\
         What `tierkeeper check` can find, each with the reason, an example that provokes it and \
         what to write instead. `tierkeeper explain-code CODE` shows the same page. An error keeps \
         a pack from running; a warning counts under `check --deny-warnings`.\n\n\
         This page is generated from the table of codes; a test keeps it fresh.\n",
    );
    for (severity, title) in [(Severity::Error, "Errors"), (Severity::Warning, "Warnings")] {
        let codes = || Code::ALL.iter().filter(|code| code.severity() == severity);
        let _ = write!(text, "\n## {title}\n\n| code | what it is |\n| --- | --- |\n");
        for code in codes() {
            let _ = writeln!(text, "| [`{0}`](#{0}) | {1} |", code.slug(), code.title());
        }
        for code in codes() {
            let page = code.page();
            let _ = write!(
                text,
                "\n### {}\n\n**{}.** {}\n\nNot so:\n\n```yaml\n{}\n```\n\nBut so:\n\n```yaml\n{}\n```\n",
                code.slug(),
                capitalised(code.title()),
                page.why,
                page.wrong,
                page.right
            );
        }
    }
    text
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

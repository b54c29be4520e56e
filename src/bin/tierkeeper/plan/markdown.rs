//! A plan for a comment on a pull request: what one reads before approving, in a few lines.

use std::fmt::Write;

use tierkeeper::plan::LadderPlan;

use super::Planned;
use super::wording::counted;
use crate::output::grouped;

/// Lines of rules, cutoffs, segments or alerts that are told; of more, how many there are.
const MOST: usize = 5;

pub fn comment(planned: &Planned<'_>) -> String {
    let plan = planned.plan;
    let mut text = format!(
        "**{}**, {} customers as of {}: {}\n\n",
        escaped(&planned.heading()),
        grouped(plan.customers),
        plan.as_of,
        planned.question(),
    );
    if planned.is_same() {
        text.push_str("- the rules are the same\n");
    }
    line("Rules", &plan.rules, &mut text);
    for (place, ladder) in plan.ladders.iter().enumerate() {
        let _ = writeln!(
            text,
            "- **{}**: {}; **{}**",
            escaped(&planned.ladder(ladder)),
            sizes(planned, ladder),
            counted(ladder)
        );
        let movers = planned.moves().filter(|(mover, _)| mover.ladder == place);
        for (mover, because) in movers {
            let _ = writeln!(
                text,
                "  - {}: {}, {}",
                escaped(&plan.customer(mover).to_string()),
                escaped(&planned.way(mover)),
                escaped(&planned.because(mover, &because)),
            );
        }
    }
    line("Cutoffs", &told(planned.cutoffs()), &mut text);
    line("Segments", &told(planned.segments()), &mut text);
    line("Alerts", &told(planned.alerts()), &mut text);
    line("Benefits", &planned.cost().into_iter().collect::<Vec<_>>(), &mut text);
    for verdict in &planned.verdicts {
        let mark = if verdict.over { "❌" } else { "✅" };
        let _ = writeln!(text, "- {mark} {}", escaped(&planned.verdict(verdict)));
    }
    text
}

fn line(title: &str, told: &[String], text: &mut String) {
    if told.is_empty() {
        return;
    }
    let shown: Vec<String> = told.iter().take(MOST).map(|it| escaped(it)).collect();
    let more = match told.len() - shown.len() {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let _ = writeln!(text, "- **{title}**: {}{more}", shown.join("; "));
}

fn told(lines: Vec<[String; 3]>) -> Vec<String> {
    lines.iter().map(|[name, before, after]| format!("{name} {before} → {after}")).collect()
}

/// `VIP 12 → 10, Gold 150 → 152`: by tier of the other pack, then those that it does not have.
fn sizes(planned: &Planned<'_>, ladder: &LadderPlan) -> String {
    let (rows, columns) = (planned.rows(ladder), planned.columns(ladder));
    let (before, after) = (ladder.sizes_from(), ladder.sizes_to());
    let no_tier = (rows.len() - 1, columns.len() - 1);
    let row_of = |column: usize| match column == no_tier.1 {
        true => Some(no_tier.0),
        false => (0..no_tier.0).find(|row| ladder.there(*row) == Some(column)),
    };
    let mut told = Vec::new();
    for (column, title) in columns.iter().enumerate() {
        let was = row_of(column).map(|row| before[row]);
        if column == no_tier.1 && was == Some(0) && after[column] == 0 {
            continue;
        }
        let title = escaped(title);
        told.push(match was {
            Some(was) if was == after[column] => format!("{title} {}", grouped(was)),
            Some(was) => format!("{title} {} → {}", grouped(was), grouped(after[column])),
            None => format!("{title} new: {}", grouped(after[column])),
        });
    }
    for row in (0..no_tier.0).filter(|row| ladder.there(*row).is_none()) {
        told.push(format!("{} gone: {}", escaped(&rows[row]), grouped(before[row])));
    }
    told.join(", ")
}

/// Text that is nothing but text in Markdown: no markup, no link, no name that is called.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (place, letter) in text.char_indices() {
        match letter {
            ':' if text[place..].starts_with("://") => safe.push_str("&#58;"),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // A comment between it and what follows: nobody is called, no thread is linked.
            '@' | '#' => {
                safe.push(letter);
                safe.push_str("<!-- -->");
            }
            // Between letters it marks nothing, and names are easier to read without.
            '_' if is_within_word(text, place) => safe.push('_'),
            // A list, or a link that needs no more than this.
            '-' | '+' if place == 0 => safe.extend(['\\', letter]),
            '.' if text[..place].to_ascii_lowercase().ends_with("www") => safe.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '{' | '}' | '$' => {
                safe.push('\\');
                safe.push(letter);
            }
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

/// Whether letters or digits stand on both sides.
fn is_within_word(text: &str, place: usize) -> bool {
    let before = text[..place].chars().next_back();
    let after = text[place..].chars().nth(1);
    [before, after].into_iter().all(|letter| letter.is_some_and(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(escaped("spend >= 1000"), "spend &gt;= 1000");
        assert_eq!(escaped("a|b*c`e"), "a\\|b\\*c\\`e");
        assert_eq!(escaped("vip_spend _x_ a__b"), "vip_spend \\_x\\_ a\\_\\_b");
        assert_eq!(escaped("- a-b"), "\\- a-b");
        assert_eq!(escaped("www.x.org http://x"), "www&#46;x.org http&#58;//x");
        assert_eq!(escaped("[x](y) <img src=z>"), "\\[x\\](y) &lt;img src=z&gt;");
        assert_eq!(escaped("@team #12\n- x"), "@<!-- -->team #<!-- -->12 - x");
    }
}

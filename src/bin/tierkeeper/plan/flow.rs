//! How people flow from tiers to tiers, drawn as SVG: the tiers of the first pack on the left,
//! those of the other on the right, and a band for each cell of the matrix.

use std::fmt::Write;

use tierkeeper::plan::{LadderPlan, Way};

use super::html::escaped;
use crate::output::grouped;

/// Between the bars. Everything is in units so small that whole numbers are fine enough.
const BANDS: u64 = 1900;
const BAR: u64 = 160;
/// Between a bar and its label.
const SPACE: u64 = 100;
/// A letter of a label is at most about so wide.
const LETTER: u64 = 88;
/// The size of its font, as the style of the page has it; the letters of East Asia are as wide.
const FONT: u64 = 130;
/// The height of everybody.
const PEOPLE: u64 = 2600;
/// Between two tiers: room for the line of a label.
const GAP: u64 = 240;
const TOP: u64 = 160;
/// Letters of a title that fit beside its bar, with a number of people.
const LETTERS: usize = 16;

/// The tiers on one side.
struct Side<'a> {
    titles: &'a [String],
    sizes: Vec<u64>,
    /// The upper end of each.
    tops: Vec<u64>,
}

impl<'a> Side<'a> {
    fn of(titles: &'a [String], sizes: Vec<u64>, all: u64) -> Self {
        let mut tops = Vec::new();
        let (mut above, mut shown) = (0, 0);
        for (place, size) in sizes.iter().enumerate() {
            tops.push(TOP + height(above, all) + shown * GAP);
            above += size;
            // Without anybody "no tier" is not drawn.
            shown += u64::from(*size > 0 || place + 1 < sizes.len());
        }
        Self { titles, sizes, tops }
    }

    fn label(&self, place: usize) -> String {
        format!("{} {}", shortened(&self.titles[place]), grouped(self.sizes[place]))
    }

    /// The room that the longest label takes.
    fn margin(&self) -> u64 {
        let shown = (0..self.sizes.len()).filter(|&place| self.is_shown(place));
        let wide = |letter: char| if letter < '\u{1100}' { LETTER } else { FONT };
        let widest = shown.map(|place| self.label(place).chars().map(wide).sum::<u64>()).max();
        SPACE + widest.unwrap_or(0)
    }

    fn is_shown(&self, place: usize) -> bool {
        self.sizes[place] > 0 || place + 1 < self.sizes.len()
    }

    fn bottom(&self, all: u64) -> u64 {
        let ends = self.tops.iter().zip(&self.sizes).map(|(top, size)| top + height(*size, all));
        ends.max().unwrap_or(TOP)
    }
}

fn height(people: u64, all: u64) -> u64 {
    (people * PEOPLE).checked_div(all).unwrap_or(0)
}

/// The drawing of a ladder; `way` tells where a cell leads. `id` is used once in the page.
pub fn drawing(
    ladder: &LadderPlan,
    title: &str,
    (rows, columns): (&[String], &[String]),
    way: impl Fn(usize, usize) -> Option<Way>,
    id: usize,
) -> String {
    let all: u64 = ladder.sizes_from().iter().sum();
    let left = Side::of(rows, ladder.sizes_from(), all);
    let right = Side::of(columns, ladder.sizes_to(), all);
    let bottom = left.bottom(all).max(right.bottom(all)) + TOP;
    let margin = left.margin().max(right.margin());
    let width = 2 * (margin + BAR) + BANDS;
    // As large as the text around it, and on a narrow screen still large enough to be read.
    let (natural, least) = (width * 16 / FONT, width * 10 / FONT);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {bottom}\" style=\"width:{natural}px;min-width:{least}px\" role=\"img\" aria-labelledby=\"flow{id} words{id}\">\n\
         <title id=\"flow{id}\">{}</title>\n<desc id=\"words{id}\">{}</desc>\n",
        escaped(&format!("Flow between the tiers of {title}")),
        escaped(&described(ladder, rows, columns)),
    );
    let (begin, end) = (margin + BAR, width - margin - BAR);
    let middle = width / 2;
    let mut reached = vec![0; columns.len()];
    // Who moves is drawn over those who stay: a thin band must be seen.
    let mut moving = String::new();
    for (row, cells) in ladder.matrix.iter().enumerate() {
        let mut left_behind = 0;
        for (column, &people) in cells.iter().enumerate().filter(|(_, people)| **people > 0) {
            let from = left.tops[row] + height(left_behind, all);
            let to = right.tops[column] + height(reached[column], all);
            let (from_end, to_end) = (
                left.tops[row] + height(left_behind + people, all),
                right.tops[column] + height(reached[column] + people, all),
            );
            let way = way(row, column);
            let class = way.map_or("same", Way::name);
            let _ = writeln!(
                if way.is_some() { &mut moving } else { &mut svg },
                "<path class=\"{class}\" d=\"M{begin} {from}C{middle} {from} {middle} {to} {end} {to}\
                 V{to_end}C{middle} {to_end} {middle} {from_end} {begin} {from_end}Z\">\
                 <title>{}</title></path>",
                escaped(&format!("{} → {}: {}", rows[row], columns[column], grouped(people))),
            );
            left_behind += people;
            reached[column] += people;
        }
    }
    svg.push_str(&moving);
    tiers(&left, all, (margin, margin - SPACE, "end"), &mut svg);
    tiers(&right, all, (end, width - margin + SPACE, "start"), &mut svg);
    svg.push_str("</svg>\n");
    svg
}

fn tiers(side: &Side<'_>, all: u64, (bar, label, anchor): (u64, u64, &str), svg: &mut String) {
    for place in (0..side.titles.len()).filter(|&place| side.is_shown(place)) {
        let (top, tall) = (side.tops[place], height(side.sizes[place], all).max(10));
        let _ = writeln!(
            svg,
            "<rect x=\"{bar}\" y=\"{top}\" width=\"{BAR}\" height=\"{tall}\"/>\
             <text x=\"{label}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            top + tall / 2 + 45,
            escaped(&side.label(place)),
        );
    }
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title.to_owned(),
    }
}

/// The drawing in words, for those who do not see it.
fn described(ladder: &LadderPlan, rows: &[String], columns: &[String]) -> String {
    let mut flows = Vec::new();
    for (row, cells) in ladder.matrix.iter().enumerate() {
        for (column, &people) in cells.iter().enumerate().filter(|(_, people)| **people > 0) {
            flows.push(format!("{} from {} to {}", grouped(people), rows[row], columns[column]));
        }
    }
    flows.join(", ")
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn long_titles_end_early() {
        assert_eq!(shortened("Sixteen letters!"), "Sixteen letters!");
        assert_eq!(shortened("Fifteen letters and more"), "Fifteen letters…");
        assert_eq!(shortened("Üçüncü kademe müşterileri"), "Üçüncü kademe mü…");
    }
}

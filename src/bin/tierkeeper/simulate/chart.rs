//! A line of blocks that shows how a number went.

/// From the smallest to the largest.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Where nothing changed.
const FLAT: char = '▄';

/// Blocks in a line at most: so that it fits a terminal with its numbers.
const WIDEST: usize = 60;

/// The smallest and the largest of numbers.
pub fn ends(numbers: impl IntoIterator<Item = u64>) -> (u64, u64) {
    numbers
        .into_iter()
        .fold((u64::MAX, 0), |(low, high), number| (low.min(number), high.max(number)))
}

/// The numbers as blocks on a scale between two ends. Of too many some are left out, evenly and
/// never the first or the last.
pub fn line(numbers: &[u64], (low, high): (u64, u64)) -> String {
    let shown = numbers.len().min(WIDEST);
    let place = |index: usize| match shown {
        0 | 1 => 0,
        _ => index * (numbers.len() - 1) / (shown - 1),
    };
    (0..shown).map(|index| block(numbers[place(index)], low, high)).collect()
}

fn block(number: u64, low: u64, high: u64) -> char {
    if high <= low {
        return FLAT;
    }
    let steps = LEVELS.len() as u128 - 1;
    let level = u128::from(number.saturating_sub(low)) * steps / u128::from(high - low);
    LEVELS[usize::try_from(level).map_or(0, |level| level.min(LEVELS.len() - 1))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_go_from_the_smallest_to_the_largest() {
        let numbers = [10, 11, 12, 13, 14, 15, 16, 17, 10];
        assert_eq!(line(&numbers, ends(numbers)), "▁▂▃▄▅▆▇█▁");
        assert_eq!(line(&[3, 3], ends([3, 3])), "▄▄");
        assert_eq!(line(&[0, u64::MAX], ends([0, u64::MAX])), "▁█");
        assert_eq!(line(&[], ends([])), "");
    }

    #[test]
    fn a_long_line_keeps_its_ends() {
        let mut numbers = vec![5; 1000];
        (numbers[0], numbers[999]) = (0, 7);
        let line = line(&numbers, ends(numbers.iter().copied()));
        assert_eq!(line.chars().count(), WIDEST);
        assert!(line.starts_with('▁') && line.ends_with('█'), "{line}");
    }
}

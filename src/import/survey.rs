use std::sync::Arc;

use crate::program::ColumnKind;
use crate::store::import::Affinity;

use super::cell::{PlainNumber, StoredAs, formatted_time};
use super::declared::Declared;

/// What the cells of a column have in common, over the whole file.
#[derive(Debug)]
pub(super) struct Survey {
    filled: bool,
    whole: bool,
    /// Plain numbers that a binary number keeps.
    real: bool,
    /// Any plain number that a binary number would change.
    long: bool,
    /// All are dates in the format that was given.
    formatted: Option<(Arc<str>, bool)>,
}

impl Survey {
    pub fn new(date_format: Option<&str>) -> Self {
        Self {
            filled: false,
            whole: true,
            real: true,
            long: false,
            formatted: date_format.map(|format| (format.into(), true)),
        }
    }

    pub fn see(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.filled = true;
        match PlainNumber::parse(text) {
            Some(number) => {
                let survives = number.survives_as_real(text);
                self.whole &= number.whole().is_some();
                self.real &= survives;
                self.long |= !survives;
            }
            None => (self.whole, self.real) = (false, false),
        }
        if let Some((format, all)) = &mut self.formatted
            && *all
        {
            *all = formatted_time(text, format).is_some();
        }
    }

    /// How a new table stores the column.
    pub fn stored_as(&self, declared: Option<Declared>) -> StoredAs {
        match declared {
            Some(Declared::Column(kind)) => self.stored_as_kind(kind),
            Some(Declared::At) => self.stored_as_kind(ColumnKind::Date),
            Some(Declared::Customer) | None => self.inferred(),
        }
    }

    fn stored_as_kind(&self, kind: ColumnKind) -> StoredAs {
        match kind {
            ColumnKind::Count => StoredAs::Integer,
            ColumnKind::Text => StoredAs::Text,
            ColumnKind::Flag => StoredAs::Flag,
            ColumnKind::Money | ColumnKind::Number => match self.long {
                true => StoredAs::DecimalText,
                false => StoredAs::Real,
            },
            ColumnKind::Date => match &self.formatted {
                Some((format, _)) => StoredAs::FormattedTime(format.clone()),
                None if self.whole && self.filled => StoredAs::UnixTime,
                None => StoredAs::IsoTime,
            },
        }
    }

    fn inferred(&self) -> StoredAs {
        match &self.formatted {
            Some((format, true)) if self.filled => StoredAs::FormattedTime(format.clone()),
            _ if !self.filled => StoredAs::Text,
            _ if self.whole => StoredAs::Integer,
            _ if self.real => StoredAs::Real,
            _ => StoredAs::Text,
        }
    }

    /// How the column goes into a table that is there already.
    pub fn in_existing_table(&self, declared: Option<Declared>, affinity: Affinity) -> StoredAs {
        let wanted = self.stored_as(declared);
        let is_inferred = matches!(declared, None | Some(Declared::Customer));
        match (affinity, wanted) {
            (Affinity::Text, StoredAs::Real) if !is_inferred => StoredAs::DecimalText,
            (Affinity::Text, StoredAs::Integer | StoredAs::Real) if is_inferred => StoredAs::Text,
            (Affinity::Integer | Affinity::Real, StoredAs::DecimalText | StoredAs::Text) => {
                StoredAs::Real
            }
            (Affinity::Real, StoredAs::Integer) | (Affinity::Numeric, StoredAs::DecimalText) => {
                StoredAs::Real
            }
            (Affinity::Numeric, StoredAs::Text) => StoredAs::Numeric,
            (_, wanted) => wanted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(cells: &[&str]) -> Survey {
        let mut survey = Survey::new(None);
        cells.iter().for_each(|cell| survey.see(cell));
        survey
    }

    #[test]
    fn types_come_from_the_whole_column() {
        let inferred = |cells: &[&str]| survey(cells).stored_as(None);
        assert_eq!(inferred(&["1", "", "-20"]), StoredAs::Integer);
        assert_eq!(inferred(&["17850.0", "", "13047.0"]), StoredAs::Integer);
        assert_eq!(inferred(&["2.55", "3", "0.001"]), StoredAs::Real);
        assert_eq!(inferred(&["2.55", "0.12345678901234567"]), StoredAs::Text);
        assert_eq!(inferred(&["9007199254740993.0", "0.5"]), StoredAs::Text);
        assert_eq!(inferred(&["7", "007"]), StoredAs::Text);
        assert_eq!(inferred(&["536365", "C536379"]), StoredAs::Text);
        assert_eq!(inferred(&["2026-03-21 08:26:00"]), StoredAs::Text);
        assert_eq!(inferred(&["", ""]), StoredAs::Text);
        assert_eq!(inferred(&["99999999999999999999"]), StoredAs::Text);
    }

    #[test]
    fn declared_types_win() {
        let declared = |cells: &[&str], kind| survey(cells).stored_as(Some(Declared::Column(kind)));
        assert_eq!(declared(&["1", "2"], ColumnKind::Text), StoredAs::Text);
        assert_eq!(declared(&["1", "x"], ColumnKind::Money), StoredAs::Real);
        assert_eq!(
            declared(&["1", "0.12345678901234567"], ColumnKind::Number),
            StoredAs::DecimalText
        );
        assert_eq!(survey(&["1291191960"]).stored_as(Some(Declared::At)), StoredAs::UnixTime);
        assert_eq!(survey(&["2026-03-21", "5"]).stored_as(Some(Declared::At)), StoredAs::IsoTime);
        assert_eq!(survey(&["017", "18"]).stored_as(Some(Declared::Customer)), StoredAs::Text);
    }

    #[test]
    fn an_existing_table_changes_nothing_silently() {
        let into = |cells: &[&str], affinity| survey(cells).in_existing_table(None, affinity);
        assert_eq!(into(&["7", "8"], Affinity::Text), StoredAs::Text);
        assert_eq!(into(&["007"], Affinity::Integer), StoredAs::Real);
        assert_eq!(into(&["007", "x"], Affinity::Numeric), StoredAs::Numeric);
        assert_eq!(into(&["007", "x"], Affinity::Blob), StoredAs::Text);
    }
}

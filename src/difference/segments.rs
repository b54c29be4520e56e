use super::clause::Clause;
use super::side::Side;
use super::words::percent;
use super::{Comparison, Part, paired};
use crate::program::{Segment, SegmentRule};

impl<'r> Comparison<'r> {
    pub(super) fn segments(&mut self) {
        let (old, new) = (self.from.program, self.to.program);
        for (was, is) in paired(&old.segments, &new.segments, |segment| &segment.name) {
            match (was, is) {
                (Some(was), Some(is)) => self.segment(was, is),
                (None, Some(is)) => {
                    let words = format!("added: {}", self.to.segment(&is.rule));
                    self.tell(Part::Segments, format!("segment {}", is.name), words);
                }
                (Some(was), None) => {
                    self.tell(Part::Segments, format!("segment {}", was.name), "removed");
                }
                (None, None) => {}
            }
        }
    }

    fn segment(&mut self, old: &'r Segment, new: &'r Segment) {
        let place = format!("segment {}", new.name);
        match (&old.rule, &new.rule) {
            (SegmentRule::When(was), SegmentRule::When(is)) => {
                self.condition(Part::Segments, &place, (was, is), None);
            }
            (
                SegmentRule::Near { ladder, tier, short_by },
                SegmentRule::Near { ladder: of, tier: is, short_by: now },
            ) => {
                let (was, is) = (self.from.tier(*ladder, *tier), self.to.tier(*of, *is));
                self.tell_texts(Part::Segments, &format!("{place} near"), &was, &is);
                let (was, is) = (percent(*short_by), percent(*now));
                self.tell_texts(Part::Segments, &format!("{place} short_by"), &was, &is);
            }
            (was, is) => {
                let words =
                    format!("was: {} / is: {}", self.from.segment(was), self.to.segment(is));
                self.tell(Part::Segments, place, words);
            }
        }
    }
}

impl Side<'_> {
    fn segment(&self, rule: &SegmentRule) -> String {
        match rule {
            SegmentRule::When(when) => Clause::of(self, when, None).text(),
            SegmentRule::Near { ladder, tier, short_by } => {
                format!("at most {} short of {}", percent(*short_by), self.tier(*ladder, *tier))
            }
        }
    }
}

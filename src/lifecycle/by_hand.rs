//! What people do to a standing by hand (`docs/lifecycle.md` §7).

use jiff::civil::Date;

use super::{Event, Hold, Move, Standing, enter};
use crate::expr::TierId;

/// Something that is done by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Hold(Hold),
    Release,
    /// A tier that another system has given; `review_on: None`: as its policy says.
    Adopt {
        tier: TierId,
        since: Date,
        review_on: Option<Date>,
    },
    /// Reviews that come earlier move to this date.
    Extend(Date),
}

/// The standing after a deed; `None` where there is nothing to do.
pub fn by_hand(standing: &Standing, deed: Deed, as_of: Date) -> Option<Move> {
    let stays = |to, event| Some(Move { to, event: Some(event), begins: None });
    match deed {
        Deed::Hold(hold) if hold.pins => {
            let unmoved = standing.tier.is_some() && standing.tier == hold.tier;
            let to = Standing {
                tier: hold.tier,
                since: if unmoved { standing.since } else { Some(as_of) },
                // Nothing changes until it ends; then the review is due.
                review_on: hold.until,
                hold: Some(hold),
                ..Standing::default()
            };
            stays(to, Event::HoldStarted)
        }
        Deed::Hold(hold) => {
            // A pin whose place a floor takes has ended: the review is due.
            let pin = standing.hold.filter(|hold| hold.pins);
            let ended = pin.map(|pin| pin.until.map_or(as_of, |until| until.min(as_of)));
            let review_on = ended.or(standing.review_on);
            let held = Standing { hold: Some(hold), review_on, ..*standing };
            let below =
                standing.tier.is_none_or(|tier| hold.tier.is_some_and(|floor| floor < tier));
            match below {
                true => Some(enter(&held, hold.tier, Event::HoldStarted, as_of)),
                false => stays(held, Event::HoldStarted),
            }
        }
        Deed::Release => {
            let hold = standing.hold?;
            let review_on = if hold.pins { Some(as_of) } else { standing.review_on };
            stays(Standing { hold: None, review_on, ..*standing }, Event::HoldEnded)
        }
        Deed::Adopt { tier, since, review_on } => Some(Move {
            to: Standing {
                tier: Some(tier),
                since: Some(since),
                review_on,
                hold: standing.hold,
                ..Standing::default()
            },
            event: Some(Event::Adopted),
            begins: review_on.is_none().then_some(since),
        }),
        Deed::Extend(until) => {
            let pinned = standing.hold.is_some_and(|hold| hold.pins && hold.is_active(as_of));
            let earlier = standing.review_on.is_some_and(|review_on| review_on < until);
            if standing.tier.is_none() || pinned || !earlier {
                return None;
            }
            let to = Standing {
                review_on: Some(until),
                grace_until: None,
                warned_for: None,
                ..*standing
            };
            stays(to, Event::Extended)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_floor_in_place_of_a_pin_makes_the_review_due() {
        let pin = |until| Hold { tier: Some(0), pins: true, until };
        let floor = Hold { tier: Some(1), pins: false, until: None };
        let as_of = date(2026, 6, 15);
        let review_on = |until| {
            let pinned = Standing {
                tier: Some(0),
                since: Some(date(2026, 1, 1)),
                review_on: until,
                hold: Some(pin(until)),
                ..Standing::default()
            };
            let done = by_hand(&pinned, Deed::Hold(floor), as_of).expect("a deed");
            assert_eq!((done.to.tier, done.to.hold), (Some(0), Some(floor)));
            done.to.review_on
        };
        assert_eq!(review_on(None), Some(as_of));
        assert_eq!(review_on(Some(date(2026, 9, 1))), Some(as_of));
        // It was over already, and no pass has come by since.
        assert_eq!(review_on(Some(date(2026, 6, 1))), Some(date(2026, 6, 1)));
    }
}

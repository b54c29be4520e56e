//! Whole numbers of 256 bits, as far as a standard deviation needs them.

/// `high` × 2^128 + `low`; ordered by size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Square {
    high: u128,
    low: u128,
}

impl Square {
    pub(super) const ZERO: Square = Square { high: 0, low: 0 };

    /// a × b, which always fits.
    pub(super) fn product(a: u128, b: u128) -> Square {
        const HALF: u32 = 64;
        let low_half = |x: u128| x & u128::from(u64::MAX);
        let (a1, a0, b1, b0) = (a >> HALF, low_half(a), b >> HALF, low_half(b));
        let (low, middle_a, middle_b, high) = (a0 * b0, a1 * b0, a0 * b1, a1 * b1);
        let carry = (low >> HALF) + low_half(middle_a) + low_half(middle_b);
        Square {
            high: high + (middle_a >> HALF) + (middle_b >> HALF) + (carry >> HALF),
            low: low_half(low) | (carry << HALF),
        }
    }

    pub(super) fn checked_add(self, other: Square) -> Option<Square> {
        let (low, carry) = self.low.overflowing_add(other.low);
        let high = self.high.checked_add(other.high)?.checked_add(u128::from(carry))?;
        Some(Square { high, low })
    }

    pub(super) fn checked_sub(self, other: Square) -> Option<Square> {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        let high = self.high.checked_sub(other.high)?.checked_sub(u128::from(borrow))?;
        Some(Square { high, low })
    }

    pub(super) fn checked_mul(self, factor: u128) -> Option<Square> {
        let low = Square::product(self.low, factor);
        let high = Square::product(self.high, factor);
        (high.high == 0).then_some(())?;
        low.checked_add(Square { high: high.low, low: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_sums() {
        // (2^128 − 1)² = 2^256 − 2^129 + 1
        let most = Square::product(u128::MAX, u128::MAX);
        assert_eq!(most, Square { high: u128::MAX - 1, low: 1 });
        assert_eq!(most.checked_mul(2), None);
        let one = Square::product(1, 1);
        assert_eq!(most.checked_sub(one), Some(Square { high: u128::MAX - 1, low: 0 }));
        assert_eq!(one.checked_sub(most), None);
        let carried = Square { high: 0, low: u128::MAX }.checked_add(one);
        assert_eq!(carried, Some(Square { high: 1, low: 0 }));
        let scaled = carried.and_then(|square| square.checked_mul(10));
        assert_eq!(scaled, Some(Square { high: 10, low: 0 }));
    }
}

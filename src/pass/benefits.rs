//! What customers get, and what it costs.

mod cost;
mod given;

pub use cost::BenefitCost;
pub(super) use cost::costs;
pub use given::{GivenBenefit, GivenValue, Why, benefits};

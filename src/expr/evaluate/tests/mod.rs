pub(crate) mod columns;
mod conditions;
mod customers;
mod functions;
mod generated;
pub(crate) mod naive;
mod operators;
pub(crate) mod sample;
pub(crate) mod trees;

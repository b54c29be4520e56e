mod conditions;
mod generated;
mod naive;
mod operators;
mod sample;

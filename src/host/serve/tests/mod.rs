mod bad_input;
mod commands;
mod crowds;
mod desk;
mod document;
mod doors;
mod numbers;
mod reading;

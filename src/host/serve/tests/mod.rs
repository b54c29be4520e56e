mod bad_input;
mod commands;
mod crowds;
mod desk;
mod doors;
mod numbers;
mod reading;

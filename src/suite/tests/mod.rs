mod cases;
mod lives;
mod made_up;
mod never_fails;
mod people;
mod populations;
mod shop;

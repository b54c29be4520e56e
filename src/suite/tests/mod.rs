mod cases;
mod lives;
mod made_up;
mod people;
mod populations;
mod shop;

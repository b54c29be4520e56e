mod cases;
mod made_up;
mod people;

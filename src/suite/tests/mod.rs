mod made_up;
mod people;

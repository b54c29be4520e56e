//! Mutants of small packs, as people would see them.

use crate::build;
use crate::demo::PACKS;
use crate::pack::PackFiles;

use super::*;

fn rules(name: &str) -> Mutations {
    let pack = PACKS.iter().find(|pack| pack.name == name).expect("a pack");
    let files = pack.files.iter().map(|(name, text)| (*name, *text));
    Mutations::new(build::bind(&PackFiles::embedded(files), None, &[])).expect("a program")
}

#[test]
fn dump() {
    for name in ["fashion-retail", "corner-shop"] {
        let start = std::time::Instant::now();
        let all = rules(name);
        println!("{name} made {:?}", start.elapsed());
        let survey = all.examine(2, |_, _| ());
        println!("{} examined {} not viable {} same {} in {:?}", all.mutants().len(), survey.examined.len(), survey.not_viable.len(), survey.same.len(), start.elapsed());
        let why = |index: &usize| if survey.not_viable.contains(index) { "NOT" } else if survey.same.contains(index) { "SAME" } else { "" };
        for (i, m) in all.mutants().iter().enumerate() {
            println!("{} {} {}", why(&i), m.id(all.texts()), m.description());
        }
    }
}

use super::side::Side;
use super::{Comparison, Part};
use crate::expr::Node;
use crate::script::{CodeLine, Function, Module};

impl Comparison<'_> {
    /// Functions with another body, and constants, that something uses. A function that is new
    /// or gone shows where it is called.
    pub(super) fn scripts(&mut self) {
        let (old, new) = (&self.from.program.scripts, &self.to.program.scripts);
        for module in &new.modules {
            let Some(before) = old.modules.iter().find(|it| it.name == module.name) else {
                continue;
            };
            if before.normalized == module.normalized {
                continue;
            }
            for (id, function) in new.functions.iter().enumerate() {
                let same = |it: &&Function| it.module == module.name && it.name == function.name;
                let own =
                    |it: &&Function| same(it) && it.parameters.len() == function.parameters.len();
                let Some(was) = (function.module == module.name)
                    .then(|| old.functions.iter().find(own))
                    .flatten()
                else {
                    continue;
                };
                let (was, is) =
                    (was.code_lines(self.from.texts), function.code_lines(self.to.texts));
                let place = format!("script {}::{}", function.module, function.name);
                self.code(place, &was, &is, &[id]);
            }
            let was = before.constant_lines(old, self.from.texts);
            let is = module.constant_lines(new, self.to.texts);
            let all: Vec<usize> = functions_of(module, &new.functions);
            self.code(format!("script {} constants", module.name), &was, &is, &all);
        }
    }

    /// Tells what changed in lines of code, where something uses one of the functions.
    fn code(&mut self, place: String, was: &[CodeLine], is: &[CodeLine], functions: &[usize]) {
        let whole = |lines: &[CodeLine]| -> Vec<String> {
            lines.iter().flat_map(|line| line.tokens.iter().cloned()).collect()
        };
        if whole(was) == whole(is) {
            return;
        }
        let users = self.to.users(functions);
        if users.is_empty() {
            return;
        }
        let words = format!("{} (used by {})", lines_changed(was, is), users.join(", "));
        self.tell(Part::Scripts, place, words);
    }
}

fn functions_of(module: &Module, functions: &[Function]) -> Vec<usize> {
    let own = functions.iter().enumerate().filter(|(_, it)| it.module == module.name);
    own.map(|(id, _)| id).collect()
}

impl Side<'_> {
    /// Places that call one of the functions, directly or through others.
    pub fn users(&self, functions: &[usize]) -> Vec<String> {
        let all = &self.program.scripts.functions;
        let mut reaching = functions.to_vec();
        loop {
            let calls = |it: &Function| it.calls.iter().any(|call| reaching.contains(call));
            let more: Vec<usize> =
                (0..all.len()).filter(|id| !reaching.contains(id) && calls(&all[*id])).collect();
            if more.is_empty() {
                break;
            }
            reaching.extend(more);
        }
        self.places(&|expr| match expr.node {
            Node::Script { function, .. } => reaching.contains(&function),
            _ => false,
        })
    }
}

/// `line 5: return 365; → return 400;`, or which lines of the new text are others.
fn lines_changed(was: &[CodeLine], is: &[CodeLine]) -> String {
    let same = was.iter().zip(is).take_while(|(a, b)| a.tokens == b.tokens).count();
    let rest = was.len().min(is.len()) - same;
    let ends = was.iter().rev().zip(is.iter().rev());
    let end = ends.take(rest).take_while(|(a, b)| a.tokens == b.tokens).count();
    let (gone, come) = (&was[same..was.len() - end], &is[same..is.len() - end]);
    let range = |lines: &[CodeLine]| match lines {
        [] => String::new(),
        [only] => format!("line {}", only.number),
        [first, .., last] => format!("lines {}–{}", first.number, last.number),
    };
    match (gone, come) {
        ([gone], [come]) => format!("line {}: {} → {}", come.number, gone.text, come.text),
        ([gone], []) => format!("without the line {}", gone.text),
        (gone, []) => format!("without {} of the text before", range(gone)),
        (_, come) => format!("changed in {}", range(come)),
    }
}

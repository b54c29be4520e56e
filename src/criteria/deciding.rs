use super::Requirement;

impl Requirement<'_> {
    /// The comparisons that make the requirement hold, or that keep it from holding, by their
    /// place among [`Requirement::leaves`]: of what holds, the alternatives that hold; of what does
    /// not, the parts that do not. `met` says of each comparison whether it is met.
    pub fn deciding(&self, met: &[bool]) -> Vec<usize> {
        self.decided(met, &mut 0).1
    }

    /// Whether it holds, and what decides that; `next` is the place of its first comparison.
    fn decided(&self, met: &[bool], next: &mut usize) -> (bool, Vec<usize>) {
        let (at_least, of) = match self {
            Requirement::Always => return (true, Vec::new()),
            Requirement::Never => return (false, Vec::new()),
            Requirement::Leaf(_) => {
                let place = *next;
                *next += 1;
                return (met[place], vec![place]);
            }
            Requirement::All(of) => (of.len(), of),
            Requirement::Any { at_least, of } => (*at_least, of),
        };
        let parts: Vec<_> = of.iter().map(|part| part.decided(met, next)).collect();
        let holds = parts.iter().filter(|(holds, _)| *holds).count() >= at_least;
        let deciding = parts.into_iter().filter(|(part, _)| *part == holds);
        (holds, deciding.flat_map(|(_, places)| places).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::criteria::Requirement;
    use crate::pass::fixture::program;

    #[test]
    fn what_does_not_matter_is_left_out() {
        let program = program(
            "",
            "",
            "
ladders:
  club:
    tiers:
      vip:
        enter:
          - spend >= 10
          - any:
              - orders_made >= 2
              - all:
                  - days_away < 5
                  - spend >= 50
          - none: [days_away > 90]
      member: { enter: always }
      guest:
        enter: { any: [spend >= 1, orders_made >= 1, days_away < 3], at_least: 2 }
",
        );
        let deciding = |tier: usize, met: &[bool]| {
            Requirement::of(&program.ladders[0].tiers[tier].enter).deciding(met)
        };
        // It holds by the second alternative.
        assert_eq!(deciding(0, &[true, false, true, true, true]), [0, 2, 3, 4]);
        // It holds by the first; of the second one part is met, which does not help it.
        assert_eq!(deciding(0, &[true, true, true, false, true]), [0, 1, 4]);
        // Neither alternative holds: of the second because of one part.
        assert_eq!(deciding(0, &[true, false, true, false, true]), [1, 3]);
        // The customer was away too long.
        assert_eq!(deciding(0, &[true, true, false, false, false]), [4]);
        assert_eq!(deciding(1, &[]), [0; 0]);
        assert_eq!(deciding(2, &[true, false, true]), [0, 2]);
        assert_eq!(deciding(2, &[true, false, false]), [1, 2]);
    }
}

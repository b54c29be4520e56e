use super::Operator;
use crate::source::Span;

/// What a mutant shows in place of something that is gone.
pub(super) const DROPPED: &str = "(dropped)";

/// A mutant on its way: `new` stands in place of a part of the pack, and grows from an expression
/// to the whole part that it belongs to.
#[derive(Debug, Clone)]
pub(super) struct Draft<T> {
    pub operator: Operator,
    /// Tells the mutants of one operator at one place apart, whatever the parameters are.
    pub variant: u32,
    pub span: Span,
    pub before: String,
    pub after: String,
    pub new: T,
}

impl<T> Draft<T> {
    pub fn map<U>(self, grow: impl FnOnce(T) -> U) -> Draft<U> {
        let Draft { operator, variant, span, before, after, new } = self;
        Draft { operator, variant, span, before, after, new: grow(new) }
    }

    /// The same with what is shown put into its line: `vip: 20` for `20`.
    pub fn shown_as(mut self, line: impl Fn(&str) -> String) -> Self {
        let gone = self.after == DROPPED;
        self.before = line(&self.before);
        if !gone {
            self.after = line(&self.after);
        }
        self
    }
}

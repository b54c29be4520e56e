use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::expr::{Fault, ScriptFunctionId, Value};
use crate::script::{Argument, Runner, Scripts};

/// A pack's functions, for expressions on rows. An interpreter is made when the first is called.
pub(super) struct RowScripts {
    scripts: Arc<Scripts>,
    as_of: Date,
    runner: Mutex<Option<Runner>>,
}

impl RowScripts {
    pub(super) fn new(scripts: &Arc<Scripts>, as_of: Date) -> Self {
        Self { scripts: scripts.clone(), as_of, runner: Mutex::new(None) }
    }

    /// `check` has refused `customer` as an argument: a row has only values.
    pub(super) fn call(
        &self,
        function: ScriptFunctionId,
        arguments: &[Option<Value>],
    ) -> Result<Value, Fault> {
        let mut runner = self.runner.lock().unwrap_or_else(PoisonError::into_inner);
        let runner = runner.get_or_insert_with(|| Runner::new(&self.scripts, self.as_of));
        let arguments = arguments.iter().map(|argument| match argument {
            Some(value) => Argument::Value(value.clone()),
            None => Argument::Customer(&[]),
        });
        runner.call(function, arguments.collect()).map_err(|fault| fault.fault)
    }
}

impl fmt::Debug for RowScripts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowScripts").field("as_of", &self.as_of).finish_non_exhaustive()
    }
}

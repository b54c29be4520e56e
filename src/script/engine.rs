//! The engine that runs scripts: no clock, no files, no network, and an end to everything.

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use rhai::packages::{
    BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicStringPackage,
    MoreStringPackage, Package,
};
use rhai::{Engine, Module, OptimizationLevel, Shared};

use super::limits::{self, Budget};
use super::{adapt, collections, functions, operators};

/// Rhai's own functions, made once: a pass over one customer takes less time than making them.
static PACKAGES: LazyLock<[Shared<Module>; 6]> = LazyLock::new(|| {
    [
        BasicStringPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        BasicFnPackage::new().as_shared_module(),
    ]
});

/// An engine whose scripts see the world as of a date.
///
/// It starts empty: Rhai's full engine reads files for `import`, and its core package sleeps.
/// What is registered on the engine itself is found before the packages.
pub(super) fn sandboxed(as_of: Date, budget: &Arc<Budget>) -> Engine {
    let mut engine = parser();
    limits::apply(&mut engine, budget);
    for package in PACKAGES.iter() {
        engine.register_global_module(package.clone());
    }
    operators::register(&mut engine);
    functions::register(&mut engine, as_of);
    collections::register(&mut engine);
    adapt::register(&mut engine);
    engine
}

/// An engine that reads scripts as the sandbox does, and runs nothing.
pub(super) fn parser() -> Engine {
    let mut engine = Engine::new_raw();
    engine
        .set_fast_operators(false)
        .set_fail_on_invalid_map_property(true)
        .set_optimization_level(OptimizationLevel::None)
        .set_max_expr_depths(limits::EXPRESSION_DEPTH, limits::EXPRESSION_DEPTH)
        .set_max_functions(limits::FUNCTIONS)
        .set_max_string_size(limits::TEXT_BYTES)
        .set_max_array_size(limits::LIST_ITEMS)
        .set_max_map_size(limits::MAP_ENTRIES);
    engine
}

//! The engine that runs scripts: no clock, no files, no network, and an end to everything.

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use rhai::packages::{
    BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicStringPackage,
    MoreStringPackage, Package,
};
use rhai::{Engine, Module, OptimizationLevel, Shared};

use super::library::Library;
use super::limits::{self, Budget};
use super::{adapt, collections, functions, operators};

/// What scripts can call on every date, made once: a pass over one customer takes less time than
/// making it. What is found last comes first: Rhai's own functions before those that replace some
/// of them.
static LIBRARIES: LazyLock<[Shared<Module>; 7]> = LazyLock::new(|| {
    let mut library = Library::default();
    operators::register(&mut library);
    functions::register(&mut library);
    collections::register(&mut library);
    adapt::register(&mut library);
    [
        BasicStringPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        BasicFnPackage::new().as_shared_module(),
        library.shared(),
    ]
});

/// An engine whose scripts see the world as of a date.
///
/// It starts empty: Rhai's full engine reads files for `import`, and its core package sleeps.
/// What is registered on the engine itself is found first, and of the libraries the later ones.
pub(super) fn sandboxed(as_of: Date, budget: &Arc<Budget>) -> Engine {
    let mut engine = parser();
    limits::apply(&mut engine, budget);
    for library in LIBRARIES.iter() {
        engine.register_global_module(library.clone());
    }
    functions::register_as_of(&mut engine, as_of);
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

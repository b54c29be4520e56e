use rhai::{FuncRegistration, Identifier, Module, RhaiNativeFunc, Shared, Variant};

/// Functions of scripts that need nothing of a single engine: made once, and lent to all of them.
#[derive(Debug, Default)]
pub(super) struct Library {
    module: Module,
}

impl Library {
    pub(super) fn register_fn<A: 'static, const N: usize, const X: bool, R, const F: bool>(
        &mut self,
        name: impl Into<Identifier>,
        function: impl RhaiNativeFunc<A, N, X, R, F> + Send + Sync + 'static,
    ) where
        R: Variant + Clone,
    {
        let registration = FuncRegistration::new(name).in_global_namespace();
        registration.set_into_module(&mut self.module, function);
    }

    pub(super) fn register_get<A: 'static, const X: bool, R, const F: bool>(
        &mut self,
        name: &str,
        get: impl RhaiNativeFunc<A, 1, X, R, F> + Send + Sync + 'static,
    ) where
        R: Variant + Clone,
    {
        FuncRegistration::new_getter(name).set_into_module(&mut self.module, get);
    }

    pub(super) fn register_type_with_name<T>(&mut self, name: &str) {
        self.module.set_custom_type::<T>(name);
    }

    /// For [`rhai::Engine::register_global_module`].
    pub(super) fn shared(self) -> Shared<Module> {
        self.module.into()
    }
}

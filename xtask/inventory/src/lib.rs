//! The registry crate `inventory`, as tract sees it in this workspace: the same interface over a list that grows while
//! the program starts.
//!
//! tract registers a table of model transforms (to half precision, to and from its own file format, ...) that are looked
//! up by name at run time. Nothing here looks one up, but a registered function counts as used, and with them the linker
//! keeps all of tract's own file format and of a Fourier transform: a tenth of the reader's module. So [`submit`] leaves
//! them out, which the real crate has no way to do.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

pub use named::iter::iter;
#[doc(hidden)]
pub use std::sync::atomic::{AtomicBool as Once, Ordering};

/// The registered values of a type, in the order in which they were registered.
#[derive(Debug)]
pub struct Registry<T: 'static>(Mutex<Vec<&'static T>>);

impl<T> Registry<T> {
    /// A registry with nothing in it.
    pub const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn values(&self) -> std::vec::IntoIter<&'static T> {
        let values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        values.clone().into_iter()
    }
}

impl<T> Default for Registry<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// A type whose values can be registered; [`collect`] implements it.
pub trait Collect: Sync + Sized + 'static {
    /// Where they are.
    fn registry() -> &'static Registry<Self>;
}

/// Registers a value: what [`submit`] does while the program starts.
pub fn add<T: Collect>(value: &'static T) {
    let mut values = T::registry()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    values.push(value);
}

mod named {
    use super::{Infallible, PhantomData};

    /// `iter::<T>` as a value, which can be iterated over, and called for an iterator.
    #[allow(non_camel_case_types)] // The crate's interface.
    #[derive(Debug)]
    pub enum iter<T: 'static> {
        /// The value.
        iter,
        #[doc(hidden)]
        Typed(PhantomData<T>, Infallible),
    }
}

fn all<T: Collect>() -> std::vec::IntoIter<&'static T> {
    T::registry().values()
}

impl<T: Collect> IntoIterator for named::iter<T> {
    type Item = &'static T;
    type IntoIter = std::vec::IntoIter<&'static T>;

    fn into_iter(self) -> Self::IntoIter {
        all()
    }
}

impl<T: Collect> Deref for named::iter<T> {
    type Target = fn() -> std::vec::IntoIter<&'static T>;

    fn deref(&self) -> &Self::Target {
        &(all::<T> as fn() -> std::vec::IntoIter<&'static T>)
    }
}

/// Makes a type one whose values can be registered.
#[macro_export]
macro_rules! collect {
    ($type:ty) => {
        impl $crate::Collect for $type {
            fn registry() -> &'static $crate::Registry<Self> {
                static REGISTRY: $crate::Registry<$type> = $crate::Registry::new();
                &REGISTRY
            }
        }
    };
}

/// Registers a value, unless it is one of tract's model transforms.
#[macro_export]
macro_rules! submit {
    (ModelTransformFactory $($rest:tt)*) => {};
    ($root:tt::transform::ModelTransformFactory $($rest:tt)*) => {};
    ($($value:tt)*) => {
        const _: () = {
            extern "C" fn register() {
                // A wasm module without a beginning of its own does this with every call.
                static DONE: $crate::Once = $crate::Once::new(false);
                if !DONE.swap(true, $crate::Ordering::Relaxed) {
                    $crate::add(const { &{ $($value)* } });
                }
            }
            // Called by each platform's loader before anything else.
            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
            #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
            #[cfg_attr(not(any(target_vendor = "apple", windows)), unsafe(link_section = ".init_array"))]
            static REGISTER: extern "C" fn() = register;
        };
    };
}

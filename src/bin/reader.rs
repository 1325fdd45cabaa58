//! The wasm module that runs models, loaded when first needed. Its interface is
//! `digitlab::web`.

// Linking the library is what exports its interface.
use digitlab as _;

fn main() {}

//! The wasm module that makes data sets, loaded when first needed. Its interface is
//! `digitlab::web`.

// Linking the library is what exports its interface.
use digitlab as _;

fn main() {}

//! The wasm module that teaches and trains networks, loaded when first needed. Its interface
//! is `digitlab::web`.

// Linking the library is what exports its interface.
use digitlab as _;

fn main() {}

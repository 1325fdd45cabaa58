//! The wasm module that is loaded at once: sequences and transforms. Its interface is `digitlab::web`.

// Linking the library is what exports its interface.
use digitlab as _;

fn main() {}

//! The wasm module of everything but inference. Its interface is `digitlab::web`.

// Linking the library is what exports its interface.
use digitlab as _;

fn main() {}

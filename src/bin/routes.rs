//! The wasm module of the HTTP routes, loaded by the service worker. Its interface is
//! `digitlab::web`.

// Linking the library is what exports its interface.
use digitlab as _;

fn main() {}

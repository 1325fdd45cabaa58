//! How a trained network is taught a hand that it reads badly.
//!
//! Only its last layer is trained anew, from a few pictures of that hand and from pictures that
//! it has always known: of those it should go on to say what it said before. What the
//! layers before it make of all pictures is computed once, so that it takes a moment.

mod features;
mod lesson;

pub use features::{Features, of_pictures, of_variants};
pub use lesson::{Lesson, Outcome, Score, Settings, teach};

//! Data sets: millions of labelled pictures in the formats that trainers read.
//!
//! A [`Recipe`] says what is made; *item* `k` is one labelled picture, a function of the recipe and `k` alone, the same
//! that a single [`Request`](crate::sequence::Request) of that number, seed and index gives. A *part* is a range of
//! indices whose items go into files of their own, a *block* a range of indices that is made by one worker at a time, a
//! *shard* `i/n` the parts whose number is `i` modulo `n`.
//!
//! - [`recipe`]: what is made, read from JSON
//! - [`format_name`], [`boxes`]: the kinds of files that can be asked for
//! - [`numbers`]: which number item `k` shows
//! - [`subset`]: whether item `k` is for training, validation or testing
//! - [`plan`]: parts, blocks, shards and the names of files
//! - [`maker`]: makes a block: this is what many workers do at once
//! - [`block`]: what they hand back
//! - [`formats`]: the kinds of files
//! - [`storage`]: where files are written
//! - [`assemble`]: puts blocks in order into files, and goes on where it was interrupted

pub mod assemble;
pub mod block;
pub mod boxes;
pub mod format_name;
pub mod formats;
mod journal;
mod kept_notes;
pub mod maker;
pub mod numbers;
mod origin;
pub mod plan;
pub mod recipe;
pub mod storage;
pub mod subset;
mod tally;
mod weights;

pub use assemble::{Assembler, Job};
pub use block::{Block, Entry, Piece};
pub use boxes::Boxes;
pub use format_name::FormatName;
pub use formats::{Format, Item, Notes};
pub use maker::Maker;
pub use numbers::Numbers;
pub use plan::{Part, PartFile, Plan, Shard};
pub use recipe::Recipe;
pub use storage::{MemoryStorage, Storage};
pub use subset::{Subset, Subsets};
pub use tally::MadeFile;

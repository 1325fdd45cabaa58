//! Augmentation: transforms with the names, parameters and meaning of Albumentations
//! 2.0.8, and pipelines of them.
//!
//! A [`Definition`] describes a transform once, for parsing, pages and documents; it
//! builds a [`Transform`], which draws what is random ([`Drawn`]) and applies it. What
//! was drawn can be kept and applied again to the same pixels. A mask and boxes may go
//! along with a picture, and follow its geometry ([`Companions`]).

mod boxes;
mod companions;
mod definition;
mod drawn;
mod examples;
mod exchange;
mod pipeline;
mod presets;
mod preview;
mod record;
mod schema;
mod surprise;
mod table;

pub use boxes::{BoxFormat, BoxRules, Boxed, Boxes, MOST_BOXES};
pub use companions::Companions;
pub use definition::{Build, Definition, Family, Transform};
pub use drawn::{Drawn, Value};
pub use examples::example;
pub use exchange::{Imported, from_yaml, import, import_json, to_yaml};
pub use pipeline::Pipeline;
pub use presets::{PRESETS, Preset, pipeline_of, preset};
pub use preview::preview;
pub use record::{Applied, read_record, replay, replay_with};
#[cfg(feature = "routes")]
pub(crate) use schema::field_schema;
pub use schema::schema;
pub use surprise::surprise;
pub use table::{definition, definitions};

// The families, each with a list `ALL` of what it defines.
mod blur;
mod colour;
mod detail;
mod distortion;
mod dropout;
mod geometry;
mod kernel;
mod noise;
mod other;
mod tone;
mod warp;
mod weather;

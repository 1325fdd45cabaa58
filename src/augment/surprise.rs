//! One transform that a seed chooses.

use super::examples::example;
use super::pipeline::Pipeline;
use super::record::Applied;
use super::table::definitions;
use crate::error::{Error, Result};
use crate::random::{Purpose, Stream};
use crate::raster::Raster;
use serde_json::json;

/// Runs one transform on a picture, with options that show what it does: the seed's remainder chooses it, in the order
/// of [`definitions`], and draws what is random. One that does not take this picture, such as colours for a grey one,
/// gives way to the next.
///
/// # Errors
/// [`Error::Unsupported`] for a picture that no transform takes.
pub fn surprise(picture: &Raster, seed: u64) -> Result<(Raster, Vec<Applied>)> {
    let known: Vec<_> = definitions()
        .filter(|definition| definition.name != "NoOp")
        .collect();
    let from = (seed % known.len() as u64) as usize;
    for definition in known[from..].iter().chain(&known[..from]) {
        let mut step = example(definition.name);
        step.insert("transform".into(), definition.name.into());
        step.insert("p".into(), 1.into());
        let pipeline = Pipeline::from_json(&json!([step]))?;
        let mut stream = Stream::new(seed, 0, Purpose::Augment);
        if let Ok(made) = pipeline.run(picture.clone(), &mut stream) {
            return Ok(made);
        }
    }
    Err(Error::Unsupported {
        field: "picture".into(),
        value: format!("{} x {} pixels", picture.width(), picture.height()),
        allowed: "a picture that some transform takes".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augment::replay;
    use crate::raster::Shape;

    #[test]
    fn every_seed_finds_a_transform_and_its_record_makes_the_same() {
        for channels in [1, 3, 4] {
            let shape = Shape {
                width: 40,
                height: 30,
                channels,
            };
            let data = (0..shape.len()).map(|at| (at * 7 % 256) as u8).collect();
            let picture = Raster::new(shape, data).unwrap();
            let mut names = std::collections::BTreeSet::new();
            for seed in 0..120 {
                let (made, record) = surprise(&picture, seed).unwrap();
                assert_eq!(record.len(), 1, "seed {seed}");
                names.insert(record[0].transform());
                assert_eq!(
                    replay(&record, picture.clone()).unwrap(),
                    made,
                    "seed {seed}"
                );
            }
            assert!(names.len() > 30, "{channels} channels: {names:?}");
        }
    }
}

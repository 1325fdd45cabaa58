//! Fog: bright patches that lie densest in the middle.

use super::coloured;
use super::disc::Disc;
use crate::augment::detail::without_alpha;
use crate::augment::kernel::filter::gaussian_blur;
use crate::augment::{Definition, Drawn, Family, Transform, Value};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

/// The most patches of one picture: narrow tall ones would get any number.
const MOST: usize = 1 << 20;

const ALPHA_COEF: Field = Field {
    name: "alpha_coef",
    label: "Opacity",
    help: "How opaque a patch is in the densest fog.",
    kind: Kind::Number {
        min: 0.0,
        max: 1.0,
        step: 0.01,
        default: Some(0.08),
        unit: "",
    },
};

const FOG_COEF_RANGE: Field = Field {
    name: "fog_coef_range",
    label: "Density",
    help: "How dense the fog is: more of it makes patches larger, fewer and more opaque.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([0.3, 1.0]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "RandomFog",
    family: Family::Weather,
    help: "Lays white translucent patches over the picture, most in its middle, and blurs it a little. Grey pictures are not taken.",
    p: 0.5,
    fields: &[ALPHA_COEF, FOG_COEF_RANGE],
    build: |options| {
        Ok(Box::new(Fog {
            alpha: ALPHA_COEF.number(options)?.unwrap_or_default(),
            density: FOG_COEF_RANGE.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct Fog {
    alpha: f64,
    density: [f64; 2],
}

/// A patch: column, row and radius.
type Patch = [i32; 3];

/// The patches of a picture: regions about its middle, each a tenth smaller than the one
/// before, get their share of them.
fn patches(shape: Shape, density: f64, stream: &mut Stream) -> Vec<Patch> {
    let sides = [shape.width, shape.height];
    let smallest = (((shape.width / 3) as f64 * density) as usize).max(1);
    let middle = sides.map(|side| ((side - 1) / 2) as i32);
    let mut region = sides;
    let mut places: Vec<[i32; 2]> = Vec::new();
    for _ in 0..10 {
        if region.iter().any(|&side| side <= smallest) {
            break;
        }
        let area = (region[0] * region[1]) as f64;
        let count = (area / (smallest * smallest) as f64 * density * 10.0) as usize;
        let halves = region.map(|side| (side / 2) as u32);
        for _ in 0..count.min(MOST - places.len()) {
            let mut place = |axis: usize| {
                let from = stream.within(0..=2 * halves[axis]) as i32;
                middle[axis] - halves[axis] as i32 + from
            };
            places.push([place(0), place(1)]);
        }
        region = region.map(|side| (side as f64 * 0.9) as usize);
    }
    let shortest = shape.width.min(shape.height) as f64;
    let end = ((shortest * 0.1 * density) as u32).max(2);
    let start = end / 2;
    places
        .into_iter()
        .map(|[x, y]| [x, y, stream.within(start..=end - 1) as i32])
        .collect()
}

/// The patches of a record: three numbers each.
fn read(numbers: &[f64], shape: Shape) -> Result<Vec<Patch>> {
    let (patches, rest) = numbers.as_chunks::<3>();
    let longest = shape.width.max(shape.height) as f64;
    let good = patches
        .iter()
        .flatten()
        .all(|number| number.abs() <= longest)
        && patches.iter().all(|[.., radius]| *radius >= 0.0);
    if !good || !rest.is_empty() || patches.len() > MOST {
        let found = format!("a list of {} numbers", numbers.len());
        let allowed =
            format!("column, row and radius of up to {MOST} patches, not above {longest}");
        return Err(Error::invalid("patches", found, allowed));
    }
    let whole = |patch: &[f64; 3]| patch.map(|number| number as i32);
    Ok(patches.iter().map(whole).collect())
}

impl Transform for Fog {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing()
            .number("intensity", stream.between(self.density))
            .seed("seed", stream.seed())
    }

    /// The patches come from `seed`, or from the list `patches`: the column, row and
    /// radius of each.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        coloured(&picture)?;
        let density = drawn.number_of("intensity")?;
        if !(0.0..=1.0).contains(&density) {
            return Err(Error::invalid("intensity", density, "numbers from 0 to 1"));
        }
        let shape = picture.shape();
        let patches = match drawn.get("patches") {
            Some(Value::Numbers(numbers)) => read(numbers, shape)?,
            _ => patches(
                shape,
                density,
                &mut Stream::of_field(drawn.seed_of("seed")?),
            ),
        };
        let opacity = self.alpha * density;
        // As the reference rounds: the level's product, and then the sum, to single precision.
        let light = f64::from(opacity as f32) * 255.0;
        let table: [u8; 256] = std::array::from_fn(|level| {
            let kept = level as f32 * (1.0 - opacity) as f32;
            ((light + f64::from(kept)) as f32).round_ties_even() as u8
        });
        let size = [shape.width, shape.height];
        let mut discs: Vec<Option<Disc>> = Vec::new();
        for [x, y, radius] in patches {
            let at = radius as usize;
            if discs.len() <= at {
                discs.resize(at + 1, None);
            }
            let disc = discs[at].get_or_insert_with(|| Disc::new(radius));
            for (row, part) in disc.rows([x, y], size) {
                let start = row * shape.stride();
                let part = start + part.start * shape.channels..start + part.end * shape.channels;
                let levels = &mut picture.data_mut()[part];
                if shape.channels == 4 {
                    for [red, green, blue, _] in levels.as_chunks_mut::<4>().0 {
                        for level in [red, green, blue] {
                            *level = table[usize::from(*level)];
                        }
                    }
                } else {
                    for level in levels {
                        *level = table[usize::from(*level)];
                    }
                }
            }
        }
        let size = (size[0].min(size[1]) / 30).max(3) | 1;
        without_alpha(&mut picture, |picture| gaussian_blur(picture, size, 0.0));
        Ok(picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_patches_lie_in_the_middle() {
        let shape = Shape {
            width: 90,
            height: 60,
            channels: 3,
        };
        let patches = patches(shape, 0.5, &mut Stream::of_field(3));
        // The regions are 90 x 60, 81 x 54 and so on; half as many patches as would fill
        // them ten times, were they 15 x 15.
        assert_eq!(
            patches.len(),
            120 + 97 + 76 + 61 + 48 + 38 + 30 + 24 + 19 + 14
        );
        assert!(patches.iter().all(|[.., radius]| (1..3).contains(radius)));
        let inside = patches
            .iter()
            .filter(|[x, y, _]| (30..60).contains(x) && (20..40).contains(y));
        let share = inside.count() as f64 / patches.len() as f64;
        assert!(share > 0.25, "{share}");
    }
}

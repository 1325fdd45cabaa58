//! Blurs like a lens out of focus.

use crate::augment::kernel::border::Border;
use crate::augment::kernel::filter;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

/// The largest disc.
const WIDEST: usize = 32;

const RADIUS: Field = Field {
    name: "radius",
    label: "Radius",
    help: "The radius of the disc that a point becomes. One number stands for 1 to it.",
    kind: Kind::Range {
        min: 1.0,
        max: WIDEST as f64,
        step: 1.0,
        whole: true,
        default: Some([3.0, 10.0]),
        unit: "px",
        single: Single::From(1.0),
    },
};

/// The softest edge.
const SOFTEST: f64 = 10.0;

const ALIAS_BLUR: Field = Field {
    name: "alias_blur",
    label: "Soft edge",
    help: "The standard deviation of the Gaussian that makes the disc's edge soft. Exactly \
           0 stands for a usual one (0.8 px, above a radius of 8 for 1.1 px), not for none.",
    kind: Kind::Range {
        min: 0.0,
        max: SOFTEST,
        step: 0.1,
        whole: false,
        default: Some([0.1, 0.5]),
        unit: "px",
        single: Single::From(0.0),
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "Defocus",
    family: Family::Blur,
    help: "Makes each pixel the mean of the disc around it, as a lens out of focus does.",
    p: 0.5,
    fields: &[RADIUS, ALIAS_BLUR],
    build: |options| {
        Ok(Box::new(Defocus {
            radii: RADIUS
                .range(options)?
                .unwrap_or([1.0; 2])
                .map(|end| end as u32),
            soft: ALIAS_BLUR.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct Defocus {
    radii: [u32; 2],
    soft: [f64; 2],
}

impl Transform for Defocus {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let radius = stream.within(self.radii[0]..=self.radii[1]);
        let soft = stream.between(self.soft);
        Drawn::nothing()
            .number("radius", radius.into())
            .number("alias_blur", soft)
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let radius = drawn.index_of("radius", WIDEST + 1)?;
        let soft = drawn.number_of("alias_blur")?;
        if !(0.0..=SOFTEST).contains(&soft) {
            return Err(Error::invalid("alias_blur", soft, ALIAS_BLUR.allowed()));
        }
        let (size, kernel) = disc(radius, soft)?;
        filter::convolve(&mut picture, size, &kernel);
        Ok(picture)
    }
}

/// A disc with a soft edge, in a square of at least 17 x 17.
fn disc(radius: usize, soft: f64) -> Result<(usize, Vec<f32>)> {
    let reach = radius.max(8);
    let size = 2 * reach + 1;
    let inside = |at: usize| {
        let [x, y] = [at % size, at / size].map(|at| at.abs_diff(reach));
        x * x + y * y <= radius * radius
    };
    let mut kernel: Vec<f32> = (0..size * size)
        .map(|at| if inside(at) { 1.0 } else { 0.0 })
        .collect();
    let sum: f32 = kernel.iter().sum();
    for weight in &mut kernel {
        *weight /= sum;
    }
    let taps = filter::gaussian_taps(if radius <= 8 { 3 } else { 5 }, soft);
    let taps: Vec<f32> = taps.into_iter().map(|tap| tap as f32).collect();
    let shape = Shape {
        width: size,
        height: size,
        channels: 1,
    };
    filter::separate_plane(&mut kernel, shape.check()?, &taps, Border::Reflect101);
    Ok((size, kernel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discs_are_round_and_whole() {
        for radius in [1, 3, 8, 9, 32] {
            let (size, kernel) = disc(radius, 0.3).expect("a disc");
            assert_eq!(size * size, kernel.len());
            let sum: f32 = kernel.iter().sum();
            // Softening mirrors what crosses the kernel's edge, as the reference does.
            assert!((sum - 1.0).abs() < 2e-3, "{radius}: {sum}");
            for at in 0..kernel.len() {
                // Sums from the other side may round otherwise.
                let across = kernel[kernel.len() - 1 - at];
                assert!((kernel[at] - across).abs() < 1e-7, "{radius} at {at}");
            }
        }
    }
}

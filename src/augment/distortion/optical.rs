//! Lenses.

use super::bend::{Bend, Map};
use crate::augment::kernel::sample::Sampler;
use crate::augment::warp::options::{BORDER_MODE, FILL_FIRST, INTERPOLATION, sampler};
use crate::augment::{Definition, Drawn, Family};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::Shape;

const DISTORT_LIMIT: Field = Field {
    name: "distort_limit",
    label: "Distortion",
    help: "The lens' coefficient: positive shrinks the middle less than the corners, negative the other way; a single number means from minus it to it.",
    kind: Kind::Range {
        min: -10.0,
        max: 10.0,
        step: 0.01,
        whole: false,
        default: Some([-0.05, 0.05]),
        unit: "",
        single: Single::Symmetric,
    },
};

const MODE: Field = Field {
    name: "mode",
    label: "Lens",
    help: "A camera's lens, or a fisheye.",
    kind: Kind::Choice {
        values: &["camera", "fisheye"],
        default: "camera",
    },
};

pub(super) const OPTICAL_DISTORTION: Definition = Definition {
    name: "OpticalDistortion",
    family: Family::Distortion,
    help: "Bends the picture as a lens does. As in Albumentations, the camera also moves it by half a pixel, even when nothing else happens.",
    p: 0.5,
    fields: &[DISTORT_LIMIT, INTERPOLATION, MODE, BORDER_MODE, FILL_FIRST],
    build: |options| {
        Ok(Box::new(OpticalDistortion {
            limit: DISTORT_LIMIT.range(options)?.unwrap_or_default(),
            fisheye: MODE.choice(options)? == "fisheye",
            sampler: sampler(options, false)?,
        }))
    },
};

#[derive(Debug)]
struct OpticalDistortion {
    limit: [f64; 2],
    fisheye: bool,
    sampler: Sampler,
}

impl Bend for OpticalDistortion {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("k", stream.between(self.limit))
    }

    fn map(&self, shape: Shape, drawn: &Drawn) -> Result<Option<Map<'_>>> {
        let k = drawn.number_of("k")?;
        let Shape { width, height, .. } = shape;
        let [w, h] = [width as f64, height as f64];
        // The camera: distances from the middle pixel in units of the sides, a factor of
        // 1 + k r^2 + k r^4, and then from the middle of the area: half a pixel apart.
        // The fisheye: distances from the middle of the area in units of the corner's,
        // and a factor of 1 + k r^2.
        let single = f64::from(k as f32);
        let corner = (w * w + h * h) / 4.0;
        let axis = |length: usize| -> [Vec<f64>; 2] {
            let side = length as f64;
            let places = (0..length).map(|at| at as f64);
            let from_middle: Vec<f64> = if self.fisheye {
                places.map(|at| at - side / 2.0).collect()
            } else {
                places.map(|at| (at - (side - 1.0) / 2.0) / side).collect()
            };
            let (unit, area) = if self.fisheye {
                (1.0, corner)
            } else {
                (side, 1.0)
            };
            let squares = from_middle.iter().map(|at| at * at / area).collect();
            [from_middle.iter().map(|at| at * unit).collect(), squares]
        };
        let (k, quartic) = if self.fisheye {
            (k, 0.0)
        } else {
            (single, single)
        };
        let [[across, across_squares], [down, down_squares]] = [axis(width), axis(height)];
        let [middle_x, middle_y] = [w / 2.0, h / 2.0];
        Ok(Some(Box::new(move |y, xs, ys| {
            let [down, down_square] = [down[y], down_squares[y]];
            let columns = across.iter().zip(&across_squares);
            for ((x, y), (across, square)) in xs.iter_mut().zip(ys).zip(columns) {
                let square = square + down_square;
                let factor = 1.0 + square * (k + quartic * square);
                *x = (across * factor + middle_x) as f32;
                *y = (down * factor + middle_y) as f32;
            }
        })))
    }

    fn sampler(&self) -> &Sampler {
        &self.sampler
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    #[test]
    fn a_camera_without_distortion_moves_half_a_pixel() {
        let options = serde_json::Map::new();
        let camera = OPTICAL_DISTORTION.build(&options).expect("a transform");
        let picture = Raster::grey(3, 2, vec![0, 100, 200, 0, 100, 200]);
        let drawn = Drawn::nothing().number("k", 0.0);
        let made = camera.apply(picture, &drawn).expect("a picture");
        assert_eq!(made.data(), [50, 150, 100, 25, 75, 50]);
    }
}

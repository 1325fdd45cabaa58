//! Blurs along a line.

use super::size::{LIMIT, MOST, Sizes};
use crate::augment::kernel::filter;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const ALLOW_SHIFTED: Field = Field {
    name: "allow_shifted",
    label: "Off the middle",
    help: "Whether the line may lie beside the pixel, which moves the picture a little.",
    kind: Kind::Boolean { default: true },
};

const ANGLE_RANGE: Field = Field {
    name: "angle_range",
    label: "Angle",
    help: "The direction of the line, clockwise from the right: 90 is vertical.",
    kind: Kind::Range {
        min: 0.0,
        max: 360.0,
        step: 1.0,
        whole: false,
        default: Some([0.0, 360.0]),
        unit: "degrees",
        single: Single::Refused,
    },
};

const DIRECTION_RANGE: Field = Field {
    name: "direction_range",
    label: "Ahead or behind",
    help: "Which part of the line is used: -1 the half behind the pixel, 1 the half \
           ahead of it, 0 both.",
    kind: Kind::Range {
        min: -1.0,
        max: 1.0,
        step: 0.1,
        whole: false,
        default: Some([-1.0, 1.0]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "MotionBlur",
    family: Family::Blur,
    help: "Makes each pixel the mean of those on a line through it or beside it, as if the \
           camera had moved.",
    p: 0.5,
    fields: &[LIMIT, ALLOW_SHIFTED, ANGLE_RANGE, DIRECTION_RANGE],
    build: |options| {
        Ok(Box::new(MotionBlur {
            sizes: Sizes::new(options)?,
            angles: ANGLE_RANGE.range(options)?.unwrap_or_default(),
            directions: DIRECTION_RANGE.range(options)?.unwrap_or_default(),
            shifted: ALLOW_SHIFTED.boolean(options)?,
        }))
    },
};

#[derive(Debug)]
struct MotionBlur {
    sizes: Sizes,
    angles: [f64; 2],
    directions: [f64; 2],
    shifted: bool,
}

impl Transform for MotionBlur {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let size = self.sizes.draw(stream);
        let angle = stream.between(self.angles);
        let direction = stream.between(self.directions);
        let shift = if self.shifted {
            [0; 2].map(|_| stream.between([-1.0, 1.0]))
        } else {
            [0.0; 2]
        };
        Drawn::nothing()
            .number("size", size)
            .number("angle", angle)
            .number("direction", direction)
            .numbers("shift", shift.to_vec())
    }

    /// Instead of what [`draw`](Self::draw) gives, `kernel` may give the weights: those
    /// of a square with an odd side, row by row.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let (size, kernel) = if drawn.get("kernel").is_some() {
            given(drawn.numbers_of("kernel")?)?
        } else {
            let size = Sizes::of(drawn)?;
            let angle = drawn.number_of("angle")?;
            let direction = drawn.number_of("direction")?;
            let shift = drawn.exactly("shift", 2)?;
            (size, line(size, angle, direction, [shift[0], shift[1]]))
        };
        filter::convolve(&mut picture, size, &kernel);
        Ok(picture)
    }
}

/// A kernel that was handed in.
fn given(weights: &[f64]) -> Result<(usize, Vec<f32>)> {
    let size = weights.len().isqrt();
    let odd = size % 2 == 1 && size <= MOST && size * size == weights.len();
    if !odd || weights.iter().any(|weight| weight.abs() > 1e6) {
        let found = format!("a list of {} numbers", weights.len());
        let allowed =
            format!("the weights, up to 1000000, of a square with an odd side up to {MOST}");
        return Err(Error::invalid("kernel", found, allowed));
    }
    Ok((size, weights.iter().map(|weight| *weight as f32).collect()))
}

/// The weights of as many points on a line as the square is wide, rounded to pixels and
/// kept inside; points that fall together count once. `shift` is in quarters of the
/// square's width, rounded down.
fn line(size: usize, angle: f64, direction: f64, shift: [f64; 2]) -> Vec<f32> {
    let reach = (size / 2) as f64;
    let radians = angle * (std::f64::consts::PI / 180.0);
    let step = [libm::cos(radians), libm::sin(radians)];
    let direction = direction.clamp(-1.0, 1.0);
    let start = -reach * (1.0 - direction.max(0.0));
    let end = reach * (1.0 - (-direction).max(0.0));
    let stride = (end - start) / (size - 1).max(1) as f64;
    let mut marked = vec![false; size * size];
    for point in 0..size {
        let along = if point == size - 1 && size > 1 {
            end
        } else {
            point as f64 * stride + start
        };
        let [x, y] = [0, 1].map(|axis| {
            let at = reach + step[axis] * along + shift[axis] * reach / 2.0;
            at.round_ties_even().clamp(0.0, (size - 1) as f64) as usize
        });
        marked[y * size + x] = true;
    }
    let count = marked.iter().filter(|marked| **marked).count();
    let weight = 1.0 / count as f32;
    let weights = marked.into_iter().map(|on| if on { weight } else { 0.0 });
    weights.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_point_where_they_are_told() {
        let third = 1.0 / 3.0;
        let [o, a] = [0.0, third];
        assert_eq!(line(3, 0.0, 0.0, [0.0; 2]), [o, o, o, a, a, a, o, o, o]);
        assert_eq!(line(3, 90.0, 0.0, [0.0; 2]), [o, a, o, o, a, o, o, a, o]);
        assert_eq!(line(3, 45.0, 0.0, [0.0; 2]), [a, o, o, o, a, o, o, o, a]);
        assert_eq!(line(3, 0.0, 1.0, [0.0; 2]), [o, o, o, o, 0.5, 0.5, o, o, o]);
        assert_eq!(
            line(3, 0.0, -1.0, [0.0; 2]),
            [o, o, o, 0.5, 0.5, o, o, o, o]
        );
        assert_eq!(line(1, 7.0, 1.0, [9.0; 2]), [1.0]);
    }
    #[test]
    fn draws_stay_within_their_ranges() {
        let options = serde_json::json!({ "angle_range": [90, 180], "direction_range": [-1, 0] });
        let transform = DEFINITION
            .build(options.as_object().expect("an object"))
            .expect("a transform");
        let mut stream = Stream::new(1, 0, crate::random::Purpose::Augment);
        let shape = Shape {
            width: 1,
            height: 1,
            channels: 1,
        };
        let mut sums = [0.0; 4];
        for _ in 0..2000 {
            let drawn = transform.draw(shape, &mut stream);
            let [angle, direction] =
                ["angle", "direction"].map(|name| drawn.number_of(name).expect("a number"));
            let shift = drawn.exactly("shift", 2).expect("two numbers");
            assert!((90.0..=180.0).contains(&angle) && (-1.0..=0.0).contains(&direction));
            assert!(shift.iter().all(|shift| shift.abs() <= 1.0));
            let drawn = [angle / 90.0 - 1.5, direction + 0.5, shift[0], shift[1]];
            for (sum, drawn) in sums.iter_mut().zip(drawn) {
                *sum += drawn / 2000.0;
            }
        }
        assert!(sums.iter().all(|mean| mean.abs() < 0.06), "{sums:?}");
    }
}

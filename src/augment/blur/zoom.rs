//! Several enlargements on top of each other.

use crate::augment::kernel::resize::Axis;
use crate::augment::kernel::rows::by_rows;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

/// The most enlargements of one picture.
const MOST: usize = 128;
/// The largest enlargement.
const LARGEST: f64 = 4.0;

const MAX_FACTOR: Field = Field {
    name: "max_factor",
    label: "Largest zoom",
    help: "Up to which factor the picture is enlarged; a single number is the upper end of a range from 1.",
    kind: Kind::Range {
        min: 1.0,
        max: LARGEST,
        step: 0.05,
        whole: false,
        default: Some([1.0, 1.31]),
        unit: "",
        single: Single::From(1.0),
    },
};

const STEP_FACTOR: Field = Field {
    name: "step_factor",
    label: "Step",
    help: "By how much the factor grows from one enlargement to the next; a single number is the upper end of a range from 0. \
           There are at most 128 enlargements.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.005,
        whole: false,
        default: Some([0.01, 0.03]),
        unit: "",
        single: Single::From(0.0),
    },
};

pub(super) const ZOOM_BLUR: Definition = Definition {
    name: "ZoomBlur",
    family: Family::Blur,
    help: "Blurs outwards from the middle, as a lens does that zooms in: the mean of the picture and of growing enlargements of its middle.",
    p: 0.5,
    fields: &[MAX_FACTOR, STEP_FACTOR],
    build: |options| {
        Ok(Box::new(ZoomBlur {
            largest: MAX_FACTOR.range(options)?.unwrap_or_default(),
            step: STEP_FACTOR.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct ZoomBlur {
    largest: [f64; 2],
    step: [f64; 2],
}

impl Transform for ZoomBlur {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let step = stream.between(self.step);
        let largest = stream.between(self.largest).max(1.0 + step);
        // The first factor is 1: the picture itself counts twice.
        let step = step.max((largest - 1.0) / MOST as f64).max(1e-6);
        let count = (((largest - 1.0) / step).ceil() as usize).clamp(1, MOST);
        let factors = (0..count).map(|index| 1.0 + index as f64 * step).collect();
        Drawn::nothing().numbers("zoom_factors", factors)
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let factors = drawn.numbers_of("zoom_factors")?;
        let most = 1.0 + LARGEST;
        if factors.len() > MOST || !factors.iter().all(|factor| (1.0..=most).contains(factor)) {
            return Err(Error::invalid(
                "zoom_factors",
                format!("a list of {} numbers", factors.len()),
                format!("at most {MOST} numbers from 1 to {most}"),
            ));
        }
        let mut sums: Vec<f32> = vec![0.0; picture.data().len()];
        for factor in factors {
            add_enlarged(&picture, *factor, &mut sums);
        }
        let share = (factors.len() + 1) as f32;
        for (value, sum) in picture.data_mut().iter_mut().zip(&sums) {
            *value = ((f32::from(*value) + sum) / share).round_ties_even() as u8;
        }
        Ok(picture)
    }
}

/// One side of an enlargement: the middle of so many pixels becomes larger, and the
/// middle of that is as long as the picture was.
struct Side {
    /// Where the part that is enlarged begins, and its length.
    part: [usize; 2],
    axis: Axis,
    /// Where the middle of what it becomes begins.
    start: usize,
}

impl Side {
    fn new(length: usize, factor: f64) -> Self {
        let part = (length as f64 / factor).ceil() as usize;
        // Rounding down may miss the length by one.
        let larger = ((part as f64 * factor) as usize).max(length);
        Self {
            part: [(length - part) / 2, part],
            axis: Axis::new(part, larger, None),
            start: (larger - length) / 2,
        }
    }
}

/// Adds the picture's enlarged middle to `sums`.
fn add_enlarged(picture: &Raster, factor: f64, sums: &mut [f32]) {
    let Shape {
        width,
        height,
        channels,
    } = picture.shape();
    let stride = width * channels;
    let [across, down] = [width, height].map(|length| Side::new(length, factor));
    let columns: Vec<([usize; 2], f32)> = (0..width)
        .map(|x| {
            let (before, share) = across.axis.place(across.start + x);
            let (pixels, share) = across.axis.blended(before, share);
            (pixels.map(|pixel| across.part[0] + pixel), share)
        })
        .collect();
    let (starts, shares): (Vec<isize>, Vec<f32>) =
        (0..height).map(|y| down.axis.place(down.start + y)).unzip();
    by_rows::<f32, 2>(
        down.part[1],
        stride,
        &starts,
        |y, into| {
            let row = picture.row(down.part[0] + y);
            match channels {
                1 => across_row::<1>(row, &columns, into),
                3 => across_row::<3>(row, &columns, into),
                _ => across_row::<4>(row, &columns, into),
            }
        },
        |y, [upper, lower]| {
            let share = shares[y];
            let into = sums[y * stride..][..stride].iter_mut();
            for ((sum, upper), lower) in into.zip(upper).zip(lower) {
                *sum += upper * (1.0 - share) + lower * share;
            }
        },
    );
}

/// A row's pixels, each between two of the picture's.
fn across_row<const C: usize>(row: &[u8], columns: &[([usize; 2], f32)], into: &mut [f32]) {
    let row = row.as_chunks::<C>().0;
    for (([left, right], share), pixel) in columns.iter().zip(into.as_chunks_mut::<C>().0) {
        let (left, right) = (&row[*left], &row[*right]);
        for channel in 0..C {
            pixel[channel] =
                f32::from(left[channel]) * (1.0 - share) + f32::from(right[channel]) * share;
        }
    }
}

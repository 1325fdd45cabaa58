//! Blurs like a lens out of focus that has no edge.

use super::size::MOST;
use crate::augment::kernel::border::Border;
use crate::augment::kernel::filter;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const BLUR_LIMIT: Field = Field {
    name: "blur_limit",
    label: "Size",
    help: "How many pixels wide the bell is cut off; an even number counts as the next \
           larger one. 0 is 3.5 standard deviations to both sides.",
    kind: Kind::Range {
        min: 0.0,
        max: MOST as f64,
        step: 1.0,
        whole: true,
        default: Some([0.0, 0.0]),
        unit: "px",
        single: Single::From(0.0),
    },
};

/// The widest bell.
const WIDEST: f64 = 50.0;

const SIGMA_LIMIT: Field = Field {
    name: "sigma_limit",
    label: "Standard deviation",
    help: "How wide the bell is: its standard deviation. 0 does nothing.",
    kind: Kind::Range {
        min: 0.0,
        max: WIDEST,
        step: 0.1,
        whole: false,
        default: Some([0.5, 3.0]),
        unit: "px",
        single: Single::From(0.0),
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "GaussianBlur",
    family: Family::Blur,
    help: "Makes each pixel the mean of those around it, weighted by a Gaussian bell.",
    p: 0.5,
    fields: &[BLUR_LIMIT, SIGMA_LIMIT],
    build: |options| {
        Ok(Box::new(GaussianBlur {
            sizes: BLUR_LIMIT
                .range(options)?
                .unwrap_or_default()
                .map(|end| end as u32),
            sigmas: SIGMA_LIMIT.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct GaussianBlur {
    sizes: [u32; 2],
    sigmas: [f64; 2],
}

impl Transform for GaussianBlur {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let sigma = stream.between(self.sigmas);
        let size = stream.within(self.sizes[0]..=self.sizes[1]);
        Drawn::nothing()
            .number("sigma", sigma)
            .number("size", size.into())
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let sigma = drawn.number_of("sigma")?;
        if !(0.0..=WIDEST).contains(&sigma) {
            return Err(Error::invalid("sigma", sigma, SIGMA_LIMIT.allowed()));
        }
        let size = match drawn.index_of("size", MOST + 1)? {
            0 => (sigma * 3.5) as usize * 2 + 1,
            size => size | 1,
        };
        if sigma == 0.0 || size == 1 {
            return Ok(picture);
        }
        let taps = filter::gaussian_taps(size, sigma);
        let taps: Vec<f32> = taps.into_iter().map(|tap| tap as f32).collect();
        filter::separate(&mut picture, &taps, Border::Reflect101);
        Ok(picture)
    }
}

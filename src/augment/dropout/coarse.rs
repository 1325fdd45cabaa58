//! A few rectangles are taken away.

use super::holes::{self, FILL, Fill, Hole};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const NUM_HOLES_RANGE: Field = Field {
    name: "num_holes_range",
    label: "Holes",
    help: "How many holes there are.",
    kind: Kind::Range {
        min: 1.0,
        max: 1_000.0,
        step: 1.0,
        whole: true,
        default: Some([1.0, 2.0]),
        unit: "",
        single: Single::Refused,
    },
};

const fn side(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        name,
        label,
        help,
        kind: Kind::Range {
            min: 0.0,
            max: 16_384.0,
            step: 0.05,
            whole: false,
            default: Some([0.1, 0.2]),
            unit: "",
            single: Single::Refused,
        },
    }
}

const HOLE_HEIGHT_RANGE: Field = side(
    "hole_height_range",
    "Height",
    "The height of a hole: a share of the picture's when the higher number is below 1, otherwise pixels.",
);
const HOLE_WIDTH_RANGE: Field = side(
    "hole_width_range",
    "Width",
    "The width of a hole: a share of the picture's, or pixels when those of the height are pixels.",
);

pub(super) const COARSE_DROPOUT: Definition = Definition {
    name: "CoarseDropout",
    family: Family::Dropout,
    help: "Fills a few rectangles anywhere in the picture. Inpainting is not offered here.",
    p: 0.5,
    fields: &[NUM_HOLES_RANGE, HOLE_HEIGHT_RANGE, HOLE_WIDTH_RANGE, FILL],
    build: |options| {
        Ok(Box::new(CoarseDropout {
            count: NUM_HOLES_RANGE.range(options)?.unwrap_or_default(),
            height: HOLE_HEIGHT_RANGE.range(options)?.unwrap_or_default(),
            width: HOLE_WIDTH_RANGE.range(options)?.unwrap_or_default(),
            fill: Fill::of(options)?,
        }))
    },
};

#[derive(Debug)]
struct CoarseDropout {
    count: [f64; 2],
    height: [f64; 2],
    width: [f64; 2],
    fill: Fill,
}

impl Transform for CoarseDropout {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let count = stream.within(self.count[0] as u32..=self.count[1] as u32);
        // The height's range says for both what its numbers mean.
        let pixels = self.height[1] >= 1.0;
        let mut length = |range: [f64; 2], side: usize| {
            if pixels {
                let [low, high] = range.map(|length| (length as usize).min(side) as u32);
                stream.within(low..=high) as usize
            } else {
                (side as f64 * stream.between(range.map(|share| share.min(1.0)))) as usize
            }
        };
        let sizes: Vec<[usize; 2]> = (0..count)
            .map(|_| {
                [
                    length(self.height, shape.height),
                    length(self.width, shape.width),
                ]
            })
            .collect();
        let mut holes = Vec::<Hole>::with_capacity(sizes.len());
        for [height, width] in sizes {
            let top = stream.within(0..=(shape.height - height) as u32) as usize;
            let left = stream.within(0..=(shape.width - width) as u32) as usize;
            holes.push([left, top, left + width, top + height]);
        }
        holes::drawn(&holes, &self.fill, stream)
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        holes::apply(picture, &self.fill, drawn)
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        holes::apply_to_boxes(boxes, shape, drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use serde_json::{Map, json};

    fn holes(options: serde_json::Value) -> Vec<Vec<f64>> {
        let options: &Map<_, _> = options.as_object().expect("an object");
        let transform = COARSE_DROPOUT.build(options).expect("a transform");
        let shape = Shape {
            width: 50,
            height: 20,
            channels: 3,
        };
        let mut stream = Stream::new(1, 0, Purpose::Augment);
        (0..300)
            .map(|_| transform.draw(shape, &mut stream))
            .map(|drawn| drawn.numbers_of("holes").expect("holes").to_vec())
            .collect()
    }

    #[test]
    fn sizes_are_shares_or_pixels() {
        let shares = json!({ "hole_height_range": [0.5, 0.5], "hole_width_range": [0.1, 0.2] });
        for hole in holes(shares).iter().flat_map(|holes| holes.chunks(4)) {
            assert_eq!(hole[3] - hole[1], 10.0);
            assert!((5.0..=10.0).contains(&(hole[2] - hole[0])));
        }
        let pixels = json!({ "hole_height_range": [3, 4], "hole_width_range": [7, 7], "num_holes_range": [2, 2] });
        let drawn = holes(pixels);
        assert!(drawn.iter().all(|holes| holes.len() == 8));
        let heights = |height: f64| {
            let all = drawn.iter().flat_map(|holes| holes.chunks(4));
            all.filter(|hole| hole[3] - hole[1] == height).count()
        };
        assert_eq!(heights(3.0) + heights(4.0), 600);
        assert!((240..360).contains(&heights(3.0)));
    }
}

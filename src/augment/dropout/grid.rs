//! Rectangles in a grid are taken away.

use super::holes::{self, FILL, Fill, Hole};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

/// The most cells along a side.
const MOST: u64 = 256;

const RATIO: Field = Field {
    name: "ratio",
    label: "Ratio",
    help: "How much of a cell's height and width its hole has; something is always left of a cell, unless it is one pixel.",
    kind: Kind::Number {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        default: Some(0.5),
        unit: "",
    },
};

const RANDOM_OFFSET: Field = Field {
    name: "random_offset",
    label: "Random places",
    help: "Whether each hole lies somewhere else in its cell.",
    kind: Kind::Boolean { default: true },
};

const UNIT_SIZE_RANGE: Field = Field {
    name: "unit_size_range",
    label: "Cell size",
    help: "The side of the square cells in pixels; the higher of two different numbers is never drawn. \
           Otherwise a cell is a tenth of the picture. There are at most 256 cells along a side.",
    kind: Kind::Range {
        min: 2.0,
        max: 16_384.0,
        step: 1.0,
        whole: true,
        default: None,
        unit: "pixels",
        single: Single::Refused,
    },
};

const HOLES_NUMBER_XY: Field = Field {
    name: "holes_number_xy",
    label: "Cells",
    help: "How many rows and columns of cells there are; whatever the name says, the rows come first.",
    kind: Kind::Pair {
        min: 1,
        max: MOST,
        default: None,
        unit: "",
    },
};

const SHIFT_XY: Field = Field {
    name: "shift_xy",
    label: "Shift",
    help: "How far each hole lies right of and below its cell's corner, in pixels, when places are not random.",
    kind: Kind::Pair {
        min: 0,
        max: 16_384,
        default: Some([0, 0]),
        unit: "pixels",
    },
};

pub(super) const GRID_DROPOUT: Definition = Definition {
    name: "GridDropout",
    family: Family::Dropout,
    help: "Fills a rectangle in each cell of a grid. Cells that differ in size by a pixel are in random order. \
           Inpainting is not offered here.",
    p: 0.5,
    fields: &[
        RATIO,
        RANDOM_OFFSET,
        UNIT_SIZE_RANGE,
        HOLES_NUMBER_XY,
        SHIFT_XY,
        FILL,
    ],
    build: |options| {
        let ratio = RATIO.number(options)?.unwrap_or_default();
        if ratio == 0.0 {
            return Err(Error::invalid(
                RATIO.name,
                ratio,
                "numbers above 0, up to 1",
            ));
        }
        Ok(Box::new(GridDropout {
            ratio,
            random_offset: RANDOM_OFFSET.boolean(options)?,
            unit: UNIT_SIZE_RANGE.range(options)?,
            cells: HOLES_NUMBER_XY.pair(options)?,
            shift: SHIFT_XY
                .pair(options)?
                .unwrap_or_default()
                .map(|shift| shift as usize),
            fill: Fill::of(options)?,
        }))
    },
};

#[derive(Debug)]
struct GridDropout {
    ratio: f64,
    random_offset: bool,
    unit: Option<[f64; 2]>,
    cells: Option<[u64; 2]>,
    shift: [usize; 2],
    fill: Fill,
}

/// A side cut into `count` parts that differ by at most a pixel, in random order: where
/// each begins, and its length.
fn cut(length: usize, count: usize, stream: &mut Stream) -> Vec<[usize; 2]> {
    let mut lengths = vec![length / count; count];
    for longer in &mut lengths[..length % count] {
        *longer += 1;
    }
    stream.shuffle(&mut lengths);
    let mut start = 0;
    let parts = lengths.into_iter().map(|length| {
        let part = [start, length];
        start += length;
        part
    });
    parts.collect()
}

impl GridDropout {
    /// A hole's beginning and end along a side, of which the cell is a part.
    fn hole(
        &self,
        [start, cell]: [usize; 2],
        shift: usize,
        side: usize,
        stream: &mut Stream,
    ) -> [usize; 2] {
        // A cell of one pixel has no hole.
        let most = cell.saturating_sub(1);
        let length = ((cell as f64 * self.ratio).max(1.0) as usize).min(most);
        let offset = match self.random_offset {
            true => stream.within(0..=(cell - length) as u32) as usize,
            false => shift,
        };
        let start = (start + offset).min(side - length);
        [start, start + length]
    }
}

impl Transform for GridDropout {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let sides = [shape.height, shape.width];
        let counts = match (self.cells, self.unit) {
            (Some(cells), _) => cells.map(|count| count as usize),
            (None, Some([low, high])) => {
                let unit = low as usize + stream.below((high - low).max(1.0) as u32) as usize;
                sides.map(|side| side / unit)
            }
            (None, None) => sides.map(|side| side / (side / 10).max(2)),
        };
        let counts = counts.map(|count| count.clamp(1, MOST as usize));
        let [rows, columns] = [0, 1].map(|axis| cut(sides[axis], counts[axis], stream));
        let mut holes = Vec::<Hole>::with_capacity(rows.len() * columns.len());
        for &row in &rows {
            for &column in &columns {
                let [top, bottom] = self.hole(row, self.shift[1], shape.height, stream);
                let [left, right] = self.hole(column, self.shift[0], shape.width, stream);
                if top < bottom && left < right {
                    holes.push([left, top, right, bottom]);
                }
            }
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

    #[test]
    fn a_cut_side_is_complete() {
        let mut stream = Stream::new(1, 0, Purpose::Augment);
        for (length, count) in [(10, 3), (3, 10), (100, 7), (1, 1)] {
            let parts = cut(length, count, &mut stream);
            let mut end = 0;
            for [start, part] in &parts {
                assert_eq!(*start, end);
                assert!((length / count..=length.div_ceil(count)).contains(part));
                end += part;
            }
            assert_eq!((end, parts.len()), (length, count));
        }
    }
}

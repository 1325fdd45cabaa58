//! Equalised in tiles, with limited contrast.

use crate::augment::kernel::border::Border;
use crate::augment::kernel::colour::{Lab, change_colours};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const CLIP_LIMIT: Field = Field {
    name: "clip_limit",
    label: "Clip limit",
    help: "How many times the mean a level may occur in a tile before the rest is spread over all levels.",
    kind: Kind::Range {
        min: 1.0,
        max: 1000.0,
        step: 0.5,
        whole: false,
        default: Some([1.0, 4.0]),
        unit: "",
        single: Single::From(1.0),
    },
};

const TILE_GRID_SIZE: Field = Field {
    name: "tile_grid_size",
    label: "Tiles",
    help: "How many tiles across and down.",
    kind: Kind::Pair {
        min: 1,
        max: 64,
        default: Some([8, 8]),
        unit: "tiles",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "CLAHE",
    family: Family::Tone,
    help: "Equalises levels tile by tile with limited contrast, and blends between tiles; of colours, the lightness (L of Lab) alone.",
    p: 0.5,
    fields: &[CLIP_LIMIT, TILE_GRID_SIZE],
    build: |options| {
        let [across, down] = TILE_GRID_SIZE.pair(options)?.unwrap_or([8, 8]);
        Ok(Box::new(Clahe {
            limit: CLIP_LIMIT.range(options)?.unwrap_or_default(),
            tiles: [across as usize, down as usize],
        }))
    },
};

#[derive(Debug)]
struct Clahe {
    limit: [f64; 2],
    tiles: [usize; 2],
}

impl Transform for Clahe {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("clip_limit", stream.between(self.limit))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let limit = drawn.number_of("clip_limit")?;
        if picture.channels() == 1 {
            equalise(&mut picture, self.tiles, limit);
        } else {
            let lab = Lab::tables();
            change_colours(&mut picture, |rgb| lab.lab_of(rgb));
            equalise(&mut picture, self.tiles, limit);
            change_colours(&mut picture, |triple| lab.rgb_of(triple));
        }
        Ok(picture)
    }
}

/// The two tiles that a place lies between, and the weight of the second.
struct Between {
    tiles: [usize; 2],
    weight: f32,
}

fn between(length: usize, tile: usize, tiles: usize) -> Vec<Between> {
    let inverse = 1.0 / tile as f32;
    let between = |at: usize| {
        let place = at as f32 * inverse - 0.5;
        let first = place.floor();
        let last = tiles as isize - 1;
        let tiles = [first as isize, first as isize + 1].map(|at| at.clamp(0, last) as usize);
        Between {
            tiles,
            weight: place - first,
        }
    };
    (0..length).map(between).collect()
}

/// Equalises the first channel.
fn equalise(picture: &mut Raster, [across, down]: [usize; 2], limit: f64) {
    let Shape {
        width,
        height,
        channels,
    } = picture.shape();
    // A picture that cannot be divided is made larger on both sides.
    let exact = width % across == 0 && height % down == 0;
    let tile = |length: usize, tiles: usize| {
        if exact {
            length / tiles
        } else {
            length / tiles + 1
        }
    };
    let [tile_width, tile_height] = [tile(width, across), tile(height, down)];
    let area = tile_width * tile_height;
    let limit = ((limit * area as f64 / 256.0) as i32).max(1) as u32;
    let inside = |at: usize, length: usize| {
        Border::Reflect101
            .index(at as isize, length)
            .unwrap_or_default()
    };
    let mut tables = vec![[0_u8; 256]; across * down];
    for (index, table) in tables.iter_mut().enumerate() {
        let [left, top] = [index % across * tile_width, index / across * tile_height];
        let mut histogram = [0_u32; 256];
        for y in top..top + tile_height {
            let row = picture.row(inside(y, height));
            for x in left..left + tile_width {
                histogram[usize::from(row[inside(x, width) * channels])] += 1;
            }
        }
        clip(&mut histogram, limit);
        let scale = 255.0 / area as f32;
        let mut sum = 0;
        for (level, count) in table.iter_mut().zip(histogram) {
            sum += count;
            *level = (sum as f32 * scale).round_ties_even() as u8;
        }
    }
    let [columns, rows] = [
        between(width, tile_width, across),
        between(height, tile_height, down),
    ];
    for (
        row,
        Between {
            tiles: [upper, lower],
            weight: below,
        },
    ) in picture
        .data_mut()
        .chunks_exact_mut(width * channels)
        .zip(rows)
    {
        let [upper, lower] = [
            &tables[upper * across..][..across],
            &tables[lower * across..][..across],
        ];
        for (pixel, column) in row.chunks_exact_mut(channels).zip(&columns) {
            let level = usize::from(pixel[0]);
            let [left, right] = column.tiles;
            let blend = |tables: &[[u8; 256]]| {
                f32::from(tables[left][level]) * (1.0 - column.weight)
                    + f32::from(tables[right][level]) * column.weight
            };
            let blended = blend(upper) * (1.0 - below) + blend(lower) * below;
            pixel[0] = blended.round_ties_even() as u8;
        }
    }
}

/// What is above the limit is spread evenly, and the rest of it over every so many levels.
fn clip(histogram: &mut [u32; 256], limit: u32) {
    let mut above = 0;
    for count in histogram.iter_mut() {
        above += count.saturating_sub(limit);
        *count = (*count).min(limit);
    }
    let rest = above as usize % 256;
    for count in histogram.iter_mut() {
        *count += above / 256;
    }
    if let Some(step) = 256_usize.checked_div(rest) {
        for count in histogram.iter_mut().step_by(step.max(1)).take(rest) {
            *count += 1;
        }
    }
}

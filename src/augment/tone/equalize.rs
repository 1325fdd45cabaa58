//! As many pixels of each level as can be had.

use crate::augment::kernel::colour::{change_colours, rgb_of_ycrcb, ycrcb_of};
use crate::augment::kernel::table::{Table, look_up_each, table};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const MODE: Field = Field {
    name: "mode",
    label: "Mode",
    help: "Whether levels are spread as OpenCV does or as Pillow does.",
    kind: Kind::Choice {
        values: &["cv", "pil"],
        default: "cv",
    },
};

const BY_CHANNELS: Field = Field {
    name: "by_channels",
    label: "By channels",
    help: "Whether each colour is spread alone; otherwise brightness (Y of YCrCb) alone.",
    kind: Kind::Boolean { default: true },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "Equalize",
    family: Family::Tone,
    help: "Spreads levels so that all are about equally frequent.",
    p: 0.5,
    fields: &[MODE, BY_CHANNELS],
    build: |options| {
        Ok(Box::new(Equalize {
            pillow: MODE.choice(options)? == "pil",
            by_channels: BY_CHANNELS.boolean(options)?,
        }))
    },
};

#[derive(Debug)]
struct Equalize {
    pillow: bool,
    by_channels: bool,
}

impl Equalize {
    fn table(&self, histogram: &[u32; 256]) -> Table {
        if self.pillow {
            pillow(histogram)
        } else {
            opencv(histogram)
        }
    }
}

/// OpenCV's table: the first level that occurs becomes 0, the last 255.
fn opencv(histogram: &[u32; 256]) -> Table {
    let total: u32 = histogram.iter().sum();
    let first = histogram
        .iter()
        .position(|&count| count > 0)
        .unwrap_or_default();
    let others = total - histogram[first];
    if others == 0 {
        return table(|_| first as u8);
    }
    let scale = 255.0 / others as f32;
    let mut sum = 0;
    table(|level| {
        if level <= first {
            return 0;
        }
        sum += histogram[level];
        (sum as f32 * scale).round_ties_even() as u8
    })
}

/// Pillow's table; pictures with too few pixels or levels stay as they are.
fn pillow(histogram: &[u32; 256]) -> Table {
    let total: u32 = histogram.iter().sum();
    let last = histogram.iter().rev().find(|&&count| count > 0);
    let step = (total - last.unwrap_or(&0)) / 255;
    if step == 0 {
        return table(|level| level as u8);
    }
    let mut sum = 0;
    table(|level| {
        sum += histogram[level];
        ((sum + step / 2) / step).min(255) as u8
    })
}

/// How often each level occurs in each channel but alpha.
pub(super) fn histograms(picture: &Raster) -> [[u32; 256]; 3] {
    let mut histograms = [[0; 256]; 3];
    let (colours, channels) = (picture.shape().colours(), picture.channels());
    for pixel in picture.data().chunks_exact(channels) {
        for (histogram, &level) in histograms.iter_mut().zip(&pixel[..colours]) {
            histogram[usize::from(level)] += 1;
        }
    }
    histograms
}

impl Transform for Equalize {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, mut picture: Raster, _: &Drawn) -> Result<Raster> {
        if self.by_channels || picture.channels() == 1 {
            let tables = histograms(&picture).map(|histogram| self.table(&histogram));
            look_up_each(&mut picture, &tables);
            return Ok(picture);
        }
        change_colours(&mut picture, ycrcb_of);
        let table = self.table(&histograms(&picture)[0]);
        change_colours(&mut picture, |[y, cr, cb]| {
            rgb_of_ycrcb([table[usize::from(y)], cr, cb])
        });
        Ok(picture)
    }
}

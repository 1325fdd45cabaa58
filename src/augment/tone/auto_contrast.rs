//! Levels are stretched until they reach from black to white.

use super::equalize::histograms;
use crate::augment::kernel::table::{Table, look_up_each, table};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const CUTOFF: Field = Field {
    name: "cutoff",
    label: "Cut off",
    help: "How many of the darkest and of the brightest pixels do not count, in percent.",
    kind: Kind::Number {
        min: 0.0,
        max: 100.0,
        step: 1.0,
        default: Some(0.0),
        unit: "%",
    },
};

const IGNORE: Field = Field {
    name: "ignore",
    label: "Ignored level",
    help: "A level that does not count and stays as it is; null for none.",
    kind: Kind::Integer {
        min: 0,
        max: 255,
        default: None,
        unit: "",
    },
};

const METHOD: Field = Field {
    name: "method",
    label: "Method",
    help: "Whether levels are spread by how often they occur (cdf) or evenly (pil).",
    kind: Kind::Choice {
        values: &["cdf", "pil"],
        default: "cdf",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "AutoContrast",
    family: Family::Tone,
    help: "Stretches the levels of each channel to all of 0 to 255. Odd as the original is: pixels of level 255 are not counted, and an ignored level, which works here, makes it fail.",
    p: 0.5,
    fields: &[CUTOFF, IGNORE, METHOD],
    build: |options| {
        Ok(Box::new(AutoContrast {
            cutoff: CUTOFF.number(options)?.unwrap_or_default(),
            ignore: IGNORE.integer(options)?.map(|level| level as usize),
            evenly: METHOD.choice(options)? == "pil",
        }))
    },
};

#[derive(Debug)]
struct AutoContrast {
    cutoff: f64,
    ignore: Option<usize>,
    evenly: bool,
}

impl AutoContrast {
    /// The darkest and the brightest level that count.
    fn bounds(&self, histogram: &[u32; 256]) -> [usize; 2] {
        let total: u32 = histogram.iter().sum();
        if total == 0 {
            return [0; 2];
        }
        if self.cutoff == 0.0 {
            let first = histogram.iter().position(|&count| count > 0);
            let last = histogram.iter().rposition(|&count| count > 0);
            return [first, last].map(Option::unwrap_or_default);
        }
        let cut = (f64::from(total) * self.cutoff / 100.0) as f32;
        let mut sum = 0;
        let mut enough = |&count: &u32| {
            sum += count;
            sum as f32 >= cut
        };
        let low = histogram
            .iter()
            .position(&mut enough)
            .map_or(0, |at| (at + 1).min(255));
        sum = 0;
        let mut enough = |&count: &u32| {
            sum += count;
            sum as f32 >= cut
        };
        let high = histogram.iter().rposition(&mut enough).unwrap_or(255);
        if low > high { [127; 2] } else { [low, high] }
    }

    fn table(&self, histogram: &[u32; 256]) -> Table {
        let [low, high] = self.bounds(histogram);
        if high <= low {
            return table(|level| level as u8);
        }
        let inside = |level: usize| (low..=high).contains(&level);
        let mut made = if self.evenly {
            let scale = 255.0 / (high - low) as f64;
            table(|level| match level {
                level if inside(level) => ((level - low) as f64 * scale).round_ties_even() as u8,
                level if level < low => 0,
                _ => 255,
            })
        } else {
            let counted: u32 = histogram[low..=high].iter().sum();
            if counted == 0 {
                return table(|level| level as u8);
            }
            let others = (counted - histogram[low]) as f32;
            let mut sum = 0;
            table(|level| {
                if !inside(level) {
                    return if level < low { 0 } else { 255 };
                }
                if level > low {
                    sum += histogram[level];
                }
                // Nothing by nothing is not a number, which becomes 0.
                (sum as f32 * 255.0 / others).round_ties_even() as u8
            })
        };
        if let Some(level) = self.ignore {
            made[level] = level as u8;
        }
        made
    }
}

impl Transform for AutoContrast {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, mut picture: Raster, _: &Drawn) -> Result<Raster> {
        let mut tables = [[0; 256]; 3];
        for (channel, mut histogram) in histograms(&picture).into_iter().enumerate() {
            // The original counts levels in 0..255, without the last.
            histogram[255] = 0;
            if let Some(level) = self.ignore {
                histogram[level] = 0;
            }
            tables[channel] = self.table(&histogram);
        }
        look_up_each(&mut picture, &tables);
        Ok(picture)
    }
}

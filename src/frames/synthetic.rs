//! A log that nobody has measured.

use flate2::{Compression, GzBuilder};
use libm::{cos, sin};
use std::f64::consts::TAU;
use std::io::{self, Write};

/// A synthetic borehole image in the shape of a real log file: layers that dip, fractures
/// that cut them, vugs, breakouts of the wall, and the gaps between the pads of a tool
/// that turns slowly on its way.
///
/// A row is a turn around the wall at a depth. Row `n` does not depend on how long the
/// log is. The same on every machine, to the bit.
#[derive(Clone, Debug)]
pub struct SyntheticLog {
    rows: u64,
    /// The direction of each column, as cosine and sine.
    directions: Vec<[f64; 2]>,
}

/// The smallest and largest value of the log.
const DARKEST: f64 = 15.0;
const BRIGHTEST: f64 = 237.0;
/// The first depth, in tenths.
const FIRST_DEPTH: u64 = 90_001;
/// So many rows share where beds dip to.
const ZONE: f64 = 780.0;
/// In so many rows there is a fracture or two.
const FRACTURE_CELL: i64 = 190;
/// The size of the cells with a vug each, perhaps.
const VUG_ROWS: i64 = 26;
const VUG_COLUMNS: i64 = 25;
/// One row among so many is lost on the way up, and holds one value.
const LOST: u64 = 610;

impl SyntheticLog {
    /// Pixels of a row.
    pub const COLUMNS: usize = 200;
    /// Rows of the sample.
    pub const ROWS: u64 = 5_460;

    /// A log `times` as long as the sample, which has 5,460 rows from 9000.1 to 9546.0.
    pub fn new(times: u64) -> Self {
        let direction = |column: usize| {
            let angle = TAU * (column as f64 + 0.5) / Self::COLUMNS as f64;
            [cos(angle), sin(angle)]
        };
        Self {
            rows: Self::ROWS * times,
            directions: (0..Self::COLUMNS).map(direction).collect(),
        }
    }

    /// How many rows it has, without the empty one at its end.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The depth of a row, in tenths.
    pub fn depth_in_tenths(&self, row: u64) -> u64 {
        FIRST_DEPTH + row
    }

    /// The pixels of a row.
    pub fn row(&self, row: u64) -> [u8; Self::COLUMNS] {
        let lost = hash(7, row as i64, 0);
        if lost.is_multiple_of(LOST) {
            return [(DARKEST + (lost >> 32) as f64 % 200.0) as u8; Self::COLUMNS];
        }
        let at = row as f64;
        let bed = Bed::at(at);
        let fractures = fractures(row as i64);
        let breakout = Breakout::at(at);
        let turned = 0.0021 * at + 1.4 * smooth(31, at / 900.0);
        let pads = [cos(turned), sin(turned)];
        let mut pixels = [0; Self::COLUMNS];
        for (column, pixel) in pixels.iter_mut().enumerate() {
            let direction = self.directions[column];
            let mut level = bed.level(at, direction);
            for fracture in &fractures {
                level -= fracture.darkness(at, direction);
            }
            level -= vug(row as i64, column as i64);
            level -= breakout.darkness(direction, at, column);
            level -= stripe(pads, direction);
            // The same for both neighbours in depth, as instruments are slower than rows.
            level += 5.0 * (unit(hash(3, row as i64 / 2, column as i64)) - 0.5);
            *pixel = level.clamp(DARKEST, BRIGHTEST) as u8;
        }
        pixels
    }

    /// Writes it as CSV: a header, all rows, and a last one with every cell empty.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut line = String::from("depth");
        for column in 1..=Self::COLUMNS {
            line.push_str(&format!(",col{column}"));
        }
        line.push('\n');
        out.write_all(line.as_bytes())?;
        // Numbers as text, made once.
        let cells: Vec<String> = (0..=u8::MAX).map(|value| format!(",{value}")).collect();
        for row in 0..self.rows {
            let tenths = self.depth_in_tenths(row);
            line.clear();
            line.push_str(&format!("{}.{}", tenths / 10, tenths % 10));
            for pixel in self.row(row) {
                line.push_str(&cells[usize::from(pixel)]);
            }
            line.push('\n');
            out.write_all(line.as_bytes())?;
        }
        line.clear();
        line.extend(std::iter::repeat_n(',', Self::COLUMNS));
        line.push('\n');
        out.write_all(line.as_bytes())
    }

    /// Writes it as CSV, compressed with gzip; the same bytes every time.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_gzip<W: Write>(&self, out: W) -> io::Result<W> {
        let mut packed = GzBuilder::new().mtime(0).write(out, Compression::best());
        self.write_csv(&mut packed)?;
        packed.finish()
    }
}

/// The beds at a depth.
struct Bed {
    /// By how many rows they lie lower in one direction than in the middle.
    dip: f64,
    towards: [f64; 2],
}

impl Bed {
    fn at(row: f64) -> Self {
        let towards = TAU * (0.3 + 0.9 * smooth(11, row / ZONE));
        Self {
            dip: 6.0 + 30.0 * (0.5 + smooth(12, row / ZONE)).clamp(0.0, 1.0),
            towards: [cos(towards), sin(towards)],
        }
    }

    fn level(&self, row: f64, direction: [f64; 2]) -> f64 {
        let bed = row + self.dip * dot(self.towards, direction);
        // Thick beds with sharp borders, thin ones within, and laminae.
        let thick = (bed + 11.0 * smooth(20, bed / 17.0)) / 47.0;
        let stone = unit(hash(21, thick.floor() as i64, 0));
        let stone = if stone < 0.16 {
            0.15 + stone
        } else {
            0.55 + 0.45 * stone
        };
        let laminae = if stone < 0.5 { 34.0 } else { 15.0 };
        122.0
            + 98.0 * stone
            + 16.0 * smooth(22, bed / 13.0)
            + laminae * smooth(23, bed / 3.1)
            + 10.0 * smooth(24, row / 400.0)
    }
}

struct Fracture {
    row: f64,
    rise: f64,
    towards: [f64; 2],
    width: f64,
    depth: f64,
}

impl Fracture {
    fn darkness(&self, row: f64, direction: [f64; 2]) -> f64 {
        let distance = (row - self.row - self.rise * dot(self.towards, direction)).abs();
        self.depth * (1.0 - distance / self.width).clamp(0.0, 1.0)
    }
}

/// The fractures that may reach a row.
fn fractures(row: i64) -> Vec<Fracture> {
    let cell = row.div_euclid(FRACTURE_CELL);
    let mut found = Vec::new();
    for cell in cell - 1..=cell + 1 {
        // Swarms: many in some places, none in others.
        let swarm = 0.5 + smooth(41, cell as f64 / 5.0);
        for which in 0..3 {
            let draw = |what: i64| unit(hash(42 + which as u64, cell, what));
            if draw(0) > swarm {
                continue;
            }
            let angle = TAU * draw(1);
            let fracture = Fracture {
                row: (cell as f64 + draw(2)) * FRACTURE_CELL as f64,
                rise: 20.0 + 90.0 * draw(3),
                towards: [cos(angle), sin(angle)],
                width: 2.0 + 6.0 * draw(4),
                depth: 70.0 + 130.0 * draw(5),
            };
            if (row as f64 - fracture.row).abs() <= fracture.rise + fracture.width {
                found.push(fracture);
            }
        }
    }
    found
}

/// A small hole in the wall.
fn vug(row: i64, column: i64) -> f64 {
    let columns = SyntheticLog::COLUMNS as i64 / VUG_COLUMNS;
    let [cell_row, cell_column] = [row.div_euclid(VUG_ROWS), column.div_euclid(VUG_COLUMNS)];
    let mut darkness: f64 = 0.0;
    for down in cell_row - 1..=cell_row + 1 {
        // They come where the water went.
        if smooth(51, down as f64 / 9.0) < 0.12 {
            continue;
        }
        for across in cell_column - 1..=cell_column + 1 {
            let draw = |what: i64| unit(hash(52, down * 16 + across.rem_euclid(columns), what));
            if draw(0) > 0.45 {
                continue;
            }
            let y = row as f64 - (down as f64 + draw(1)) * VUG_ROWS as f64;
            let x = column as f64 - (across as f64 + draw(2)) * VUG_COLUMNS as f64;
            let [high, wide] = [3.0 + 6.0 * draw(3), 2.0 + 4.0 * draw(4)];
            let distance = (y / high) * (y / high) + (x / wide) * (x / wide);
            darkness =
                darkness.max((60.0 + 90.0 * draw(5)) * (1.4 * (1.0 - distance)).clamp(0.0, 1.0));
        }
    }
    darkness
}

/// Where the wall has broken out, on two opposite sides.
struct Breakout {
    strength: f64,
    towards: [f64; 2],
}

impl Breakout {
    fn at(row: f64) -> Self {
        let angle = 0.7 + 0.25 * smooth(61, row / 300.0);
        Self {
            strength: (3.0 * (smooth(62, row / 520.0) - 0.08)).clamp(0.0, 1.0),
            towards: [cos(angle), sin(angle)],
        }
    }

    fn darkness(&self, direction: [f64; 2], row: f64, column: usize) -> f64 {
        if self.strength == 0.0 {
            return 0.0;
        }
        let side = dot(self.towards, direction);
        let ragged = 0.05 * smooth(63, row / 5.0 + 1_000.0 * f64::from(side > 0.0));
        let inside = ((side.abs() - 0.9 + ragged) / 0.06).clamp(0.0, 1.0);
        let rough = 0.75 + 0.5 * unit(hash(64, row as i64 / 3, column as i64 / 3));
        80.0 * self.strength * inside * rough
    }
}

/// The gaps between the tool's six pads, and the one pad that reads too dark.
fn stripe(pads: [f64; 2], direction: [f64; 2]) -> f64 {
    // The angle between the first pad and the column, six times.
    let [x, y] = [
        dot(pads, direction),
        pads[0] * direction[1] - pads[1] * direction[0],
    ];
    let [x2, y2] = [x * x - y * y, 2.0 * x * y];
    let sixfold = x2 * (x2 * x2 - 3.0 * y2 * y2);
    let gap = ((sixfold - 0.93) / 0.05).clamp(0.0, 1.0);
    let weak = ((x - 0.9) / 0.03).clamp(0.0, 1.0);
    26.0 * gap + 17.0 * weak
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// Noise from -0.5 to 0.5 that changes smoothly within 1.
fn smooth(what: u64, at: f64) -> f64 {
    let floor = at.floor();
    let t = at - floor;
    let value = |step: i64| unit(hash(what, floor as i64 + step, 1)) - 0.5;
    let eased = t * t * (3.0 - 2.0 * t);
    value(0) + (value(1) - value(0)) * eased
}

/// A number from 0 to 1 out of 64 bits.
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// 64 bits that look random but are always the same for the same numbers.
fn hash(what: u64, at: i64, and: i64) -> u64 {
    let mut state = what.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for number in [at as u64, and as u64] {
        state = (state ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    state
}

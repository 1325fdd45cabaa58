//! OpenCV's linear interpolation that is the same on all of its platforms: weights of 8
//! bits, and rounding once, at the end.

use super::Axis;
use crate::augment::kernel::rows::by_rows;
use crate::raster::Raster;

impl Axis {
    /// The pixel before a pixel's centre, and the weight of the one after it in 256ths.
    fn weighted(self, at: usize) -> (isize, u32) {
        let place = (at as f64 + 0.5) * self.step - 0.5;
        let before = place.floor();
        let last = self.from as isize - 1;
        match before as isize {
            before if before < 0 => (0, 0),
            before if before >= last => (last, 0),
            whole => (whole, ((place - before) * 256.0).round_ties_even() as u32),
        }
    }
}

/// A picture of another size, linearly.
pub(super) fn linear(picture: &Raster, result: &mut Raster, x: Axis, y: Axis) {
    let channels = picture.channels();
    let last = picture.shape().stride() - 1;
    let blends: Vec<([usize; 2], u32)> = (0..x.to)
        .flat_map(|at| {
            let (before, share) = x.weighted(at);
            let first = before as usize * channels;
            (first..first + channels).map(move |at| ([at, (at + channels).min(last)], share))
        })
        .collect();
    let (starts, shares): (Vec<isize>, Vec<u32>) = (0..y.to).map(|at| y.weighted(at)).unzip();
    let stride = result.shape().stride();
    let data = result.data_mut();
    by_rows::<u16, 2>(
        y.from,
        stride,
        &starts,
        |row, values| {
            let row = picture.row(row);
            for ((from, share), value) in blends.iter().zip(values) {
                let [first, second] = from.map(|at| u32::from(row[at]));
                *value = (first * (256 - share) + second * share) as u16;
            }
        },
        |at, rows| {
            let share = shares[at];
            let out = &mut data[at * stride..][..stride];
            for ((level, upper), lower) in out.iter_mut().zip(rows[0]).zip(rows[1]) {
                let sum = u32::from(*upper) * (256 - share) + u32::from(*lower) * share;
                *level = ((sum + (1 << 15)) >> 16) as u8;
            }
        },
    );
}

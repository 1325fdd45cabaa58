//! Medians of squares.

use super::rows::{Padding, VECTOR, Window, copy, each_row, write_from};
use crate::augment::kernel::border::Border;
use crate::raster::{Raster, Shape};
use wide::u8x16;

/// Replaces each value by the median of the `size` x `size` values around it; outside,
/// the nearest pixel counts. `size` is odd.
pub(crate) fn median_blur(picture: &mut Raster, size: usize) {
    match size {
        3 => sorted::<3>(picture, sort_3, median_3),
        5 => sorted::<5>(picture, sort_5, median_5),
        7 => sorted::<7>(picture, sort_7, median_7),
        _ => counted(picture, size),
    }
}

/// Columns are sorted first, each once; then the medians of the sorted columns around
/// each value are selected.
#[inline(always)]
fn sorted<const N: usize>(
    picture: &mut Raster,
    sort: fn(&mut [u8x16; N]),
    median: fn([[u8x16; N]; N]) -> u8x16,
) {
    let shape = picture.shape();
    let padding = Padding::new(shape, N / 2, Border::Replicate);
    let length = padding.length();
    let mut columns = [(); N].map(|()| vec![0_u8; length]);
    each_row(
        picture,
        [N / 2; 2],
        Border::Replicate,
        shape.stride() + VECTOR,
        copy,
        |window, out| {
            sort_columns(window, &padding, &mut columns, sort);
            let sources = columns
                .each_ref()
                .map(|column| std::array::from_fn(|tap| &column[tap * shape.channels..]));
            write_from(out, sources, |square: [[&[u8; VECTOR]; N]; N]| {
                median(square.map(|line| line.map(|levels| u8x16::new(*levels))))
            });
        },
    );
}

#[inline(always)]
fn sort_columns<const N: usize>(
    window: &Window<u8>,
    padding: &Padding,
    columns: &mut [Vec<u8>; N],
    sort: fn(&mut [u8x16; N]),
) {
    let count = padding.stride.div_ceil(VECTOR);
    let rows: [&[[u8; VECTOR]]; N] =
        std::array::from_fn(|at| &window.row(at).as_chunks().0[..count]);
    {
        let mut places = columns
            .each_mut()
            .map(|column| &mut column[padding.margin..].as_chunks_mut::<VECTOR>().0[..count]);
        for at in 0..count {
            let mut values = rows.map(|row| u8x16::new(row[at]));
            sort(&mut values);
            for (place, value) in places.iter_mut().zip(values) {
                place[at] = value.to_array();
            }
        }
    }
    for column in columns {
        padding.fill(column);
    }
}

/// Puts pairs in order.
macro_rules! order {
    ($values:ident: $($low:literal $high:literal),+) => {$(
        let low = $values[$low].min($values[$high]);
        $values[$high] = $values[$low].max($values[$high]);
        $values[$low] = low;
    )+};
}

#[inline(always)]
fn sort_3(v: &mut [u8x16; 3]) {
    order!(v: 0 1, 1 2, 0 1);
}

#[inline(always)]
fn sort_5(v: &mut [u8x16; 5]) {
    order!(v: 0 3, 1 4, 0 2, 1 3, 0 1, 2 4, 1 2, 3 4, 2 3);
}

#[inline(always)]
fn sort_7(v: &mut [u8x16; 7]) {
    order!(v: 0 6, 2 3, 4 5, 0 2, 1 4, 3 6, 0 1, 2 5, 3 4, 1 2, 4 6, 2 3, 4 5, 1 2, 3 4, 5 6);
}

/// The median of three sorted columns: of the largest of the lowest, the middle one of
/// the middle ones and the smallest of the highest, the middle one.
#[inline(always)]
fn median_3([low, mut middle, high]: [[u8x16; 3]; 3]) -> u8x16 {
    sort_3(&mut middle);
    let mut rest = [
        low[0].max(low[1]).max(low[2]),
        middle[1],
        high[0].min(high[1]).min(high[2]),
    ];
    sort_3(&mut rest);
    rest[1]
}

/// The median of five sorted columns. When the lines across them are sorted too, value
/// i of line j (from 1) has (i j - 1) values below it and (6 - i) (6 - j) - 1 above it:
/// the twelve smallest and largest are known by their places.
#[inline(always)]
fn median_5(mut square: [[u8x16; 5]; 5]) -> u8x16 {
    for line in &mut square {
        sort_5(line);
    }
    let [a, b, c, d, e] = square;
    let mut v = [
        a[3], a[4], b[2], b[3], b[4], c[1], c[2], c[3], d[0], d[1], d[2], e[0], e[1],
    ];
    // As `select` does it; spelled out, all of them stay in registers.
    order!(v: 0 7, 1 6, 2 5, 3 4, 0 1, 0 2, 0 3, 4 7, 5 7, 6 7);
    v[7] = v[8];
    order!(v: 1 7, 2 6, 3 5, 1 2, 1 3, 1 4, 4 7, 5 7, 6 7);
    v[7] = v[9];
    order!(v: 2 7, 3 6, 4 5, 2 3, 2 4, 5 7, 6 7);
    v[7] = v[10];
    order!(v: 3 7, 4 6, 3 4, 3 5, 5 7, 6 7);
    v[7] = v[11];
    order!(v: 4 7, 5 6, 4 5, 6 7);
    v[7] = v[12];
    order!(v: 5 7, 5 6, 6 7);
    v[6]
}

/// The median of seven sorted columns, likewise.
#[inline(always)]
fn median_7(mut square: [[u8x16; 7]; 7]) -> u8x16 {
    for line in &mut square {
        sort_7(line);
    }
    let [a, b, c, d, e, f, g] = square;
    select(&mut [
        a[4], a[5], a[6], b[3], b[4], b[5], b[6], c[2], c[3], c[4], c[5], c[6], d[1], d[2], d[3],
        d[4], d[5], e[0], e[1], e[2], e[3], e[4], f[0], f[1], f[2], f[3], g[0], g[1], g[2],
    ])
}

/// The median of an odd number of values: of half of them and two more, the smallest and
/// the largest are not it; they are forgotten, and one more value is looked at, until
/// three are left.
#[inline(always)]
fn select<const N: usize>(values: &mut [u8x16; N]) -> u8x16 {
    let end = N / 2 + 2;
    for start in 0..end - 2 {
        let seen = &mut values[start..end];
        let last = seen.len() - 1;
        let mut order = |low: usize, high: usize| {
            let two = (seen[low], seen[high]);
            (seen[low], seen[high]) = (two.0.min(two.1), two.0.max(two.1));
        };
        for at in 0..last.div_ceil(2) {
            order(at, last - at);
        }
        // The smaller ones are in the first half, the larger ones in the second.
        for at in 1..=last / 2 {
            order(0, at);
        }
        for at in last.div_ceil(2)..last {
            order(at, last);
        }
        if end + start < N {
            values[end - 1] = values[end + start];
        }
    }
    values[end - 2]
}

/// Medians by counting levels: what leaves and enters a sliding square is uncounted and
/// counted, and the median moves up or down from where it was (Huang, Yang and Tang,
/// 1979).
fn counted(picture: &mut Raster, size: usize) {
    let shape = picture.shape();
    let padding = Padding::new(shape, size / 2, Border::Replicate);
    each_row(
        picture,
        [size / 2; 2],
        Border::Replicate,
        padding.length(),
        |row, padded| {
            copy(row, &mut padded[padding.margin..]);
            padding.fill(padded);
        },
        |window, out| {
            let rows: Vec<&[u8]> = (0..window.len()).map(|at| window.row(at)).collect();
            for channel in 0..shape.channels {
                count_row(&rows, shape, channel, out);
            }
        },
    );
}

fn count_row(rows: &[&[u8]], shape: Shape, channel: usize, out: &mut [u8]) {
    let size = rows.len();
    let half = (size * size / 2) as u32;
    let mut counts = [0_u32; 256];
    // How many levels of the square are below the median.
    let mut below = 0;
    let mut median = 0;
    for x in 0..shape.width + size - 1 {
        for row in rows {
            let level = row[x * shape.channels + channel];
            counts[usize::from(level)] += 1;
            below += u32::from(usize::from(level) < median);
        }
        let Some(x) = (x + 1).checked_sub(size) else {
            continue;
        };
        while below > half {
            median -= 1;
            below -= counts[median];
        }
        while below + counts[median] <= half {
            below += counts[median];
            median += 1;
        }
        out[x * shape.channels + channel] = median as u8;
        for row in rows {
            let level = row[x * shape.channels + channel];
            counts[usize::from(level)] -= 1;
            below -= u32::from(usize::from(level) < median);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    #[test]
    fn medians_are_those_of_sorted_squares() {
        let mut stream = Stream::new(1, 0, Purpose::Augment);
        for (size, width, height, channels) in [
            (3, 37, 9, 1),
            (5, 17, 6, 3),
            (7, 6, 23, 4),
            (7, 40, 3, 1),
            (9, 5, 7, 3),
        ] {
            let shape = Shape {
                width,
                height,
                channels,
            };
            let data: Vec<u8> = (0..shape.len()).map(|_| stream.below(40) as u8).collect();
            let mut picture = Raster::new(shape, data.clone()).expect("a picture");
            median_blur(&mut picture, size);
            let radius = (size / 2) as isize;
            for (at, level) in picture.data().iter().enumerate() {
                let channel = at % channels;
                let (x, y) = (at / channels % width, at / channels / width);
                let mut square = Vec::new();
                for dy in -radius..=radius {
                    for dx in -radius..=radius {
                        let y = (y as isize + dy).clamp(0, height as isize - 1) as usize;
                        let x = (x as isize + dx).clamp(0, width as isize - 1) as usize;
                        square.push(data[(y * width + x) * channels + channel]);
                    }
                }
                square.sort_unstable();
                assert_eq!(*level, square[size * size / 2], "{size} {shape:?} {x} {y}");
            }
        }
    }
}

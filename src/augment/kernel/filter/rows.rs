//! Rows of a picture with some above and below, and what rows are written with.

use crate::augment::kernel::border::Border;
use crate::raster::{Raster, Shape};
use wide::{i16x8, u8x16};

/// How many values are worked on at once. Rows that are read as vectors have this many
/// values more than needed.
pub(super) const VECTOR: usize = 16;

/// Rows from above a row to below it.
pub(super) struct Window<'a, T> {
    values: &'a [T],
    length: usize,
    order: &'a [usize],
}

impl<'a, T> Window<'a, T> {
    /// The row of a position, the topmost first.
    #[inline]
    pub(super) fn row(&self, at: usize) -> &'a [T] {
        &self.values[self.order[at] * self.length..][..self.length]
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }
}

/// Replaces every row of a picture by what `leave` makes of the rows from `above` rows
/// above it to `below` rows below it, each of which `enter` has turned into `length`
/// values once.
pub(super) fn each_row<T: Copy + Default>(
    picture: &mut Raster,
    [above, below]: [usize; 2],
    border: Border,
    length: usize,
    mut enter: impl FnMut(&[u8], &mut [T]),
    mut leave: impl FnMut(&Window<T>, &mut [u8]),
) {
    let Shape { height, .. } = picture.shape();
    let stride = picture.shape().stride();
    // A border never stands for a row that is further away than itself, so that the ring
    // holds all that are needed.
    let slots = height.min(above + below + 1);
    let mut ring = vec![T::default(); slots * length];
    let mut order = vec![0; above + below + 1];
    let mut entered = 0;
    for y in 0..height {
        while entered < height.min(y + below + 1) {
            let slot = &mut ring[entered % slots * length..][..length];
            enter(picture.row(entered), slot);
            entered += 1;
        }
        for (at, slot) in order.iter_mut().enumerate() {
            let row = (y + at) as isize - above as isize;
            *slot = border.index(row, height).unwrap_or_default() % slots;
        }
        let window = Window {
            values: &ring,
            length,
            order: &order,
        };
        leave(&window, &mut picture.data_mut()[y * stride..][..stride]);
    }
}

/// How rows are continued to the left and to the right.
pub(super) struct Padding {
    /// How many values are added on the left, and on the right.
    pub(super) margin: usize,
    /// How many values rows have without them.
    pub(super) stride: usize,
    /// Which values stand for those on the left, and then for those on the right.
    sources: Vec<usize>,
}

impl Padding {
    /// By `radius` pixels.
    pub(super) fn new(shape: Shape, radius: usize, border: Border) -> Self {
        let Shape {
            width, channels, ..
        } = shape;
        let outside = (-(radius as isize)..0).chain((width as isize)..(width + radius) as isize);
        let sources = outside
            .flat_map(|x| {
                let x = border.index(x, width).unwrap_or_default();
                (0..channels).map(move |channel| x * channels + channel)
            })
            .collect();
        Self {
            margin: radius * channels,
            stride: width * channels,
            sources,
        }
    }

    /// How long padded rows are, with what vectors may read beyond them.
    pub(super) fn length(&self) -> usize {
        self.stride + 2 * self.margin + 2 * VECTOR
    }

    /// Fills in what is left and right of a row that stands after the left margin.
    #[inline]
    pub(super) fn fill<T: Copy>(&self, padded: &mut [T]) {
        let (left, right) = self.sources.split_at(self.margin);
        for (at, source) in left.iter().enumerate() {
            padded[at] = padded[self.margin + source];
        }
        for (at, source) in right.iter().enumerate() {
            padded[self.margin + self.stride + at] = padded[self.margin + source];
        }
    }
}

/// Copies a row. For short rows, and in wasm for all rows, this is faster than the call
/// that `copy_from_slice` is.
#[inline]
pub(super) fn copy(from: &[u8], to: &mut [u8]) {
    let (blocks, rest) = from.as_chunks::<VECTOR>();
    let places = to.as_chunks_mut::<VECTOR>().0;
    for (place, block) in places.iter_mut().zip(blocks) {
        *place = u8x16::new(*block).to_array();
    }
    let done = from.len() - rest.len();
    for (place, level) in to[done..].iter_mut().zip(rest) {
        *place = *level;
    }
}

/// Sixteen levels from a position on.
#[inline(always)]
pub(super) fn load(row: &[u8], at: usize) -> u8x16 {
    match row[at..].first_chunk::<VECTOR>() {
        Some(levels) => u8x16::new(*levels),
        None => u8x16::ZERO,
    }
}

/// Sixteen levels as numbers of 16 bits. (The conversions of `wide` are one by one in
/// wasm.)
#[inline(always)]
pub(super) fn widen(levels: u8x16) -> [i16x8; 2] {
    [
        bytemuck::cast(u8x16::unpack_low(levels, u8x16::ZERO)),
        bytemuck::cast(u8x16::unpack_high(levels, u8x16::ZERO)),
    ]
}

/// Writes a row sixteen levels at a time. Those at the end are made twice when there is
/// no whole vector left, or with some beyond the end when the row is shorter than one.
#[inline(always)]
pub(super) fn write(row: &mut [u8], mut levels: impl FnMut(usize) -> u8x16) {
    let length = row.len();
    let (blocks, rest) = row.as_chunks_mut::<VECTOR>();
    let count = blocks.len();
    for (at, block) in blocks.iter_mut().enumerate() {
        *block = levels(VECTOR * at).to_array();
    }
    if rest.is_empty() {
        return;
    }
    if count > 0 {
        if let Some(last) = row.last_chunk_mut::<VECTOR>() {
            *last = levels(length - VECTOR).to_array();
        }
    } else {
        for (place, level) in rest.iter_mut().zip(levels(0).to_array()) {
            *place = level;
        }
    }
}

/// The same where levels are made from lines of `sources`, each of which begins with what
/// the first level needs, and is longer than the row by a vector.
#[inline(always)]
pub(super) fn write_from<T: Copy + Default, const N: usize, const LINES: usize>(
    row: &mut [u8],
    sources: [[&[T]; N]; LINES],
    levels: impl Fn([[&[T; VECTOR]; N]; LINES]) -> u8x16,
) {
    let length = row.len();
    let (blocks, rest) = row.as_chunks_mut::<VECTOR>();
    // The compiler sees that no position is too large.
    let count = blocks.len();
    let vectors = sources.map(|line| line.map(|source| &source.as_chunks().0[..count]));
    for (at, block) in blocks.iter_mut().enumerate() {
        *block = levels(vectors.map(|line| line.map(|vectors| &vectors[at]))).to_array();
    }
    if rest.is_empty() {
        return;
    }
    let none = [T::default(); VECTOR];
    let at = length.saturating_sub(VECTOR);
    let ending = |source: &[T]| source[at..].first_chunk().copied().unwrap_or(none);
    let endings = sources.map(|line| line.map(ending));
    let last = levels(endings.each_ref().map(|line| line.each_ref()));
    match row.last_chunk_mut::<VECTOR>() {
        Some(place) => *place = last.to_array(),
        None => {
            for (place, level) in row.iter_mut().zip(last.to_array()) {
                *place = level;
            }
        }
    }
}

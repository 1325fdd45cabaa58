//! 3 x 3 convolutions with less than half of the multiplications.
//!
//! Two by two numbers of a convolution's output depend on four by four of its input. After
//! both are carried over into another basis, which takes only sums, sixteen products for
//! each pair of channels do what otherwise takes 36. This is F(2 x 2, 3 x 3) of A. Lavin and
//! S. Gray, "Fast Algorithms for Convolutional Neural Networks" (arXiv:1509.09308), after
//! S. Winograd's minimal filtering.
//!
//! Values lie pixel by pixel with their channels together, in planes with a border of
//! zeros, so that no tile needs a case for the edge.

use wide::f32x4;

/// Numbers in a vector.
pub(super) const LANES: usize = 4;

/// Channels out whose sums stay in registers.
const BLOCK: usize = 2 * LANES;

/// Tiles whose sums stay in registers.
const ROWS: usize = 4;

/// Tiles that are carried over together: what they hold stays in the inner caches.
const TILES: usize = 4 * ROWS;

/// Numbers of a tile.
const PLACES: usize = 16;

/// What a convolution is given and gives.
#[derive(Clone, Debug)]
pub(super) struct Geometry {
    /// Channels in and out.
    pub(super) channels: [usize; 2],
    /// Height and width.
    pub(super) input: [usize; 2],
    /// Zeros above and to the left.
    pub(super) before: [usize; 2],
    /// Height and width, of which neither is 0.
    pub(super) output: [usize; 2],
}

impl Geometry {
    /// Rows and columns of tiles.
    fn tiles(&self) -> [usize; 2] {
        self.output.map(|side| side.div_ceil(2))
    }

    /// Channels as they lie in planes: whole vectors in, whole blocks out.
    fn lanes(&self) -> [usize; 2] {
        let [from, to] = self.channels;
        let multiple = if from > LANES { BLOCK } else { LANES };
        [from.next_multiple_of(multiple), to.next_multiple_of(BLOCK)]
    }

    /// Whether this way is the shorter one, with all that it fills up with zeros.
    pub(super) fn pays(&self) -> bool {
        let [from, to] = self.lanes();
        let tiles: usize = self.tiles().iter().product();
        let products = PLACES * from * to * tiles.next_multiple_of(ROWS);
        let direct = 9 * self.channels.iter().chain(&self.output).product::<usize>();
        // The usual way also spends time on gathering what it multiplies.
        products <= 2 * direct
    }
}

/// Where the pixels of a picture lie in a plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surface {
    /// Pixels from one row to the next.
    width: usize,
    /// Where the first pixel lies.
    before: [usize; 2],
    pub(super) channels: usize,
    length: usize,
}

impl Surface {
    /// Pixels without a border.
    pub(super) fn plain([height, width]: [usize; 2], channels: usize) -> Self {
        Self {
            width,
            before: [0, 0],
            channels,
            length: height * width * channels,
        }
    }

    /// How many numbers the plane has.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Where the channels of a pixel lie.
    #[inline(always)]
    pub(super) fn at(&self, y: usize, x: usize) -> usize {
        ((y + self.before[0]) * self.width + x + self.before[1]) * self.channels
    }
}

/// What the layers keep while they work.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    /// `[place][tile][channel in]`
    carried: Vec<f32>,
    /// `[place][tile][channel out]`
    products: Vec<f32>,
}

impl Scratch {
    /// Enough room for a layer.
    pub(super) fn reserve(&mut self, layer: &Layer) {
        let [from, to] = layer.lanes.map(|lanes| PLACES * TILES * lanes);
        self.carried.resize(self.carried.len().max(from), 0.0);
        self.products.resize(self.products.len().max(to), 0.0);
    }
}

/// A convolution, and what may follow it.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    geometry: Geometry,
    /// Channels in and out as they lie in planes.
    lanes: [usize; 2],
    /// `[place][block of channels out][channel in][channel of the block]`
    weights: Vec<f32>,
    bias: Vec<f32>,
    /// Whether negative values are cut off.
    pub(super) cuts: bool,
    /// Whether the largest of each 2 x 2 pixels is kept.
    pub(super) pools: bool,
}

impl Layer {
    /// A convolution by `weight(channel out, channel in, row, column)`.
    pub(super) fn new(
        geometry: Geometry,
        weight: impl Fn(usize, usize, usize, usize) -> f32,
        bias: impl Fn(usize) -> f32,
    ) -> Self {
        let lanes @ [from, to] = geometry.lanes();
        let mut weights = vec![0.0; PLACES * from * to];
        for output in 0..geometry.channels[1] {
            for input in 0..geometry.channels[0] {
                let window = std::array::from_fn(|y| {
                    std::array::from_fn(|x| f64::from(weight(output, input, y, x)))
                });
                let at = (output / BLOCK * from + input) * BLOCK + output % BLOCK;
                for (place, weight) in carried_weights(window).into_iter().enumerate() {
                    weights[place * from * to + at] = weight;
                }
            }
        }
        let channels = 0..geometry.channels[1];
        let mut bias: Vec<f32> = channels.map(bias).collect();
        bias.resize(to, 0.0);
        Self {
            geometry,
            lanes,
            weights,
            bias,
            cuts: false,
            pools: false,
        }
    }

    /// Where it wants the pixels that go in; all else has to be 0.
    pub(super) fn surface(&self) -> Surface {
        // The last tiles may reach beyond the border.
        let [height, width] = self.geometry.tiles().map(|tiles| 2 * tiles + 2);
        Surface {
            width,
            before: self.geometry.before,
            channels: self.lanes[0],
            length: height * width * self.lanes[0],
        }
    }

    /// Height and width of what comes out.
    pub(super) fn side(&self) -> [usize; 2] {
        let halves = if self.pools { 2 } else { 1 };
        self.geometry.output.map(|side| side / halves)
    }

    /// Channels of what comes out, as they lie in planes.
    pub(super) fn channels(&self) -> usize {
        self.lanes[1]
    }

    /// Convolves one picture. What does not belong to the pixels of `output` is left alone.
    pub(super) fn apply(
        &self,
        input: &[f32],
        output: &mut [f32],
        surface: Surface,
        scratch: &mut Scratch,
    ) {
        let [rows, columns] = self.geometry.tiles();
        let width = 2 * columns + 2;
        let [from, to] = self.lanes;
        assert_eq!(
            [input.len(), output.len(), surface.channels],
            [self.surface().len(), surface.len(), to]
        );
        let carried = &mut scratch.carried[..PLACES * TILES * from];
        let products = &mut scratch.products[..PLACES * TILES * to];
        for first in (0..rows * columns).step_by(TILES) {
            let count = TILES.min(rows * columns - first);
            for tile in 0..count {
                let [y, x] = [(first + tile) / columns, (first + tile) % columns];
                let corner = (2 * y * width + 2 * x) * from;
                carry(&input[corner..], width * from, from, tile, carried);
            }
            self.multiply(carried, products, count.div_ceil(ROWS));
            for tile in 0..count {
                let [y, x] = [(first + tile) / columns, (first + tile) % columns];
                self.finish(products, tile, [y, x], output, surface);
            }
        }
    }

    /// For each place the product of two matrices: tiles by channels in, by channels out.
    fn multiply(&self, carried: &[f32], products: &mut [f32], groups: usize) {
        let [from, to] = self.lanes;
        let places = carried.chunks_exact(TILES * from);
        let places = places.zip(products.chunks_exact_mut(TILES * to));
        for ((carried, products), weights) in places.zip(self.weights.chunks_exact(from * to)) {
            for (block, weights) in weights.chunks_exact(from * BLOCK).enumerate() {
                let groups = carried.chunks_exact(ROWS * from).take(groups);
                for (rows, products) in groups.zip(products.chunks_exact_mut(ROWS * to)) {
                    let sums = product(rows, weights);
                    for (row, sums) in products.chunks_exact_mut(to).zip(sums) {
                        let row = &mut row[block * BLOCK..][..BLOCK];
                        store(&mut row[..LANES], sums[0]);
                        store(&mut row[LANES..], sums[1]);
                    }
                }
            }
        }
    }

    /// Brings a tile's products back, and does what follows.
    #[inline(always)]
    fn finish(
        &self,
        products: &[f32],
        tile: usize,
        [y, x]: [usize; 2],
        output: &mut [f32],
        surface: Surface,
    ) {
        let channels = self.lanes[1];
        let [height, width] = self.geometry.output;
        let [lower, right] = [2 * y + 1 < height, 2 * x + 1 < width];
        if self.pools && !(lower && right) {
            return;
        }
        let mut places = products.chunks_exact(TILES * channels);
        let places: [&[[f32; LANES]]; PLACES] = std::array::from_fn(|_| {
            let place = places.next().expect("all places");
            whole(&place[tile * channels..][..channels])
        });
        let floor = f32x4::splat(if self.cuts { 0.0 } else { f32::NEG_INFINITY });
        let (bias, _) = self.bias.as_chunks::<LANES>();
        for (at, bias) in bias.iter().enumerate() {
            let bias = f32x4::new(*bias);
            let place = |place: usize| f32x4::new(places[place][at]);
            let sides: [[f32x4; 2]; 4] = std::array::from_fn(|row| {
                let [a, b, c, d] = std::array::from_fn(|column| place(4 * row + column));
                [a + b + c, b - c - d]
            });
            let [above, below]: [[f32x4; 2]; 2] = [
                std::array::from_fn(|x| sides[0][x] + sides[1][x] + sides[2][x]),
                std::array::from_fn(|x| sides[1][x] - sides[2][x] - sides[3][x]),
            ];
            let finished = |value: f32x4| (value + bias).fast_max(floor);
            let start = at * LANES;
            if self.pools {
                let largest = above[0].fast_max(above[1]);
                let largest = largest.fast_max(below[0].fast_max(below[1]));
                store(&mut output[surface.at(y, x) + start..], finished(largest));
                continue;
            }
            let corner = surface.at(2 * y, 2 * x) + start;
            let next_row = corner + surface.width * channels;
            store(&mut output[corner..], finished(above[0]));
            if right {
                store(&mut output[corner + channels..], finished(above[1]));
            }
            if lower {
                store(&mut output[next_row..], finished(below[0]));
            }
            if lower && right {
                store(&mut output[next_row + channels..], finished(below[1]));
            }
        }
    }
}

/// A window's weights in the other basis.
fn carried_weights(window: [[f64; 3]; 3]) -> [f32; PLACES] {
    let carry = |[a, b, c]: [f64; 3]| [a, (a + b + c) / 2.0, (a - b + c) / 2.0, c];
    let rows = window.map(carry);
    let columns: [[f64; 4]; 4] = std::array::from_fn(|x| carry(rows.map(|row| row[x])));
    std::array::from_fn(|place| columns[place % 4][place / 4] as f32)
}

/// A tile's pixels in the other basis. `input` begins at the first of them.
#[inline(always)]
fn carry(input: &[f32], stride: usize, channels: usize, tile: usize, carried: &mut [f32]) {
    let pixels: [[&[[f32; LANES]]; 4]; 4] = std::array::from_fn(|y| {
        let row = &input[y * stride..][..4 * channels];
        std::array::from_fn(|x| whole(&row[x * channels..][..channels]))
    });
    let mut places = carried.chunks_exact_mut(TILES * channels);
    let places: [&mut [[f32; LANES]]; PLACES] = std::array::from_fn(|_| {
        let place = places.next().expect("all places");
        let (place, _) = place[tile * channels..][..channels].as_chunks_mut();
        place
    });
    let differences = |[a, b, c, d]: [f32x4; 4]| [a - c, b + c, c - b, b - d];
    for at in 0..pixels[0][0].len() {
        let rows: [[f32x4; 4]; 4] = std::array::from_fn(|y| {
            differences(std::array::from_fn(|x| f32x4::new(pixels[y][x][at])))
        });
        for x in 0..4 {
            for (y, value) in differences(rows.map(|row| row[x])).into_iter().enumerate() {
                places[4 * y + x][at] = value.to_array();
            }
        }
    }
}

/// The sums of a few tiles for a block of channels.
#[inline(always)]
fn product(rows: &[f32], weights: &[f32]) -> [[f32x4; 2]; ROWS] {
    let length = rows.len() / ROWS;
    let rows: [&[[f32; LANES]]; ROWS] =
        std::array::from_fn(|row| whole(&rows[row * length..][..length]));
    let (weights, _) = weights.as_chunks::<{ LANES * BLOCK }>();
    let mut sums = [[f32x4::ZERO; 2]; ROWS];
    for (at, weights) in weights.iter().enumerate().take(rows[0].len()) {
        for k in 0..LANES {
            let weights = [0, LANES].map(|half| load(&weights[k * BLOCK + half..]));
            for (sums, row) in sums.iter_mut().zip(rows) {
                let value = f32x4::splat(row[at][k]);
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum = value.mul_add(weight, *sum);
                }
            }
        }
    }
    sums
}

/// A slice as whole vectors.
#[inline(always)]
fn whole(values: &[f32]) -> &[[f32; LANES]] {
    values.as_chunks().0
}

/// The vector at the start of a slice.
#[inline(always)]
fn load(values: &[f32]) -> f32x4 {
    f32x4::new(*values.first_chunk().expect("a whole vector"))
}

/// Writes a vector at the start of a slice.
#[inline(always)]
fn store(values: &mut [f32], vector: f32x4) {
    *values.first_chunk_mut().expect("a whole vector") = vector.to_array();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    /// Normal numbers.
    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut stream = Stream::new(seed, 0, Purpose::Training);
        (0..count).map(|_| stream.normal() as f32).collect()
    }

    /// Channels, height and width of the input, and zeros before and after.
    type Case = ([usize; 2], [usize; 2], [usize; 2], [usize; 2]);

    const CASES: [Case; 9] = [
        ([1, 16], [28, 28], [1, 1], [1, 1]),
        ([16, 16], [14, 14], [1, 1], [1, 1]),
        ([8, 24], [7, 7], [1, 1], [1, 1]),
        ([3, 5], [9, 6], [0, 0], [0, 0]),
        ([5, 1], [5, 8], [0, 1], [1, 0]),
        ([9, 10], [3, 3], [0, 0], [0, 0]),
        ([2, 3], [1, 1], [1, 1], [1, 1]),
        ([4, 17], [1, 11], [2, 0], [3, 2]),
        ([33, 7], [6, 35], [1, 1], [0, 2]),
    ];

    fn geometry((channels, input, before, after): Case) -> Geometry {
        Geometry {
            channels,
            input,
            before,
            output: [0, 1].map(|axis| input[axis] + before[axis] + after[axis] - 2),
        }
    }

    /// One number of the output, the plain way.
    fn direct(geometry: &Geometry, input: &[f32], weights: &[f32], place: [usize; 3]) -> f64 {
        let [from, _] = geometry.channels;
        let [height, width] = geometry.input;
        let [y, x, output] = place;
        let mut sum = 0.0;
        for (at, weight) in weights[output * from * 9..][..from * 9].iter().enumerate() {
            let [channel, row, column] = [at / 9, at / 3 % 3, at % 3];
            let y = (y + row).wrapping_sub(geometry.before[0]);
            let x = (x + column).wrapping_sub(geometry.before[1]);
            if y < height && x < width {
                let value = input[(y * width + x) * from + channel];
                sum += f64::from(value) * f64::from(*weight);
            }
        }
        sum
    }

    /// What a layer makes of pixels without a border, each with its channels.
    fn applied(layer: &Layer, input: &[f32]) -> Vec<f32> {
        let [from, to] = layer.geometry.channels;
        let surface = layer.surface();
        let mut plane = vec![0.0; surface.len()];
        for (pixel, values) in input.chunks_exact(from).enumerate() {
            let width = layer.geometry.input[1];
            let at = surface.at(pixel / width, pixel % width);
            plane[at..][..from].copy_from_slice(values);
        }
        let surface = Surface::plain(layer.side(), layer.channels());
        let mut output = vec![f32::NAN; surface.len()];
        let mut scratch = Scratch::default();
        scratch.reserve(layer);
        layer.apply(&plane, &mut output, surface, &mut scratch);
        let pixels = output.chunks_exact(surface.channels);
        pixels.flat_map(|pixel| &pixel[..to]).copied().collect()
    }

    #[test]
    fn it_agrees_with_a_direct_convolution() {
        for case in CASES {
            let geometry = geometry(case);
            let [from, to] = geometry.channels;
            let [height, width] = geometry.output;
            let input = numbers(geometry.input.iter().product::<usize>() * from, 1);
            let weights = numbers(9 * from * to, 2);
            let bias = numbers(to, 3);
            for [cuts, pools] in [[false, false], [true, false], [false, true], [true, true]] {
                if pools && (height < 2 || width < 2) {
                    continue;
                }
                let weight =
                    |output, input, y, x| weights[((output * from + input) * 3 + y) * 3 + x];
                let mut layer = Layer::new(geometry.clone(), weight, |channel| bias[channel]);
                [layer.cuts, layer.pools] = [cuts, pools];
                let found = applied(&layer, &input);
                let [rows, columns] = layer.side();
                assert_eq!(found.len(), rows * columns * to, "{case:?}");
                for (at, found) in found.into_iter().enumerate() {
                    let [y, x, channel] = [at / to / columns, at / to % columns, at % to];
                    let value = |y, x| direct(&geometry, &input, &weights, [y, x, channel]);
                    let expected = if pools {
                        let quad = [[0, 0], [0, 1], [1, 0], [1, 1]];
                        let quad = quad.map(|[down, right]| value(2 * y + down, 2 * x + right));
                        quad.into_iter().fold(f64::NEG_INFINITY, f64::max)
                    } else {
                        value(y, x)
                    };
                    let expected = expected + f64::from(bias[channel]);
                    let expected = if cuts { expected.max(0.0) } else { expected };
                    let error = (f64::from(found) - expected).abs();
                    assert!(
                        error < 2e-5 * (1.0 + from as f64).sqrt(),
                        "{case:?} at {y} {x} {channel}: {found} and not {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn it_is_for_layers_that_are_not_mostly_filled_up() {
        let pays = |channels, side| geometry((channels, [side, side], [1, 1], [1, 1])).pays();
        assert!(pays([1, 16], 28) && pays([16, 16], 28) && pays([64, 64], 7));
        assert!(!pays([1, 10], 28), "few channels");
        assert!(!pays([64, 64], 1), "few tiles");
    }
}

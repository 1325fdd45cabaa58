//! From any picture to a picture of workable size: alpha laid on paper, and reduced.

use super::plane::Plane;
use crate::raster::{Raster, to_unit};

/// The most pixels that the stages work on. A digit of a photo has enough of them, and
/// a picture of 512 x 512 is left as it is.
pub const WORKABLE: usize = 1 << 18;

/// What a colour weighs in the luminance (Rec. 601).
pub const LUMINANCE: [f32; 3] = [0.299, 0.587, 0.114];

/// A picture as planes of light, 0..=1: one if it is grey, else red, green and blue.
#[derive(Clone, Debug)]
pub struct Light {
    /// The planes, all of one size.
    pub planes: Vec<Plane>,
    /// How many pixels of the picture are one of the planes, in either direction.
    pub scale: f64,
}

/// What is laid under a picture with alpha.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Under {
    /// Nothing is needed.
    Nothing,
    /// A colour.
    Colour([f32; 3]),
}

/// The light of a picture, reduced to [`WORKABLE`] pixels if it has more.
///
/// Transparent places show white, or black when the opaque ink is light. If most of the
/// picture is opaque and has paper of its own, they show that paper.
pub fn light(picture: &Raster) -> Light {
    let shape = picture.shape();
    let pixels = shape.width * shape.height;
    let factor = (pixels as f64 / WORKABLE as f64).sqrt().max(1.0);
    let width = ((shape.width as f64 / factor) as usize).clamp(1, shape.width);
    let height = ((shape.height as f64 / factor) as usize).clamp(1, shape.height);
    let under = match shape.channels {
        4 => under(picture),
        _ => Under::Nothing,
    };
    let mut planes = reduce(picture, width, height, under);
    if is_grey(&planes) {
        planes.truncate(1);
    }
    Light {
        planes,
        scale: shape.width as f64 / width as f64,
    }
}

/// Whether the colours are the same everywhere.
fn is_grey(planes: &[Plane]) -> bool {
    planes.windows(2).all(|two| two[0] == two[1])
}

/// What to lay under a picture with alpha.
fn under(picture: &Raster) -> Under {
    let (pixels, _) = picture.data().as_chunks::<4>();
    let mut counts = [[0_usize; 256]; 3];
    let (mut seen, mut opaque, mut luminance) = (0_usize, 0_usize, 0.0);
    // A prime step, so that it does not run along a column.
    let step = if pixels.len() > 200_000 { 61 } else { 1 };
    for &[red, green, blue, alpha] in pixels.iter().step_by(step) {
        seen += 1;
        if alpha >= 128 {
            opaque += 1;
            let colour = [red, green, blue];
            for ((counts, level), weight) in counts.iter_mut().zip(colour).zip(LUMINANCE) {
                counts[usize::from(level)] += 1;
                luminance += f64::from(level) * f64::from(weight);
            }
        }
    }
    if seen == 0 || opaque == 0 {
        return Under::Colour([1.0; 3]);
    }
    if 2 * opaque >= seen {
        let median = |counts: &[usize; 256]| {
            let mut below = 0;
            let level = counts.iter().position(|count| {
                below += count;
                2 * below >= opaque
            });
            level.unwrap_or(255) as f32 / 255.0
        };
        return Under::Colour([median(&counts[0]), median(&counts[1]), median(&counts[2])]);
    }
    let light = luminance / opaque as f64 > 127.5;
    Under::Colour(if light { [0.0; 3] } else { [1.0; 3] })
}

/// The colours as planes of `width` columns and `height` rows, each pixel the mean of
/// the area that it covers. It never enlarges.
fn reduce(picture: &Raster, width: usize, height: usize, under: Under) -> Vec<Plane> {
    let shape = picture.shape();
    let colours = shape.colours();
    if (width, height) == (shape.width, shape.height) && under == Under::Nothing {
        let plane = |colour: usize| {
            let levels = picture.data()[colour..].iter().step_by(shape.channels);
            Plane::new(width, height, levels.map(|&level| to_unit(level)).collect())
        };
        return (0..colours).map(plane).collect();
    }
    let columns = Shares::new(shape.width, width);
    let rows = Shares::new(shape.height, height);
    let mut sums = vec![0.0_f32; width * height * colours];
    let mut levels = vec![0.0_f32; shape.width * colours];
    let mut line = vec![0.0_f32; width * colours];
    for y in 0..shape.height {
        spread(picture.row(y), shape.channels, under, &mut levels);
        let line = if columns.whole {
            &levels
        } else {
            line.fill(0.0);
            match colours {
                1 => columns.add::<1>(&levels, &mut line),
                _ => columns.add::<3>(&levels, &mut line),
            }
            &line
        };
        let (row, share) = rows.of[y];
        let mut add = |row: usize, share: f32| {
            if share > 0.0 {
                let sums = &mut sums[row * line.len()..][..line.len()];
                sums.iter_mut()
                    .zip(line)
                    .for_each(|(sum, v)| *sum += share * v);
            }
        };
        add(row, share);
        if share < 1.0 && row + 1 < height {
            add(row + 1, 1.0 - share);
        }
    }
    let scale = columns.scale * rows.scale / 255.0;
    (0..colours)
        .map(|colour| {
            let values = sums[colour..].iter().step_by(colours);
            // Rounding must not make white brighter than white.
            Plane::new(
                width,
                height,
                values.map(|v| (v * scale).min(1.0)).collect(),
            )
        })
        .collect()
}

/// A row's levels as numbers, alpha laid on what is under it.
fn spread(row: &[u8], channels: usize, under: Under, levels: &mut [f32]) {
    let (4, Under::Colour(under)) = (channels, under) else {
        let numbers = levels.iter_mut().zip(row);
        numbers.for_each(|(number, &level)| *number = f32::from(level));
        return;
    };
    let (pixels, _) = row.as_chunks::<4>();
    let (numbers, _) = levels.as_chunks_mut::<3>();
    for (numbers, &[red, green, blue, alpha]) in numbers.iter_mut().zip(pixels) {
        let alpha = f32::from(alpha) / 255.0;
        let colours = [red, green, blue].into_iter().zip(under);
        for (number, (level, under)) in numbers.iter_mut().zip(colours) {
            *number = f32::from(level) * alpha + 255.0 * under * (1.0 - alpha);
        }
    }
}

/// To which pixel of a shorter line each pixel of a line belongs.
struct Shares {
    /// The first pixel that it belongs to, and how much of it does; the rest belongs to
    /// the next one.
    of: Vec<(usize, f32)>,
    /// What a sum of levels is multiplied with to be a mean.
    scale: f32,
    /// Whether both lines are equally long.
    whole: bool,
}

impl Shares {
    fn new(from: usize, to: usize) -> Self {
        let step = from as f64 / to as f64;
        let of = (0..from).map(|at| {
            let pixel = ((at as f64 / step) as usize).min(to - 1);
            let end = (pixel + 1) as f64 * step;
            (pixel, (end - at as f64).min(1.0) as f32)
        });
        Self {
            of: of.collect(),
            scale: (1.0 / step) as f32,
            whole: from == to,
        }
    }

    fn add<const COLOURS: usize>(&self, levels: &[f32], line: &mut [f32]) {
        let (levels, _) = levels.as_chunks::<COLOURS>();
        let (line, _) = line.as_chunks_mut::<COLOURS>();
        for (levels, &(pixel, share)) in levels.iter().zip(&self.of) {
            for (sum, level) in line[pixel].iter_mut().zip(levels) {
                *sum += share * level;
            }
            if share < 1.0
                && let Some(next) = line.get_mut(pixel + 1)
            {
                for (sum, level) in next.iter_mut().zip(levels) {
                    *sum += (1.0 - share) * level;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Shape;

    fn picture(width: usize, height: usize, channels: usize, data: Vec<u8>) -> Raster {
        let shape = Shape {
            width,
            height,
            channels,
        };
        Raster::new(shape, data).expect("an allowed picture")
    }

    /// A picture with alpha: `ink` where `inked` says so, elsewhere transparent.
    fn cut_out(ink: [u8; 3], inked: impl Fn(usize) -> bool) -> Light {
        let [red, green, blue] = ink;
        let pixels = (0..100).flat_map(|at| [red, green, blue, if inked(at) { 255 } else { 0 }]);
        light(&picture(10, 10, 4, pixels.collect()))
    }

    #[test]
    fn grey_stays_one_plane_and_keeps_its_levels() {
        let grey = light(&picture(2, 1, 1, vec![51, 255]));
        let rgb = light(&picture(2, 1, 3, vec![51, 51, 51, 255, 255, 255]));
        for light in [grey, rgb] {
            assert_eq!(light.planes.len(), 1);
            assert!((light.planes[0].at(0, 0) - 0.2).abs() < 1e-6);
            assert_eq!(light.planes[0].at(1, 0), 1.0);
            assert_eq!(light.scale, 1.0);
        }
        assert_eq!(light(&picture(1, 1, 3, vec![1, 2, 3])).planes.len(), 3);
    }

    #[test]
    fn what_is_transparent_shows_white_under_dark_ink_and_black_under_light_ink() {
        let dark = cut_out([20, 20, 20], |at| at % 7 == 0);
        assert_eq!(dark.planes[0].at(1, 0), 1.0);
        let light = cut_out([230, 240, 250], |at| at % 7 == 0);
        assert_eq!(light.planes[2].at(1, 0), 0.0);
        assert!((light.planes[2].at(0, 0) - 250.0 / 255.0).abs() < 1e-6);
        assert_eq!(cut_out([0; 3], |_| false).planes[0].at(0, 0), 1.0);
    }

    #[test]
    fn paper_with_a_transparent_edge_goes_on_there() {
        let paper = cut_out([200, 200, 200], |at| at % 10 > 1);
        assert!((paper.planes[0].at(0, 0) - 200.0 / 255.0).abs() < 1e-6);
    }

    #[test]
    fn reducing_keeps_the_mean() {
        let data: Vec<u8> = (0..1000 * 700).map(|k| (k * 31 % 251) as u8).collect();
        let mean = data.iter().map(|&v| f64::from(v)).sum::<f64>() / data.len() as f64;
        let light = light(&picture(1000, 700, 1, data));
        let plane = &light.planes[0];
        assert!(plane.values().len() <= WORKABLE);
        assert!(plane.values().len() > WORKABLE * 9 / 10);
        let reduced = plane.values().iter().map(|&v| f64::from(v)).sum::<f64>();
        assert!((reduced / plane.values().len() as f64 * 255.0 - mean).abs() < 0.01);
        assert!((light.scale - 1000.0 / plane.width() as f64).abs() < 1e-9);
    }
}

//! The noise of a camera in the dark.

use super::poisson::Poisson;
use crate::augment::kernel::fused;
use crate::augment::kernel::random_field::{GROUP, RandomField};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const COLOR_SHIFT: Field = Field {
    name: "color_shift",
    label: "Colour shift",
    help: "The standard deviation of the hue, in degrees, once it is multiplied by the intensity.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.01,
        whole: false,
        default: Some([0.01, 0.05]),
        unit: "degrees",
        single: Single::Refused,
    },
};

const INTENSITY: Field = Field {
    name: "intensity",
    label: "Intensity",
    help: "The strength of both kinds of noise.",
    kind: Kind::Range {
        min: 0.0,
        max: 100.0,
        step: 0.05,
        whole: false,
        default: Some([0.1, 0.5]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "ISONoise",
    family: Family::Noise,
    help: "Adds normal noise to the hue and Poisson noise to the lightness of HLS. Odd as the original is: the noise of the hue is far below a level, and lightness only grows.",
    p: 0.5,
    fields: &[COLOR_SHIFT, INTENSITY],
    build: |options| {
        Ok(Box::new(Iso {
            shift: COLOR_SHIFT.range(options)?.unwrap_or_default(),
            intensity: INTENSITY.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct Iso {
    shift: [f64; 2],
    intensity: [f64; 2],
}

impl Transform for Iso {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing()
            .number("color_shift", stream.between(self.shift))
            .number("intensity", stream.between(self.intensity))
            .seed("seed", stream.seed())
    }

    /// Lists `luminance` (counts) and `color` (degrees), a number for each pixel, may be
    /// given in place of the seed.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let Shape {
            width,
            height,
            channels,
        } = picture.shape();
        if channels == 1 {
            return Err(Error::Unsupported {
                field: "channels".into(),
                value: "1".into(),
                allowed: "3 or 4 channels".into(),
            });
        }
        let intensity = drawn.number_of("intensity")?.clamp(0.0, 1e6);
        let shift = drawn.number_of("color_shift")?.clamp(0.0, 1e6);
        let area = width * height;
        // OpenCV reckons eight neighbours of a row at once, and what is left of it one by
        // one, in another order.
        let one_by_one = width / 8 * 8;
        let noise = |at: usize, pixel: &mut [u8], degrees: f64, count: f64| {
            let together = at % width < one_by_one;
            let [h, l, s] = hls_of([pixel[0], pixel[1], pixel[2]], together);
            let h = (f64::from(h) + degrees) as f32;
            let more = (count * intensity * f64::from(1.0 - l)) as f32;
            let hls = [h, (l + more).clamp(0.0, 1.0), s];
            let rgb = match together {
                true => rgb_of_eight(hls),
                false => rgb_of_hls(hls),
            };
            pixel[..3].copy_from_slice(&rgb);
        };
        if drawn.get("luminance").is_some() {
            let counts = drawn.exactly("luminance", area)?;
            let degrees = drawn.exactly("color", area)?;
            let pixels = picture.data_mut().chunks_exact_mut(channels);
            for (at, (pixel, (&degrees, &count))) in
                pixels.zip(degrees.iter().zip(counts)).enumerate()
            {
                noise(at, pixel, degrees.clamp(-1e6, 1e6), count.clamp(0.0, 1e6));
            }
            return Ok(picture);
        }
        let distribution = Poisson::new(deviation(&picture) * intensity);
        let seed = drawn.seed_of("seed")?;
        // Hue and lightness have fields of their own.
        let [mut hues, mut counts] = [
            RandomField::new(seed),
            RandomField::new(seed ^ 0x4c75_6d69_6e61_6e63),
        ];
        let mut degrees = [0.0; GROUP];
        let groups = picture.data_mut().chunks_mut(GROUP * channels);
        for (group, pixels) in groups.enumerate() {
            hues.normal(&mut degrees);
            let pixels = pixels.chunks_exact_mut(channels);
            for ((at, pixel), degrees) in (group * GROUP..).zip(pixels).zip(degrees) {
                let degrees = f64::from(degrees) * shift * intensity;
                noise(at, pixel, degrees, distribution.draw(&mut counts) as f64);
            }
        }
        Ok(picture)
    }
}

/// The standard deviation of lightness.
fn deviation(picture: &Raster) -> f64 {
    // Lightness is the middle of the largest and the smallest value: a whole number of
    // 510ths, and sums of those are exact.
    let (mut sum, mut squares) = (0_u64, 0_u64);
    for pixel in picture.data().chunks_exact(picture.channels()) {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]];
        let twice = u64::from(r.max(g).max(b)) + u64::from(r.min(g).min(b));
        sum += twice;
        squares += twice * twice;
    }
    let count = (picture.width() * picture.height()) as f64;
    let mean = sum as f64 / count;
    (squares as f64 / count - mean * mean).max(0.0).sqrt() / 510.0
}

/// Hue in degrees, lightness and saturation: of a pixel among eight, or alone.
fn hls_of(rgb: [u8; 3], together: bool) -> [f32; 3] {
    let [r, g, b] = rgb.map(|level| f32::from(level) / 255.0);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let difference = most - least;
    let lightness = (most + least) * 0.5;
    if difference <= f32::EPSILON {
        return [0.0, lightness, 0.0];
    }
    let saturation = if lightness < 0.5 {
        difference / (most + least)
    } else if together {
        difference / (2.0 - (most + least))
    } else {
        difference / (2.0 - most - least)
    };
    let scale = 60.0 / difference;
    if together {
        let hue = if most == r {
            fused(g - b, scale, if g < b { 360.0 } else { 0.0 })
        } else if most == g {
            fused(b - r, scale, 120.0)
        } else {
            fused(r - g, scale, 240.0)
        };
        return [hue, lightness, saturation];
    }
    let hue = if most == r {
        (g - b) * scale
    } else if most == g {
        (b - r) * scale + 120.0
    } else {
        (r - g) * scale + 240.0
    };
    [
        if hue < 0.0 { hue + 360.0 } else { hue },
        lightness,
        saturation,
    ]
}

/// The nearest colour.
fn rgb_of_hls([hue, lightness, saturation]: [f32; 3]) -> [u8; 3] {
    let rgb = if saturation == 0.0 {
        [lightness; 3]
    } else {
        let high = if lightness <= 0.5 {
            lightness * (1.0 + saturation)
        } else {
            lightness + saturation - lightness * saturation
        };
        let low = 2.0 * lightness - high;
        let sixths = (hue * (1.0 / 60.0)).rem_euclid(6.0);
        let sector = sixths.floor();
        let part = sixths - sector;
        let rising = low + (high - low) * part;
        let falling = low + (high - low) * (1.0 - part);
        match sector as u8 {
            1 => [falling, high, low],
            2 => [low, high, rising],
            3 => [low, falling, high],
            4 => [rising, low, high],
            5 => [high, low, falling],
            _ => [high, rising, low],
        }
    };
    to_levels(rgb)
}

/// The nearest colour, as eight at once are made: hues that the noise brought below 0 are
/// not brought back into the circle, and become reds of another kind.
fn rgb_of_eight([hue, lightness, saturation]: [f32; 3]) -> [u8; 3] {
    let product = lightness * saturation;
    let half = if lightness <= 0.5 {
        product
    } else {
        saturation - product
    };
    let (high, low, both) = (lightness + half, lightness - half, half + half);
    let sixths = hue * (1.0 / 60.0);
    let whole = sixths.trunc();
    let part = sixths - whole;
    let sector = whole - 6.0 * (whole * (1.0 / 6.0)).trunc();
    let (rising, falling) = (fused(both, part, low), fused(-both, part, high));
    to_levels(match sector as i32 {
        1 => [falling, high, low],
        2 => [low, high, rising],
        3 => [low, falling, high],
        4 => [rising, low, high],
        5.. => [high, low, falling],
        _ => [high, rising, low],
    })
}

fn to_levels(rgb: [f32; 3]) -> [u8; 3] {
    rgb.map(|part| (part.clamp(0.0, 1.0) * 255.0).round_ties_even() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_survive_hls() {
        for rgb in [
            [0, 0, 0],
            [255, 255, 255],
            [200, 10, 30],
            [1, 2, 3],
            [9, 250, 100],
            [30, 9, 77],
        ] {
            assert_eq!(rgb_of_hls(hls_of(rgb, false)), rgb);
            assert_eq!(rgb_of_eight(hls_of(rgb, true)), rgb);
        }
    }
}

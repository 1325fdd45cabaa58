//! How strong the ink is at each place: contrast against an estimate of the paper.

use super::plane::Plane;
use super::shrink::{LUMINANCE, Light};

/// The longer side of the planes on which paper, colour and polarity are estimated.
const COARSE: usize = 192;

/// How much of the contrast luminance must show, or else the colours' own axis is used.
const ENOUGH_LUMINANCE: f64 = 0.4;

/// The least light of paper, as a part of the brightest, that ink is measured against:
/// in a black corner every speck of noise would be strong.
const DARKEST_PAPER: f32 = 0.2;

/// How far light may be off on paper that is the same everywhere.
const EVEN: f32 = 0.01;

/// Whether ink is darker or lighter than its paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// As with pen on paper.
    Dark,
    /// As with chalk on a board, and in MNIST.
    Light,
}

/// By what ink differs from paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Axis {
    /// It is darker or lighter.
    Luminance,
    /// It has another colour: the direction in red, green and blue along which the
    /// picture varies most, of length 1.
    Colour([f32; 3]),
}

/// The ink of a picture.
#[derive(Clone, Debug)]
pub struct Ink {
    /// Its strength: 0 where paper is, 1 where the ink takes all light.
    pub strength: Plane,
    /// The light that the paper would have without ink, on a coarser grid. Where ink is
    /// lighter than paper, light is counted downwards from 1.
    pub paper: Plane,
    /// Whether ink is darker or lighter.
    pub polarity: Polarity,
    /// By what it differs from paper.
    pub axis: Axis,
}

/// The ink of a picture: `(paper - light) / paper` where it is darker, so that a shadow
/// weakens it no more than the light, and `light - paper` where it is lighter.
pub fn ink(light: &Light) -> Ink {
    let (width, height) = (light.planes[0].width(), light.planes[0].height());
    let part = width.max(height).div_ceil(COARSE);
    let coarse: Vec<Plane> = light
        .planes
        .iter()
        .map(|plane| plane.shrunk(part))
        .collect();
    let window = (coarse[0].width().min(coarse[0].height()) / 4).max(2);
    let axis = axis(&coarse, window / 2);
    let coarse = along(&coarse, axis);
    let even = even(&coarse);
    let polarity = match even {
        Some(level) => polarity_on(&coarse, level),
        None => polarity(&coarse, window / 2),
    };
    let turned = |plane: Plane| match polarity {
        Polarity::Dark => plane,
        Polarity::Light => plane.map(|v| 1.0 - v),
    };
    let coarse = turned(coarse);
    let paper = match even {
        Some(level) => {
            let level = match polarity {
                Polarity::Dark => level,
                Polarity::Light => 1.0 - level,
            };
            coarse.map(|_| level)
        }
        None => paper(&coarse, window / 2 + 1),
    };
    let mut strength = turned(along(&light.planes, axis));
    let relative = polarity == Polarity::Dark && axis == Axis::Luminance;
    let brightest = paper.values().iter().copied().fold(0.0, f32::max);
    let darkest = (brightest * DARKEST_PAPER).max(0.02);
    let mut line = vec![0.0; paper.width()];
    let columns: Vec<(usize, usize, f32)> = (0..width)
        .map(|x| between(x, part, paper.width()))
        .collect();
    for (y, row) in strength.values_mut().chunks_exact_mut(width).enumerate() {
        let (upper, lower, share) = between(y, part, paper.height());
        let pairs = paper.row(upper).iter().zip(paper.row(lower));
        for (value, (upper, lower)) in line.iter_mut().zip(pairs) {
            *value = upper + share * (lower - upper);
        }
        for (value, &(left, right, share)) in row.iter_mut().zip(&columns) {
            let paper = line[left] + share * (line[right] - line[left]);
            let scale = if relative { paper.max(darkest) } else { 1.0 };
            *value = ((paper - *value) / scale).clamp(0.0, 1.0);
        }
    }
    Ink {
        strength,
        paper,
        polarity,
        axis,
    }
}

/// The level of paper that is the same everywhere, as on a screen: half of the picture
/// has it, and nearly all of its border. There, even ink that is as wide as a digit is
/// told from paper.
fn even(plane: &Plane) -> Option<f32> {
    let (width, height) = (plane.width(), plane.height());
    let border = plane
        .row(0)
        .iter()
        .chain(plane.row(height - 1))
        .copied()
        .chain((0..height).flat_map(|y| [plane.at(0, y), plane.at(width - 1, y)]));
    let mut border: Vec<f32> = border.collect();
    let middle = border.len() / 2;
    let level = *border.select_nth_unstable_by(middle, f32::total_cmp).1;
    let same = |values: &[f32]| {
        let near = |v: &&f32| (**v - level).abs() <= EVEN;
        values.iter().filter(near).count()
    };
    let even =
        same(&border) * 10 >= border.len() * 9 && same(plane.values()) * 2 >= plane.values().len();
    even.then_some(level)
}

/// Whether what stands out of even paper is dark or light.
fn polarity_on(plane: &Plane, level: f32) -> Polarity {
    let above: f64 = plane.values().iter().map(|v| f64::from(v - level)).sum();
    if above > 0.0 {
        Polarity::Light
    } else {
        Polarity::Dark
    }
}

/// Between which two coarse pixels the middle of a pixel lies, and how far from the first.
fn between(at: usize, part: usize, length: usize) -> (usize, usize, f32) {
    let place = ((at as f32 + 0.5) / part as f32 - 0.5).clamp(0.0, (length - 1) as f32);
    let first = place as usize;
    (first, (first + 1).min(length - 1), place - first as f32)
}

/// By what ink differs from paper: the luminance, unless colour shows it far better.
pub fn axis(planes: &[Plane], radius: usize) -> Axis {
    let [red, green, blue] = planes else {
        return Axis::Luminance;
    };
    let detail = [red, green, blue].map(|plane| {
        let mean = plane.blurred(radius);
        let pairs = plane.values().iter().zip(mean.values());
        pairs.map(|(v, m)| v - m).collect::<Vec<f32>>()
    });
    let mut moments = [[0.0_f64; 3]; 3];
    for (j, row) in moments.iter_mut().enumerate() {
        for (k, moment) in row.iter_mut().enumerate() {
            let products = detail[j].iter().zip(&detail[k]);
            *moment = products.map(|(a, b)| f64::from(a * b)).sum();
        }
    }
    let main = main_direction(&moments);
    let length = LUMINANCE.iter().map(|v| v * v).sum::<f32>().sqrt();
    let grey = LUMINANCE.map(|v| f64::from(v / length));
    if variation(&moments, grey) >= ENOUGH_LUMINANCE * variation(&moments, main) {
        return Axis::Luminance;
    }
    Axis::Colour(main.map(|v| v as f32))
}

/// How much a picture varies along a direction of length 1.
fn variation(moments: &[[f64; 3]; 3], direction: [f64; 3]) -> f64 {
    let rows = moments.iter().zip(direction);
    rows.map(|(row, a)| a * row.iter().zip(direction).map(|(m, b)| m * b).sum::<f64>())
        .sum()
}

/// The direction along which it varies most, by repeated multiplication.
fn main_direction(moments: &[[f64; 3]; 3]) -> [f64; 3] {
    // It starts at the colour that varies most, which cannot be across the direction.
    let first = (0..3).max_by(|&a, &b| moments[a][a].total_cmp(&moments[b][b]));
    let mut direction = [0.0; 3];
    direction[first.unwrap_or(0)] = 1.0;
    for _ in 0..32 {
        let next = moments.map(|row| row.iter().zip(direction).map(|(m, v)| m * v).sum::<f64>());
        let length = next.iter().map(|v| v * v).sum::<f64>().sqrt();
        if length < 1e-12 {
            break;
        }
        direction = next.map(|v| v / length);
    }
    direction
}

/// One plane of several: the luminance, or the light along a direction, moved and
/// scaled so that it stays in 0..=1.
fn along(planes: &[Plane], axis: Axis) -> Plane {
    let [red, green, blue] = planes else {
        return planes[0].clone();
    };
    let (weights, scale, offset) = match axis {
        Axis::Luminance => (LUMINANCE, 1.0, 0.0),
        Axis::Colour(direction) => {
            let low: f32 = direction.iter().map(|v| v.min(0.0)).sum();
            let high: f32 = direction.iter().map(|v| v.max(0.0)).sum();
            (direction, 1.0 / (high - low), -low)
        }
    };
    let mut values = Vec::with_capacity(red.values().len());
    let colours = red.values().iter().zip(green.values()).zip(blue.values());
    values
        .extend(colours.map(|((r, g), b)| {
            (r * weights[0] + g * weights[1] + b * weights[2] + offset) * scale
        }));
    Plane::new(red.width(), red.height(), values)
}

/// Whether ink is dark or light: it covers less than paper does, and so lies farther
/// from the mean around it, which the third power tells by its sign. The edge of a
/// shadow lies as far above as below.
pub fn polarity(plane: &Plane, radius: usize) -> Polarity {
    let mean = plane.blurred(radius);
    let pairs = plane.values().iter().zip(mean.values());
    let skew: f64 = pairs.map(|(v, m)| f64::from(v - m).powi(3)).sum();
    if skew > 0.0 {
        Polarity::Light
    } else {
        Polarity::Dark
    }
}

/// The paper under dark ink: everything darker that no square of `2 * radius + 1` pixels
/// fits into is filled with the light around it. Shadows are wider and stay.
pub fn paper(plane: &Plane, radius: usize) -> Plane {
    // Without the first mean, the paper would be as light as the lightest noise.
    let calm = plane.blurred(1);
    let fill = |plane: &Plane| plane.largest(radius).smallest(radius).blurred(1);
    let filled = fill(&calm);
    // Filling raises the dark end of a slope, so it is also done with the slope taken out
    // before. Where light is no even slope, that is the worse one; neither is too dark.
    let slope = slope(plane);
    let flat = fill(&combined(&calm, &slope, |v, slope| v - slope));
    let level = combined(&flat, &slope, |v, slope| v + slope);
    combined(&filled, &level, f32::min)
}

fn combined(a: &Plane, b: &Plane, f: impl Fn(f32, f32) -> f32) -> Plane {
    let pairs = a.values().iter().zip(b.values());
    Plane::new(
        a.width(),
        a.height(),
        pairs.map(|(&a, &b)| f(a, b)).collect(),
    )
}

/// How many terms a slope has: 1, x, y, x squared, x y, y squared.
const TERMS: usize = 6;

/// The even change of light over a plane: the surface of second degree that most of its
/// pixels lie near. Those that lie far from it, ink among them, count little.
fn slope(plane: &Plane) -> Plane {
    let (width, height) = (plane.width(), plane.height());
    let unit = |at: usize, length: usize| (at as f64 + 0.5) * 2.0 / length as f64 - 1.0;
    let terms = |x: usize, y: usize| {
        let (x, y) = (unit(x, width), unit(y, height));
        [1.0, x, y, x * x, x * y, y * y]
    };
    let step = ((width * height) as f64 / 1500.0).sqrt().ceil().max(1.0) as usize;
    let places: Vec<(usize, usize)> = (0..height)
        .step_by(step)
        .flat_map(|y| (0..width).step_by(step).map(move |x| (x, y)))
        .collect();
    let value = |factors: &[f64; TERMS], x, y| {
        let products = factors.iter().zip(terms(x, y));
        products.map(|(a, b)| a * b).sum::<f64>()
    };
    let mut factors = [0.0; TERMS];
    let mut weights = vec![1.0; places.len()];
    for _ in 0..5 {
        let mut sums = [[0.0; TERMS + 1]; TERMS];
        for (&(x, y), weight) in places.iter().zip(&weights) {
            let terms = terms(x, y);
            for (row, a) in sums.iter_mut().zip(terms) {
                for (sum, b) in row.iter_mut().zip(terms) {
                    *sum += weight * a * b;
                }
                row[TERMS] += weight * a * f64::from(plane.at(x, y));
            }
        }
        factors = solve(sums);
        let errors = places
            .iter()
            .map(|&(x, y)| (f64::from(plane.at(x, y)) - value(&factors, x, y)).abs());
        let errors: Vec<f64> = errors.collect();
        let mut sorted = errors.clone();
        sorted.sort_by(f64::total_cmp);
        let usual = 2.0 * sorted[sorted.len() / 2] + 0.004;
        for (weight, error) in weights.iter_mut().zip(errors) {
            let far = error / usual;
            *weight = 1.0 / (1.0 + far * far * far * far);
        }
    }
    Plane::of(width, height, |x, y| value(&factors, x, y) as f32)
}

/// Solves linear equations, each with its right side last, by elimination. An unknown
/// that nothing is known of, as on a plane of a single row, is 0.
fn solve(mut rows: [[f64; TERMS + 1]; TERMS]) -> [f64; TERMS] {
    let mut found = [0.0; TERMS];
    for at in 0..TERMS {
        let pivot = (at..TERMS).max_by(|&a, &b| rows[a][at].abs().total_cmp(&rows[b][at].abs()));
        rows.swap(at, pivot.unwrap_or(at));
        if rows[at][at].abs() < 1e-9 {
            rows[at] = [0.0; TERMS + 1];
            rows[at][at] = 1.0;
            continue;
        }
        let pivot = rows[at];
        for row in &mut rows[at + 1..] {
            let factor = row[at] / pivot[at];
            row.iter_mut()
                .zip(pivot)
                .for_each(|(a, b)| *a -= factor * b);
        }
    }
    for at in (0..TERMS).rev() {
        let known: f64 = (at + 1..TERMS).map(|k| rows[at][k] * found[k]).sum();
        found[at] = (rows[at][TERMS] - known) / rows[at][at];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vertical stroke 6 wide on paper of 64 x 64.
    fn stroke(paper: [f32; 3], ink: [f32; 3]) -> Light {
        let plane = |k: usize| {
            Plane::of(64, 64, |x, y| {
                let inked = (29..35).contains(&x) && (10..54).contains(&y);
                if inked { ink[k] } else { paper[k] }
            })
        };
        Light {
            planes: (0..3).map(plane).collect(),
            scale: 1.0,
        }
    }

    #[test]
    fn ink_is_found_in_either_polarity_and_any_colour() {
        let cases = [
            ("pen", [0.95; 3], [0.1; 3], Polarity::Dark),
            ("chalk", [0.1; 3], [0.9; 3], Polarity::Light),
            ("grey on grey", [0.55; 3], [0.4; 3], Polarity::Dark),
        ];
        for (name, paper, pen, polarity) in cases {
            let ink = ink(&stroke(paper, pen));
            assert_eq!(
                (ink.polarity, ink.axis),
                (polarity, Axis::Luminance),
                "{name}"
            );
            assert!(ink.strength.at(32, 32) > 0.14, "{name}");
            assert!(ink.strength.at(5, 5) < 0.01, "{name}");
            assert!(ink.strength.at(24, 32) < 0.01, "{name}");
        }
    }

    #[test]
    fn ink_as_light_as_its_paper_is_found_by_its_colour() {
        // Red and green of one luminance, and yellow on white.
        let pairs = [
            ([0.30, 0.60, 0.30], [0.90, 0.295, 0.30]),
            ([1.0, 1.0, 1.0], [1.0, 1.0, 0.1]),
        ];
        for (paper, pen) in pairs {
            let ink = ink(&stroke(paper, pen));
            assert!(matches!(ink.axis, Axis::Colour(_)), "{:?}", ink.axis);
            assert!(ink.strength.at(32, 32) > 0.25);
            assert!(ink.strength.at(5, 5) < 0.01);
        }
    }

    #[test]
    fn a_shadow_is_paper_and_weakens_no_ink() {
        let shaded = |x: usize| if x < 40 { 0.5 } else { 1.0 };
        let mut light = stroke([0.9; 3], [0.09; 3]);
        for plane in &mut light.planes {
            let shade = Plane::of(64, 64, |x, y| plane.at(x, y) * shaded(x));
            *plane = shade;
        }
        let ink = ink(&light);
        assert_eq!(ink.polarity, Polarity::Dark);
        assert!(
            ink.strength.at(32, 32) > 0.85,
            "{}",
            ink.strength.at(32, 32)
        );
        assert!(ink.strength.at(10, 32) < 0.02);
        assert!(ink.strength.at(60, 32) < 0.02);
    }

    #[test]
    fn ink_on_even_paper_may_be_as_wide_as_a_digit() {
        for [paper, pen] in [[1.0, 0.0], [0.0, 1.0], [0.5, 0.8]] {
            let blob = |x: usize, y: usize| (14..54).contains(&x) && (10..54).contains(&y);
            let plane = Plane::of(64, 64, |x, y| if blob(x, y) { pen } else { paper });
            let ink = ink(&Light {
                planes: vec![plane],
                scale: 1.0,
            });
            assert!(ink.strength.at(32, 32) > 0.25, "{paper}");
            assert!(ink.strength.at(5, 5) < 0.01, "{paper}");
        }
    }

    #[test]
    fn a_ramp_has_no_ink() {
        let ramp = Plane::of(64, 64, |x, y| 0.2 + 0.005 * (x + y) as f32);
        let ink = ink(&Light {
            planes: vec![ramp],
            scale: 1.0,
        });
        let most = ink.strength.values().iter().copied().fold(0.0, f32::max);
        assert!(most < 0.03, "{most}");
    }

    #[test]
    fn the_slope_of_light_is_found_beside_ink() {
        let lit = |x: usize, y: usize| {
            let (x, y) = (x as f32 / 80.0, y as f32 / 60.0);
            0.4 + 0.5 * x - 0.2 * x * y - 0.1 * y * y
        };
        let inked = |x: usize, y: usize| (20..45).contains(&x) && (10..40).contains(&y);
        let plane = Plane::of(80, 60, |x, y| if inked(x, y) { 0.05 } else { lit(x, y) });
        let slope = slope(&plane);
        for (x, y) in [(0, 0), (79, 0), (0, 59), (79, 59), (30, 25)] {
            let error = (slope.at(x, y) - lit(x, y)).abs();
            assert!(error < 0.03, "{x} {y}: {error}");
        }
        // A single row, and a single pixel, have slopes too.
        for (width, height) in [(9, 1), (1, 1)] {
            let line = Plane::of(width, height, |x, _| 0.1 * x as f32);
            let most = super::slope(&line)
                .values()
                .iter()
                .copied()
                .fold(0.0, f32::max);
            assert!((most - 0.1 * (width - 1) as f32).abs() < 0.05);
        }
    }
}

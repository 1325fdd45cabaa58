//! From a figure to 28 x 28: scaled to 20 pixels, the centre of mass in the middle.

use super::plane::{Plane, Weights};
use crate::mnist::{PIXELS, SIDE};

/// The longer side of a digit in MNIST, in pixels.
pub const BOX: f64 = 20.0;

/// Where the centre of mass of MNIST's digits lies: in the middle of the pixel with the
/// index 14.
const MIDDLE: f64 = 14.5;

/// A figure whose longer side is 20 by so much is left at its size: to scale it by a
/// hair would blur it and make nothing better.
const NEARLY: [f64; 2] = [0.94, 1.07];

/// The rows of a figure as a model sees it: white ink on black, 0..=1.
pub type Digit = [f32; PIXELS];

/// The ink of a figure as MNIST shows it. Its longer side is `longer` pixels, its left and
/// upper edge lie at `edges`.
///
/// Each pixel is the mean of the area that it covers, so that edges are as soft as
/// MNIST's. As there, the figure's edges lie between pixels, and its centre of mass within
/// half a pixel of the middle.
pub fn centred(ink: &Plane, edges: [f64; 2], longer: f64) -> Digit {
    let mut step = longer / BOX;
    let near = (NEARLY[0]..=NEARLY[1]).contains(&step);
    if near {
        step = 1.0;
    }
    let [x, y] = centre_of_mass(ink);
    let start = |edge: f64, centre: f64| {
        let pixels = (MIDDLE + (edge - centre) / step).round();
        edge - pixels * step
    };
    let columns = Weights::new(ink.width(), start(edges[0], x), step, SIDE, false);
    let rows = Weights::new(ink.height(), start(edges[1], y), step, SIDE, false);
    let mut digit = [0.0; PIXELS];
    for (row, (top, shares)) in digit.chunks_exact_mut(SIDE).zip(&rows.taps) {
        for (y, share) in (*top..).zip(shares) {
            let line = ink.row(y);
            for (value, (left, weights)) in row.iter_mut().zip(&columns.taps) {
                let inside = line[*left..].iter().zip(weights);
                *value += share * inside.map(|(v, w)| v * w).sum::<f32>();
            }
        }
    }
    digit
}

/// The centre of mass, in pixels from the left and upper edge; the middle without ink.
pub fn centre_of_mass(ink: &Plane) -> [f64; 2] {
    let (mut mass, mut x, mut y) = (0.0, 0.0, 0.0);
    for row in 0..ink.height() {
        for (column, &value) in ink.row(row).iter().enumerate() {
            let value = f64::from(value);
            mass += value;
            x += value * (column as f64 + 0.5);
            y += value * (row as f64 + 0.5);
        }
    }
    if mass == 0.0 {
        return [ink.width() as f64 / 2.0, ink.height() as f64 / 2.0];
    }
    [x / mass, y / mass]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_plane(digit: &Digit) -> Plane {
        Plane::new(SIDE, SIDE, digit.to_vec())
    }

    /// An angle: a tall stroke with a foot to the right.
    fn angle(scale: usize) -> Plane {
        Plane::of(30 * scale, 40 * scale, |x, y| {
            let (x, y) = (x / scale, y / scale);
            let inked = (5..8).contains(&x) && (4..36).contains(&y)
                || (5..21).contains(&x) && (33..36).contains(&y);
            f32::from(u8::from(inked))
        })
    }

    #[test]
    fn the_longer_side_is_twenty_and_the_mass_is_near_the_middle() {
        for scale in [1, 3, 7] {
            let edges = [5.0, 4.0].map(|edge| edge * scale as f64);
            let digit = centred(&angle(scale), edges, 32.0 * scale as f64);
            let plane = as_plane(&digit);
            for centre in centre_of_mass(&plane) {
                assert!((centre - 14.5).abs() < 0.52, "{centre}");
            }
            let rows = (0..SIDE).filter(|&y| plane.row(y).iter().any(|&v| v > 0.5));
            assert_eq!(rows.count(), 20);
            let mass: f32 = digit.iter().sum();
            let expected = (3.0 * 32.0 + 13.0 * 3.0) * (20.0_f32 / 32.0).powi(2);
            assert!((mass - expected).abs() < 0.5, "{mass} {expected}");
        }
    }

    #[test]
    fn a_figure_of_twenty_pixels_keeps_every_pixel() {
        let figure = Plane::of(22, 24, |x, y| {
            let inner = (2..14).contains(&x) && (2..22).contains(&y);
            if inner {
                ((x * 7 + y * 3) % 11) as f32 / 10.0
            } else {
                0.0
            }
        });
        let digit = centred(&figure, [2.0, 2.0], 20.0);
        let mut found: Vec<f32> = digit.iter().copied().filter(|&v| v > 0.0).collect();
        let mut given: Vec<f32> = figure
            .values()
            .iter()
            .copied()
            .filter(|&v| v > 0.0)
            .collect();
        found.sort_by(f32::total_cmp);
        given.sort_by(f32::total_cmp);
        assert_eq!(found, given);
    }

    #[test]
    fn small_figures_are_enlarged_smoothly() {
        let dot = Plane::of(9, 9, |x, y| {
            f32::from(u8::from(x.abs_diff(4) + y.abs_diff(4) < 3))
        });
        let digit = centred(&dot, [2.0, 2.0], 5.0);
        let plane = as_plane(&digit);
        assert!(plane.at(14, 14) > 0.95);
        let steps = plane.row(14).windows(2).map(|two| (two[0] - two[1]).abs());
        assert!(steps.fold(0.0, f32::max) < 0.4);
    }
}

//! How wide the strokes are, and strokes of another width.

use super::distance::distances;
use super::plane::Plane;

/// The middle of what MNIST's strokes measure, in pixels of the 28.
pub const USUAL: f64 = 2.4;

/// The widths of the thinnest and the thickest strokes that are left as they are: those
/// of nearly all of MNIST, in pixels of the 28. Models read thick ones well, and
/// narrowing may open what is closed.
pub const LEFT_ALONE: [f64; 2] = [1.4, 7.0];

/// What thicker strokes are narrowed to, in pixels of the 28.
const NARROWED: f64 = 6.0;

/// The strength at the edge of a stroke.
const EDGE: f32 = 0.5;

/// How wide the strokes are, in pixels: four times the mean distance to their edge.
///
/// In a stripe, distances run evenly from nothing to half the width. 0 without ink.
pub fn width(ink: &Plane) -> f64 {
    let inside = |at: usize| ink.values()[at] >= EDGE;
    let distances = distances(ink.width(), ink.height(), inside);
    let (count, sum) = distances
        .iter()
        .filter(|&&distance| distance > 0.0)
        .fold((0_usize, 0.0), |(count, sum), &distance| {
            (count + 1, sum + f64::from(distance))
        });
    if count == 0 {
        return 0.0;
    }
    // From middle to middle, a pixel at the edge is 1 away; its own middle is half that.
    // A stripe of w pixels has the mean (w + 2) / 4 if w is even.
    (4.0 * sum / count as f64 - 2.0).max(1.0)
}

/// How strokes of `width` are to change, and the side of the figure with them, so that
/// they are in the range of MNIST's once the figure's longer side is `side`.
///
/// The result is by how much each edge moves outwards, in pixels of the figure; 0 when
/// the strokes are not far off.
pub fn change(width: f64, longer: f64, side: f64) -> f64 {
    let [thinnest, thickest] = LEFT_ALONE;
    let shown = width * side / longer;
    // A thin hand stays a thin hand: half way back to the usual width.
    let wanted = if shown < thinnest {
        (thinnest + USUAL) / 2.0
    } else if shown > thickest {
        NARROWED
    } else {
        return 0.0;
    };
    // (width + 2 r) side / (longer + 2 r) = wanted
    let by = (wanted * longer - width * side) / (2.0 * (side - wanted));
    // A stroke that is not everywhere as thick must not break.
    by.max(-0.3 * width)
}

/// The ink with the edges of its strokes moved outwards by `by` pixels, inwards if it is
/// negative. The plane must have room for what grows.
pub fn moved(ink: &Plane, by: f64) -> Plane {
    if by == 0.0 {
        return ink.clone();
    }
    let (width, height) = (ink.width(), ink.height());
    let by = by as f32;
    if by > 0.0 {
        let outside = distances_to(ink, |v| v >= EDGE);
        let grown = outside.iter().zip(ink.values());
        let values = grown.map(|(&distance, &own)| own.max((by + 1.0 - distance).clamp(0.0, 1.0)));
        return Plane::new(width, height, values.collect());
    }
    let inside = distances(width, height, |at| ink.values()[at] >= EDGE);
    let values = inside
        .iter()
        .zip(ink.values())
        .map(|(&distance, &own)| own.min((distance + by).clamp(0.0, 1.0)));
    Plane::new(width, height, values.collect())
}

/// The distance of each pixel to the nearest one of which `is_ink` holds.
fn distances_to(ink: &Plane, is_ink: impl Fn(f32) -> bool) -> Vec<f32> {
    // Outside counts as ink there, so the picture gets an edge that is too far to matter.
    let longest = ink.width() + ink.height();
    let edge = longest.min(64);
    let (width, height) = (ink.width() + 2 * edge, ink.height() + 2 * edge);
    let all = distances(width, height, |at| {
        let (x, y) = (at % width, at / width);
        let inner = (edge..width - edge).contains(&x) && (edge..height - edge).contains(&y);
        !(inner && is_ink(ink.at(x - edge, y - edge)))
    });
    let mut kept = Vec::with_capacity(ink.values().len());
    for y in edge..height - edge {
        kept.extend_from_slice(&all[y * width + edge..][..ink.width()]);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stripe `across` pixels wide, `slope` columns to the right per row.
    fn stripe(across: f64, slope: f64) -> Plane {
        let length = slope.hypot(1.0);
        Plane::of(120, 80, |x, y| {
            let middle = 30.0 + slope * y as f64;
            let distance = (x as f64 - middle).abs() / length;
            let inner = (8..72).contains(&y);
            if inner {
                (across / 2.0 - distance + 0.5).clamp(0.0, 1.0) as f32
            } else {
                0.0
            }
        })
    }

    #[test]
    fn the_width_of_a_stripe_is_measured_in_any_direction() {
        for across in [4.0, 7.0, 12.0, 20.0] {
            for slope in [0.0, 0.5, 1.0] {
                let found = width(&stripe(across, slope));
                let error = (found - across).abs();
                assert!(error < 0.7 + 0.1 * across, "{across} {slope}: {found}");
            }
        }
        assert_eq!(width(&Plane::new(2, 2, vec![0.0; 4])), 0.0);
    }

    #[test]
    fn moving_the_edges_changes_the_width_by_twice_that() {
        for by in [-3.0, -1.5, 1.0, 2.5, 6.0] {
            let before = width(&stripe(12.0, 0.5));
            let after = width(&moved(&stripe(12.0, 0.5), by));
            let error = (after - before - 2.0 * by).abs();
            assert!(error < 0.5 + 0.2 * by.abs(), "{by}: {before} {after}");
        }
        assert_eq!(moved(&stripe(5.0, 0.0), 0.0), stripe(5.0, 0.0));
    }

    #[test]
    fn usual_strokes_are_left_alone_and_others_come_near() {
        assert_eq!(change(12.0, 100.0, 20.0), 0.0);
        for (across, longer) in [(2.0, 100.0), (24.0, 100.0), (1.0, 300.0)] {
            let by = change(across, longer, 20.0);
            let shown = (across + 2.0 * by) * 20.0 / (longer + 2.0 * by);
            let [thinnest, thickest] = LEFT_ALONE;
            assert!(shown > thinnest && shown < thickest, "{across}: {shown}");
        }
        // Never so far that a stroke breaks.
        assert!(change(60.0, 100.0, 20.0) >= -18.0);
    }
}

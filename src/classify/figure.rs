//! One digit of a sheet as a model sees it.

use super::centre::{BOX, Digit, centred};
use super::plane::{Area, Plane};
use super::stroke;

/// The strength from which on ink counts for a figure's box.
const COUNTS: f32 = 0.2;

/// A figure as 28 x 28.
#[derive(Clone, Debug)]
pub struct Figure {
    /// White ink on black, as in MNIST.
    pub digit: Digit,
    /// Where its ink is, in pixels of the plane that it was taken from.
    pub area: Area,
    /// How wide its strokes would have been, in pixels of the 28.
    pub stroke: f64,
    /// By how much each edge of them was moved, in pixels of the 28.
    pub moved: f64,
}

/// The figure of all ink that `is_own` claims within `area`; `None` when there is none.
pub fn figure(ink: &Plane, area: Area, is_own: impl Fn(usize) -> bool) -> Option<Figure> {
    let around = area.grown(3, ink.width(), ink.height());
    let mut own = ink.part(around);
    for y in 0..own.height() {
        let row = (around.top + y) * ink.width() + around.left;
        let width = own.width();
        let values = &mut own.values_mut()[y * width..][..width];
        for (x, value) in values.iter_mut().enumerate() {
            if !is_own(row + x) {
                *value = 0.0;
            }
        }
    }
    let tight = extent(&own)?;
    let inner = own.part(tight);
    let longer = tight.longer() as f64;
    let width = stroke::width(&inner);
    let by = stroke::change(width, longer, BOX);
    let digit = if by == 0.0 {
        centred(&own, [tight.left as f64, tight.top as f64], longer)
    } else {
        let room = by.max(0.0).ceil() as usize + 2;
        let moved = stroke::moved(&padded(&inner, room), by);
        centred(&moved, [room as f64 - by; 2], longer + 2.0 * by)
    };
    Some(Figure {
        digit,
        area: Area {
            left: around.left + tight.left,
            top: around.top + tight.top,
            right: around.left + tight.right,
            bottom: around.top + tight.bottom,
        },
        stroke: width * BOX / longer,
        moved: by * BOX / (longer + 2.0 * by),
    })
}

/// The smallest area that holds all ink that counts.
fn extent(ink: &Plane) -> Option<Area> {
    let mut area: Option<Area> = None;
    for y in 0..ink.height() {
        let row = ink.row(y);
        if let Some(left) = row.iter().position(|&v| v >= COUNTS) {
            let right = row.iter().rposition(|&v| v >= COUNTS).unwrap_or(left) + 1;
            let own = Area {
                left,
                top: y,
                right,
                bottom: y + 1,
            };
            area = Some(area.map_or(own, |area| area.with(own)));
        }
    }
    area
}

/// The plane with room on all sides for edges that move outwards.
fn padded(ink: &Plane, room: usize) -> Plane {
    let (width, height) = (ink.width(), ink.height());
    Plane::of(width + 2 * room, height + 2 * room, |x, y| {
        let inner = (room..room + width).contains(&x) && (room..room + height).contains(&y);
        if inner {
            ink.at(x - room, y - room)
        } else {
            0.0
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mnist::SIDE;

    /// An upright stroke `wide` pixels wide, 100 high.
    fn bar(wide: usize) -> Plane {
        Plane::of(120, 120, |x, y| {
            let inked = (60..60 + wide).contains(&x) && (10..110).contains(&y);
            f32::from(u8::from(inked))
        })
    }

    fn all(plane: &Plane) -> Area {
        Area {
            left: 0,
            top: 0,
            right: plane.width(),
            bottom: plane.height(),
        }
    }

    #[test]
    fn strokes_far_off_are_brought_near_and_others_stay() {
        for (wide, least, most) in [(2, 1.6, 2.4), (12, 2.3, 2.5), (58, 5.0, 9.5)] {
            let plane = bar(wide);
            let figure = figure(&plane, all(&plane), |_| true).expect("a figure");
            let middle: f32 = figure.digit[14 * SIDE..15 * SIDE].iter().sum();
            assert!(
                (least..=most).contains(&f64::from(middle)),
                "{wide}: {middle}"
            );
            assert_eq!(figure.moved == 0.0, wide == 12);
            assert_eq!(figure.area.left, 60);
            assert_eq!((figure.area.width(), figure.area.height()), (wide, 100));
        }
    }

    #[test]
    fn only_what_is_its_own_is_seen() {
        let plane = bar(12);
        let upper = figure(&plane, all(&plane), |at| at < 120 * 60).expect("a figure");
        assert_eq!(upper.area.height(), 50);
        assert!(figure(&plane, all(&plane), |_| false).is_none());
    }
}

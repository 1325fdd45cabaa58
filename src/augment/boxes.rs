//! Boxes around what is in a picture: their formats, and how they follow its pixels.

use crate::error::{Error, Result, shorten};
use crate::raster::Shape;

/// The most boxes that may be given with a picture.
pub const MOST_BOXES: usize = 10_000;

/// The most boxes that mirror images of a picture may make of them.
const MOST_MADE: usize = 1 << 17;

/// An area that counts as none, in pixels: Albumentations' allowance for rounding.
const NOTHING: f64 = 1e-7;

/// By how much of a side a box may stick out unnoticed: files hold rounded numbers.
const ROUNDED: f64 = 1e-5;

/// How four numbers say where a box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxFormat {
    /// Left, top, right and bottom in pixels.
    PascalVoc,
    /// Left, top, width and height in pixels.
    Coco,
    /// The middle across and down, width and height, as shares of the picture's sides.
    Yolo,
    /// Left, top, right and bottom as shares of the picture's sides.
    Albumentations,
}

impl BoxFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [
        Self::PascalVoc,
        Self::Coco,
        Self::Yolo,
        Self::Albumentations,
    ];

    /// The name that Albumentations gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::PascalVoc => "pascal_voc",
            Self::Coco => "coco",
            Self::Yolo => "yolo",
            Self::Albumentations => "albumentations",
        }
    }

    /// The format of a name.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|format| format.name() == name);
        known.ok_or_else(|| {
            let allowed = Self::ALL.map(Self::name).join(", ");
            Error::invalid("boxes.format", format!("\"{}\"", shorten(name)), allowed)
        })
    }

    /// One pixel in this format's units, across and down.
    fn unit(self, shape: Shape) -> [f64; 2] {
        match self {
            Self::PascalVoc | Self::Coco => [1.0; 2],
            Self::Yolo | Self::Albumentations => [shape.width as f64, shape.height as f64],
        }
    }

    /// Left, top, right and bottom in pixels of a picture.
    pub fn read(self, [a, b, c, d]: [f64; 4], shape: Shape) -> [f64; 4] {
        let [across, down] = self.unit(shape);
        let [a, b, c, d] = [a * across, b * down, c * across, d * down];
        match self {
            Self::PascalVoc | Self::Albumentations => [a, b, c, d],
            Self::Coco => [a, b, a + c, b + d],
            Self::Yolo => [a - c / 2.0, b - d / 2.0, a + c / 2.0, b + d / 2.0],
        }
    }

    /// The opposite of [`read`](Self::read), rounded to a billionth, so that what did not
    /// move is written as it was read.
    pub fn write(self, [left, top, right, bottom]: [f64; 4], shape: Shape) -> [f64; 4] {
        let [across, down] = self.unit(shape);
        let numbers = match self {
            Self::PascalVoc | Self::Albumentations => [left, top, right, bottom],
            Self::Coco => [left, top, right - left, bottom - top],
            Self::Yolo => [
                (left + right) / 2.0,
                (top + bottom) / 2.0,
                right - left,
                bottom - top,
            ],
        };
        let [a, b, c, d] = numbers;
        [a / across, b / down, c / across, d / down]
            .map(|number| (number * 1e9).round_ties_even() / 1e9)
    }
}

/// Which boxes are taken, and which are kept after a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BoxRules {
    /// The least area that is still visible, in pixels.
    pub min_area: f64,
    /// The least share of a box that a step leaves visible, from 0 to 1.
    pub min_visibility: f64,
    /// Whether boxes that stick out at first are clipped; otherwise they are refused.
    pub clip: bool,
}

impl BoxRules {
    fn check(self) -> Result<Self> {
        if !(0.0..=1e9).contains(&self.min_area) {
            let allowed = "numbers from 0 to 1000000000 (pixels)";
            return Err(Error::invalid("boxes.min_area", self.min_area, allowed));
        }
        if !(0.0..=1.0).contains(&self.min_visibility) {
            let found = self.min_visibility;
            return Err(Error::invalid(
                "boxes.min_visibility",
                found,
                "numbers from 0 to 1",
            ));
        }
        Ok(self)
    }
}

/// A box in its picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boxed {
    /// Left, top, right and bottom in pixels; the last two are where the next pixel begins.
    pub ends: [f64; 4],
    /// Its place in the list that was given. Mirror images have the same as what they show.
    pub from: usize,
}

/// The boxes of one picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Boxes {
    list: Vec<Boxed>,
    format: BoxFormat,
    rules: BoxRules,
    /// The picture's; its channels say nothing.
    shape: Shape,
}

impl Boxes {
    /// The boxes of a picture, four numbers each.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a box that is not one or sticks out of the picture,
    /// and [`Error::LimitExceeded`] for more than [`MOST_BOXES`].
    pub fn new(
        format: BoxFormat,
        boxes: &[[f64; 4]],
        shape: Shape,
        rules: BoxRules,
    ) -> Result<Self> {
        if boxes.len() > MOST_BOXES {
            return Err(Error::LimitExceeded {
                field: "boxes".into(),
                value: format!("a list of {}", boxes.len()),
                allowed: format!("{MOST_BOXES} boxes"),
            });
        }
        let rules = rules.check()?;
        let read = |(from, &numbers): (usize, &[f64; 4])| {
            let refuse = |allowed: &str| {
                let field = format!("boxes.list[{from}].box");
                let [a, b, c, d] = numbers;
                Error::invalid(&field, format!("{a}, {b}, {c}, {d}"), allowed)
            };
            if !numbers.iter().all(|number| number.is_finite()) {
                return Err(refuse("four finite numbers"));
            }
            let ends = format.read(numbers, shape);
            let inside = clipped(ends, shape);
            let sides = [shape.width, shape.height, shape.width, shape.height];
            let sticks_out = ends
                .iter()
                .zip(inside)
                .zip(sides)
                .any(|((end, inside), side)| (end - inside).abs() > ROUNDED * side as f64);
            if sticks_out && !rules.clip {
                let Shape { width, height, .. } = shape;
                return Err(refuse(&format!(
                    "a {} box within the picture of {width} x {height} pixels, or clip",
                    format.name()
                )));
            }
            let [left, top, right, bottom] = inside;
            if !(left < right && top < bottom) {
                return Err(refuse(&format!(
                    "a {} box with a width and a height above 0 inside the picture",
                    format.name()
                )));
            }
            Ok(Boxed { ends: inside, from })
        };
        Ok(Self {
            list: boxes.iter().enumerate().map(read).collect::<Result<_>>()?,
            format,
            rules,
            shape,
        })
    }

    /// The boxes.
    pub fn list(&self) -> &[Boxed] {
        &self.list
    }

    /// Four numbers for each, in the format in which they came.
    pub fn written(&self) -> impl Iterator<Item = [f64; 4]> {
        let write = |boxed: &Boxed| self.format.write(boxed.ends, self.shape);
        self.list.iter().map(write)
    }

    /// The size of the picture that they are in.
    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    /// What is kept.
    pub fn rules(&self) -> BoxRules {
        self.rules
    }

    /// Clips boxes to their picture, and drops those of which too little is left.
    pub(super) fn keep_inside(&mut self, shape: Shape) {
        let rules = self.rules;
        self.shape = shape;
        let least = (rules.min_area - NOTHING).max(NOTHING);
        self.list.retain_mut(|boxed| {
            let before = area(boxed.ends);
            boxed.ends = clipped(boxed.ends, shape);
            let after = area(boxed.ends);
            // What is not a number fails each of these.
            before >= NOTHING && after >= least && after >= rules.min_visibility * before - NOTHING
        });
    }

    /// Keeps the boxes for which `keep` says so, which may change them.
    pub(super) fn retain(&mut self, keep: impl FnMut(&mut Boxed) -> bool) {
        self.list.retain_mut(keep);
    }

    /// Changes each box by itself.
    pub(super) fn map(&mut self, change: impl Fn([f64; 4]) -> [f64; 4]) {
        for boxed in &mut self.list {
            boxed.ends = change(boxed.ends);
        }
    }

    /// Moves boxes to the right and down.
    pub(super) fn shift(&mut self, x: f64, y: f64) {
        self.map(|[left, top, right, bottom]| [left + x, top + y, right + x, bottom + y]);
    }

    /// Scales boxes with a picture that had one size and has another.
    pub(super) fn scale(&mut self, from: [f64; 2], to: [f64; 2]) {
        let [x, y] = [to[0] / from[0], to[1] / from[1]];
        self.map(|[left, top, right, bottom]| [left * x, top * y, right * x, bottom * y]);
    }

    /// Carries the corners of each box elsewhere, and draws an upright box around them.
    pub(super) fn carry(&mut self, carry: impl Fn([f64; 2]) -> [f64; 2]) {
        self.map(|[left, top, right, bottom]| {
            let corners = [[left, top], [right, top], [right, bottom], [left, bottom]].map(&carry);
            let least = |axis: usize| corners.iter().fold(f64::INFINITY, |m, p| m.min(p[axis]));
            let most = |axis: usize| {
                corners
                    .iter()
                    .fold(f64::NEG_INFINITY, |m, p| m.max(p[axis]))
            };
            [least(0), least(1), most(0), most(1)]
        });
    }

    /// Puts the boxes of mirror images around those of a picture: so many pixels at its
    /// top, bottom, left and right, rounded up to whole pictures. As in the reference, the
    /// order is that of the images, row by row.
    pub(super) fn mirror(&mut self, shape: Shape, pixels: [f64; 4]) -> Result<()> {
        if self.list.is_empty() {
            return Ok(());
        }
        let [width, height] = [shape.width as f64, shape.height as f64];
        let images = |pixels: f64, side: f64| (pixels / side).ceil().max(0.0);
        let [top, bottom] = [pixels[0], pixels[1]].map(|pixels| images(pixels, height));
        let [left, right] = [pixels[2], pixels[3]].map(|pixels| images(pixels, width));
        let made = (1.0 + top + bottom) * (1.0 + left + right) * self.list.len() as f64;
        // What is not a number is refused, too.
        if !matches!(made.partial_cmp(&(MOST_MADE as f64)), Some(order) if order.is_le()) {
            return Err(Error::LimitExceeded {
                field: "boxes".into(),
                value: format!("a list of {made} with those of mirror images"),
                allowed: format!("{MOST_MADE} boxes"),
            });
        }
        let around = |before: f64, after: f64| -(before as i64)..=after as i64;
        let mut mirrored = Vec::with_capacity(made as usize);
        for row in around(top, bottom) {
            for column in around(left, right) {
                let [x, y] = [column as f64 * width, row as f64 * height];
                mirrored.extend(self.list.iter().map(|boxed| {
                    let [mut left, mut top, mut right, mut bottom] = boxed.ends;
                    if column % 2 != 0 {
                        [left, right] = [width - right, width - left];
                    }
                    if row % 2 != 0 {
                        [top, bottom] = [height - bottom, height - top];
                    }
                    Boxed {
                        ends: [left + x, top + y, right + x, bottom + y],
                        from: boxed.from,
                    }
                }));
            }
        }
        self.list = mirrored;
        Ok(())
    }
}

/// The part of a box that is within a picture.
fn clipped(ends: [f64; 4], shape: Shape) -> [f64; 4] {
    let [width, height] = [shape.width as f64, shape.height as f64];
    let [left, top, right, bottom] = ends;
    [
        left.clamp(0.0, width),
        top.clamp(0.0, height),
        right.clamp(0.0, width),
        bottom.clamp(0.0, height),
    ]
}

fn area([left, top, right, bottom]: [f64; 4]) -> f64 {
    (right - left) * (bottom - top)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape {
        width: 10,
        height: 5,
        channels: 1,
    };

    fn boxes(list: &[[f64; 4]], rules: BoxRules) -> Result<Boxes> {
        Boxes::new(BoxFormat::PascalVoc, list, SHAPE, rules)
    }

    #[test]
    fn formats_say_the_same_box() {
        let ends = [2.0, 1.0, 7.0, 3.0];
        for (format, numbers) in [
            (BoxFormat::PascalVoc, ends),
            (BoxFormat::Coco, [2.0, 1.0, 5.0, 2.0]),
            (BoxFormat::Yolo, [0.45, 0.4, 0.5, 0.4]),
            (BoxFormat::Albumentations, [0.2, 0.2, 0.7, 0.6]),
        ] {
            assert_eq!(BoxFormat::named(format.name()), Ok(format));
            assert_eq!(format.write(ends, SHAPE), numbers);
            let read = format.read(numbers, SHAPE);
            let close = read.iter().zip(ends).all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(close, "{read:?}");
            assert_eq!(format.write(read, SHAPE), numbers);
        }
        assert!(BoxFormat::named("voc").is_err());
    }

    #[test]
    fn what_is_no_box_is_refused_by_its_place() {
        let good = [0.0, 0.0, 10.0, 5.0];
        for wrong in [
            [f64::NAN, 0.0, 1.0, 1.0],
            [0.0, f64::NEG_INFINITY, 1.0, 1.0],
            [3.0, 1.0, 3.0, 2.0],
            [3.0, 2.0, 4.0, 1.0],
            [3.0, 1.0, 10.1, 2.0],
            [-0.1, 1.0, 3.0, 2.0],
            [11.0, 1.0, 12.0, 2.0],
        ] {
            let error = boxes(&[good, wrong], BoxRules::default()).expect_err("no box");
            let field = error.detail().field.expect("a field");
            assert_eq!(field, "boxes.list[1].box", "{wrong:?}: {error}");
        }
        let rounded = boxes(&[[-1e-6, 0.0, 10.000_01, 5.0]], BoxRules::default());
        assert_eq!(rounded.expect("a box").list()[0].ends, good);
        let clip = BoxRules {
            clip: true,
            ..BoxRules::default()
        };
        let clipped = boxes(&[[-3.0, 1.0, 30.0, 2.0]], clip).expect("a box");
        assert_eq!(clipped.list()[0].ends, [0.0, 1.0, 10.0, 2.0]);
        assert!(boxes(&[[11.0, 1.0, 12.0, 2.0]], clip).is_err());
        assert!(boxes(&vec![good; MOST_BOXES + 1], clip).is_err());
        for rules in [[-1.0, 0.0], [f64::NAN, 0.0], [0.0, 1.5]] {
            let rules = BoxRules {
                min_area: rules[0],
                min_visibility: rules[1],
                clip: false,
            };
            assert!(boxes(&[good], rules).is_err());
        }
    }

    #[test]
    fn boxes_that_leave_are_dropped_and_others_clipped() {
        let list = [[1.0, 1.0, 3.0, 3.0], [8.0, 0.0, 10.0, 5.0]];
        let kept = |rules: BoxRules, x: f64| {
            let mut boxes = boxes(&list, rules).expect("boxes");
            boxes.shift(x, 0.0);
            boxes.keep_inside(SHAPE);
            let from: Vec<usize> = boxes.list().iter().map(|boxed| boxed.from).collect();
            (from, boxes.list().last().map(|boxed| boxed.ends))
        };
        let rules = BoxRules::default();
        assert_eq!(kept(rules, 1.0), (vec![0, 1], Some([9.0, 0.0, 10.0, 5.0])));
        assert_eq!(kept(rules, 2.0).0, [0]);
        assert!(kept(rules, f64::NAN).0.is_empty());
        let least = |min_area, min_visibility| BoxRules {
            min_area,
            min_visibility,
            clip: false,
        };
        assert_eq!(kept(least(4.5, 0.0), 1.0).0, [1]);
        assert_eq!(kept(least(0.0, 0.6), 1.0).0, [0]);
        assert_eq!(kept(least(0.0, 1.0), 0.0).0, [0, 1]);
    }

    #[test]
    fn mirror_images_have_boxes_of_their_own() {
        let mut boxes = boxes(&[[1.0, 1.0, 3.0, 2.0]], BoxRules::default()).expect("a box");
        boxes.mirror(SHAPE, [0.0, 1.0, 11.0, 0.0]).expect("few");
        let ends: Vec<_> = boxes.list().iter().map(|boxed| boxed.ends).collect();
        let rows = [[1.0, 2.0], [8.0, 9.0]];
        let columns = [[-19.0, -17.0], [-3.0, -1.0], [1.0, 3.0]];
        let expected: Vec<_> = rows
            .iter()
            .flat_map(|row| columns.map(|column| [column[0], row[0], column[1], row[1]]))
            .collect();
        assert_eq!(ends, expected);
        assert!(boxes.mirror(SHAPE, [0.0, 1e300, 0.0, 0.0]).is_err());
    }
}

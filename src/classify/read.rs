//! Reading: a picture and a model become a digit, or a number with a box for each.

use super::centre::Digit;
use super::figure::{Figure, figure};
use super::plane::Area;
use super::segment::{Border, Pieces, figures, pieces};
use super::sheet::{Sheet, too_faint};
use super::whole::whole;
use crate::error::Result;
use crate::raster::Raster;
use serde::Serialize;
use std::ops::Range;

/// The most pieces that one digit is put together from.
const MOST_PIECES: usize = 6;

/// A rectangle in pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Box {
    /// The first column.
    pub x: usize,
    /// The first row.
    pub y: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl From<Area> for Box {
    fn from(area: Area) -> Self {
        Self {
            x: area.left,
            y: area.top,
            width: area.width(),
            height: area.height(),
        }
    }
}

/// What a model is shown of a picture of one digit.
#[derive(Clone, Debug)]
pub struct Seen {
    /// White ink on black, 0..=1, 28 rows of 28.
    pub digit: Digit,
    /// Where the digit is in the picture.
    pub area: Box,
    /// How many figures stand side by side; if it is more than one, they are all shown
    /// at once, and reading them as a number is better.
    pub figures: usize,
    /// What was done and left out, in sentences.
    pub notes: Vec<String>,
}

/// A number that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Its digits.
    pub text: String,
    /// The digits from left to right.
    pub digits: Vec<ReadDigit>,
    /// What was done and left out, in sentences.
    pub notes: Vec<String>,
}

/// One digit of a number.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadDigit {
    /// What it is.
    pub digit: u8,
    /// Where it is in the picture.
    pub area: Box,
    /// How probable the model finds it.
    pub probability: f32,
    /// How probable it finds each digit.
    pub probabilities: [f32; 10],
    /// What the model was shown.
    pub seen: Digit,
}

/// What a model is shown of a picture of one digit.
///
/// A grey picture of exactly 28 x 28 is taken for one of MNIST, and shown as it is.
///
/// # Errors
/// [`NoInk`](crate::Error::NoInk) when nothing in the picture can be a digit.
pub fn see(picture: &Raster) -> Result<Seen> {
    if let Some(seen) = whole(picture)? {
        return Ok(seen);
    }
    see_sheet(&Sheet::of(picture)?)
}

/// What a model is shown of the digit on a sheet.
///
/// # Errors
/// [`NoInk`](crate::Error::NoInk) when its ink vanishes.
pub fn see_sheet(sheet: &Sheet) -> Result<Seen> {
    let found = figure(&sheet.ink, sheet.area(), |at| sheet.owners[at] != 0);
    let found = found.ok_or_else(too_faint)?;
    let figures = figures(sheet);
    let mut notes = sheet.notes.clone();
    if found.moved != 0.0 {
        let how = if found.moved > 0.0 {
            "thin and were widened"
        } else {
            "thick and were narrowed"
        };
        notes.push(format!("The strokes were too {how}."));
    }
    if figures > 1 {
        notes.push(format!("There are {figures} figures side by side."));
    }
    Ok(Seen {
        digit: found.digit,
        area: sheet.in_picture(found.area).into(),
        figures,
        notes,
    })
}

/// Reads the number in a picture. `classify` is the model: from 28 x 28 to the
/// probability of each digit.
///
/// Pieces of ink in a row can be joined to digits in many ways. Of all ways, the one is
/// taken whose product of probabilities is the greatest, where those of the model are
/// weighed with how digits usually look: no cut goes through much ink, a gap parts two
/// digits, and a digit is about as high as the line and not much wider.
///
/// # Errors
/// [`NoInk`](crate::Error::NoInk) when nothing in the picture can be a digit.
pub fn read(picture: &Raster, mut classify: impl FnMut(&Digit) -> [f32; 10]) -> Result<Reading> {
    if let Some(seen) = whole(picture)? {
        let probabilities = classify(&seen.digit);
        let digit = ReadDigit::new(&probabilities, seen.area, seen.digit);
        return Ok(Reading::new(vec![digit], seen.notes));
    }
    read_sheet(&Sheet::of(picture)?, classify)
}

/// Reads the number on a sheet.
///
/// # Errors
/// [`NoInk`](crate::Error::NoInk) when its ink vanishes.
pub fn read_sheet(sheet: &Sheet, mut classify: impl FnMut(&Digit) -> [f32; 10]) -> Result<Reading> {
    let pieces = pieces(sheet);
    let count = pieces.areas.len();
    // The best way up to each border, with where its last digit begins.
    let mut best: Vec<(f64, usize)> = vec![(f64::NEG_INFINITY, 0); count + 1];
    best[0].0 = 0.0;
    let mut last: Vec<Option<(Figure, [f32; 10])>> = vec![None; count + 1];
    for first in 0..count {
        // How a digit can begin here at all was settled by the ways that end here.
        let (so_far, _) = best[first];
        for end in first + 1..=(first + MOST_PIECES).min(count) {
            let area = pieces.areas[first..end].iter().copied();
            let area = area.reduce(Area::with).expect("at least one piece");
            if end > first + 1 && area.width() as f64 > 2.0 * pieces.height {
                break;
            }
            let own = first as u32 + 1..=end as u32;
            let is_own = |at: usize| own.contains(&pieces.owners[at]);
            let Some(figure) = figure(&sheet.ink, area, is_own) else {
                // A trace of ink is better joined to what is beside it than left out.
                let score = so_far - 3.0;
                if score > best[end].0 {
                    best[end] = (score, first);
                    last[end] = None;
                }
                continue;
            };
            let probabilities = classify(&figure.digit);
            let (digit, probability) = most_probable(&probabilities);
            let score = so_far
                + libm::log(f64::from(probability.max(1e-4)))
                + shape(figure.area, pieces.height)
                + joints(&pieces, first, end)
                + sliver(&pieces, first..end, figure.area, digit);
            if score > best[end].0 {
                best[end] = (score, first);
                last[end] = Some((figure, probabilities));
            }
        }
    }
    let mut digits = Vec::new();
    let mut end = count;
    while end > 0 {
        if let Some((figure, probabilities)) = last[end].take() {
            let area = sheet.in_picture(figure.area).into();
            digits.push(ReadDigit::new(&probabilities, area, figure.digit));
        }
        end = best[end].1;
    }
    if digits.is_empty() {
        return Err(too_faint());
    }
    digits.reverse();
    Ok(Reading::new(digits, sheet.notes.clone()))
}

impl ReadDigit {
    fn new(probabilities: &[f32; 10], area: Box, seen: Digit) -> Self {
        let (digit, probability) = most_probable(probabilities);
        Self {
            digit,
            area,
            probability,
            probabilities: *probabilities,
            seen,
        }
    }
}

impl Reading {
    fn new(digits: Vec<ReadDigit>, notes: Vec<String>) -> Self {
        let text = digits.iter().map(|digit| char::from(b'0' + digit.digit));
        Self {
            text: text.collect(),
            digits,
            notes,
        }
    }
}

/// The most probable digit; the lowest of several.
fn most_probable(probabilities: &[f32; 10]) -> (u8, f32) {
    let start = (0, probabilities[0]);
    (0..)
        .zip(probabilities)
        .fold(start, |best, (digit, &probability)| {
            if probability > best.1 {
                (digit, probability)
            } else {
                best
            }
        })
}

/// The logarithm of how usual a digit of this size is in a line of that height.
fn shape(area: Area, line: f64) -> f64 {
    let wide = area.width() as f64 / line;
    let high = area.height() as f64 / line;
    -20.0 * (wide - 1.0).max(0.0) - 6.0 * (0.45 - high).max(0.0)
}

/// The logarithm of how usual it is that pieces are one digit: of what lies between
/// them, and of the border that they begin with.
fn joints(pieces: &Pieces, first: usize, end: usize) -> f64 {
    let inside = pieces.borders[first..end - 1]
        .iter()
        .map(|border| match border {
            Border::Gap(gap) => -0.3 - 14.0 * (gap - 0.05).max(0.0),
            // Without ink in its way, a cut is a gap that is not straight.
            Border::Cut(ink) if *ink < 0.05 => -0.3,
            Border::Cut(_) => 0.0,
        });
    let before = first.checked_sub(1).map(|at| match pieces.borders[at] {
        Border::Cut(ink) if ink >= 0.05 => -4.0 - 1.2 * ink,
        Border::Cut(_) => -1.0,
        // So narrow a gap is rather a break in a stroke.
        Border::Gap(gap) => -2.0 * (1.0 - gap / 0.12).clamp(0.0, 1.0),
    });
    inside.sum::<f64>() + before.unwrap_or(0.0)
}

/// The logarithm of how usual it is that what a cut leaves is this digit: a part of a
/// digit is narrow, and of whole digits only a 1 is.
fn sliver(pieces: &Pieces, own: Range<usize>, area: Area, digit: u8) -> f64 {
    let is_cut = |at: Option<usize>| {
        let border = at.and_then(|at| pieces.borders.get(at));
        matches!(border, Some(Border::Cut(_)))
    };
    let cut = is_cut(own.start.checked_sub(1)) || is_cut(Some(own.end - 1));
    let narrow = (area.width() as f64) < 0.35 * pieces.height;
    if cut && narrow && digit != 1 {
        -3.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::plane::Plane;

    /// Upright strokes at these columns, 40 high, 4 wide.
    fn strokes(width: usize, at: &[usize]) -> Raster {
        let plane = Plane::of(width, 60, |x, y| {
            let inked = at.iter().any(|&left| (left..left + 4).contains(&x));
            f32::from(u8::from(!(inked && (10..50).contains(&y))))
        });
        plane.to_raster()
    }

    /// Finds a 1 in what is narrow and an 8 in what is not.
    fn by_width(digit: &Digit) -> [f32; 10] {
        let inked = |x: &usize| digit.iter().skip(*x).step_by(28).any(|&v| v > 0.3);
        let (first, last) = ((0..28).find(inked), (0..28).rfind(inked));
        let wide = last.unwrap_or(0) - first.unwrap_or(0) >= 6;
        let mut probabilities = [0.02; 10];
        probabilities[if wide { 8 } else { 1 }] = 0.82;
        probabilities
    }

    #[test]
    fn strokes_apart_are_digits_with_boxes() {
        let reading = read(&strokes(160, &[20, 60, 110]), by_width).expect("a reading");
        assert_eq!(reading.text, "111");
        let boxes: Vec<Box> = reading.digits.iter().map(|digit| digit.area).collect();
        let expected = [20, 60, 110].map(|x| Box {
            x,
            y: 10,
            width: 4,
            height: 40,
        });
        assert_eq!(boxes, expected);
        assert!((reading.digits[0].probability - 0.82).abs() < 1e-6);
    }

    #[test]
    fn strokes_close_together_are_one_digit_if_the_model_says_so() {
        let prefer_8 = |digit: &Digit| {
            let mut probabilities = by_width(digit);
            if probabilities[1] > 0.5 {
                probabilities = [0.1; 10];
            }
            probabilities
        };
        let close = strokes(80, &[30, 40]);
        assert_eq!(read(&close, prefer_8).expect("a reading").text, "8");
        assert_eq!(
            see(&strokes(160, &[20, 60, 110])).expect("figures").figures,
            3
        );
    }

    #[test]
    fn blank_pictures_have_no_reading() {
        for level in [0, 40, 128, 255] {
            let picture = Raster::grey(50, 40, vec![level; 2000]);
            for error in [see(&picture).err(), read(&picture, |_| [0.1; 10]).err()] {
                assert_eq!(error.expect("no ink").code(), "no_ink", "{level}");
            }
        }
    }
}

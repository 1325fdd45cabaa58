//! Reading: a picture and a model become a digit, or a number with a box for each.

use super::centre::Digit;
use super::figure::figure;
use super::join::{join, most_probable};
use super::plane::Area;
use super::segment::{figures, pieces};
use super::sheet::{Sheet, too_faint};
use super::whole::whole;
use crate::error::Result;
use crate::raster::Raster;
use serde::Serialize;

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
    let digits: Vec<ReadDigit> = join(sheet, &pieces, &mut classify)
        .into_iter()
        .map(|(figure, probabilities)| {
            let area = sheet.in_picture(figure.area).into();
            ReadDigit::new(&probabilities, area, figure.digit)
        })
        .collect();
    if digits.is_empty() {
        return Err(too_faint());
    }
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
    fn a_dash_is_not_many_digits_in_touch() {
        let dash = Plane::of(300, 120, |x, y| {
            f32::from(u8::from(!((40..240).contains(&x) && (50..60).contains(&y))))
        });
        let dash = dash.to_raster();
        let short = Plane::of(300, 120, |x, y| {
            f32::from(u8::from(!((40..80).contains(&x) && (50..60).contains(&y))))
        });
        let mut asked = 0;
        let reading = read(&dash, |digit| {
            asked += 1;
            by_width(digit)
        });
        assert_eq!(reading.expect("a reading").digits.len(), 1);
        assert_eq!(asked, 1, "the model is asked once");
        for dash in [dash, short.to_raster()] {
            assert_eq!(see(&dash).expect("a figure").figures, 1);
        }
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

//! The arrays of a data set: what npz and npy files hold, an element of each for every item.

use super::{Item, bounds};
use crate::dataset::plan::Plan;
use crate::dataset::subset::Subset;
use crate::error::{Error, Result};
use crate::mnist::SIDE;
use crate::npy::{self, Element};
use crate::sequence::PlacedDigit;

/// One of the arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Array {
    /// The pictures, 28 rows each.
    Images,
    /// The numbers as text.
    Labels,
    /// How many digits each has.
    Lengths,
    /// The digits, 255 behind the last.
    Digits,
    /// Where each digit stands: left, top, width and height; NaN behind the last.
    Boxes,
    /// The position of each item in the data set.
    Index,
}

impl Array {
    /// All of them, in the order in which they are written.
    pub(super) const ALL: [Self; 6] = [
        Self::Images,
        Self::Labels,
        Self::Lengths,
        Self::Digits,
        Self::Boxes,
        Self::Index,
    ];

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Labels => "labels",
            Self::Lengths => "lengths",
            Self::Digits => "digits",
            Self::Boxes => "boxes",
            Self::Index => "index",
        }
    }

    /// What stands before the array's data in its file.
    pub(super) fn header(self, plan: &Plan, items: u64) -> Vec<u8> {
        let (element, shape) = self.shape(plan, items);
        npy::header(element, &shape)
    }

    /// How many bytes its file has.
    pub(super) fn length(self, plan: &Plan, items: u64) -> u64 {
        let (element, shape) = self.shape(plan, items);
        let header = npy::header(element, &shape).len() as u64;
        header + element.size() as u64 * shape.iter().product::<u64>()
    }

    fn shape(self, plan: &Plan, items: u64) -> (Element, Vec<u64>) {
        let recipe = plan.recipe();
        let longest = recipe.numbers().longest();
        match self {
            Self::Images => {
                let width = recipe.widest() as u64;
                (Element::U8, vec![items, SIDE as u64, width])
            }
            Self::Labels => (Element::Text(longest), vec![items]),
            Self::Lengths => (Element::U16, vec![items]),
            Self::Digits => (Element::U8, vec![items, longest as u64]),
            Self::Boxes => (Element::F64, vec![items, longest as u64, 4]),
            Self::Index => (Element::I64, vec![items]),
        }
    }

    /// Appends what it holds of an item beside the picture, of numbers with at most `longest` digits.
    pub(super) fn append(self, row: &Row, longest: usize, bytes: &mut Vec<u8>) {
        const NO_NUMBER: u64 = 0x7ff8_0000_0000_0000;
        let size = match self {
            Self::Images | Self::Lengths | Self::Index => 0,
            Self::Labels => 4,
            Self::Digits => 1,
            Self::Boxes => 32,
        };
        let end = bytes.len() + size * longest;
        for digit in row.digits.iter().take(longest) {
            match self {
                Self::Labels => bytes.extend(u32::from(b'0' + digit.digit).to_le_bytes()),
                Self::Digits => bytes.push(digit.digit),
                Self::Boxes => {
                    bytes.extend(
                        bounds(digit.x, digit.width)
                            .map(f64::to_le_bytes)
                            .as_flattened(),
                    );
                }
                Self::Images | Self::Lengths | Self::Index => {}
            }
        }
        match self {
            Self::Images => {}
            Self::Labels => bytes.resize(end, 0),
            Self::Lengths => bytes.extend((row.digits.len() as u16).to_le_bytes()),
            Self::Digits => bytes.resize(end, 255),
            Self::Boxes => {
                while bytes.len() < end {
                    bytes.extend(NO_NUMBER.to_le_bytes());
                }
            }
            Self::Index => bytes.extend((row.index as i64).to_le_bytes()),
        }
    }
}

/// What the arrays hold of an item beside its picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    index: u64,
    digits: Vec<Place>,
}

/// What the arrays hold of a digit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    digit: u8,
    x: f64,
    width: f64,
}

impl From<&PlacedDigit> for Place {
    fn from(placed: &PlacedDigit) -> Self {
        Self {
            digit: placed.digit,
            x: placed.x,
            width: placed.width,
        }
    }
}

impl From<&Item> for Row {
    fn from(item: &Item) -> Self {
        Self {
            index: item.index,
            digits: item.digits.iter().map(Place::from).collect(),
        }
    }
}

impl Row {
    /// Appends it to the notes of a block.
    pub(super) fn write(&self, notes: &mut Vec<u8>) {
        notes.extend(self.index.to_le_bytes());
        notes.extend((self.digits.len() as u16).to_le_bytes());
        for place in &self.digits {
            notes.push(place.digit);
            notes.extend(place.x.to_le_bytes());
            notes.extend(place.width.to_le_bytes());
        }
    }

    /// Reads what [`write`](Self::write) wrote from the notes of the file `name`, and takes it off.
    pub(super) fn read(name: &str, notes: &mut &[u8]) -> Result<Self> {
        let index = u64::from_le_bytes(take(name, notes)?);
        let count = u16::from_le_bytes(take(name, notes)?);
        let place = |_| {
            let [digit @ 0..=9] = take(name, notes)? else {
                return Err(damaged(name));
            };
            Ok(Place {
                digit,
                x: f64::from_le_bytes(take(name, notes)?),
                width: f64::from_le_bytes(take(name, notes)?),
            })
        };
        let digits = (0..count).map(place).collect::<Result<_>>()?;
        Ok(Self { index, digits })
    }
}

/// Takes the next bytes off the notes of the file `name`.
pub(super) fn take<const N: usize>(name: &str, notes: &mut &[u8]) -> Result<[u8; N]> {
    let (taken, left) = notes.split_first_chunk().ok_or_else(|| damaged(name))?;
    *notes = left;
    Ok(*taken)
}

/// The error of notes that are not what was written.
pub(super) fn damaged(name: &str) -> Error {
    Error::Storage {
        reason: format!("what was noted for the end of {name} is damaged"),
    }
}

/// The items of a block that go into the files of each subset, in the order of those files.
pub(super) fn by_subset<'a>(
    plan: &Plan,
    items: &'a [Item],
) -> impl Iterator<Item = (Subset, impl Iterator<Item = &'a Item> + Clone)> {
    plan.recipe().subsets().used().map(move |subset| {
        let its = items.iter().filter(move |item| item.subset == subset);
        (subset, its)
    })
}

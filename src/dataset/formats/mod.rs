//! The kinds of files that data sets come in.
//!
//! A file is its head, then the bodies of its blocks in order, then its end. Heads and ends are written by whoever puts
//! blocks together; bodies are made by many workers at once. What an end must know of a block, say the entries of a zip
//! file's directory, the block notes beside its body.

mod arrays;
mod coco;
mod folder;
mod idx;
mod npy;
mod npz;
mod parquet;
mod sections;
mod table;
mod tar;
#[cfg(test)]
mod testing;
mod yolo;
mod zip;
mod zip_parts;

use super::block::Block;
use super::format_name::FormatName;
use super::plan::{Part, PartFile, Plan};
use super::subset::Subset;
use crate::error::Result;
use crate::mnist::SIDE;
use crate::raster::Raster;
use crate::raster::codec;
use crate::sequence::PlacedDigit;

/// One labelled picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its position in the data set.
    pub index: u64,
    /// What it is for.
    pub subset: Subset,
    /// One channel, 28 rows.
    pub image: Raster,
    /// The digits as text.
    pub label: String,
    /// Where each digit stands and where it came from, from left to right.
    pub digits: Vec<PlacedDigit>,
}

impl Item {
    /// The name of its files, without an ending: the index as nine digits.
    pub fn key(&self) -> String {
        format!("{:09}", self.index)
    }

    /// The box of each digit in pixels: left, top, width and height.
    pub fn boxes(&self) -> impl Iterator<Item = [f64; 4]> + '_ {
        self.digits.iter().map(|digit| bounds(digit.x, digit.width))
    }
}

/// The box of a digit that begins at a column and is so wide.
fn bounds(x: f64, width: f64) -> [f64; 4] {
    [x, 0.0, width, SIDE as f64]
}

/// The notes of a file's blocks.
pub trait Notes {
    /// Hands over the notes of every block of the part, in order, also those that are empty. May be called again, and then
    /// begins anew.
    ///
    /// # Errors
    /// What `each` says, and [`Error::Storage`](crate::Error::Storage) when notes cannot be read.
    fn each(&mut self, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>;
}

/// Where the end of a file goes, piece by piece.
pub type Out<'a> = dyn FnMut(&[u8]) -> Result<()> + 'a;

/// A kind of files. All of it is a function of the plan and the items.
pub trait Format: Send + Sync {
    /// Refuses what cannot be written so, before anything is made.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) that names the field of the recipe.
    fn check(&self, _: &Plan) -> Result<()> {
        Ok(())
    }

    /// The files of a part, `number` from 0 and `items` still 0: [`Plan::files`] counts those. Every part has the same
    /// files but for their names, also for subsets that happen to get no item; part 0 may have further ones at the end.
    fn files(&self, plan: &Plan, part: &Part) -> Vec<PartFile>;

    /// How a file begins. `file.items` is how many items are in it.
    ///
    /// # Errors
    /// When such a file cannot be written.
    fn head(&self, plan: &Plan, part: &Part, file: &PartFile) -> Result<Vec<u8>>;

    /// What goes into the files for a block of items, which are in order of their index: a piece for each of the files
    /// of the part, in their order.
    ///
    /// # Errors
    /// When items cannot be written so.
    fn block(&self, plan: &Plan, part: &Part, items: &[Item]) -> Result<Block>;

    /// How a file ends, after `length` bytes of head and bodies; with nothing, unless the format has more to say. No more
    /// than one block's notes is held at a time.
    ///
    /// # Errors
    /// What `notes` and `out` say, and when such a file cannot be written.
    fn end(
        &self,
        _plan: &Plan,
        _part: &Part,
        _file: &PartFile,
        _length: u64,
        _notes: &mut dyn Notes,
        _out: &mut Out,
    ) -> Result<()> {
        Ok(())
    }
}

/// The format of a name.
pub fn of(name: FormatName) -> Box<dyn Format> {
    match name {
        FormatName::PngZip => Box::new(zip::Zip),
        FormatName::PngFolder => Box::new(folder::Folder),
        FormatName::WebDataset => Box::new(tar::Tar),
        FormatName::Parquet => Box::new(parquet::Parquet::default()),
        FormatName::Npz => Box::new(npz::Npz),
        FormatName::Npy => Box::new(npy::Npy),
        FormatName::Idx => Box::new(idx::Idx),
    }
}

/// Appends an item's picture as a PNG file: the same bytes in every format.
///
/// # Errors
/// [`LimitExceeded`](crate::Error::LimitExceeded) when the picture is larger than a PNG can be.
pub fn append_png(image: &Raster, bytes: &mut Vec<u8>) -> Result<()> {
    codec::append_grey_png(image, bytes)
}

//! The kinds of files, by name.

use super::recipe::MOST_ITEMS;

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormatName {
    /// A zip file of PNG pictures, with labels.
    PngZip,
    /// A folder of PNG pictures, with labels.
    PngFolder,
    /// Tar files, as WebDataset reads them.
    WebDataset,
    /// Parquet files, as Hugging Face's data sets are.
    Parquet,
    /// NumPy's archive of arrays.
    Npz,
    /// NumPy's arrays, a file each.
    Npy,
    /// IDX files, as MNIST's are.
    Idx,
}

impl FormatName {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::PngZip,
        Self::PngFolder,
        Self::WebDataset,
        Self::Parquet,
        Self::Npz,
        Self::Npy,
        Self::Idx,
    ];

    /// The format of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Its name in recipes.
    pub fn name(self) -> &'static str {
        match self {
            Self::PngZip => "png-zip",
            Self::PngFolder => "png-folder",
            Self::WebDataset => "webdataset",
            Self::Parquet => "parquet",
            Self::Npz => "npz",
            Self::Npy => "npy",
            Self::Idx => "idx",
        }
    }

    /// Whether it is made of PNG files that stand on their own, beside which there may be files of boxes.
    pub fn takes_boxes(self) -> bool {
        matches!(self, Self::PngZip | Self::PngFolder)
    }

    /// Whether all pictures must be equally wide.
    pub fn is_array(self) -> bool {
        matches!(self, Self::Npz | Self::Npy | Self::Idx)
    }

    /// How many items a part has when the recipe does not say.
    pub(super) fn items_per_file(self) -> u64 {
        match self {
            Self::WebDataset | Self::Parquet => 10_000,
            _ => MOST_ITEMS,
        }
    }
}

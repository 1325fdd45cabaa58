//! What an import is asked for, and what it may use up.

use crate::frames::report::Report;
use crate::frames::resample::Method;
use crate::frames::rows::Mapping;
use serde::{Deserialize, Serialize};

/// What becomes of rows that have something wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// They are left out and reported.
    #[default]
    Drop,
    /// The first one ends the import.
    Fail,
}

/// What becomes of pixels outside 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutOfRange {
    /// The first one ends the import.
    #[default]
    Refuse,
    /// They become 0 or 255.
    Clip,
    /// The values of the whole file are stretched: its smallest becomes 0, its largest 255.
    Rescale,
}

/// What an import may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportLimits {
    /// Columns of pixels in the file.
    pub columns: usize,
    /// Bytes of a row.
    pub row_bytes: usize,
    /// Rows.
    pub rows: u64,
    /// Bytes of text, after decompression.
    pub text_bytes: u64,
    /// How many times as large as the compressed file its text may be, beyond the first
    /// 64 MiB of text.
    pub expansion: u64,
}

impl Default for ImportLimits {
    fn default() -> Self {
        Self {
            columns: 16_384,
            row_bytes: 1 << 20,
            rows: 100_000_000,
            text_bytes: 1 << 36,
            expansion: 300,
        }
    }
}

/// What an import is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// What errors call the file.
    pub name: String,
    /// How many columns the image shall have, 2 to 4096; `None`: as many as the file.
    pub width: Option<usize>,
    /// How they are made.
    pub method: Method,
    /// What becomes of rows that have something wrong.
    pub policy: Policy,
    /// What becomes of pixels outside 0 to 255.
    pub values: OutOfRange,
    /// What may be used up.
    pub limits: ImportLimits,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            name: "The file".into(),
            width: Some(150),
            method: Method::default(),
            policy: Policy::default(),
            values: OutOfRange::default(),
            limits: ImportLimits::default(),
        }
    }
}

impl ImportOptions {
    /// What is to be done to every stored pixel, and what a person should know of it.
    pub(super) fn mapping(
        &self,
        report: &Report,
        [low, high]: [f32; 2],
    ) -> (Mapping, Option<String>) {
        let mut mapping = Mapping::IDENTITY;
        let values = report.values;
        let [mut min, mut max] = [values.min, values.max];
        if self.values == OutOfRange::Clip {
            [min, max] = [min.clamp(0.0, 255.0), max.clamp(0.0, 255.0)];
        }
        let rescales = self.values == OutOfRange::Rescale && [min, max] != [0.0, 255.0];
        if low < min || high > max || rescales {
            [mapping.low, mapping.high] = [min, max];
        }
        let mut note = None;
        if rescales {
            mapping.offset = min;
            if max > min {
                mapping.scale = 255.0 / (max - min);
            }
            note = Some(format!(
                "The values from {min} to {max} were rescaled to 0 to 255."
            ));
        } else if values.outside > 0 {
            let count = values.outside;
            note = Some(if count == 1 {
                "1 value outside 0 to 255 was clipped.".into()
            } else {
                format!("{count} values outside 0 to 255 were clipped.")
            });
        }
        (mapping, note)
    }
}

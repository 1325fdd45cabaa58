//! The one error type, split by whose fault it is.

use serde::Serialize;
use std::fmt;

/// The result of everything in this crate that can be refused.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was refused.
///
/// Every error has a stable [`code`](Error::code) that programs may rely on, a
/// sentence for people (its `Display`) that names what is wrong, what was found
/// and what is allowed, and a [`detail`](Error::detail) with the same as data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The caller gave a parameter a value that is not allowed.
    InvalidParameter {
        /// Name of the parameter.
        field: String,
        /// What was given, as text, shortened when long.
        value: String,
        /// What may be given instead.
        allowed: String,
    },
    /// The caller left out a parameter that has no default.
    MissingParameter {
        /// Name of the parameter.
        field: String,
        /// What may be given.
        allowed: String,
    },
    /// The caller named a parameter that does not exist.
    UnknownParameter {
        /// The name that was given, shortened when long.
        field: String,
        /// The names that exist.
        allowed: String,
    },
    /// The caller asked for something that this version does not do.
    Unsupported {
        /// Name of the parameter or of the kind of file.
        field: String,
        /// What was asked for.
        value: String,
        /// What is supported.
        allowed: String,
    },
    /// The input is well formed but larger than what is accepted.
    LimitExceeded {
        /// What is too large.
        field: String,
        /// Its size, with unit.
        value: String,
        /// The limit, with unit.
        allowed: String,
    },
    /// A file that the caller gave cannot be read.
    InvalidFile {
        /// Which file.
        file: String,
        /// What is wrong with it and what was expected.
        reason: String,
    },
    /// The data set holds no picture of a digit that was asked for.
    NoSamples {
        /// The digit.
        digit: u8,
        /// The split that was searched.
        split: String,
        /// Name of the data set.
        dataset: String,
    },
    /// A file of the bucket is not what the manifest says it is.
    BucketCorrupt {
        /// The file's name in the bucket.
        file: String,
        /// What differs.
        reason: String,
    },
    /// Shards that the work needs have not been handed in yet. The host loads
    /// them and asks again; a person never sees this one.
    ShardsNotLoaded {
        /// File names in the bucket.
        files: Vec<String>,
    },
    /// The file of a model is damaged, or no model at all.
    ModelCorrupt {
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A model does something that is not supported.
    ModelUnsupported {
        /// Which file.
        file: String,
        /// What it does and what is allowed, as a part of a sentence.
        reason: String,
        /// The name of the step concerned.
        node: Option<String>,
        /// The operator of that step.
        operator: Option<String>,
        /// The shape concerned.
        shape: Option<String>,
    },
    /// No image is stored under a number.
    UnknownImage {
        /// The number, as it was given.
        id: String,
        /// The numbers there are.
        ids: Vec<u32>,
    },
    /// An image has no row within a range of depths.
    NoRows {
        /// The range, as a part of a sentence.
        wanted: String,
        /// The image's smallest depth.
        depth_min: String,
        /// The image's largest depth.
        depth_max: String,
    },
    /// The place where images or data sets are kept has no more room.
    StorageFull,
    /// The place where images or data sets are kept cannot be used.
    Storage {
        /// Why.
        reason: String,
    },
    /// A picture shows nothing that could be a digit.
    NoInk {
        /// What was found instead, as a part of a sentence.
        found: String,
    },
}

/// The parts of an [`Error`] as data; a part that an error does not have is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// The parameter concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
    /// The file concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What is wrong with the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The operator of a model that is not supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The step of the model that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The shape in a model that is not supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<String>,
    /// The files that are needed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

impl Error {
    /// A parameter with a value that is not allowed.
    pub fn invalid(field: &str, value: impl fmt::Display, allowed: impl Into<String>) -> Self {
        Self::InvalidParameter {
            field: field.into(),
            value: value.to_string(),
            allowed: allowed.into(),
        }
    }

    /// The same error of a parameter, its field named with what it belongs to.
    #[must_use]
    pub fn within(mut self, owner: &str) -> Self {
        if let Self::InvalidParameter { field, .. }
        | Self::MissingParameter { field, .. }
        | Self::UnknownParameter { field, .. }
        | Self::Unsupported { field, .. }
        | Self::LimitExceeded { field, .. } = &mut self
        {
            *field = format!("{owner}.{field}");
        }
        self
    }

    /// A file that cannot be read, and why.
    pub fn file(file: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::InvalidFile {
            file: file.into(),
            reason: reason.into(),
        }
    }

    /// The stable name of the kind of error, the same in Rust, in the ES module
    /// and in the HTTP routes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidParameter { .. } => "invalid_parameter",
            Self::MissingParameter { .. } => "missing_parameter",
            Self::UnknownParameter { .. } => "unknown_parameter",
            Self::Unsupported { .. } => "unsupported",
            Self::LimitExceeded { .. } => "limit_exceeded",
            Self::InvalidFile { .. } => "invalid_file",
            Self::NoSamples { .. } => "no_samples",
            Self::BucketCorrupt { .. } => "bucket_corrupt",
            Self::ShardsNotLoaded { .. } => "shards_not_loaded",
            Self::ModelCorrupt { .. } => "model_corrupt",
            Self::ModelUnsupported { .. } => "model_unsupported",
            Self::UnknownImage { .. } => "unknown_image",
            Self::NoRows { .. } => "no_rows",
            Self::StorageFull => "storage_full",
            Self::Storage { .. } => "storage",
            Self::NoInk { .. } => "no_ink",
        }
    }

    /// The error's parts as data.
    pub fn detail(&self) -> Detail {
        let mut detail = Detail::default();
        match self.clone() {
            Self::InvalidParameter {
                field,
                value,
                allowed,
            }
            | Self::Unsupported {
                field,
                value,
                allowed,
            }
            | Self::LimitExceeded {
                field,
                value,
                allowed,
            } => {
                detail.field = Some(field);
                detail.value = Some(value);
                detail.allowed = Some(allowed);
            }
            Self::MissingParameter { field, allowed }
            | Self::UnknownParameter { field, allowed } => {
                detail.field = Some(field);
                detail.allowed = Some(allowed);
            }
            Self::InvalidFile { file, reason }
            | Self::BucketCorrupt { file, reason }
            | Self::ModelCorrupt { file, reason } => {
                detail.file = Some(file);
                detail.reason = Some(reason);
            }
            Self::ModelUnsupported {
                file,
                reason,
                node,
                operator,
                shape,
            } => {
                detail.file = Some(file);
                detail.reason = Some(reason);
                detail.node = node;
                detail.operator = operator;
                detail.shape = shape;
            }
            Self::NoSamples { digit, split, .. } => {
                detail.field = Some("split".into());
                detail.value = Some(split);
                detail.allowed = Some(format!("a split with pictures of {digit}"));
            }
            Self::ShardsNotLoaded { files } => detail.files = files,
            Self::UnknownImage { id, ids } => {
                detail.field = Some("id".into());
                detail.value = Some(id);
                detail.allowed = Some(these_images(&ids));
            }
            Self::NoRows {
                wanted,
                depth_min,
                depth_max,
            } => {
                detail.field = Some("depth_min, depth_max".into());
                detail.value = Some(wanted);
                detail.allowed = Some(format!("{depth_min} to {depth_max}"));
            }
            Self::StorageFull => detail.reason = Some("it is full".into()),
            Self::Storage { reason } => detail.reason = Some(reason),
            Self::NoInk { found } => {
                detail.field = Some("picture".into());
                detail.reason = Some(found);
                detail.allowed =
                    Some("a picture of a digit in ink that differs from its background".into());
            }
        }
        detail
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidParameter {
                field,
                value,
                allowed,
            } => write!(f, "{field} is {value}; allowed: {allowed}."),
            Self::MissingParameter { field, allowed } => {
                write!(f, "{field} is missing; give {allowed}.")
            }
            Self::UnknownParameter { field, allowed } => {
                write!(f, "{field} is not a known field; allowed: {allowed}.")
            }
            Self::Unsupported {
                field,
                value,
                allowed,
            } => write!(
                f,
                "{field} is {value}, which this version cannot do; allowed: {allowed}."
            ),
            Self::LimitExceeded {
                field,
                value,
                allowed,
            } => write!(f, "{field} is {value}; the limit is {allowed}."),
            Self::InvalidFile { file, reason } => write!(f, "{file} cannot be read: {reason}."),
            Self::NoSamples {
                digit,
                split,
                dataset,
            } => write!(
                f,
                "The data set \"{dataset}\" has no picture of the digit {digit} in the split \"{split}\"; \
                 use other digits, another split or another data set."
            ),
            Self::BucketCorrupt { file, reason } => {
                write!(f, "The bucket's file {file} is damaged: {reason}.")
            }
            Self::ShardsNotLoaded { files } => {
                write!(f, "These shards are not loaded yet: {}.", files.join(", "))
            }
            Self::ModelCorrupt { file, reason } => {
                write!(f, "The model's file {file} is damaged: {reason}.")
            }
            Self::ModelUnsupported { file, reason, .. } => {
                write!(f, "The model {file} cannot be used: {reason}.")
            }
            Self::UnknownImage { id, ids } => {
                write!(f, "There is no image {id}; there is {}.", these_images(ids))
            }
            Self::NoRows {
                wanted,
                depth_min,
                depth_max,
            } => write!(
                f,
                "The image has no rows {wanted}; its depths go from {depth_min} to {depth_max}."
            ),
            Self::StorageFull => {
                f.write_str("The storage is full; delete what is not needed there.")
            }
            Self::Storage { reason } => {
                write!(f, "The storage cannot be used: {reason}.")
            }
            Self::NoInk { found } => write!(
                f,
                "No ink was found in the picture: {found}; give a picture of a digit in ink that \
                 differs from its background."
            ),
        }
    }
}

impl std::error::Error for Error {}

/// The images that there are, as a part of a sentence.
fn these_images(ids: &[u32]) -> String {
    const MOST: usize = 20;
    let list: Vec<String> = ids.iter().take(MOST).map(u32::to_string).collect();
    let list = list.join(", ");
    match ids.len() {
        0 => "none yet".into(),
        1..=MOST => list,
        all => format!("{list} and {} more", all - MOST),
    }
}

/// Text for a message: it stays readable when somebody sends a megabyte where a
/// number belongs.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    let length = text.chars().count();
    if length <= LONGEST {
        return text.into();
    }
    let start: String = text.chars().take(LONGEST - 20).collect();
    format!("{start}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_field_value_and_what_is_allowed() {
        let error = Error::invalid("margin", -1, "whole numbers from 0 to 1000 (pixels)");
        assert_eq!(
            error.to_string(),
            "margin is -1; allowed: whole numbers from 0 to 1000 (pixels)."
        );
        assert_eq!(error.code(), "invalid_parameter");
        assert_eq!(error.detail().field.as_deref(), Some("margin"));
    }

    #[test]
    fn long_values_are_shortened_at_character_borders() {
        assert_eq!(shorten("short"), "short");
        let short = shorten(&"é".repeat(5_000));
        assert!(short.len() < 120);
        assert!(short.ends_with("é… (5000 characters)"), "{short}");
    }
}

//! Digit sequences: a request for a number becomes one labelled image.
//!
//! [`Request`] says what is wanted; [`Layout`] draws which samples are shown and how
//! far apart, from the seed and the image index alone; [`Generator`] puts the pixels
//! together and fits the width.

pub mod answer;
mod augmenter;
mod column;
mod generator;
mod layout;
mod request;
mod resample;

pub use generator::{Generator, PlacedDigit, Placement, Sequence};
pub use layout::Layout;
pub use request::{FIELDS, Fit, Ink, MOST_DIGITS, Request, Splits};
pub use resample::{Resampler, resample_columns};

/// The fields of a request that data sets have, too.
#[cfg(feature = "dataset")]
pub(crate) mod fields {
    pub(crate) use super::request::{
        AUGMENT, FIT, IMAGE_WIDTH, INK, MARGIN, PIPELINE, SEED, SPACING_MAX, SPACING_MIN, TIGHT,
    };
}

/// The task id of a moment: `HHMMSSffffff`, from the microseconds since midnight.
/// What exceeds a day wraps round.
pub fn task_id(micros_of_day: u64) -> String {
    let micros = micros_of_day % 86_400_000_000;
    let seconds = micros / 1_000_000;
    format!(
        "{:02}{:02}{:02}{:06}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        micros % 1_000_000
    )
}

#[cfg(test)]
mod tests {
    use super::task_id;

    #[test]
    fn a_task_id_is_the_time_of_day() {
        assert_eq!(task_id(0), "000000000000");
        assert_eq!(task_id(86_399_999_999), "235959999999");
        assert_eq!(task_id(86_400_000_001), "000000000001");
        let noon_and_a_bit = (12 * 3600 + 34 * 60 + 56) * 1_000_000 + 78;
        assert_eq!(task_id(noon_and_a_bit), "123456000078");
    }
}

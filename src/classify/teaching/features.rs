//! What the last layer is given.

use crate::augment::Pipeline;
use crate::classify::CLASSES;
use crate::classify::network::{Classifier, Scratch};
use crate::classify::training::augmentation::change;
use crate::classify::training::data::ink;
use crate::error::{Error, Result};
use crate::mnist::PIXELS;
use crate::random::{Purpose, Stream};

/// The part of the purpose's streams that changes pictures for a lesson.
const CHANGES: u32 = 4;

/// What the layers before the last one make of some pictures, and the digits that these show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    width: usize,
    values: Vec<f32>,
    labels: Vec<u8>,
}

impl Features {
    /// `width` values for each of the labels.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when their numbers do not fit together, a label is no digit,
    /// or a value is not a finite number.
    pub fn new(width: usize, values: Vec<f32>, labels: Vec<u8>) -> Result<Self> {
        if values.len() != width * labels.len() {
            let allowed = format!("{width} for each of {} labels", labels.len());
            return Err(Error::invalid("number of features", values.len(), allowed));
        }
        if let Some(label) = labels.iter().find(|label| usize::from(**label) >= CLASSES) {
            return Err(Error::invalid("digit", label, "0 to 9"));
        }
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(Error::invalid("features", value, "finite numbers"));
        }
        Ok(Self {
            width,
            values,
            labels,
        })
    }

    /// Values for each picture.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The values of each picture with its digit.
    pub fn rows(&self) -> impl Iterator<Item = (&[f32], u8)> {
        let rows = self.values.chunks_exact(self.width.max(1));
        rows.zip(self.labels.iter().copied())
    }

    /// Those whose place is wanted.
    #[must_use]
    pub fn only(&self, mut wanted: impl FnMut(usize) -> bool) -> Self {
        let mut chosen = Self {
            width: self.width,
            ..Self::default()
        };
        for (at, (values, label)) in self.rows().enumerate() {
            if wanted(at) {
                chosen.values.extend_from_slice(values);
                chosen.labels.push(label);
            }
        }
        chosen
    }
}

/// The values of pictures, one picture's after the other's.
pub fn of_pictures(
    classifier: &Classifier,
    scratch: &mut Scratch,
    pictures: &[[u8; PIXELS]],
) -> Vec<f32> {
    let mut values = Vec::with_capacity(pictures.len() * classifier.architecture().features());
    for picture in pictures {
        values.extend_from_slice(classifier.features(&ink(picture), scratch));
    }
    values
}

/// The values of pictures that come as they are and then changed, `variants` times in all.
/// `first` is the number of the first of them: what is drawn for a picture hangs on
/// the seed and its number alone.
///
/// # Errors
/// What a step of the pipeline refuses.
pub fn of_variants(
    classifier: &Classifier,
    scratch: &mut Scratch,
    pictures: &[[u8; PIXELS]],
    pipeline: &Pipeline,
    variants: usize,
    [seed, first]: [u64; 2],
) -> Result<Vec<f32>> {
    let mut values =
        Vec::with_capacity(pictures.len() * variants * classifier.architecture().features());
    for (number, picture) in (first..).zip(pictures) {
        for variant in 0..variants {
            let index = (number << 16) | variant as u64;
            let mut stream = Stream::of_part(seed, index, Purpose::Training, CHANGES);
            let seen = match variant {
                0 => *picture,
                _ => change(pipeline, picture, &mut stream)?,
            };
            values.extend_from_slice(classifier.features(&ink(&seen), scratch));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let cases = [
            (
                Features::new(3, vec![0.0; 5], vec![1, 2]),
                "number of features is 5",
            ),
            (Features::new(2, vec![0.0; 4], vec![1, 10]), "digit is 10"),
            (Features::new(1, vec![f32::NAN], vec![1]), "features is NaN"),
        ];
        for (made, expected) in cases {
            let error = made.unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn some_of_them_are_chosen_by_their_place() {
        let all = Features::new(2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], vec![7, 8, 9]).unwrap();
        let odd = all.only(|at| at != 1);
        assert_eq!(
            odd,
            Features::new(2, vec![1.0, 2.0, 5.0, 6.0], vec![7, 9]).unwrap()
        );
        assert!(all.only(|_| false).is_empty());
    }
}

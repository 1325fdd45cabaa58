//! Which pixel stands for one outside of the picture.

/// What is outside of a picture: OpenCV's border types, with Albumentations' codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Border {
    /// A colour.
    Constant,
    /// The nearest pixel: aaaa|abcd|dddd.
    Replicate,
    /// The mirror image with the edge twice: dcba|abcd|dcba.
    Reflect,
    /// The picture again: abcd|abcd|abcd.
    Wrap,
    /// The mirror image with the edge once: dcb|abcd|cba.
    Reflect101,
}

impl Border {
    /// The names in options, in the order of OpenCV's codes 0 to 4.
    pub(crate) const NAMES: &[&str] = &["constant", "replicate", "reflect", "wrap", "reflect_101"];

    /// The border of a name of [`NAMES`](Self::NAMES).
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "replicate" => Self::Replicate,
            "reflect" => Self::Reflect,
            "wrap" => Self::Wrap,
            "reflect_101" => Self::Reflect101,
            _ => Self::Constant,
        }
    }

    /// Whether what is outside is a mirror image.
    pub(crate) fn mirrors(self) -> bool {
        matches!(self, Self::Reflect | Self::Reflect101)
    }

    /// The position within `0..length` that stands for `at`; `None` for a colour.
    #[inline]
    pub(crate) fn index(self, at: isize, length: usize) -> Option<usize> {
        let end = length as isize;
        if (0..end).contains(&at) {
            return Some(at as usize);
        }
        let inside = match self {
            Self::Constant => return None,
            Self::Replicate => at.clamp(0, end - 1),
            Self::Wrap => at.rem_euclid(end),
            Self::Reflect => {
                let folded = at.rem_euclid(2 * end);
                folded.min(2 * end - 1 - folded)
            }
            Self::Reflect101 if end == 1 => 0,
            Self::Reflect101 => {
                let folded = at.rem_euclid(2 * end - 2);
                folded.min(2 * end - 2 - folded)
            }
        };
        Some(inside as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_are_opencvs() {
        let row = |border: Border| -> Vec<_> { (-5..9).map(|at| border.index(at, 4)).collect() };
        let some = |indices: [usize; 14]| indices.map(Some).to_vec();
        assert_eq!(
            row(Border::Replicate),
            some([0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3])
        );
        assert_eq!(
            row(Border::Reflect),
            some([3, 3, 2, 1, 0, 0, 1, 2, 3, 3, 2, 1, 0, 0])
        );
        assert_eq!(
            row(Border::Wrap),
            some([3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0])
        );
        assert_eq!(
            row(Border::Reflect101),
            some([1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2])
        );
        assert_eq!(Border::Constant.index(-1, 4), None);
        assert_eq!(Border::Reflect101.index(-7, 1), Some(0));
    }
}

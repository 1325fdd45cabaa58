//! Patterns such as `0[789]0########`.

use crate::error::{Error, Result, shorten};
use crate::random::Stream;
use crate::sequence::MOST_DIGITS;

/// For each position the digits that may stand there, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Vec<u8>>);

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let refuse = |reason: &str| {
            let allowed = format!(
                "1 to {MOST_DIGITS} positions, each a digit, # for any digit, or some of them such as [0-35]"
            );
            let found = format!("\"{}\"{reason}", shorten(text));
            Error::invalid("numbers.pattern", found, allowed)
        };
        let mut positions = Vec::new();
        let mut left = text;
        while let Some(first) = left.chars().next() {
            left = &left[first.len_utf8()..];
            positions.push(match first {
                '#' => (0..10).collect(),
                '0'..='9' => vec![first as u8 - b'0'],
                '[' => {
                    let (class, rest) = left
                        .split_once(']')
                        .ok_or_else(|| refuse(", where a [ has no ]"))?;
                    left = rest;
                    digits_of(class).ok_or_else(|| {
                        refuse(&format!(", where [{}] names no digits", shorten(class)))
                    })?
                }
                other => return Err(refuse(&format!(", with {other:?} in it"))),
            });
            if positions.len() > MOST_DIGITS {
                return Err(refuse(", which has more"));
            }
        }
        match positions.is_empty() {
            true => Err(refuse("")),
            false => Ok(Self(positions)),
        }
    }

    pub(super) fn append(&self, stream: &mut Stream, digits: &mut Vec<u8>) {
        digits.extend(self.0.iter().map(|allowed| match allowed.as_slice() {
            [only] => *only,
            several => several[stream.below(several.len() as u32) as usize],
        }));
    }

    /// How many digits its numbers have.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The digits that may stand at each position.
    pub(super) fn positions(&self) -> &[Vec<u8>] {
        &self.0
    }
}

/// The digits that a class such as `0-35` names, in ascending order.
fn digits_of(class: &str) -> Option<Vec<u8>> {
    let mut named = [false; 10];
    let mut left = class.as_bytes();
    while let [first, rest @ ..] = left {
        let (last, rest) = match rest {
            [b'-', last, rest @ ..] => (last, rest),
            rest => (first, rest),
        };
        if !first.is_ascii_digit() || !last.is_ascii_digit() || first > last {
            return None;
        }
        named[usize::from(first - b'0')..=usize::from(last - b'0')].fill(true);
        left = rest;
    }
    let digits: Vec<u8> = (0..10).filter(|&digit| named[usize::from(digit)]).collect();
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_digits_and_ranges() {
        assert_eq!(digits_of("0-35"), Some(vec![0, 1, 2, 3, 5]));
        assert_eq!(digits_of("9911"), Some(vec![1, 9]));
        for wrong in ["", "3-1", "-", "1-", "-1", "a", "1,2", "²"] {
            assert_eq!(digits_of(wrong), None, "{wrong}");
        }
    }
}

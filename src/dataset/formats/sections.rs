//! Notes of several kinds in one: a length and bytes for each.

use crate::error::{Error, Result};

/// Appends one section.
pub(crate) fn append(section: &[u8], notes: &mut Vec<u8>) {
    notes.extend_from_slice(&(section.len() as u64).to_le_bytes());
    notes.extend_from_slice(section);
}

/// Section `number` of some notes, from 0; empty notes have only empty sections.
///
/// # Errors
/// [`Error::Storage`] when the notes are no sections.
pub(crate) fn section(notes: &[u8], number: usize) -> Result<&[u8]> {
    let broken = || Error::Storage {
        reason:
            "the notes that were kept of a block are damaged; delete the data set and make it again"
                .into(),
    };
    if notes.is_empty() {
        return Ok(&[]);
    }
    let mut left = notes;
    for _ in 0..number {
        left = split(left).ok_or_else(broken)?.1;
    }
    Ok(split(left).ok_or_else(broken)?.0)
}

fn split(left: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, left) = left.split_first_chunk::<8>()?;
    left.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_by_number_and_damage_is_refused() {
        let mut notes = Vec::new();
        for text in ["one", "", "three"] {
            append(text.as_bytes(), &mut notes);
        }
        assert_eq!(section(&notes, 0).unwrap(), b"one");
        assert_eq!(section(&notes, 1).unwrap(), b"");
        assert_eq!(section(&notes, 2).unwrap(), b"three");
        assert_eq!(section(&[], 7).unwrap(), b"");
        for broken in [&notes[..5], &notes[..notes.len() - 1], &[255; 20]] {
            assert_eq!(section(broken, 2).unwrap_err().code(), "storage");
        }
        assert!(section(&notes, 3).is_err());
    }
}

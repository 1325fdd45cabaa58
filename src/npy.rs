//! NumPy's array file, format version 1.0.
//!
//! Source: NumPy's format specification (`numpy.lib.format`): a magic string, the
//! version, a header length that makes the data start at a multiple of 64 bytes,
//! a Python dictionary as text, and the data, here little-endian.

const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";
const ALIGNMENT: usize = 64;

/// The type of an array's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Whole numbers from 0 to 255.
    U8,
    /// Whole numbers from 0 to 65,535.
    U16,
    /// Whole numbers of 64 bits with a sign.
    I64,
    /// Numbers of 32 bits.
    F32,
    /// Numbers of 64 bits.
    F64,
    /// Text of at most so many characters, 4 bytes each.
    Text(usize),
}

impl Element {
    /// How many bytes an element takes.
    pub fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::F32 => 4,
            Self::I64 | Self::F64 => 8,
            Self::Text(characters) => 4 * characters,
        }
    }

    /// Its name in headers, with the order of its bytes.
    fn description(self) -> String {
        match self {
            Self::U8 => "|u1".into(),
            Self::U16 => "<u2".into(),
            Self::I64 => "<i8".into(),
            Self::F32 => "<f4".into(),
            Self::F64 => "<f8".into(),
            Self::Text(characters) => format!("<U{characters}"),
        }
    }
}

/// What stands before the data of an array in row-major order.
///
/// # Panics
/// When the shape has more than a thousand dimensions, which no array has.
pub fn header(element: Element, shape: &[u64]) -> Vec<u8> {
    let sides: Vec<String> = shape.iter().map(u64::to_string).collect();
    // One side alone needs the comma that makes it a tuple in Python.
    let comma = if let [_] = shape { "," } else { "" };
    let mut text = format!(
        "{{'descr': '{}', 'fortran_order': False, 'shape': ({}{comma}), }}",
        element.description(),
        sides.join(", ")
    );
    let unpadded = MAGIC.len() + 2 + text.len() + 1;
    text.push_str(&" ".repeat(unpadded.next_multiple_of(ALIGNMENT) - unpadded));
    text.push('\n');
    let length = u16::try_from(text.len()).expect("arrays have few dimensions");

    let mut header = Vec::with_capacity(MAGIC.len() + 2 + text.len());
    header.extend(MAGIC);
    header.extend(length.to_le_bytes());
    header.extend(text.as_bytes());
    header
}

/// Writes a 2-D array of 32-bit floats in row-major order.
///
/// # Panics
/// When there are not `rows * columns` values.
pub fn write_f32(rows: usize, columns: usize, values: &[f32]) -> Vec<u8> {
    assert_eq!(rows * columns, values.len(), "a value per element");
    let mut file = header(Element::F32, &[rows as u64, columns as u64]);
    file.reserve_exact(Element::F32.size() * values.len());
    for value in values {
        file.extend(value.to_le_bytes());
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_padded_and_the_data_follows() {
        let file = write_f32(2, 3, &[0.0, 0.5, 1.0, 1.5, 2.0, 2.5]);
        assert_eq!(&file[..8], b"\x93NUMPY\x01\x00");
        let length = usize::from(u16::from_le_bytes([file[8], file[9]]));
        let start = 10 + length;
        assert_eq!(start % 64, 0);
        let header = std::str::from_utf8(&file[10..start]).unwrap();
        assert!(header.starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"));
        assert!(header.ends_with('\n'));
        assert_eq!(file.len() - start, 24);
        assert_eq!(file[start + 4..start + 8], 0.5_f32.to_le_bytes());
    }

    #[test]
    fn types_and_shapes_are_written_as_python_has_them() {
        let cases: [(Element, &[u64], usize, &str); 5] = [
            (
                Element::U8,
                &[],
                1,
                "'|u1', 'fortran_order': False, 'shape': ()",
            ),
            (
                Element::U16,
                &[7],
                2,
                "'<u2', 'fortran_order': False, 'shape': (7,)",
            ),
            (
                Element::I64,
                &[0],
                8,
                "'<i8', 'fortran_order': False, 'shape': (0,)",
            ),
            (
                Element::F64,
                &[10_000_000, 256, 4],
                8,
                "'<f8', 'fortran_order': False, 'shape': (10000000, 256, 4)",
            ),
            (
                Element::Text(256),
                &[3],
                1024,
                "'<U256', 'fortran_order': False, 'shape': (3,)",
            ),
        ];
        for (element, shape, size, expected) in cases {
            assert_eq!(element.size(), size, "{element:?}");
            let header = header(element, shape);
            assert_eq!(header.len() % 64, 0, "{element:?}");
            let text = String::from_utf8_lossy(&header[10..]).into_owned();
            assert!(text.contains(expected), "{text}");
        }
    }
}

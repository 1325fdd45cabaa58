//! NumPy's array file, format version 1.0.
//!
//! Source: NumPy's format specification (`numpy.lib.format`): a magic string, the
//! version, a header length that makes the data start at a multiple of 64 bytes,
//! a Python dictionary as text, and the data, here little-endian.

const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";
const ALIGNMENT: usize = 64;

/// Writes a 2-D array of 32-bit floats in row-major order.
///
/// # Panics
/// When there are not `rows * columns` values.
pub fn write_f32(rows: usize, columns: usize, values: &[f32]) -> Vec<u8> {
    assert_eq!(rows * columns, values.len(), "a value per element");
    let mut header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let unpadded = MAGIC.len() + 2 + header.len() + 1;
    header.push_str(&" ".repeat(unpadded.next_multiple_of(ALIGNMENT) - unpadded));
    header.push('\n');

    let mut file = Vec::with_capacity(MAGIC.len() + 2 + header.len() + 4 * values.len());
    file.extend(MAGIC);
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
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
}

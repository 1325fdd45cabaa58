//! Reads `.npy` files, as far as an export of 32-bit floats needs it.

/// An array of 32-bit floats.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Length of each axis, the slowest first.
    pub shape: Vec<usize>,
    /// The values in C order.
    pub values: Vec<f32>,
}

/// Reads a file of version 1.0, and says what is wrong with it otherwise.
///
/// # Errors
/// A sentence, when numpy would not read the file as an array of little-endian 32-bit floats in C order.
pub fn read(bytes: &[u8]) -> Result<Array, String> {
    let rest = bytes
        .strip_prefix(b"\x93NUMPY\x01\x00")
        .ok_or("not a .npy file of version 1.0")?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or("no header")?;
    let length = usize::from(u16::from_le_bytes(*length));
    let (header, data) = rest
        .split_at_checked(length)
        .ok_or("a header that is cut off")?;
    if !(10 + length).is_multiple_of(64) {
        return Err(format!(
            "data at byte {}, which is not aligned to 64",
            10 + length
        ));
    }
    let header = str::from_utf8(header).map_err(|_| "a header that is not text")?;
    if !header.ends_with('\n') {
        return Err("a header without its line end".into());
    }
    for entry in ["'descr': '<f4'", "'fortran_order': False"] {
        if !header.contains(entry) {
            return Err(format!("no {entry} in {header}"));
        }
    }
    let shape = header
        .split_once("'shape': (")
        .and_then(|(_, rest)| rest.split_once(')'))
        .ok_or("no shape")?
        .0;
    let axes = shape
        .split(',')
        .map(str::trim)
        .filter(|axis| !axis.is_empty());
    let shape = axes
        .map(|axis| axis.parse().map_err(|_| format!("an axis of {axis}")))
        .collect::<Result<Vec<_>, _>>()?;
    let (values, rest) = data.as_chunks::<4>();
    if values.len() != shape.iter().product::<usize>() || !rest.is_empty() {
        return Err(format!(
            "{} bytes of data for the shape {shape:?}",
            data.len()
        ));
    }
    Ok(Array {
        shape,
        values: values
            .iter()
            .map(|value| f32::from_le_bytes(*value))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: &[f32]) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        let header = format!("{header:<117}\n");
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data.iter().flat_map(|value| value.to_le_bytes()));
        bytes
    }

    #[test]
    fn values_come_with_their_shape() {
        let bytes = file(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }",
            &[0.5, 1.0],
        );
        assert_eq!(
            read(&bytes),
            Ok(Array {
                shape: vec![1, 2],
                values: vec![0.5, 1.0]
            })
        );
    }

    #[test]
    fn what_numpy_would_read_otherwise_is_refused() {
        let whole = file(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
            &[0.5, 1.0],
        );
        assert!(read(&whole).is_ok());
        assert!(read(&whole[..whole.len() - 1]).is_err(), "cut off");
        assert!(read(&whole[1..]).is_err(), "no magic");
        assert!(
            read(&file(
                "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }",
                &[0.5, 1.0]
            ))
            .is_err()
        );
        assert!(
            read(&file(
                "{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }",
                &[0.5, 1.0]
            ))
            .is_err()
        );
        assert!(
            read(&file(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
                &[0.5, 1.0]
            ))
            .is_err()
        );
    }
}

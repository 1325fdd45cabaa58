//! Frames become files.

pub(super) use super::colormap::Table;
use super::{FrameFormat, RowChunk, jpeg};
use crate::error::{Error, Result};
use std::io::Write;

/// Writes levels as a picture in the colours of a table.
///
/// # Errors
/// [`Error::InvalidParameter`] for formats that are no pictures and for another number of levels than pixels, and
/// [`Error::LimitExceeded`] for a picture that the format cannot hold.
pub fn encode(
    levels: &[u8],
    width: usize,
    height: usize,
    table: &Table,
    format: FrameFormat,
) -> Result<Vec<u8>> {
    if width == 0 || height == 0 || width.checked_mul(height) != Some(levels.len()) {
        let allowed = format!("{width} x {height}, and at least one");
        return Err(Error::invalid("number of levels", levels.len(), allowed));
    }
    match format {
        FrameFormat::Jpeg => jpeg::encode(levels, width, height, table),
        FrameFormat::Png => to_png(levels, width, height, table),
        FrameFormat::F32 | FrameFormat::Csv => {
            Err(Error::invalid("format", format.names().0, "jpeg, png"))
        }
    }
}

fn to_png(levels: &[u8], width: usize, height: usize, table: &Table) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let [columns, rows] = [width, height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    let mut encoder = png::Encoder::new(&mut file, columns, rows);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(table.as_flattened());
    // Neighbours of a palette have nothing to do with each other.
    encoder.set_filter(png::Filter::NoFilter);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(levels)?;
            writer.finish()
        })
        // The encoder refuses sizes, and nothing else that a frame can have.
        .map_err(|_| Error::LimitExceeded {
            field: "frame".into(),
            value: format!("{width} x {height} pixels"),
            allowed: "what a PNG file can hold".into(),
        })?;
    Ok(file)
}

/// Adds the pixels of a chunk, little endian.
pub(super) fn to_f32(chunk: &RowChunk, file: &mut Vec<u8>) {
    file.reserve(4 * chunk.pixels.len());
    for pixel in &chunk.pixels {
        file.extend_from_slice(&pixel.to_le_bytes());
    }
}

/// Adds the rows of a chunk as lines of cells: the shortest digits that give the same `f32` again.
pub(super) fn to_csv(chunk: &RowChunk, file: &mut Vec<u8>) {
    file.reserve(chunk.len() * 10 + 4 * chunk.pixels.len());
    for (at, depth) in chunk.depths.iter().enumerate() {
        number(*depth, file);
        for &pixel in chunk.row(at) {
            file.push(b',');
            number(pixel, file);
        }
        file.push(b'\n');
    }
}

fn number(value: f32, file: &mut Vec<u8>) {
    let level = value as u8;
    // Nearly all pixels are levels, and the general way takes many times as long.
    if f32::from(level) == value {
        if level >= 100 {
            file.push(b'0' + level / 100);
        }
        if level >= 10 {
            file.push(b'0' + level / 10 % 10);
        }
        file.push(b'0' + level % 10);
    } else {
        write!(file, "{value}").expect("writing to memory");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_can_be() {
        for (value, text) in [
            (0.0, "0"),
            (9.0, "9"),
            (10.0, "10"),
            (105.0, "105"),
            (255.0, "255"),
            (256.0, "256"),
            (9000.1, "9000.1"),
            (-0.5, "-0.5"),
        ] {
            let mut file = Vec::new();
            number(value, &mut file);
            assert_eq!(file, text.as_bytes());
        }
    }
}

//! Grey pictures, and what to keep when two differ.

use std::fs::File;
use std::io::{BufWriter, Cursor};

use crate::visit::failures;

/// A grey picture of 8 bits a pixel, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Grey levels.
    pub grey: Vec<u8>,
}

impl Picture {
    /// The picture of values from 0 to 1.
    pub fn from_unit(width: usize, height: usize, values: &[f32]) -> Self {
        assert_eq!(values.len(), width * height, "{width} x {height} values");
        Self {
            width,
            height,
            grey: values
                .iter()
                .map(|value| (value * 255.0).round() as u8)
                .collect(),
        }
    }

    /// The picture in a grey PNG file of 8 bits, with its text chunks as pairs of keyword and text.
    pub fn from_png(bytes: &[u8]) -> (Self, Vec<(String, String)>) {
        let mut reader = png::Decoder::new(Cursor::new(bytes))
            .read_info()
            .expect("a PNG file");
        let mut grey = vec![
            0;
            reader
                .output_buffer_size()
                .expect("a picture that fits in memory")
        ];
        let frame = reader.next_frame(&mut grey).expect("a whole PNG file");
        assert_eq!(
            (frame.color_type, frame.bit_depth),
            (png::ColorType::Grayscale, png::BitDepth::Eight)
        );
        grey.truncate(frame.buffer_size());
        let info = reader.info();
        let latin1 = info
            .uncompressed_latin1_text
            .iter()
            .map(|chunk| (chunk.keyword.clone(), chunk.text.clone()));
        let international = info.utf8_text.iter().map(|chunk| {
            (
                chunk.keyword.clone(),
                chunk.get_text().expect("a text chunk of UTF-8"),
            )
        });
        let texts = latin1.chain(international).collect();
        (
            Self {
                width: frame.width as usize,
                height: frame.height as usize,
                grey,
            },
            texts,
        )
    }

    /// The level of one pixel; outside of the picture there is the middle grey of the frame around failures.
    fn level(&self, x: usize, y: usize) -> u8 {
        if x < self.width && y < self.height {
            self.grey[y * self.width + x]
        } else {
            128
        }
    }
}

/// Fails when two pictures differ, and keeps them for a person to look at: expected, difference, and actual, one below
/// the other.
///
/// # Panics
/// When they differ, saying where first and where the pictures are.
#[track_caller]
pub fn assert_same_picture(name: &str, expected: &Picture, actual: &Picture) {
    if expected == actual {
        return;
    }
    let (width, height) = (
        expected.width.max(actual.width),
        expected.height.max(actual.height),
    );
    let gap = 2;
    let mut sheet = vec![128; width * (3 * height + 2 * gap)];
    let mut first = None;
    let mut different = 0_usize;
    for y in 0..height {
        for x in 0..width {
            let (wanted, got) = (expected.level(x, y), actual.level(x, y));
            let difference = wanted.abs_diff(got);
            if difference > 0 {
                different += 1;
                first = first.or(Some((x, y, wanted, got)));
            }
            sheet[y * width + x] = wanted;
            sheet[(y + height + gap) * width + x] = difference.saturating_mul(8);
            sheet[(y + 2 * (height + gap)) * width + x] = got;
        }
    }
    let path = failures().join(format!("{name}.png"));
    let file = File::create(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut encoder = png::Encoder::new(
        BufWriter::new(file),
        width as u32,
        (3 * height + 2 * gap) as u32,
    );
    encoder.set_color(png::ColorType::Grayscale);
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&sheet));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    panic!(
        "{name}: {} x {} expected, {} x {} found; {different} pixels differ, the first of them {first:?} (x, y, \
         expected, found); see {}",
        expected.width,
        expected.height,
        actual.width,
        actual.height,
        path.display()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_the_nearest_level() {
        let picture = Picture::from_unit(2, 2, &[0.0, 1.0, 0.5, 0.2]);
        assert_eq!(picture.grey, [0, 255, 128, 51]);
    }

    #[test]
    #[should_panic(expected = "2 pixels differ, the first of them Some((1, 0, 9, 7))")]
    fn a_difference_is_told_with_its_place() {
        let expected = Picture {
            width: 2,
            height: 1,
            grey: vec![1, 9],
        };
        let actual = Picture {
            width: 3,
            height: 1,
            grey: vec![1, 7, 0],
        };
        assert_same_picture("a_difference_is_told_with_its_place", &expected, &actual);
    }
}

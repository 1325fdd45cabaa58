//! A window of an image, and what it shall look like.

use super::{Colormap, ImageInfo, RowChunk};
use crate::error::{Error, Result, shorten};
use serde_json::{Map, Value};
use std::ops::Range;

/// The most rows and columns of a frame.
pub const LONGEST_SIDE: usize = 65_535;

/// A range of depths, both ends among it; without a number there is no end. They are compared as `f32`, as depths are
/// stored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// The smallest depth.
    pub depth_min: Option<f32>,
    /// The largest depth.
    pub depth_max: Option<f32>,
}

impl Window {
    /// Everything.
    pub const ALL: Self = Self {
        depth_min: None,
        depth_max: None,
    };

    /// Reads `depth_min` and `depth_max`; what is null or left out is no end.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but numbers.
    pub fn from_json(object: &Map<String, Value>) -> Result<Self> {
        Ok(Self {
            depth_min: depth(object, "depth_min")?,
            depth_max: depth(object, "depth_max")?,
        })
    }

    /// Whether a depth lies within.
    pub fn holds(&self, depth: f32) -> bool {
        self.depth_min.is_none_or(|min| depth >= min)
            && self.depth_max.is_none_or(|max| depth <= max)
    }

    /// Nothing of an image lies within.
    pub(super) fn empty(&self, image: &ImageInfo) -> Error {
        let wanted = match (self.depth_min, self.depth_max) {
            (Some(min), Some(max)) => format!("from {min} to {max}"),
            (Some(min), None) => format!("from {min} on"),
            (None, Some(max)) => format!("up to {max}"),
            (None, None) => "at all".into(),
        };
        Error::NoRows {
            wanted,
            depth_min: image.depth_min.to_string(),
            depth_max: image.depth_max.to_string(),
        }
    }
}

fn depth(object: &Map<String, Value>, field: &str) -> Result<Option<f32>> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64().map(|depth| depth as f32) {
            Some(depth) if depth.is_finite() => Ok(Some(depth)),
            _ => Err(Error::invalid(
                field,
                shown(value),
                "a finite number, or nothing for no limit",
            )),
        },
    }
}

/// Which values become the first and the last colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// 0 and 255.
    #[default]
    Fixed,
    /// The smallest and the largest that are shown.
    Own,
}

/// A kind of file that frames are written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrameFormat {
    /// JPEG of quality 100 without colour subsampling.
    #[default]
    Jpeg,
    /// PNG with a palette: exactly the colours of the map.
    Png,
    /// The pixels before they are coloured: `f32`, little endian, row by row.
    F32,
    /// Depths and pixels before they are coloured, as a table with a header.
    Csv,
}

impl FrameFormat {
    /// All formats, with their names and media types.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Jpeg, "jpeg", "image/jpeg"),
        (Self::Png, "png", "image/png"),
        (Self::F32, "f32", "application/octet-stream"),
        (Self::Csv, "csv", "text/csv"),
    ];

    /// Whether it is a picture.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png)
    }

    /// Its name in requests, and the media type of its files.
    pub fn names(self) -> (&'static str, &'static str) {
        let (_, name, media_type) = Self::ALL
            .into_iter()
            .find(|(format, ..)| *format == self)
            .expect("all are listed");
        (name, media_type)
    }
}

/// How levels become colours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paint {
    /// The colours, reversed if that was asked for.
    pub colormap: Colormap,
    /// What the first and the last colour mean.
    pub scale: Scale,
}

impl Paint {
    /// Reads `colormap`, `reverse` and `scale`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for values that are not allowed.
    pub fn from_json(object: &Map<String, Value>) -> Result<Self> {
        let mut colormap = match object.get("colormap") {
            None | Some(Value::Null) => Colormap::default(),
            Some(value) => Colormap::from_json(value)?,
        };
        match object.get("reverse") {
            None | Some(Value::Null | Value::Bool(false)) => {}
            Some(Value::Bool(true)) => colormap = colormap.reversed(),
            Some(value) => return Err(Error::invalid("reverse", shown(value), "true, false")),
        }
        let scale = match object.get("scale") {
            None | Some(Value::Null) => Scale::Fixed,
            Some(Value::String(name)) if name == "fixed" => Scale::Fixed,
            Some(Value::String(name)) if name == "own" => Scale::Own,
            Some(value) => return Err(Error::invalid("scale", shown(value), "fixed, own")),
        };
        Ok(Self { colormap, scale })
    }
}

/// A frame that is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrameRequest {
    /// Which rows.
    pub window: Window,
    /// In which colours.
    pub paint: Paint,
    /// As which file.
    pub format: FrameFormat,
    /// Columns of the picture, when they shall be others than the image's.
    pub width: Option<usize>,
    /// Rows of the picture, when they shall be others than those of the window.
    pub height: Option<usize>,
}

impl FrameRequest {
    const FIELDS: [&'static str; 8] = [
        "depth_min",
        "depth_max",
        "colormap",
        "reverse",
        "scale",
        "format",
        "width",
        "height",
    ];

    /// Reads a request. Whatever is null or left out has its default: the whole image, the map `depth`, the fixed
    /// scale, JPEG.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] and [`Error::UnknownParameter`] for what is not allowed.
    pub fn from_json(value: &Value) -> Result<Self> {
        let object = object(value, &Self::FIELDS)?;
        let format = match object.get("format") {
            None | Some(Value::Null) => FrameFormat::default(),
            Some(value) => {
                let found = FrameFormat::ALL
                    .into_iter()
                    .find(|(_, name, _)| value.as_str() == Some(name));
                let names = || FrameFormat::ALL.map(|(_, name, _)| name).join(", ");
                found
                    .ok_or_else(|| Error::invalid("format", shown(value), names()))?
                    .0
            }
        };
        let request = Self {
            window: Window::from_json(object)?,
            paint: Paint::from_json(object)?,
            format,
            width: side(object, "width")?,
            height: side(object, "height")?,
        };
        for (field, size) in [("width", request.width), ("height", request.height)] {
            if let (Some(size), false) = (size, format.is_picture()) {
                let name = format.names().0;
                let allowed = format!(
                    "nothing with {name}, which holds the rows as they are; only jpeg and png have a size"
                );
                return Err(Error::invalid(field, size, allowed));
            }
        }
        Ok(request)
    }
}

fn side(object: &Map<String, Value>, field: &str) -> Result<Option<usize>> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64() {
            Some(size) if (1..=LONGEST_SIDE as u64).contains(&size) => Ok(Some(size as usize)),
            _ => Err(Error::invalid(
                field,
                shown(value),
                format!("whole numbers from 1 to {LONGEST_SIDE} (pixels)"),
            )),
        },
    }
}

/// A request as an object that has no other fields than these.
pub(super) fn object<'a>(value: &'a Value, fields: &[&str]) -> Result<&'a Map<String, Value>> {
    let Value::Object(object) = value else {
        return Err(Error::invalid("request", shown(value), "an object"));
    };
    match object.keys().find(|key| !fields.contains(&key.as_str())) {
        None => Ok(object),
        Some(field) => Err(Error::UnknownParameter {
            field: shorten(field),
            allowed: fields.join(", "),
        }),
    }
}

/// A value for a message.
pub(super) fn shown(value: &Value) -> String {
    shorten(&value.to_string())
}

/// Pixels become levels: by the scale, then truncated to 8 bits. What lies outside becomes the first or the last one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Levels {
    Fixed,
    /// From `min` on, over `range`.
    Own {
        min: f32,
        range: f32,
    },
}

impl Levels {
    /// Between the smallest and the largest value, when the scale asks for them.
    pub(super) fn new(scale: Scale, min: f32, max: f32) -> Self {
        match scale {
            Scale::Fixed => Self::Fixed,
            Scale::Own => Self::Own {
                min,
                // All the same: everything is the first level.
                range: if max > min { max - min } else { f32::INFINITY },
            },
        }
    }

    /// The level of a value.
    #[inline]
    pub(super) fn of(self, value: f32) -> u8 {
        match self {
            Self::Fixed => value as u8,
            // Divided first, so that the largest value is exactly 255.
            Self::Own { min, range } => ((value - min) / range * 255.0) as u8,
        }
    }
}

/// Rows of a chunk within a window.
pub(super) fn within(chunk: RowChunk, window: &Window) -> RowChunk {
    let width = chunk.width();
    let start = chunk
        .depths
        .partition_point(|&depth| window.depth_min.is_some_and(|min| depth < min));
    let end = chunk
        .depths
        .partition_point(|&depth| window.depth_max.is_none_or(|max| depth <= max));
    if start == 0 && end == chunk.len() {
        return chunk;
    }
    let end = end.max(start);
    RowChunk {
        depths: chunk.depths[start..end].to_vec(),
        pixels: chunk.pixels[start * width..end * width].to_vec(),
    }
}

/// Levels of a frame that is filled row by row, as high as was asked for: several rows become their mean, and where there
/// are too few, each is repeated.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) levels: Vec<u8>,
    /// Columns and rows of what comes in.
    from: [usize; 2],
    row: usize,
    sums: Vec<f32>,
    count: usize,
    /// The columns that each of the frame's is the mean of.
    columns: Vec<Range<usize>>,
}

impl Canvas {
    pub(super) fn new(
        from: [usize; 2],
        width: Option<usize>,
        height: Option<usize>,
    ) -> Result<Self> {
        let (width, height) = (width.unwrap_or(from[0]), height.unwrap_or(from[1]));
        let given = |allowed: &str| Error::LimitExceeded {
            field: "frame".into(),
            value: format!("{width} x {height} pixels"),
            allowed: allowed.into(),
        };
        if height > LONGEST_SIDE {
            return Err(given(&format!(
                "{LONGEST_SIDE} rows; ask for fewer depths, or give a height and rows are put together"
            )));
        }
        if width * height > MOST_PIXELS {
            return Err(given(&format!(
                "{MOST_PIXELS} pixels; ask for fewer depths, or give a width or a height"
            )));
        }
        Ok(Self {
            width,
            height,
            levels: Vec::with_capacity(width * height),
            from,
            row: 0,
            sums: vec![0.0; from[0]],
            count: 0,
            columns: (0..width)
                .map(|column| {
                    let start = column * from[0] / width;
                    // Where there are too few columns, one is taken again.
                    start..((column + 1) * from[0] / width).max(start + 1)
                })
                .collect(),
        })
    }

    /// Takes the next rows.
    pub(super) fn add(&mut self, chunk: &RowChunk, levels: Levels) {
        if [self.width, self.height] == self.from {
            self.levels
                .extend(chunk.pixels.iter().map(|&value| levels.of(value)));
            return;
        }
        for at in 0..chunk.len() {
            self.add_row(chunk.row(at), levels);
        }
    }

    fn add_row(&mut self, row: &[f32], levels: Levels) {
        self.row += 1;
        let made = self.levels.len() / self.width;
        // How many rows of the frame are complete once this one is in.
        let complete = self.row * self.height / self.from[1];
        for (sum, value) in self.sums.iter_mut().zip(row) {
            *sum += value;
        }
        self.count += 1;
        if complete == made {
            return;
        }
        let start = self.levels.len();
        let share = 1.0 / self.count as f32;
        for columns in &self.columns {
            let sum: f32 = self.sums[columns.clone()].iter().sum();
            self.levels
                .push(levels.of(sum * share / columns.len() as f32));
        }
        for _ in made + 1..complete {
            self.levels.extend_from_within(start..start + self.width);
        }
        self.sums.fill(0.0);
        self.count = 0;
    }
}

/// The most pixels of a frame.
const MOST_PIXELS: usize = 1 << 26;

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas(rows: &[&[f32]], width: usize, height: usize) -> Vec<u8> {
        let mut canvas =
            Canvas::new([rows[0].len(), rows.len()], Some(width), Some(height)).unwrap();
        let mut chunk = RowChunk::default();
        for (at, row) in rows.iter().enumerate() {
            chunk.push(at as f32, row);
        }
        canvas.add(&chunk, Levels::new(Scale::Fixed, 0.0, 0.0));
        assert_eq!(canvas.levels.len(), width * height);
        canvas.levels
    }

    #[test]
    fn rows_and_columns_are_put_together_or_repeated() {
        let rows: [&[f32]; 2] = [&[1.0, 3.0], &[5.0, 7.0]];
        assert_eq!(canvas(&rows, 2, 2), [1, 3, 5, 7]);
        assert_eq!(canvas(&rows, 2, 1), [3, 5]);
        assert_eq!(canvas(&rows, 1, 2), [2, 6]);
        assert_eq!(canvas(&rows, 1, 1), [4]);
        assert_eq!(canvas(&rows, 4, 2), [1, 1, 3, 3, 5, 5, 7, 7]);
        assert_eq!(canvas(&rows, 2, 4), [1, 3, 1, 3, 5, 7, 5, 7]);
    }

    #[test]
    fn values_are_truncated_and_held() {
        let fixed = Levels::new(Scale::Fixed, 0.0, 0.0);
        assert_eq!(
            [-3.0, 0.99, 1.0, 254.9, 300.0].map(|value| fixed.of(value)),
            [0, 0, 1, 254, 255]
        );
        let own = Levels::new(Scale::Own, 10.0, 20.0);
        assert_eq!([10.0, 15.0, 20.0].map(|value| own.of(value)), [0, 127, 255]);
        assert_eq!(Levels::new(Scale::Own, 7.0, 7.0).of(7.0), 0);
    }

    #[test]
    fn zero_is_a_depth() {
        let window = Window {
            depth_min: Some(0.0),
            depth_max: Some(0.0),
        };
        assert!(window.holds(0.0) && !window.holds(0.1) && !window.holds(-0.1));
        let request = serde_json::json!({ "depth_min": 0, "depth_max": null });
        assert_eq!(
            Window::from_json(request.as_object().unwrap()).unwrap(),
            Window {
                depth_min: Some(0.0),
                depth_max: None
            }
        );
    }
}

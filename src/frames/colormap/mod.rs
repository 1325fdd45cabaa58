//! Colours of grey levels.

mod names;
mod tables;

use crate::error::{Error, Result, shorten};
use serde_json::Value;

/// The most colours that a person may give.
pub const MOST_COLOURS: usize = 16;

/// Red, green and blue of each level.
pub type Table = [[u8; 3]; 256];

/// The maps with names: the name in requests, and a title for people.
pub const COLORMAPS: [(&str, &str); 8] = [
    ("depth", "Depth"),
    ("gray", "Gray"),
    ("viridis", "Viridis"),
    ("magma", "Magma"),
    ("inferno", "Inferno"),
    ("plasma", "Plasma"),
    ("cividis", "Cividis"),
    ("turbo", "Turbo"),
];

const DEPTH: [[u8; 3]; 5] = [
    [0, 0, 255],
    [255, 0, 0],
    [255, 255, 0],
    [128, 128, 128],
    [0, 0, 0],
];

/// A colour for each of the levels 0 to 255.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colormap {
    table: Box<Table>,
}

impl Default for Colormap {
    /// `depth`.
    fn default() -> Self {
        Self::between(&DEPTH)
    }
}

impl Colormap {
    /// The map of a name.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there is none.
    pub fn named(name: &str) -> Result<Self> {
        Ok(match name {
            "depth" => Self::default(),
            "gray" => Self::between(&[[0; 3], [255; 3]]),
            "viridis" => Self::published(tables::VIRIDIS),
            "magma" => Self::published(tables::MAGMA),
            "inferno" => Self::published(tables::INFERNO),
            "plasma" => Self::published(tables::PLASMA),
            "cividis" => Self::published(tables::CIVIDIS),
            "turbo" => Self::published(tables::TURBO),
            other => return Err(unknown(&format!("\"{}\"", shorten(other)))),
        })
    }

    /// A map through colours as CSS writes them, at equal distances, linear between them with channels truncated. One
    /// colour is reached from black.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for no or too many colours, and for a text that is no colour.
    pub fn through<T: AsRef<str>>(colours: &[T]) -> Result<Self> {
        if !(1..=MOST_COLOURS).contains(&colours.len()) {
            return Err(unknown(&format!("a list of {} colours", colours.len())));
        }
        let mut anchors = Vec::with_capacity(colours.len() + 1);
        if colours.len() == 1 {
            anchors.push([0; 3]);
        }
        for (at, text) in colours.iter().enumerate() {
            anchors.push(
                colour(text.as_ref())
                    .ok_or_else(|| not_a_colour(at, &format!("\"{}\"", shorten(text.as_ref()))))?,
            );
        }
        Ok(Self::between(&anchors))
    }

    /// What [`from_json`](Self::from_json) reads, from words: the name of a map, or colours with commas between them,
    /// such as `navy, #fff, rgb(255 0 0)`.
    pub fn json_of(words: &str) -> Value {
        let mut depth = 0_usize;
        let colours: Vec<&str> = words
            .split(|letter| {
                match letter {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                letter == ',' && depth == 0
            })
            .map(str::trim)
            .collect();
        match colours[..] {
            // A map of one colour is named by a list of one, which a name is not.
            [name] if !name.starts_with('#') && !name.contains('(') => name.into(),
            _ => colours.into(),
        }
    }

    /// What a request names: a name, or a list of colours.
    ///
    /// # Errors
    /// Those of [`named`](Self::named) and [`through`](Self::through).
    pub fn from_json(value: &Value) -> Result<Self> {
        match value {
            Value::String(name) => Self::named(name),
            Value::Array(list) => {
                if list.len() > MOST_COLOURS {
                    return Err(unknown(&format!("a list of {} colours", list.len())));
                }
                let texts: Vec<&str> = list
                    .iter()
                    .enumerate()
                    .map(|(at, one)| {
                        one.as_str()
                            .ok_or_else(|| not_a_colour(at, &shorten(&one.to_string())))
                    })
                    .collect::<Result<_>>()?;
                Self::through(&texts)
            }
            other => Err(unknown(&shorten(&other.to_string()))),
        }
    }

    /// The same colours from the other end.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.table.reverse();
        self
    }

    /// Its colours.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Linear between colours at equal distances, in whole numbers, so that nothing is rounded: level `i` lies
    /// `i * (n - 1) / 255` of the way.
    fn between(anchors: &[[u8; 3]]) -> Self {
        let table = std::array::from_fn(|level| {
            let way = level * (anchors.len() - 1);
            let (from, part) = (way / 255, way % 255);
            let to = (from + 1).min(anchors.len() - 1);
            std::array::from_fn(|channel| {
                let [a, b] =
                    [anchors[from], anchors[to]].map(|anchor| usize::from(anchor[channel]));
                ((a * (255 - part) + b * part) / 255) as u8
            })
        });
        Self {
            table: Box::new(table),
        }
    }

    fn published(digits: &str) -> Self {
        let byte =
            |at: usize| u8::from_str_radix(&digits[2 * at..][..2], 16).expect("hexadecimal digits");
        Self {
            table: Box::new(std::array::from_fn(|level| {
                std::array::from_fn(|channel| byte(3 * level + channel))
            })),
        }
    }
}

/// The colour that a text of CSS names: a name, `#rgb`, `#rrggbb`, or `rgb()` with three whole numbers.
fn colour(text: &str) -> Option<[u8; 3]> {
    let text = text.trim().to_ascii_lowercase();
    if let Some(digits) = text.strip_prefix('#') {
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        return match digits.len() {
            3 => Some([8, 4, 0].map(|shift| (value >> shift & 15) as u8 * 17)),
            6 => Some(channels(value)),
            _ => None,
        };
    }
    if let Some(inside) = text
        .strip_prefix("rgb(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        let parts: Vec<&str> = if inside.contains(',') {
            inside.split(',').map(str::trim).collect()
        } else {
            inside.split_ascii_whitespace().collect()
        };
        let [red, green, blue] = <[&str; 3]>::try_from(parts).ok()?;
        let level = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        };
        return Some([level(red)?, level(green)?, level(blue)?]);
    }
    let at = names::NAMES
        .binary_search_by_key(&text.as_str(), |(name, _)| name)
        .ok()?;
    Some(channels(names::NAMES[at].1))
}

fn channels(value: u32) -> [u8; 3] {
    let [_, red, green, blue] = value.to_be_bytes();
    [red, green, blue]
}

fn unknown(value: &str) -> Error {
    let names = COLORMAPS.map(|(name, _)| name).join(", ");
    Error::invalid(
        "colormap",
        value,
        format!("{names}, or a list of 1 to {MOST_COLOURS} colours as CSS writes them"),
    )
}

fn not_a_colour(at: usize, value: &str) -> Error {
    Error::invalid(
        &format!("colormap[{at}]"),
        value,
        "a colour as CSS writes it: a name such as teal, #rgb, #rrggbb, or rgb(red, green, blue) with numbers from 0 to 255",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_map_has_its_check_values() {
        let map = Colormap::default();
        for (level, colour) in [
            (0, [0, 0, 255]),
            (64, [255, 1, 0]),
            (128, [254, 254, 1]),
            (192, [126, 126, 126]),
            (255, [0, 0, 0]),
        ] {
            assert_eq!(map.table()[level], colour, "{level}");
        }
    }

    #[test]
    fn colours_are_read_as_css_writes_them() {
        for (text, found) in [
            ("teal", [0, 128, 128]),
            (" ReBeccaPurple ", [102, 51, 153]),
            ("#fa0", [255, 170, 0]),
            ("#FFaa01", [255, 170, 1]),
            ("rgb(1, 2,3)", [1, 2, 3]),
            ("rgb(1 2 255)", [1, 2, 255]),
        ] {
            assert_eq!(colour(text), Some(found), "{text}");
        }
        for bad in [
            "",
            "#",
            "#ff",
            "#ggg",
            "#+12",
            "#fffffff",
            "tealish",
            "rgb()",
            "rgb(1,2)",
            "rgb(1,2,256)",
            "rgb(-1,2,3)",
            "rgb(1,2,3,4)",
            "rgb(+1 2 3)",
            "é",
        ] {
            assert_eq!(colour(bad), None, "{bad}");
        }
        assert!(names::NAMES.is_sorted());
    }

    #[test]
    fn lists_are_maps() {
        let depth = Colormap::through(&["blue", "red", "#ff0", "gray", "black"]).unwrap();
        assert_eq!(depth, Colormap::default());
        let one = Colormap::through(&["#ff0"]).unwrap();
        assert_eq!(
            (one.table()[0], one.table()[100], one.table()[255]),
            ([0; 3], [100, 100, 0], [255, 255, 0])
        );
        let back = one.clone().reversed();
        assert_eq!(
            (back.table()[0], back.table()[255]),
            ([255, 255, 0], [0; 3])
        );
        let error = Colormap::through(&["red", "blu"]).unwrap_err().to_string();
        assert!(error.contains("colormap[1] is \"blu\""), "{error}");
    }
}

//! What stands in addresses: the parameters of routes, as handlers read them and as the OpenAPI document tells them.

use crate::error::{Error, shorten};
use crate::frames::{COLORMAPS, Colormap, FrameFormat, LONGEST_SIDE, MOST_WIDTH, Method};
use serde_json::{Map, Value, json};

/// A parameter of a route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) takes: Takes,
    pub(super) required: bool,
    /// A value that works, if one makes a good example.
    pub(super) example: Option<&'static str>,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Takes {
    /// Any number.
    Number,
    /// A whole number.
    Integer {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// An unsigned 64-bit number.
    Seed,
    /// `true` or `false`.
    Boolean,
    /// One word of a few; the first holds when none is given.
    Word(fn() -> Vec<&'static str>),
    /// The name of a colour map, or colours.
    Colours,
    /// Any text.
    Text,
}

/// A parameter whose value is not allowed, or that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) name: String,
    /// What was given; none when it is missing.
    pub(super) value: Option<String>,
    pub(super) allowed: String,
    /// Whether there is no such parameter.
    pub(super) unknown: bool,
}

impl Wrong {
    /// The same as an error of the core.
    pub(super) fn into_error(self) -> Error {
        let Self {
            name,
            value,
            allowed,
            unknown,
        } = self;
        match value {
            _ if unknown => Error::UnknownParameter {
                field: name,
                allowed,
            },
            Some(value) => Error::invalid(&name, format!("\"{}\"", value.escape_debug()), allowed),
            None => Error::MissingParameter {
                field: name,
                allowed,
            },
        }
    }
}

impl Parameter {
    /// The value that a text stands for.
    pub(super) fn read(&self, text: &str) -> Result<Value, Wrong> {
        let value = match self.takes {
            Takes::Number => number(text),
            Takes::Integer { min, max } => whole(text)
                .filter(|number| (min..=max).contains(number))
                .map(Value::from),
            Takes::Seed => whole(text).map(Value::from),
            Takes::Boolean => match text {
                "true" | "1" => Some(true.into()),
                "false" | "0" => Some(false.into()),
                _ => None,
            },
            Takes::Word(words) => words().contains(&text).then(|| text.into()),
            Takes::Colours => {
                let json = Colormap::json_of(text);
                Colormap::from_json(&json).is_ok().then_some(json)
            }
            Takes::Text => Some(text.into()),
        };
        value.ok_or_else(|| Wrong {
            name: self.name.into(),
            value: Some(shorten(text)),
            allowed: self.allowed(),
            unknown: false,
        })
    }

    /// What is allowed, in words.
    fn allowed(&self) -> String {
        match self.takes {
            Takes::Number => "finite numbers".into(),
            Takes::Integer { min, max } => format!("whole numbers from {min} to {max}"),
            Takes::Seed => format!("whole numbers from 0 to {}", u64::MAX),
            Takes::Boolean => "true, false".into(),
            Takes::Word(words) => words().join(", "),
            Takes::Colours => format!(
                "{}, or 1 to 16 CSS colours with commas between them",
                names().join(", ")
            ),
            Takes::Text => "text".into(),
        }
    }

    /// The JSON Schema of its values.
    pub(super) fn schema(&self) -> Value {
        match self.takes {
            Takes::Number => json!({ "type": "number" }),
            Takes::Integer { min, max } => {
                json!({ "type": "integer", "minimum": min, "maximum": max })
            }
            // As text, since many JSON readers round large numbers.
            Takes::Seed => json!({ "type": "string", "pattern": "^[0-9]{1,20}$" }),
            Takes::Boolean => json!({ "type": "boolean", "default": false }),
            Takes::Word(words) => {
                let words = words();
                json!({ "type": "string", "enum": words, "default": words[0] })
            }
            Takes::Colours => json!({ "type": "string", "default": "depth", "examples": names() }),
            Takes::Text => json!({ "type": "string" }),
        }
    }
}

/// Reads a query. What is given twice holds as it is given last.
///
/// # Errors
/// The first parameter that is not known or not allowed, and then the first that is missing.
pub(super) fn read_query(
    query: &str,
    parameters: &[Parameter],
) -> Result<Map<String, Value>, Wrong> {
    let mut object = Map::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let Some(parameter) = parameters.iter().find(|known| known.name == name) else {
            let names: Vec<&str> = parameters.iter().map(|known| known.name).collect();
            return Err(Wrong {
                name: shorten(&name),
                value: Some(text.into_owned()),
                allowed: names.join(", "),
                unknown: true,
            });
        };
        object.insert(parameter.name.into(), parameter.read(text.trim())?);
    }
    let missing = parameters
        .iter()
        .find(|known| known.required && !object.contains_key(known.name));
    match missing {
        None => Ok(object),
        Some(missing) => Err(Wrong {
            name: missing.name.into(),
            value: None,
            allowed: missing.help.trim_end_matches('.').to_owned(),
            unknown: false,
        }),
    }
}

/// A number as people and programs write it.
fn number(text: &str) -> Option<Value> {
    // `parse` alone would accept infinities by their names.
    let plain = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    let number: f64 = text.bytes().all(plain).then(|| text.parse().ok())??;
    number.is_finite().then(|| number.into())
}

fn whole(text: &str) -> Option<u64> {
    // `parse` alone would accept a leading plus sign.
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

fn names() -> Vec<&'static str> {
    COLORMAPS.iter().map(|(name, _)| *name).collect()
}

fn formats() -> Vec<&'static str> {
    FrameFormat::ALL.iter().map(|(_, name, _)| *name).collect()
}

fn methods() -> Vec<&'static str> {
    Method::ALL.iter().map(|method| method.name()).collect()
}

const fn optional(name: &'static str, help: &'static str, takes: Takes) -> Parameter {
    Parameter {
        name,
        help,
        takes,
        required: false,
        example: None,
    }
}

const fn shown(mut parameter: Parameter, example: &'static str) -> Parameter {
    parameter.example = Some(example);
    parameter
}

const SEED: Parameter = optional(
    "seed",
    "What is random hangs on it; drawn, and told in the header X-Seed, when left out.",
    Takes::Seed,
);

/// Of `POST augment`.
pub(super) const AUGMENT: &[Parameter] = &[shown(SEED, "7")];

/// Of `GET augment`.
pub(super) const AUGMENT_URL: &[Parameter] = &[
    Parameter {
        name: "url",
        help: "The address of a picture. Another site must allow it to be read (CORS).",
        takes: Takes::Text,
        required: true,
        example: Some("samples/sticker-small.png"),
    },
    shown(SEED, "7"),
];

/// Of `GET digitRecognition/records`.
pub(super) const RECORDS: &[Parameter] = &[optional(
    "format",
    "The form in which the records come.",
    Takes::Word(|| vec!["json", "csv"]),
)];

const SIDE: Takes = Takes::Integer {
    min: 1,
    max: LONGEST_SIDE as u64,
};

/// Of `GET image/{id}`.
pub(super) const FRAME: &[Parameter] = &[
    optional(
        "depth_min",
        "The smallest depth, itself included; without it there is no lower end.",
        Takes::Number,
    ),
    optional(
        "depth_max",
        "The largest depth, itself included; without it there is no upper end.",
        Takes::Number,
    ),
    optional(
        "colormap",
        "The name of a colour map, or 1 to 16 CSS colours with commas between them.",
        Takes::Colours,
    ),
    optional("reverse", "Turns the colour map round.", Takes::Boolean),
    optional(
        "scale",
        "What the first and the last colour mean: 0 and 255, or the smallest and largest value of the frame.",
        Takes::Word(|| vec!["fixed", "own"]),
    ),
    optional(
        "format",
        "The file: a picture, the pixels as 32-bit floats, or a table.",
        Takes::Word(formats),
    ),
    optional(
        "width",
        "The picture's width in pixels, if it shall be another than the image's columns.",
        SIDE,
    ),
    optional(
        "height",
        "The picture's height in pixels, if it shall be another than the number of rows.",
        SIDE,
    ),
];

/// Of `POST image`.
pub(super) const IMPORT: &[Parameter] = &[
    optional(
        "name",
        "What the image is called; the file's name when left out.",
        Takes::Text,
    ),
    optional(
        "width",
        "How many columns rows are resampled to; 150 when left out.",
        Takes::Integer {
            min: 2,
            max: MOST_WIDTH as u64,
        },
    ),
    optional("method", "How rows are resampled.", Takes::Word(methods)),
    optional(
        "policy",
        "What becomes of rows with something wrong.",
        Takes::Word(|| vec!["drop", "fail"]),
    ),
    optional(
        "values",
        "What becomes of values outside 0 to 255.",
        Takes::Word(|| vec!["refuse", "clip", "rescale"]),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_names_of_infinities_are_not() {
        for (text, expected) in [
            ("9000.1", Some(json!(9000.1))),
            ("-5", Some(json!(-5.0))),
            ("1e3", Some(json!(1000.0))),
            ("inf", None),
            ("NaN", None),
            ("1e999", None),
            ("0x10", None),
            ("", None),
        ] {
            assert_eq!(number(text), expected, "{text:?}");
        }
        assert_eq!(whole("18446744073709551615"), Some(u64::MAX));
        for text in ["18446744073709551616", "+1", "-1", "1.0", "", " "] {
            assert_eq!(whole(text), None, "{text:?}");
        }
    }

    #[test]
    fn queries_are_read_by_their_table() {
        let read = |query| read_query(query, FRAME).map(Value::Object);
        assert_eq!(
            read("depth_min=9000.1&colormap=navy,%23fff&reverse=1&depth_min=%209001%20").unwrap(),
            json!({ "depth_min": 9001.0, "colormap": ["navy", "#fff"], "reverse": true })
        );
        assert_eq!(read("").unwrap(), json!({}));
        let wrong = read("depth_min=deep").unwrap_err();
        assert_eq!((wrong.name.as_str(), wrong.unknown), ("depth_min", false));
        assert!(read("dept_min=1").unwrap_err().unknown);
        assert_eq!(read_query("", AUGMENT_URL).unwrap_err().value, None);
    }
}

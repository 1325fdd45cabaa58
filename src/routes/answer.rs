//! Answers that are known as a whole.

use super::failure::Failure;
use super::http::{Content, Response};
use serde::Serialize;

/// An answer in memory, good or bad.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) bytes: Option<Vec<u8>>,
}

impl Answer {
    /// An answer of a media type.
    pub(super) fn of(status: u16, media_type: &str, bytes: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![("content-type", media_type.into())],
            bytes: Some(bytes),
        }
    }

    /// JSON.
    pub(super) fn json(status: u16, told: &impl Serialize) -> Self {
        let text =
            serde_json::to_vec(told).expect("only text, numbers, lists and maps with text keys");
        Self::of(status, "application/json", text)
    }

    /// Plain text.
    pub(super) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::of(
            status,
            "text/plain; charset=utf-8",
            text.into().into_bytes(),
        )
    }

    /// No body.
    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// The same with a header more.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl From<Failure> for Answer {
    /// What a failure becomes where a route says nothing else.
    fn from(failure: Failure) -> Self {
        Self::json(failure.status(), &failure)
    }
}

impl From<crate::Error> for Answer {
    fn from(error: crate::Error) -> Self {
        Failure::from(error).into()
    }
}

impl<S> From<Answer> for Response<S> {
    fn from(answer: Answer) -> Self {
        Self {
            status: answer.status,
            headers: answer.headers,
            content: answer.bytes.map_or(Content::Empty, Content::Bytes),
        }
    }
}

/// Text for the value of a header: what is not visible ASCII is escaped as in JSON.
pub(super) fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == ' ' || letter.is_ascii_graphic() {
            result.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            result += &format!("\\u{unit:04x}");
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn headers_are_ascii_and_the_json_in_them_stays() {
        let value = json!({ "name": "é 😀 \u{7f}\n", "number": 1.5 });
        let text = escaped(&value.to_string());
        assert!(
            text.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}

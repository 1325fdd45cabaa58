//! The ways in which a server, or the line to it, goes wrong.

use std::time::Duration;

/// What happens to the answer for one path.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The answer is this status with a short text, as when a file is missing or a server overloaded.
    Status(u16),
    /// The file has lost its end, and the server says so honestly: a half-finished upload.
    Truncated {
        /// How many bytes are left.
        keep: usize,
    },
    /// The server announces the whole file, sends this many bytes, and the line breaks.
    Cut {
        /// How many bytes arrive.
        keep: usize,
    },
    /// One byte, counted from the start, has all its bits flipped.
    Corrupted {
        /// Which byte.
        at: usize,
    },
    /// Other bytes lie where the file should be.
    Replaced(Vec<u8>),
    /// The line breaks before any answer.
    Dropped,
    /// The answer carries `Content-Encoding` with this value, as servers do that take `.gz` for an encoding: the
    /// browser then unpacks the file by itself.
    Encoded(&'static str),
    /// The body comes in pieces with pauses between them.
    Slow {
        /// Bytes in a piece.
        piece: usize,
        /// Pause after each.
        pause: Duration,
    },
    /// The answer leads on to another address, by status 302.
    Redirect(String),
    /// The answer states this type instead of the one that the name of the file tells.
    Typed(&'static str),
    /// The size of the file is not announced.
    Unsized,
    /// The server announces the whole file, sends this many bytes, and then nothing until
    /// [`Site::release`](crate::Site::release), or ever.
    Stalled {
        /// How many bytes arrive.
        keep: usize,
    },
    /// No answer until [`Site::release`](crate::Site::release), or ever.
    Held,
}

/// A fault for the paths it matches, for as many requests as it lasts.
#[derive(Debug)]
pub(crate) struct Rule {
    pattern: String,
    pub(crate) fault: Fault,
    left: Option<u32>,
}

impl Rule {
    pub(crate) fn new(pattern: &str, fault: Fault, times: Option<u32>) -> Self {
        Self {
            pattern: pattern.to_owned(),
            fault,
            left: times,
        }
    }

    /// Whether `path` is meant; a pattern ends in `*` to mean everything that starts so.
    pub(crate) fn matches(&self, path: &str) -> bool {
        match self.pattern.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == self.pattern,
        }
    }

    /// Takes one of the requests that this rule lasts for; false when none is left.
    pub(crate) fn take(&mut self) -> bool {
        match &mut self.left {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_means_everything_that_starts_so() {
        let rule = Rule::new("mnist/*", Fault::Dropped, None);
        assert!(rule.matches("mnist/train-0.gz"));
        assert!(!rule.matches("index.html"));
        let rule = Rule::new("mnist/manifest.json", Fault::Dropped, None);
        assert!(rule.matches("mnist/manifest.json"));
        assert!(!rule.matches("mnist/manifest.json.gz"));
    }

    #[test]
    fn a_rule_lasts_for_as_many_requests_as_it_says() {
        let mut rule = Rule::new("*", Fault::Dropped, Some(2));
        assert_eq!([rule.take(), rule.take(), rule.take()], [true, true, false]);
    }
}

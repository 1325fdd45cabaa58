//! What a server was asked for.

/// One request that the server saw.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method, such as `GET`.
    pub method: String,
    /// The path below the site's base, without a query; the page itself is `index.html`.
    pub path: String,
    /// The status of the answer; 0 when the line broke instead.
    pub status: u16,
    /// Bytes of the body handed to the line so far.
    pub bytes: u64,
}

/// The requests since the log was cleared; an entry keeps its number, so that a body still on its way when that
/// happens is not counted for another request.
#[derive(Debug, Default)]
pub(crate) struct Log {
    forgotten: usize,
    entries: Vec<Request>,
}

impl Log {
    pub(crate) fn push(&mut self, request: Request) -> usize {
        self.entries.push(request);
        self.forgotten + self.entries.len() - 1
    }

    pub(crate) fn entry(&mut self, number: usize) -> Option<&mut Request> {
        self.entries.get_mut(number.checked_sub(self.forgotten)?)
    }

    /// The requests since the log was cleared, in order of arrival.
    pub(crate) fn entries(&self) -> &[Request] {
        &self.entries
    }

    pub(crate) fn clear(&mut self) {
        self.forgotten += self.entries.len();
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str) -> Request {
        Request {
            method: "GET".into(),
            path: path.into(),
            status: 200,
            bytes: 0,
        }
    }

    #[test]
    fn a_body_that_ends_after_the_log_was_cleared_is_nobodys() {
        let mut log = Log::default();
        let early = log.push(request("early"));
        log.clear();
        let late = log.push(request("late"));
        assert!(log.entry(early).is_none());
        assert_eq!(
            log.entry(late).map(|request| request.path.as_str()),
            Some("late")
        );
        assert_eq!(log.entries().len(), 1);
    }
}

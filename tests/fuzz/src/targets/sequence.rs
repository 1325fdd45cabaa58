//! Requests for digit sequences.

use super::{json, sentence};
use crate::digits::pool;
use digitlab::sequence::{Generator, Request};

/// A request as JSON, which is then made from a small data set.
pub(crate) fn request(bytes: &[u8]) {
    let Some(value) = json(bytes) else { return };
    let request = match Request::from_json(&value, 5) {
        Ok(request) => request,
        Err(error) => return sentence(&error),
    };
    let written = request.to_json();
    let again = Request::from_json(&written.clone().into(), 6).expect("what was written is read");
    assert_eq!(again.to_json(), written);
    match Generator::default().generate(&request, &pool()) {
        Ok(made) => assert_eq!(made.image.height(), 28),
        Err(error) => sentence(&error),
    }
}

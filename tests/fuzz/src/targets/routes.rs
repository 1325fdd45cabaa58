//! Requests to the routes.

use super::choice;
use crate::host::Host;
use digitlab::routes::{Content, Request, Response, Routes, claims};
use pollster::block_on;
use std::collections::VecDeque;

/// What a status may be. 502 is for addresses that lead nowhere.
const STATUSES: [u16; 11] = [200, 201, 204, 400, 404, 405, 413, 415, 422, 502, 507];

/// As in HTTP: a line with method and address, headers, an empty line, the body; before all that a byte that says in
/// pieces of which size the body comes. Lines end with a line feed alone.
pub(crate) fn request(bytes: &[u8]) {
    let (piece, bytes) = choice(bytes);
    let (head, body) = match bytes.windows(2).position(|two| two == b"\n\n") {
        Some(at) => (&bytes[..at], &bytes[at + 2..]),
        None => (bytes, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split('\n');
    let first = lines.next().unwrap_or_default();
    let (method, address) = first.split_once(' ').unwrap_or((first, ""));
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    // Large pictures take long, and say nothing new.
    let large = |query: &str| {
        query
            .split('&')
            .any(|one| one.starts_with("width=") || one.starts_with("height="))
    };
    if path.starts_with("image/") && large(query) {
        return;
    }
    let header = |line: &str| {
        line.split_once(':')
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
    };
    let request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: lines.filter_map(header).collect(),
        body: body
            .chunks(usize::from(piece) * 16 + 1)
            .map(<[u8]>::to_vec)
            .collect::<VecDeque<_>>(),
    };
    let _ = claims(path);
    block_on(answered(request, first));
}

async fn answered(request: Request<VecDeque<Vec<u8>>>, told: &str) {
    let Response {
        status,
        headers,
        content,
    } = Routes::default().handle(request, &Host::default()).await;
    assert!(STATUSES.contains(&status), "{told}: {status}");
    for (name, value) in &headers {
        assert!(!value.is_empty(), "{told}: {name} is empty");
        let visible = value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        assert!(visible, "{told}: {name}: {value:?}");
    }
    if let Content::Frame(mut file) = content {
        while let Ok(Some(_)) = file.next().await {}
    }
}

//! Anything at all: every request has an answer, and its status and headers are such as answers have.

use super::case::cases;
use super::host::{Host, answered};
use digitlab::routes::{Request, Routes};
use pollster::block_on;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::VecDeque;
use std::sync::LazyLock;

/// The requests of the table whose bodies are short.
static SMALL: LazyLock<Vec<Request<VecDeque<Vec<u8>>>>> = LazyLock::new(|| {
    let requests = cases().into_iter().map(|case| case.request(usize::MAX));
    requests
        .filter(|request| request.body.iter().all(|piece| piece.len() < 10_000))
        .collect()
});

/// What a status may be.
const STATUSES: [u16; 13] = [
    200, 201, 204, 400, 404, 405, 413, 415, 422, 500, 502, 503, 507,
];

fn is_answered(request: Request<VecDeque<Vec<u8>>>) {
    let told = format!("{} {}?{}", request.method, request.path, request.query);
    let answer = block_on(answered(&Routes::default(), &Host::default(), request));
    assert!(
        STATUSES.contains(&answer.status),
        "{told}: {}",
        answer.status
    );
    // An address may lead nowhere.
    let nowhere = answer.status == 502 && told.contains("url=");
    assert!(answer.status < 500 || nowhere, "{told}: {}", answer.text());
    for (name, value) in &answer.headers {
        assert!(!value.is_empty(), "{told}: {name} is empty");
        assert!(
            value.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{told}: {name}: {value:?}"
        );
    }
}

fn methods() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE"]).prop_map(String::from),
        ".{0,8}",
    ]
}

fn paths() -> impl Strategy<Value = String> {
    let known = vec![
        "health",
        "generate",
        "augment",
        "mnist/classify",
        "digitRecognition/localService/v1.0",
        "digitRecognition/records",
        "image",
        "image/1",
        "openapi.json",
    ];
    prop_oneof![
        4 => select(known).prop_map(String::from),
        1 => ".{0,20}",
        1 => "image/.{0,20}",
        1 => "image/[0-9%/.-]{0,20}",
    ]
}

fn queries() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        ".{0,30}",
        "(seed|depth_min|depth_max|colormap|format|url|width|name|method)=[0-9a-z.,%#()-]{0,20}",
    ]
}

fn media_types() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("application/json".to_owned()),
        Just("multipart/form-data; boundary=edge".to_owned()),
        Just("image/png".to_owned()),
        Just("text/csv".to_owned()),
        "multipart/[a-z-]{0,10}; boundary=.{0,80}",
        ".{0,30}",
    ]
}

fn bodies() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let form = prop::collection::vec(
        (
            select(vec!["file", "image", "pipeline", ""]),
            ".{0,12}",
            prop::collection::vec(any::<u8>(), 0..60),
        ),
        0..4,
    );
    let form = form.prop_map(|parts| {
        let mut bytes = Vec::new();
        for (name, file, content) in parts {
            bytes.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n").bytes());
            bytes.extend(content);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"--edge--\r\n");
        bytes
    });
    let json = "[\\[\\]{}\":,0-9a-z ]{0,60}".prop_map(String::into_bytes);
    let table = "depth,a,b\n([0-9.,-]{1,12}\n){0,6}".prop_map(String::into_bytes);
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    let body = prop_oneof![form, json, table, bytes];
    (body, 1..100_usize).prop_map(|(body, piece)| body.chunks(piece).map(<[u8]>::to_vec).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn anything_is_answered(
        method in methods(),
        path in paths(),
        query in queries(),
        media_type in media_types(),
        headers in prop::collection::vec((".{0,10}", ".{0,10}"), 0..3),
        body in bodies(),
    ) {
        let mut headers: Vec<(String, String)> = headers;
        headers.push(("content-type".into(), media_type));
        is_answered(Request { method, path, query, headers, body: body.into() });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Good requests with a few bytes that are others, or missing.
    #[test]
    fn what_is_nearly_right_is_answered(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let mut request = SMALL[which.index(SMALL.len())].clone();
        if let Some(body) = request.body.front_mut().filter(|body| !body.is_empty()) {
            for (at, byte) in changes {
                let at = at.index(body.len());
                body[at] = byte;
            }
            if cuts {
                body.truncate(cut.index(body.len()));
            }
        }
        is_answered(request);
    }
}

//! What no table can say: many at once, what breaks off, what fails behind the routes.

use super::case::{bytes_of, cases};
use super::host::{Host, Whole, answered};
use crate::support;
use digitlab::augment::surprise;
use digitlab::frames::Store;
use digitlab::raster::codec::{Limits, decode};
use digitlab::raster::to_unit;
use digitlab::routes::{Body, Failure, MOST_BYTES, Request, Routes};
use futures_util::future::join_all;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::VecDeque;

fn request(method: &str, path: &str, body: &[u8], media_type: &str) -> Request<VecDeque<Vec<u8>>> {
    Request {
        method: method.into(),
        path: path.into(),
        query: String::new(),
        headers: vec![("content-type".into(), media_type.into())],
        body: [body.to_vec()].into(),
    }
}

fn generate(json: &Value) -> Request<VecDeque<Vec<u8>>> {
    request(
        "POST",
        "generate",
        json.to_string().as_bytes(),
        "application/json",
    )
}

fn seven() -> Vec<u8> {
    bytes_of(&json!({ "file": "src/routes/example/seven.png" }))
}

fn send<B: Body>(host: &Host, request: Request<B>) -> Whole {
    block_on(answered(&Routes::default(), host, request))
}

#[test]
fn sequences_are_those_of_the_page_and_the_command_line() {
    let mut pool = support::mnist();
    for given in [
        json!({ "number": "042", "image_width": 84, "seed": "7" }),
        json!({ "number": "31415", "fit": "natural", "seed": "18446744073709551615", "index": 9, "ink": "black-on-white" }),
        json!({ "number": "7", "augment": true, "pipeline": "strong", "image_width": 28, "split": "test", "seed": "3" }),
    ] {
        let answer = send(&Host::default(), generate(&given));
        let answer: Value = serde_json::from_slice(&answer.bytes).expect("JSON");
        let made = support::request(given).expect("a request");
        let made = support::generate(&made, &mut pool).expect("a sequence");
        let rows: Vec<Vec<f32>> = (0..made.image.height())
            .map(|y| made.image.row(y).iter().copied().map(to_unit).collect())
            .collect();
        let found: Vec<Vec<f32>> =
            serde_json::from_value(answer["generatedImage"].clone()).expect("rows");
        assert_eq!(found, rows);
        assert_eq!(answer["digits"], json!(made.digits));
    }
}

#[test]
fn surprises_are_those_that_the_seed_chooses() {
    let plain = decode(&seven(), &Limits::default())
        .expect("a picture")
        .picture;
    for seed in [0, 1, 12, u64::MAX] {
        let mut request = request("POST", "augment", &seven(), "image/png");
        request.query = format!("seed={seed}");
        let answer = send(&Host::default(), request);
        let made = decode(&answer.bytes, &Limits::default())
            .expect("a picture")
            .picture;
        assert_eq!(made, surprise(&plain, seed).expect("a picture").0, "{seed}");
    }
}

#[test]
fn two_hundred_at_once_are_all_answered_and_load_each_shard_once() {
    let (routes, host) = (Routes::default(), Host::default());
    let mut requests = Vec::new();
    for k in 0..50 {
        let given = json!({ "number": format!("{}{}", k % 10, k % 7), "image_width": 60, "seed": (k % 5).to_string() });
        requests.push(generate(&given));
        requests.push(request("POST", "mnist/classify", &seven(), "image/png"));
        requests.push(request("GET", "health", &[], "text/plain"));
        let table = format!("depth,a,b\n{k},1,2\n{}.5,3,4\n", k);
        requests.push(request("POST", "image", table.as_bytes(), "text/csv"));
    }
    let sent = requests
        .into_iter()
        .map(|request| answered(&routes, &host, request));
    let answers = block_on(join_all(sent));
    assert_eq!(answers.len(), 200);
    let mut ids = std::collections::BTreeSet::new();
    let mut tasks = std::collections::BTreeSet::new();
    for (at, answer) in answers.iter().enumerate() {
        let status = if at % 4 == 3 { 201 } else { 200 };
        assert_eq!(answer.status, status, "{at}: {}", answer.text());
        match at % 4 {
            0 => assert!(
                tasks.insert(answer.json()["taskId"].to_string()),
                "a task id twice"
            ),
            1 => assert_eq!(answer.json()["classification"], "7"),
            3 => assert!(ids.insert(answer.json()["id"].as_u64()), "an id twice"),
            _ => {}
        }
    }
    assert_eq!(host.locks.get(), 0);
    assert_eq!(host.records.borrow().len(), 50);
    // Asked again, nothing is loaded any more.
    let asked = host.asked.borrow().clone();
    let given = json!({ "number": "00", "image_width": 60, "seed": "0" });
    assert_eq!(
        block_on(answered(&routes, &host, generate(&given))).status,
        200
    );
    assert_eq!(*host.asked.borrow(), asked);
}

#[test]
fn a_damaged_shard_is_fetched_anew_and_reported_when_it_stays_so() {
    let given = json!({ "number": "3", "image_width": 28, "seed": "1" });
    let plain = Host::default();
    assert_eq!(send(&plain, generate(&given)).status, 200);
    let file = plain
        .asked
        .borrow()
        .keys()
        .find(|name| *name != "manifest.json")
        .cloned();
    let file = file.expect("a shard");
    for (for_good, status, asked) in [(false, 200, 2), (true, 503, 2)] {
        let host = Host::default();
        host.damaged.borrow_mut().insert(file.clone(), for_good);
        let answer = send(&host, generate(&given));
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(host.asked.borrow()[&file], asked);
        assert!(status == 200 || answer.json()["status"].to_string().contains(&file));
    }
}

#[test]
fn what_is_out_of_order_is_told_and_a_failing_log_fails_nothing() {
    let broken = |what| {
        let host = Host::default();
        host.broken.borrow_mut().push(what);
        host
    };
    let given = json!({ "number": "3", "image_width": 28 });
    let answer = send(&broken("bucket"), generate(&given));
    assert_eq!(
        (answer.status, &answer.json()["requestBody"]),
        (503, &given)
    );
    let classify = || request("POST", "mnist/classify", &seven(), "image/png");
    assert_eq!(send(&broken("model"), classify()).status, 503);
    let answer = send(&broken("log"), classify());
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-warning"), Some("The log is out of order."));
    let records = request("GET", "digitRecognition/records", &[], "");
    assert_eq!(send(&broken("log"), records).status, 503);
    for path in ["image", "image/1"] {
        let answer = send(&broken("store"), request("GET", path, &[], ""));
        assert_eq!(answer.status, 503, "{path}");
        assert_eq!(answer.json()["detail"], "The store is out of order.");
    }
}

/// Bytes, and then an end that is none.
struct BreaksOff(VecDeque<Vec<u8>>);

impl Body for BreaksOff {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match self.0.pop_front() {
            Some(piece) => Ok(Some(piece)),
            None => Err(Failure::broken_off("it was aborted")),
        }
    }
}

#[test]
fn bodies_that_break_off_leave_nothing_behind() {
    for case in cases() {
        let Request {
            method,
            path,
            query,
            headers,
            mut body,
        } = case.request(500);
        if case.status() >= 400 || body.len() < 2 {
            continue;
        }
        body.truncate(body.len() / 2);
        let request = Request {
            method,
            path,
            query,
            headers,
            body: BreaksOff(body),
        };
        let host = Host::default();
        let answer = send(&host, request);
        let status = if case.path() == "mnist/classify" {
            404
        } else {
            400
        };
        assert_eq!(answer.status, status, "{}: {}", case.name, answer.text());
        assert!(answer.text().contains("aborted"), "{}", case.name);
        assert_eq!(host.store().chunks(), 0, "{}", case.name);
        assert!(block_on(host.store().drafts()).expect("a list").is_empty());
        assert_eq!(host.locks.get(), 0);
        assert!(host.records.borrow().is_empty());
    }
}

/// Rows of an image log, made while they are read.
struct Rows {
    left: usize,
    sent: usize,
}

impl Body for Rows {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut piece = String::new();
        if self.sent == 0 {
            piece += "depth,a,b,c,d,e,f,g,h,i,j,k,l\n";
        }
        for _ in 0..self.left.min(1000) {
            self.sent += 1;
            self.left -= 1;
            let (depth, pixel) = (self.sent, self.sent % 256);
            piece += &format!("{depth},{pixel},100,101,102,103,104,105,106,107,108,109,110\n");
        }
        Ok(Some(piece.into_bytes()))
    }
}

#[test]
fn tables_may_be_of_any_length() {
    let rows = 400_000;
    let request = Request {
        method: "POST".into(),
        path: "image".into(),
        query: "name=long&width=4".into(),
        headers: vec![
            ("content-type".into(), "text/csv".into()),
            ("content-length".into(), (MOST_BYTES + 1).to_string()),
        ],
        body: Rows {
            left: rows,
            sent: 0,
        },
    };
    let (routes, host) = (Routes::default(), Host::default());
    let answer = block_on(answered(&routes, &host, request));
    let image = answer.json();
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(image["height"], rows);
    assert!(
        image["report"]["text_bytes"].as_u64() > Some(MOST_BYTES as u64),
        "{image}"
    );
    // A table of it comes in parts.
    let request = Request {
        method: "GET".into(),
        path: "image/1".into(),
        query: "format=csv".into(),
        headers: Vec::new(),
        body: Rows { left: 0, sent: 0 },
    };
    let table = block_on(answered(&routes, &host, request));
    assert_eq!(table.header("content-length"), None);
    assert_eq!(table.text().lines().count(), rows + 1);
}

#[test]
fn what_says_that_it_is_too_long_is_not_read() {
    struct Unread;
    impl Body for Unread {
        async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
            panic!("it is read");
        }
    }
    for path in [
        "generate",
        "augment",
        "mnist/classify",
        "digitRecognition/localService/v1.0",
    ] {
        let media_type = if path == "generate" {
            "application/json"
        } else {
            "image/png"
        };
        let request = Request {
            method: "POST".into(),
            path: path.into(),
            query: String::new(),
            headers: vec![
                ("Content-Type".into(), media_type.into()),
                ("Content-Length".into(), (MOST_BYTES + 1).to_string()),
            ],
            body: Unread,
        };
        assert_eq!(send(&Host::default(), request).status, 413, "{path}");
    }
}

#[test]
fn a_full_store_is_told_and_holds_no_draft() {
    let mut text = String::from("depth,a,b\n");
    for row in 0..5000 {
        text += &format!("{row},1,2\n");
    }
    let host = Host::with_room(1000);
    let answer = send(&host, request("POST", "image", text.as_bytes(), "text/csv"));
    assert_eq!(answer.status, 507, "{}", answer.text());
    assert_eq!(host.store().chunks(), 0);
    assert!(block_on(host.store().drafts()).expect("a list").is_empty());
}

//! The table of requests that the native tests send, sent by a page.

use digitlab_browser::{Site, Visit, lab};
use serde_json::json;

use crate::routes::answered;

#[path = "../../../core/routes/case.rs"]
mod case;

/// What an answer sends.
mod host {
    use serde_json::Value;

    pub(crate) struct Whole {
        pub(crate) status: u16,
        pub(crate) headers: Vec<(String, String)>,
        pub(crate) bytes: Vec<u8>,
    }

    impl Whole {
        pub(crate) fn header(&self, name: &str) -> Option<&str> {
            let found = self.headers.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.as_str())
        }

        pub(crate) fn json(&self) -> Value {
            serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
        }

        pub(crate) fn text(&self) -> String {
            String::from_utf8_lossy(&self.bytes).into_owned()
        }
    }
}

#[tokio::test]
async fn the_table_of_requests_is_answered_as_natively() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("status of 4")
        .expecting("status of 5")
        .run(async |browser| {
            answered(browser, &site).await;
            let script = "
                const [address, method, headers, text] = arguments;
                const body = ['GET', 'HEAD'].includes(method) ? undefined : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
                return fetch(address, { method, headers, body: body?.length ? body : undefined }).then(async (response) => {
                  const bytes = new Uint8Array(await response.arrayBuffer());
                  let text = '';
                  for (let start = 0; start < bytes.length; start += 8192) text += String.fromCharCode(...bytes.subarray(start, start + 8192));
                  return [response.status, [...response.headers], btoa(text)];
                });";
            let mut failures = Vec::new();
            let mut sent = 0;
            for case in case::cases() {
                let request = case.request(usize::MAX);
                // What is no route is for the web server to answer, and a browser sends no body with these.
                let is_bare = ["GET", "HEAD"].contains(&case.method());
                if !digitlab::routes::claims(case.path()) || is_bare && !request.body.is_empty() {
                    continue;
                }
                sent += 1;
                let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
                let body: Vec<u8> = request.body.into_iter().flatten().collect();
                let arguments = vec![
                    json!(site.url(&format!("{}{query}", request.path))),
                    json!(request.method),
                    json!(request.headers),
                    lab::blob(&body),
                ];
                let answer = browser.run(script, arguments).await;
                let headers = serde_json::from_value(answer[1].clone()).expect("headers");
                let status = answer[0].as_u64().expect("a status") as u16;
                let whole = host::Whole { status, headers, bytes: lab::bytes(&answer[2]) };
                let wrong = case.wrong(&whole);
                if !wrong.is_empty() {
                    let mut text = whole.text();
                    text.truncate(text.floor_char_boundary(300));
                    failures.push(format!("{}: {wrong:?}\n  {status} {text}", case.name));
                }
            }
            assert!(sent > 150, "{sent} requests");
            assert!(failures.is_empty(), "{} of {sent}:\n{}", failures.len(), failures.join("\n"));
        })
        .await;
}

//! The harness itself: what it breaks is broken, and what a page reports is noticed.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::time::Duration;

use digitlab_browser::{Browser, Engine, Fault, Site, Visit, Window, lab};
use futures_util::FutureExt;
use serde_json::{Value, json};

const FILE: &str = "data.gz";

/// The bytes that a page gets for a path, or null when the request fails.
const FETCH: &str = "
    const [address] = arguments;
    return fetch(address).then(async (response) => {
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, bytes: Array.from(bytes) };
    }).catch(() => null);";

fn site() -> digitlab_browser::SiteBuilder {
    Site::empty()
        .with("index.html", lab::page(""))
        .with(FILE, [1, 2, 3, 4, 5, 6])
}

#[tokio::test]
async fn every_fault_shows_in_the_browser() {
    let whole = json!({ "status": 200, "bytes": [1, 2, 3, 4, 5, 6] });
    let pause = Duration::from_millis(1);
    let gzip = vec![
        31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 99, 4, 0, 29, 128, 188, 85, 1, 0, 0, 0,
    ];
    let cases = [
        (
            "missing",
            Fault::Status(404),
            json!({ "status": 404, "bytes": b"404 Not Found" }),
        ),
        (
            "truncated",
            Fault::Truncated { keep: 2 },
            json!({ "status": 200, "bytes": [1, 2] }),
        ),
        ("cut", Fault::Cut { keep: 2 }, Value::Null),
        (
            "corrupted",
            Fault::Corrupted { at: 1 },
            json!({ "status": 200, "bytes": [1, 253, 3, 4, 5, 6] }),
        ),
        (
            "replaced",
            Fault::Replaced(vec![9]),
            json!({ "status": 200, "bytes": [9] }),
        ),
        ("dropped", Fault::Dropped, Value::Null),
        (
            "wrongly encoded",
            Fault::Encoded("gzip"),
            match Engine::current() {
                // It hands on what it cannot unpack.
                Engine::WebKit => whole.clone(),
                _ => Value::Null,
            },
        ),
        ("slow", Fault::Slow { piece: 1, pause }, whole.clone()),
    ];
    let site = site().with("packed.gz", gzip.clone()).start().await;
    Visit::new()
        .expecting(FILE)
        .run(async |browser| {
            browser.open(&site.url("")).await;
            let mut failures = Vec::new();
            for (name, fault, expected) in cases {
                site.fault(FILE, fault);
                let answer = browser.run(FETCH, vec![json!(site.url(FILE))]).await;
                if answer != expected {
                    failures.push(format!("{name}: {answer} instead of {expected}"));
                }
                site.heal();
            }
            assert!(failures.is_empty(), "{}", failures.join("\n"));

            site.fault("packed.gz", Fault::Encoded("gzip"));
            let answer = browser.run(FETCH, vec![json!(site.url("packed.gz"))]).await;
            let bytes = match Engine::current() {
                // By its name it is a packed file, which is left as it is.
                Engine::WebKit => json!(gzip),
                _ => json!([1]),
            };
            assert_eq!(
                answer,
                json!({ "status": 200, "bytes": bytes }),
                "the browser unpacks by itself"
            );

            site.fault_times(FILE, Fault::Status(503), 2);
            let mut statuses = Vec::new();
            for _ in 0..3 {
                statuses
                    .push(browser.run(FETCH, vec![json!(site.url(FILE))]).await["status"].clone());
            }
            assert_eq!(statuses, [503, 503, 200]);

            site.clear_log();
            site.fault(FILE, Fault::Held);
            browser
                .run(
                    "window.answer = null;
                fetch(arguments[0]).then(() => { window.answer = 'came'; });",
                    vec![json!(site.url(FILE))],
                )
                .await;
            assert_eq!(browser.value("window.answer").await, Value::Null);
            site.release();
            browser
                .until("the held answer comes", "window.answer === 'came'")
                .await;
            let log = site.log();
            assert_eq!(
                (log.len(), log[0].path.as_str(), log[0].status, log[0].bytes),
                (1, FILE, 200, 6)
            );
        })
        .await;
}

#[tokio::test]
async fn a_site_below_a_path_is_nowhere_else() {
    let site = site().below("/some/sub/path/").start().await;
    Visit::new()
        .expecting("404")
        .run(async |browser| {
            browser.open(&site.url("")).await;
            assert_eq!(browser.value("document.title").await, "Blank");
            let answer = browser
                .run(FETCH, vec![json!(format!("{}/{FILE}", site.origin()))])
                .await;
            assert_eq!(answer["status"], 404);
        })
        .await;
}

#[tokio::test]
async fn what_a_page_reports_fails_its_visit() {
    let site = site()
        .with("bad.js", "throw new Error('out of order');")
        .start()
        .await;
    let failure = AssertUnwindSafe(
        Visit::new()
            .window(Window {
                width: 360,
                ..Window::default()
            })
            .run(async |browser| {
                browser.open(&site.url("")).await;
                assert_eq!(browser.value("innerWidth").await, 360);
                browser
                    .run(
                        "const later = (error) => setTimeout(() => { throw error; });
                return import(arguments[0]).catch(later);",
                        vec![json!(site.url("bad.js"))],
                    )
                    .await;
                browser
                    .value("new Promise((resolve) => setTimeout(resolve))")
                    .await;
            }),
    )
    .catch_unwind()
    .await
    .expect_err("the page threw an error that nobody caught");
    let message = failure.downcast_ref::<String>().expect("a message");
    assert!(message.contains("out of order"), "{message}");
}

#[tokio::test]
async fn a_browser_that_is_dropped_in_a_panic_leaves_nothing() {
    let folder = AssertUnwindSafe(async {
        let browser = Browser::start(&Window::default()).await;
        let folder = browser.folder().to_owned();
        assert!(folder.join("profile").is_dir());
        std::panic::panic_any(folder);
    })
    .catch_unwind()
    .await
    .expect_err("it panics");
    let folder = folder
        .downcast::<PathBuf>()
        .expect("the folder of the browser");
    assert!(!folder.exists(), "{} is still there", folder.display());
    if cfg!(target_os = "linux") {
        let running = || {
            std::fs::read_dir("/proc")
                .expect("processes")
                .flatten()
                .filter(|process| {
                    // Some are told of their folder by the command line, some by the environment.
                    ["cmdline", "environ"].iter().any(|file| {
                        let told = std::fs::read(process.path().join(file)).unwrap_or_default();
                        String::from_utf8_lossy(&told).contains(&*folder.to_string_lossy())
                    })
                })
                .count()
        };
        // The last of its processes may be ending still.
        let end = std::time::Instant::now() + digitlab_browser::DEADLINE;
        while running() > 0 && std::time::Instant::now() < end {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(running(), 0, "the browser still runs");
    }
}

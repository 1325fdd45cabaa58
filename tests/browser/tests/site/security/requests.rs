//! What hosts of other origins are told when they are asked, and what their answers may do.

use std::sync::{Arc, Mutex};

use digitlab_browser::{Site, Visit, environment};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{recorded, strange};
use crate::page::Page;

/// A host of another origin that keeps the heads of requests as they came, and gives a picture.
struct Listener {
    origin: String,
    heads: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener {
    async fn start(readable: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&heads);
        let picture = environment::workspace().join("www/samples/digit.png");
        let picture = std::fs::read(picture).expect("a sample");
        let accepting = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (kept, picture) = (Arc::clone(&kept), picture.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while !head.ends_with(b"\r\n\r\n")
                        && matches!(stream.read(&mut byte).await, Ok(1))
                    {
                        head.push(byte[0]);
                    }
                    kept.lock()
                        .expect("nobody panics with it")
                        .push(String::from_utf8_lossy(&head).into_owned());
                    let allow = if readable {
                        "Access-Control-Allow-Origin: *\r\n"
                    } else {
                        ""
                    };
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\n{allow}Content-Type: image/png\r\nSet-Cookie: given=1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                        picture.len()
                    );
                    // Whoever is gone by now needs nothing.
                    let _ = stream
                        .write_all(&[answer.as_bytes(), &picture].concat())
                        .await;
                });
            }
        });
        Self {
            origin,
            heads,
            accepting,
        }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("nobody panics with it").clone()
    }
}

#[tokio::test]
async fn a_pasted_address_is_asked_without_telling_who_asks() {
    let site = Site::built().start().await;
    let [open, closed] = [Listener::start(true).await, Listener::start(false).await];
    Visit::new()
        .window(recorded())
        .expecting("CORS policy")
        .expecting("Failed to load resource")
        .run(async |browser| {
            Page::open(browser, &site, "").await;
            // Cookies do not know ports: those of this page would be the other's, too.
            browser.run("document.cookie = 'secret=1; path=/';", vec![]).await;
            browser.addresses().await;
            let picture = format!("{}/some/cat.png", open.origin);
            let fragment = format!("#/classify?url={picture}");
            browser.run("location.hash = arguments[0];", vec![json!(fragment)]).await;
            browser
                .until("it is read", "document.querySelector('#classify-answer')?.dataset.state === 'done'")
                .await;
            let outcome = browser
                .run(
                    "return (async (module, address) => {
                       const { Digitlab } = await import(module);
                       const lab = await Digitlab.open({ workers: 1 });
                       const failed = await lab.fetchPicture(address).then(() => 'read', ({ code }) => code);
                       const log = await lab.frames.import(address).then(() => 'read', ({ code }) => code);
                       lab.close();
                       return [failed, log];
                     })(arguments[0], arguments[1]);",
                    vec![json!(site.url("digitlab.js")), json!(format!("{}/other.png", closed.origin))],
                )
                .await;
            assert_eq!(outcome, json!(["cors", "network"]));
            let heads = [open.heads(), closed.heads()].concat();
            assert!(open.heads().len() == 1 && heads.len() >= 4, "{heads:?}");
            for head in &heads {
                let small = head.to_lowercase();
                for telling in ["\r\ncookie:", "\r\nreferer:", "\r\nauthorization:"] {
                    assert!(!small.contains(telling), "{head}");
                }
            }
            let asked = strange(browser, &[site.url(""), format!("{}/", open.origin), format!("{}/", closed.origin)]).await;
            assert_eq!(asked, Vec::<String>::new());
            assert_eq!(browser.value("document.cookie").await, "secret=1", "nothing was taken from elsewhere");
        })
        .await;
}

#[tokio::test]
async fn another_bucket_is_asked_without_telling_who_asks_and_its_licence_is_no_script() {
    let bucket = environment::workspace().join("www/mnist");
    let manifest = std::fs::read_to_string(bucket.join("manifest.json")).expect("a manifest");
    let mut manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    manifest["name"] = json!("<img src=x onerror='window.hacked=1'>");
    manifest["licence"]["name"] = json!("<b>Free</b>");
    manifest["licence"]["url"] = json!("javascript:window.hacked=2");
    let other = Site::built()
        .with("mnist/manifest.json", manifest.to_string())
        .with_cors()
        .start()
        .await;
    let site = Site::built().start().await;
    Visit::new()
        .window(recorded())
        .run(async |browser| {
            let page = Page::open(browser, &site, &format!("#/generate?number=5&seed=1&bucket={}", other.url("mnist/"))).await;
            let said = page.says("#licence", "Free").await;
            assert!(said.contains("<img src=x onerror='window.hacked=1'>") && said.contains("<b>Free</b>"), "{said}");
            let made = "document.querySelectorAll('#licence a, #licence img, #licence b, #source img').length + (window.hacked ?? 0)";
            assert_eq!(browser.value(made).await, 0);
            let asked = strange(browser, &[site.url(""), other.url("mnist/")]).await;
            // The browser's own first page asks for things too.
            let asked: Vec<_> = asked.iter().filter(|address| address.starts_with("http")).collect();
            assert!(asked.is_empty(), "{asked:?}");
        })
        .await;
}

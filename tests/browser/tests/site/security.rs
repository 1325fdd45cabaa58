//! What the page may do, where it asks, and what hostile addresses and names come to.

use std::sync::{Arc, Mutex};

use digitlab_browser::{Browser, LAB_PAGE, Site, Visit, Window, environment};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::page::Page;

/// The policy in the markup of the page, directive by directive.
fn policy() -> Vec<Vec<String>> {
    let page = environment::workspace().join("www/index.html");
    let page = std::fs::read_to_string(page).expect("the page");
    let start = "http-equiv=\"Content-Security-Policy\" content=\"";
    let (_, rest) = page.split_once(start).expect("a policy");
    let (policy, _) = rest.split_once('"').expect("its end");
    let words = |directive: &str| directive.split_whitespace().map(str::to_owned).collect();
    policy.split(';').map(words).collect()
}

/// Makes all that the page reports of its policy an entry of `window.violations`.
const WATCH: &str = "
    window.violations = [];
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      window.violations.push([violatedDirective, blockedURI]);
    });";

#[test]
fn the_policy_makes_no_exceptions() {
    let policy = policy();
    let of = |name: &str| -> &[String] {
        let found = policy.iter().find(|directive| directive[0] == name);
        found.map_or(&[], |directive| &directive[1..])
    };
    for directive in &policy {
        for word in &directive[1..] {
            let loose = [
                "'unsafe-inline'",
                "'unsafe-eval'",
                "'unsafe-hashes'",
                "'strict-dynamic'",
                "'allow-duplicates'",
                "*",
            ];
            assert!(!loose.contains(&word.as_str()), "{directive:?}");
        }
    }
    assert_eq!(of("default-src"), ["'none'"]);
    assert_eq!(of("script-src"), ["'self'", "'wasm-unsafe-eval'"]);
    assert_eq!(of("worker-src"), ["'self'"]);
    assert_eq!(of("style-src"), ["'self'"]);
    assert_eq!(of("base-uri"), ["'none'"]);
    assert_eq!(of("form-action"), ["'none'"]);
    assert_eq!(of("require-trusted-types-for"), ["'script'"]);
    assert_eq!(of("trusted-types"), ["digitlab"]);
    // Only data may come from elsewhere: the pictures and tables whose address somebody gives, and the bucket.
    let elsewhere: Vec<_> = { policy.iter() }
        .filter(|directive| directive.iter().any(|word| word.starts_with("http")))
        .map(|directive| directive[0].as_str())
        .collect();
    assert_eq!(elsewhere, ["connect-src"]);
}

#[tokio::test]
async fn markup_and_scripts_that_are_not_the_sites_are_refused() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("Trusted")
        .expecting("trusted-types")
        .expecting("Content Security Policy")
        .run(async |browser| {
            Page::open(browser, &site, "#/generate?number=3&seed=1").await;
            if browser.value("'trustedTypes' in window").await == json!(true) {
                let tries = "
                    const tries = {
                      markup: () => (document.createElement('div').innerHTML = '<b>bold</b>'),
                      parsed: () => new DOMParser().parseFromString('<b>bold</b>', 'text/html'),
                      worker: () => new Worker('js/lab/worker.js'),
                      registered: () => navigator.serviceWorker.register('service_worker.js'),
                      policy: () => trustedTypes.createPolicy('another', {}),
                      again: () => trustedTypes.createPolicy('digitlab', {}),
                    };
                    const passed = [];
                    for (const [name, attempt] of Object.entries(tries)) {
                      try {
                        await attempt();
                        passed.push(name);
                      } catch (error) {
                        if (!(error instanceof TypeError)) passed.push(`${name}: ${error}`);
                      }
                    }
                    return passed;";
                assert_eq!(browser.run(&format!("return (async () => {{ {tries} }})();"), vec![]).await, json!([]));
            }
            // What stands behind it in every browser.
            let tried = browser
                .run(
                    "const script = document.createElement('script');
                     script.append('window.hacked = 1');
                     try { document.body.append(script); } catch {}
                     const link = document.createElement('a');
                     try { link.setAttribute('onclick', 'window.hacked = 2'); } catch {}
                     document.body.append(link);
                     link.click();
                     return new Promise((resolve) => setTimeout(() => resolve([window.hacked === undefined], 0)));",
                    vec![],
                )
                .await;
            assert_eq!(tried, json!([true]));
            // The module's own rules, which hold where there are no Trusted Types.
            let refused = browser
                .run(
                    "return (async (address) => {
                       const { ownPage, scriptAddress } = await import(address);
                       const results = [String(scriptAddress(new URL('js/lab/worker.js', document.baseURI)))];
                       for (const strange of ['https://example.org/js/lab/worker.js', 'data:text/javascript,1', 'blob:https://example.org/1']) {
                         try { results.push(String(scriptAddress(new URL(strange)))); } catch (error) { results.push(error.constructor.name); }
                       }
                       for (const strange of ['https://example.org/views/api.html', '//example.org/', 'data:text/html,1']) {
                         await ownPage(strange).then(() => results.push('read'), (error) => results.push(error.constructor.name));
                       }
                       return results;
                     })(arguments[0]);",
                    vec![json!(site.url("js/lab/trusted.js"))],
                )
                .await;
            let mut expected = vec![json!(site.url("js/lab/worker.js"))];
            expected.resize(7, json!("TypeError"));
            assert_eq!(refused, Value::from(expected));
        })
        .await;
}

/// The work of a page: its address, what is clicked once something is there, and what shows that the work is done.
struct Job {
    address: &'static str,
    click: Option<(&'static str, &'static str)>,
    done: &'static str,
}

const JOBS: [Job; 9] = [
    Job {
        address: "#/generate?number=042&seed=7",
        click: Some((
            "#download-png",
            "document.querySelector('#stage').dataset.state === 'done'",
        )),
        done: "document.querySelector('#stage').dataset.state === 'done'",
    },
    Job {
        address: "#/dataset?count=30&seed=3",
        click: Some((
            "#dataset-go",
            "document.querySelector('#dataset-items')?.dataset.state === 'done' && !document.querySelector('#dataset-items').hasAttribute('data-stale')",
        )),
        // Where there is no place to write to, its sentence is all there can be.
        done: "document.querySelector('#dataset-run')?.dataset.state === 'done' || document.querySelector('#dataset-error').textContent.includes('no place to write')",
    },
    Job {
        address: "#/augment?sample=card&seed=3&mode=each",
        click: None,
        done: "document.querySelector('#augment-wall')?.dataset.state === 'done' && document.querySelector('#augment-wall-grid [data-state=done]') !== null",
    },
    Job {
        address: "#/classify?sample=digit",
        click: None,
        done: "document.querySelector('#classify-answer')?.dataset.state === 'done'",
    },
    Job {
        address: "#/train",
        click: Some((
            "#train-go",
            "document.querySelector('#train-go')?.disabled === false",
        )),
        done: "Number(document.querySelector('#train-parts')?.dataset.steps) >= 2",
    },
    Job {
        address: "#/robustness",
        click: None,
        done: "document.querySelector('#robustness') !== null",
    },
    // What was classified is in the log.
    Job {
        address: "#/records",
        click: None,
        done: "document.querySelector('#records-rows [role=row]:not([data-waiting])') !== null",
    },
    Job {
        address: "#/frames",
        click: Some((
            "#frames-sample",
            "document.querySelector('#frames')?.dataset.state === 'empty'",
        )),
        done: "document.querySelector('#frames-viewer')?.dataset.drawn === 'fine'",
    },
    Job {
        address: "#/storage",
        click: None,
        done: "document.querySelectorAll('.storage-row').length > 5",
    },
];

/// Has every page do its work, one after the other, with nothing that its policy forbids.
async fn every_page_at_work(browser: &Browser, site: &Site) {
    Page::open(browser, site, "").await;
    browser.run(WATCH, vec![]).await;
    for Job {
        address,
        click,
        done,
    } in JOBS
    {
        browser
            .run("location.hash = arguments[0];", vec![json!(address)])
            .await;
        if let Some((button, there)) = click {
            browser.until(&format!("{address} is there"), there).await;
            browser.click(button).await;
            // A place that is opened at once would take it from WebKit.
            if button.contains("download") {
                browser.download().await;
            }
        }
        browser
            .until(&format!("the work of {address} is done"), done)
            .await;
    }
    assert_eq!(browser.value("window.violations").await, json!([]));
}

fn recorded() -> Window {
    Window {
        record_requests: true,
        ..Window::default()
    }
}

/// The addresses that do not begin in one of these ways.
async fn strange(browser: &Browser, own: &[String]) -> Vec<String> {
    let mut addresses = browser.addresses().await;
    assert!(addresses.len() > 20, "{addresses:?}");
    let inside = ["blob:".to_owned(), "data:".to_owned()];
    addresses.retain(|address| {
        !own.iter()
            .chain(&inside)
            .any(|start| address.starts_with(start))
    });
    addresses
}

/// A request of a worker to anybody else would fail the visit, too: its browser finds no other host, and reports that.
#[tokio::test]
async fn every_page_does_its_work_and_asks_nobody_else() {
    let site = Site::built().start().await;
    Visit::new()
        .window(recorded())
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            browser.addresses().await;
            every_page_at_work(browser, &site).await;
            assert_eq!(
                strange(browser, &[site.url("")]).await,
                Vec::<String>::new()
            );
            let others: Vec<_> = { site.log().into_iter() }
                .filter(|request| request.method != "GET")
                .collect();
            assert!(others.is_empty(), "{others:?}");
        })
        .await;
}

/// Workers get their policy from their own files' headers, and are held to it.
#[tokio::test]
async fn every_page_does_its_work_under_the_policy_as_a_header() {
    let policy: Vec<String> = policy()
        .iter()
        .map(|directive| directive.join(" "))
        .collect();
    let policy = format!("{}; frame-ancestors 'none'", policy.join("; "));
    let site = Site::built()
        .with_header("content-security-policy", policy)
        .with_header("x-content-type-options", "nosniff")
        .with_header("referrer-policy", "no-referrer")
        .with_header("cross-origin-opener-policy", "same-origin")
        .start()
        .await;
    Visit::new()
        .run(async |browser| every_page_at_work(browser, &site).await)
        .await;
}

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

/// Addresses that a link may hold, and what is said of each.
const LINKS: [(&str, &str); 8] = [
    (
        "#/generate?number=5&bucket=javascript:window.hacked=1",
        "bucket is \"javascript:window.hacked=1\"; allowed: an http or https address",
    ),
    (
        "#/generate?number=5&bucket=data:text/html,x",
        "bucket is \"data:text/html,x\"; allowed: an http or https address",
    ),
    (
        "#/augment?url=javascript:window.hacked=1",
        "a javascript: address; allowed: http, https, data and blob addresses.",
    ),
    (
        "#/augment?url=file:///etc/passwd",
        "a file of this machine, which a page may not open by its address",
    ),
    (
        "#/augment?pipeline=%7B%22__proto__%22:%7B%22hacked%22:1%7D%7D",
        "__proto__ is not a known field",
    ),
    (
        "#/classify?url=ftp://example.org/a.png",
        "a ftp: address; allowed: http, https, data and blob addresses.",
    ),
    (
        "#/classify?mode=%3Cimg%20src=x%20onerror=window.hacked=1%3E",
        "<img src=x onerror=window.hacked=1>",
    ),
    ("#/%3Cimg%20src=x%3E", "Not found"),
];

#[tokio::test]
async fn hostile_links_come_to_sentences() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            for (fragment, sentence) in LINKS {
                browser.open("about:blank").await;
                browser.open(&site.url(fragment)).await;
                let said = format!(
                    "(document.title + document.body.innerText).includes({})",
                    json!(sentence)
                );
                browser
                    .until(&format!("{fragment}: {sentence}"), &said)
                    .await;
                let harmed =
                    "[window.hacked, {}.hacked, document.querySelectorAll('[src=x]').length]";
                assert_eq!(
                    browser.value(harmed).await,
                    json!([null, null, 0]),
                    "{fragment}"
                );
            }
        })
        .await;
}

#[tokio::test]
async fn names_of_files_are_text_and_no_more() {
    let site = Site::built().start().await;
    let name = "=cmd|'<img src=x onerror=window.hacked=1>'.csv";
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/frames")).await;
            browser
                .until("the place is ready", "['empty', 'done'].includes(document.querySelector('#frames')?.dataset.state)")
                .await;
            browser
                .run(
                    "const files = new DataTransfer();
                     files.items.add(new File(['depth,a,b\\n1,2,3\\n2,3,4\\n'], arguments[0]));
                     const input = document.querySelector('#frames-file');
                     input.files = files.files;
                     input.dispatchEvent(new Event('change', { bubbles: true }));",
                    vec![json!(name)],
                )
                .await;
            let shown = format!("document.querySelector('#frames-name')?.textContent === {}", json!(name));
            browser.until("the log is shown by its name", &shown).await;
            let harmed = "[window.hacked, document.querySelectorAll('[src=x]').length]";
            assert_eq!(browser.value(harmed).await, json!([null, 0]));
            let made = browser
                .run(
                    "return (async (files, code, names) => {
                       const { safeFileName } = await import(files);
                       const { curlCode, fetchCode } = await import(code);
                       const file = new File(['x'], \"a'; rm -rf ~ '\\n\\u2028alert(1)//.csv\");
                       const request = (body) => ({ method: 'POST', url: new URL('image', document.baseURI), headers: [], body, answers: 'text/csv' });
                       const text = request({ kind: 'form', parts: [{ name: 'pipeline', value: '@/etc/passwd' }] });
                       return {
                         names: names.map(safeFileName),
                         program: fetchCode(request({ kind: 'file', file })).split(/[\\n\\u2028\\u2029]/).length,
                         curl: [curlCode(request({ kind: 'file', file })), curlCode(text), curlCode(request({ kind: 'text', text: '@/etc/passwd' }))],
                       };
                     })(...arguments);",
                    vec![
                        json!(site.url("js/ui/file_name.js")),
                        json!(site.url("js/api/request_code.js")),
                        json!([
                            "digit.png", "../../etc/passwd", "C:\\a.png", "a\u{0}b\n.csv", "cat\u{202e}gnp.exe", "con.txt", "...", "",
                            " .bashrc", "a".repeat(300) + ".csv.gz", "\u{1f600}".repeat(100) + ".png", "a. . ",
                        ]),
                    ],
                )
                .await;
            let expected = json!([
                "digit.png", "-..-etc-passwd", "C--a.png", "ab.csv", "catgnp.exe", "_con.txt", "download", "download",
                "bashrc", "a".repeat(193) + ".csv.gz", "\u{1f600}".repeat(49) + ".png", "a",
            ]);
            assert_eq!(made["names"], expected);
            assert_eq!(made["program"], 7, "the name of the file begins no line");
            let curl = made["curl"].as_array().expect("programs");
            let says = |at: usize, part: &str| assert!(curl[at].as_str().is_some_and(|text| text.contains(part)), "{}", curl[at]);
            says(0, "--data-binary '@a'\\''; rm -rf ~ '\\''");
            says(1, "--form-string 'pipeline=@/etc/passwd'");
            says(2, "--data-raw '@/etc/passwd'");
        })
        .await;
}

/// Any page of the web can make a browser send a form here.
#[tokio::test]
async fn forms_of_strangers_are_not_taken() {
    let site = Site::built().start().await;
    let form = format!(
        "<!doctype html><title>Stranger</title><form method=\"post\" action=\"{}\" enctype=\"multipart/form-data\"><input type=\"file\" name=\"file\"></form>",
        site.url("image?name=planted")
    );
    let stranger = Site::empty().with("form.html", form).start().await;
    Visit::new()
        .offline()
        .expecting("403")
        // Neither page names one, and browsers ask for it.
        .expecting("favicon.ico")
        .run(async |browser| {
            Page::open(browser, &site, "").await;
            browser.until("the service worker is there", "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)").await;
            browser.open(&stranger.url("form.html")).await;
            browser
                .run(
                    "const files = new DataTransfer();
                     files.items.add(new File(['depth,a,b\\n1,2,3\\n'], 'planted.csv', { type: 'text/csv' }));
                     document.querySelector('input').files = files.files;
                     document.querySelector('form').submit();",
                    vec![],
                )
                .await;
            browser.until("it is refused", "document.body?.innerText.includes('A form that leaves its page is not taken')").await;
            browser.open(&site.url(LAB_PAGE)).await;
            let list = "const lab = await Digitlab.open({ workers: 1 });
                const logs = await lab.frames.list();
                lab.close();
                return logs.length;";
            let lab = browser.lab(&site.url("digitlab.js"));
            assert_eq!(lab.get(list, Value::Null).await, 0);
        })
        .await;
}

/// What the page reads without the engine, each with what may be thrown and examples to begin with; and how the examples
/// are changed, the same in every run.
const READERS: &str = r##"return (async (module) => {
    const [boxes, svg, colours, recipe, state, ...addresses] = await Promise.all([
      "augment/box_text.js", "lab/svg.js", "frames/colour_list.js", "dataset/recipe_file.js", "dataset/recipe_state.js",
      "augment/augment_address.js", "classify/classify_address.js", "frames/frames_address.js", "generate/address.js", "dataset/dataset_address.js",
    ].map((path) => import(new URL(`js/${path}`, module).href)));
    const coco = { images: [{ id: 1, file_name: "a.png", width: 40, height: 30 }], categories: [{ id: 2, name: "cat" }], annotations: [{ image_id: 1, category_id: 2, bbox: [1, 2, 3, 4] }] };
    const voc = "<annotation><size><width>40</width><height>30</height></size><object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>8</ymax></bndbox></object></annotation>";
    const drawing = `<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20" width="3cm"><defs><g id="g"><path d="M0 0h9"/></g></defs><use href="#g"/><script>1</script><foreignObject/>&a;<image href="x"/></svg>`;
    const readers = [
      ["boxes", boxes.BoxTextError, (text) => boxes.textOfFile("boxes", text, { name: "a.png", width: 40, height: 30 }), ["cat 1 2 3 4\n# no\n0.1,0.2;0.3 0.4", JSON.stringify(coco), voc]],
      ["drawing", Error, (text) => { try { svg.prepareSvg(text, {}); } catch (error) { if (!error.code) throw new TypeError(String(error)); } }, [drawing]],
      ["colours", null, (text) => colours.coloursOf(text), ["navy, #0af, rgb(255 0 0)"]],
      ["recipe", Error, async (text) => { state.toState(await recipe.readRecipe(new File([text], "recipe.json"))); }, [
        JSON.stringify({ recipe: { count: 5, numbers: { random: [1, 4] }, subsets: { train: 8 }, pipeline: [] } }), JSON.stringify({ count: 3, numbers: { list: ["1"] }, seed: "7" }),
      ]],
      ["numbers", Error, (text) => { state.numbersIn(text); }, ["042, 7 31\n5"]],
      ...addresses.map((address, at) => [`address ${at}`, null, (text) => address.fromQuery(text), ["url=https://example.org/a.png&seed=7&mode=mine&count=12&pipeline=[{}]&image=1&depth_min=9.5&colormap=navy,red&number=5"]]),
    ];
    let seed = 1;
    const below = (most) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor((seed / 2 ** 32) * most); };
    const words = ["", "null", "-1", "1e999", "NaN", '"', "<", ">", "&", "%", "\u0000", "\ud800", "{", "[", "]", ",", "__proto__", "constructor", "&#0;", "<svg>", "99999999999999999999", "true", "\n"];
    const changed = (text) => {
      const [from, to] = [below(text.length + 1), below(text.length + 1)].sort((a, b) => a - b);
      const word = words[below(words.length)];
      return [text.slice(0, from) + text.slice(to), text.slice(0, to) + text.slice(from), text.slice(0, from) + word + text.slice(from), text.slice(0, from) + word + text.slice(from + 1)][below(4)].slice(0, 3000);
    };
    const wrong = [];
    let tries = 0;
    for (const [name, allowed, read, examples] of readers) {
      for (const example of examples) {
        for (let k = 0, text = example; k < 300; k++) {
          text = k % 8 === 0 ? example : changed(text);
          tries += 1;
          try {
            await read(text);
          } catch (error) {
            const expected = allowed && error instanceof allowed && !(error instanceof TypeError) && !(error instanceof RangeError);
            if (!expected && wrong.length < 10) wrong.push(`${name}: ${error} of ${text}`.toWellFormed());
          }
        }
      }
    }
    if ({}.hacked !== undefined || Object.keys(Object.prototype).length > 0) wrong.push("Object.prototype has changed");
    return { tries, wrong };
  })(arguments[0]);"##;

#[tokio::test]
async fn what_the_page_reads_itself_comes_to_sentences() {
    let site = Site::built().start().await;
    Visit::new()
        // Chromium's own words in a document of broken XML have a style.
        .expecting("inline style")
        .run(async |browser| {
            browser.open(&site.url("#/records")).await;
            let found = browser
                .run(READERS, vec![json!(site.url("digitlab.js"))])
                .await;
            assert_eq!(found["wrong"], json!([]));
            assert_eq!(found["tries"], 300 * 13);
        })
        .await;
}

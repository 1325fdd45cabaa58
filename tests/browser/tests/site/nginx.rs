//! The recipe for nginx, tried with a real one: `docs/deploy/nginx/`.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use digitlab_browser::{DEADLINE, Visit, environment, stated_headers};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::page::Page;

/// A running nginx; it ends when dropped.
struct Nginx {
    port: u16,
    child: Child,
    program: std::path::PathBuf,
    scratch: tempfile::TempDir,
}

/// An answer: its status, its headers by their names in small letters, and its body.
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// A file of the recipe, with other places in it: each of them must be there.
fn recipe(name: &str, places: &[(&str, &str)]) -> String {
    let path = environment::workspace()
        .join("docs/deploy/nginx")
        .join(name);
    let mut text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (place, other) in places {
        assert!(text.contains(place), "{name} says nothing of {place}");
        text = text.replace(place, other);
    }
    text
}

impl Drop for Nginx {
    /// Asks it to end: one that is killed leaves its workers behind.
    fn drop(&mut self) {
        let asked = std::process::Command::new(&self.program)
            .args(["-e", "stderr", "-s", "stop", "-p"])
            .arg(self.scratch.path())
            .arg("-c")
            .arg(self.scratch.path().join("nginx.conf"))
            .stderr(Stdio::null())
            .status();
        let end = Instant::now() + DEADLINE;
        while asked.is_ok() && Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Nginx {
    /// Starts that of the recipe; `server` is put into its server. None, and a sentence, where there is no nginx.
    async fn start(server: &str) -> Option<Self> {
        let Some((program, module)) = environment::nginx() else {
            eprintln!("left out: DIGITLAB_NGINX and DIGITLAB_NGINX_BROTLI name no nginx");
            return None;
        };
        let scratch = tempfile::tempdir().expect("a folder");
        // Its workers are to read what whoever runs the tests can read.
        let is_root = std::fs::metadata(scratch.path()).expect("a folder").uid() == 0;
        let user = if is_root { "user root;" } else { "" };
        let own = |path: &str| scratch.path().join(path).display().to_string();
        std::fs::write(own("site.conf"), recipe("site.conf", &[])).expect("a file");
        // A port is free only until somebody takes it.
        for _ in 0..10 {
            let port = TcpListener::bind("127.0.0.1:0")
                .and_then(|listener| listener.local_addr())
                .expect("a free port")
                .port();
            let configuration = recipe(
                "nginx.conf",
                &[
                    (
                        "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so",
                        &module.display().to_string(),
                    ),
                    ("daemon off;", &format!("daemon off;{user}")),
                    ("/tmp/", &own("")),
                    ("/dev/stdout", &own("access.log")),
                    ("/etc/digitlab/", &own("")),
                    ("listen 8080;", &format!("listen 127.0.0.1:{port};{server}")),
                    (
                        "root /srv/digitlab;",
                        &format!("root {};", environment::site().display()),
                    ),
                ],
            );
            std::fs::write(own("nginx.conf"), configuration).expect("a file");
            let errors = std::fs::File::create(own("errors")).expect("a file");
            let mut child = Command::new(&program)
                .args(["-e", "stderr", "-p"])
                .arg(scratch.path())
                .arg("-c")
                .arg(own("nginx.conf"))
                .stdout(Stdio::null())
                .stderr(errors)
                .kill_on_drop(true)
                .spawn()
                .expect("nginx starts");
            let end = Instant::now() + DEADLINE;
            loop {
                if child.try_wait().expect("a child").is_some() {
                    let said = std::fs::read_to_string(own("errors")).expect("what it said");
                    assert!(said.contains("Address already in use"), "{said}");
                    break;
                }
                if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                    return Some(Self {
                        port,
                        child,
                        scratch,
                        program,
                    });
                }
                assert!(Instant::now() < end, "nginx does not listen");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        panic!("no port stayed free");
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))
            .await
            .expect("nginx listens");
        let mut request =
            format!("GET /{path} HTTP/1.1\r\nHost: lab.test\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the request goes out");
        let mut bytes = Vec::new();
        stream
            .read_to_end(&mut bytes)
            .await
            .expect("the answer comes");
        let end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or_else(|| panic!("{path}: no end of the headers"));
        let head = std::str::from_utf8(&bytes[..end]).expect("headers are text");
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok())
            .unwrap_or_else(|| panic!("{path}: {head}"));
        let mut found = BTreeMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            let before = found.insert(name.to_ascii_lowercase(), value.to_owned());
            assert_eq!(before, None, "{path} has {name} twice");
        }
        Answer {
            status,
            headers: found,
            body: bytes[end + 4..].to_vec(),
        }
    }
}

/// The paths of all files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![PathBuf::new()];
    while let Some(next) = left.pop() {
        for entry in std::fs::read_dir(folder.join(&next)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = next.join(entry.file_name());
            if entry.file_type().expect("a type").is_dir() {
                left.push(path);
            } else {
                found.push(path.to_str().expect("an ordinary name").replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// What browsers must be told that a file is; none for kinds of which the site has no file.
fn expected_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending {
        "css" => "text/css; charset=utf-8",
        "gz" => "application/gzip",
        "html" => "text/html; charset=utf-8",
        "jpeg" => "image/jpeg",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "onnx" => "application/octet-stream",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        _ => return None,
    })
}

/// Collects what is wrong with an answer about a file.
fn judge(
    wrong: &mut Vec<String>,
    what: &str,
    answer: &Answer,
    status: u16,
    expected: &[(String, Option<String>)],
) {
    if answer.status != status {
        wrong.push(format!("{what}: {} instead of {status}", answer.status));
    }
    for (name, value) in expected {
        if answer.header(name) != value.as_deref() {
            wrong.push(format!(
                "{what}: {name} is {:?} instead of {value:?}",
                answer.header(name)
            ));
        }
    }
}

#[tokio::test]
async fn every_file_has_its_type_its_encoding_and_the_headers_for_hosts() {
    let Some(nginx) = Nginx::start("").await else {
        return;
    };
    let site = environment::site();
    let stated: Vec<(String, Option<String>)> = stated_headers(&site)
        .into_iter()
        .map(|(name, value)| (name, Some(value)))
        .collect();
    assert!(stated.len() >= 7, "{stated:?}");
    let all = files(&site);
    let copy_of = |path: &str, ending: &str| {
        let copy = format!("{path}{ending}");
        all.binary_search(&copy).is_ok().then_some(copy)
    };
    let is_copy = |path: &str| {
        [".br", ".gz"]
            .iter()
            .filter_map(|ending| path.strip_suffix(ending))
            .any(|file| {
                all.binary_search_by(|other| other.as_str().cmp(file))
                    .is_ok()
            })
    };
    let (mut seen, mut copies, mut wrong) = (0, 0, Vec::new());
    for path in all
        .iter()
        .filter(|path| !is_copy(path) && *path != "_headers")
    {
        seen += 1;
        let bytes = std::fs::read(site.join(path)).expect("a file");
        let media_type = expected_type(path).unwrap_or_else(|| panic!("what is {path}?"));
        let mut expected = stated.clone();
        expected.push(("content-type".into(), Some(media_type.into())));
        let with = |encoding: Option<&str>| {
            let mut expected = expected.clone();
            expected.push(("content-encoding".into(), encoding.map(str::to_owned)));
            expected
        };

        let plain = nginx.ask(path, &[]).await;
        judge(&mut wrong, path, &plain, 200, &with(None));
        if plain.body != bytes {
            wrong.push(format!("{path}: other bytes"));
        }

        // As browsers ask: all that they can, in no order of preference.
        let ways = [
            ("gzip, deflate, br, zstd", ".br", "br"),
            ("gzip, deflate", ".gz", "gzip"),
        ];
        for (accepted, ending, encoding) in ways {
            let what = format!("{path} with {accepted}");
            let answer = nginx.ask(path, &[("Accept-Encoding", accepted)]).await;
            let Some(copy) = copy_of(path, ending) else {
                judge(&mut wrong, &what, &answer, 200, &with(None));
                continue;
            };
            copies += 1;
            judge(&mut wrong, &what, &answer, 200, &with(Some(encoding)));
            if answer.header("vary") != Some("Accept-Encoding") {
                wrong.push(format!("{what}: caches are not told that it varies"));
            }
            if answer.body != std::fs::read(site.join(copy)).expect("a copy") {
                wrong.push(format!("{what}: not the copy's bytes"));
            }
        }

        let tag = plain.header("etag").unwrap_or("none").to_owned();
        let again = nginx.ask(path, &[("If-None-Match", &tag)]).await;
        judge(&mut wrong, &format!("{path} again"), &again, 304, &stated);
        if !again.body.is_empty() {
            wrong.push(format!("{path} again: a body"));
        }
        if bytes.len() > 8 {
            let part = nginx.ask(path, &[("Range", "bytes=2-5")]).await;
            let mut expected = expected.clone();
            let range = format!("bytes 2-5/{}", bytes.len());
            expected.push(("content-range".into(), Some(range)));
            judge(
                &mut wrong,
                &format!("{path} in part"),
                &part,
                206,
                &expected,
            );
            if part.body != bytes[2..6] {
                wrong.push(format!("{path} in part: other bytes"));
            }
        }
    }
    let some = &wrong[..wrong.len().min(20)];
    assert!(
        some.is_empty(),
        "{} are wrong, as\n{}",
        wrong.len(),
        some.join("\n")
    );
    assert!(seen > 500 && copies > 400, "{seen} files, {copies} copies");
    for file in [
        "engine_bg.wasm",
        "reader_bg.wasm",
        "index.html",
        "js/app.js",
    ] {
        assert!(copy_of(file, ".br").is_some(), "{file}.br is missing");
    }
    for file in ["config.js", "mnist/train-0-00.gz", "icons/screenshot.png"] {
        assert_eq!(copy_of(file, ".br"), None, "{file} is sent as it is");
    }
}

#[tokio::test]
async fn what_is_missing_is_a_404_with_a_page_that_says_so() {
    let Some(nginx) = Nginx::start("").await else {
        return;
    };
    let site = environment::site();
    let page = std::fs::read(site.join("404.html")).expect("the page");
    let stated = stated_headers(&site);
    for path in ["nothing", "mnist/train-0-99.gz", "js/nothing.js", "a/b/c"] {
        let answer = nginx.ask(path, &[]).await;
        assert_eq!((answer.status, &answer.body), (404, &page), "{path}");
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8"),
            "{path}"
        );
        for (name, value) in &stated {
            assert_eq!(answer.header(name), Some(value.as_str()), "{path}: {name}");
        }
    }
    assert_eq!(
        nginx.ask("mnist/", &[]).await.status,
        403,
        "folders are not listed"
    );
    let folder = nginx.ask("mnist", &[]).await;
    assert_eq!(
        (folder.status, folder.header("location")),
        (301, Some("/mnist/"))
    );
}

#[tokio::test]
async fn it_may_lie_below_a_path_of_a_server_that_does_other_things() {
    let scratch = tempfile::tempdir().expect("a folder");
    let site = environment::site();
    let folder = format!("{}/", site.display());
    let rules = scratch.path().join("site.conf");
    std::fs::write(&rules, recipe("site.conf", &[])).expect("a file");
    let places = [
        ("/srv/digitlab/", folder.as_str()),
        ("/etc/digitlab/site.conf", rules.to_str().expect("a path")),
    ];
    let Some(nginx) = Nginx::start(&recipe("sub_path.conf", &places)).await else {
        return;
    };
    let stated = stated_headers(&site);
    for (path, status) in [
        ("digitlab/", 200),
        ("digitlab/engine_bg.wasm", 200),
        ("digitlab/js/app.js", 200),
        ("digitlab/nothing", 404),
    ] {
        let answer = nginx.ask(path, &[("Accept-Encoding", "gzip")]).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{path}");
        for (name, value) in &stated {
            assert_eq!(answer.header(name), Some(value.as_str()), "{path}: {name}");
        }
    }
    let folder = nginx.ask("digitlab", &[]).await;
    assert_eq!(
        (folder.status, folder.header("location")),
        (301, Some("/digitlab/"))
    );
}

#[tokio::test]
async fn a_browser_gets_the_page_from_it() {
    let Some(nginx) = Nginx::start("").await else {
        return;
    };
    Visit::new()
        .run(async |browser| {
            browser.open(&nginx.url("#/generate?number=042&seed=7")).await;
            let page = Page { browser };
            let wanted = json!({ "number": "042", "image_width": 84, "seed": 7 });
            page.shows("nginx", &wanted).await;
            let engine = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/engine_bg.wasm'))
                .every(({ encodedBodySize, decodedBodySize }) => encodedBodySize > 0 && encodedBodySize < decodedBodySize / 2)";
            assert_eq!(browser.value(engine).await, true, "the engine travels compressed");
        })
        .await;
}

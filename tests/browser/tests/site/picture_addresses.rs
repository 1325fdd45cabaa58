//! Pictures from addresses: what good and bad hosts answer, and what is said of it.

use digitlab_browser::{Failure, Fault, LAB_PAGE, Lab, Site, Visit, environment, lab};
use serde_json::{Value, json};
use std::time::Duration;

/// A picture of the site.
pub(crate) fn sample(name: &str) -> Vec<u8> {
    read("www/samples", name)
}

/// A picture file of the core's tests.
fn file(name: &str) -> Vec<u8> {
    read("tests/reference/pictures", name)
}

fn read(folder: &str, name: &str) -> Vec<u8> {
    let path = environment::workspace().join(folder).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The PNG file whose header says 60 000 x 60 000 pixels.
fn bomb() -> Vec<u8> {
    let mut bytes = sample("card.png");
    bytes[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    bytes
}

/// An address, and what reading it fails with: its code, and parts of the message.
type Refusal<'a> = (String, &'a str, &'a [&'a str]);

/// Tries addresses one after another, and compares how they fail.
async fn assert_refused(lab: &Lab<'_>, options: &str, cases: &[Refusal<'_>]) {
    let addresses: Vec<&str> = cases.iter().map(|case| case.0.as_str()).collect();
    let body = format!(
        "const lab = await Digitlab.open({{ workers: 1 }});
        const results = [];
        for (const address of args) {{
          results.push(await lab.fetchPicture(address, {options}).then(() => ({{ message: 'accepted' }}), tools.failure));
        }}
        lab.close();
        return results;"
    );
    let results = lab.get(&body, json!(addresses)).await;
    let mut wrong = Vec::new();
    for (k, (address, code, parts)) in cases.iter().enumerate() {
        let failure = Failure::from_json(&results[k]);
        let sentence = &failure.message;
        let right = failure.code == *code
            && parts.iter().all(|part| sentence.contains(part))
            && sentence.ends_with('.')
            && sentence.len() < 420;
        if !right {
            wrong.push(format!("{address}: {failure}; expected {code} {parts:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_a_host_does_wrong_has_a_code_and_a_way_out() {
    let site = Site::built().start().await;
    let closed = Site::empty()
        .with("card.png", sample("card.png"))
        .start()
        .await;
    let open = Site::empty()
        .with("card.png", sample("card.png"))
        .with("cut.png", sample("card.png"))
        .with("ends.png", sample("card.png"))
        .with("stalled.png", sample("card.png"))
        .with("held.png", sample("card.png"))
        .with("bomb.png", bomb())
        .with("huge.png", vec![0; 5 << 20])
        .with("endless.png", vec![0; 5 << 20])
        .with(
            "page.html",
            "<!doctype html><html><title>Cats</title></html>",
        )
        .with(
            "page.png",
            "<!doctype html><html><title>Cats</title></html>",
        )
        .with("paper.pdf", "%PDF-1.7 and so on")
        .with("bytes.png", [1_u8, 2, 3, 255, 254])
        .with("empty.png", "")
        .with(
            "photo.heic",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".as_slice(),
        )
        .with_cors()
        .start()
        .await;
    for (path, status) in [
        ("e403.png", 403),
        ("e429.png", 429),
        ("e500.png", 500),
        ("e418.png", 418),
    ] {
        open.fault(path, Fault::Status(status));
    }
    open.fault("gone.png", Fault::Status(410));
    open.fault("cut.png", Fault::Cut { keep: 40_000 });
    open.fault("ends.png", Fault::Truncated { keep: 40_000 });
    open.fault("stalled.png", Fault::Stalled { keep: 40_000 });
    open.fault("held.png", Fault::Held);
    open.fault("endless.png", Fault::Unsized);
    open.fault("dropped.png", Fault::Dropped);
    open.fault("page.png", Fault::Typed("image/png"));
    open.fault("round.png", Fault::Redirect(open.url("around.png")));
    open.fault("around.png", Fault::Redirect(open.url("round.png")));
    open.fault("away.png", Fault::Redirect(closed.url("card.png")));
    let at = |path: &str| open.url(path);
    let dead = Site::empty().start().await.url("card.png");
    let cases: Vec<Refusal<'_>> = vec![
        (
            closed.url("card.png"),
            "cors",
            &[
                "forbids other sites to read",
                "CORS",
                "drop the file here",
                "paste",
                "proxy",
            ],
        ),
        (closed.url("missing.png"), "cors", &["CORS"]),
        (at("away.png"), "cors", &["CORS"]),
        (
            at("missing.png"),
            "not_found",
            &["nothing is there (status 404)"],
        ),
        (at("gone.png"), "not_found", &["status 410"]),
        (at("e403.png"), "http_status", &["status 403", "signed in"]),
        (at("e418.png"), "http_status", &["status 418"]),
        (
            at("e429.png"),
            "http_status",
            &["asked too often", "minute"],
        ),
        (
            at("e500.png"),
            "http_status",
            &["problem of its own (status 500)", "later"],
        ),
        (
            at("page.html"),
            "not_a_picture",
            &["a web page lies there", "address of the picture"],
        ),
        (at("page.png"), "not_a_picture", &["a web page lies there"]),
        (
            at("paper.pdf"),
            "not_a_picture",
            &["a PDF document lies there", "PNG"],
        ),
        (
            at("bytes.png"),
            "not_a_picture",
            &["none of the pictures", "image/png"],
        ),
        (at("empty.png"), "not_a_picture", &["the answer is empty"]),
        (
            at("photo.heic"),
            "unsupported",
            &["a HEIC picture", "this browser cannot read", "PNG or JPEG"],
        ),
        (
            at("ends.png"),
            "invalid_file",
            &["The PNG file cannot be read"],
        ),
        (
            at("cut.png"),
            "network",
            &["the connection broke after", "Try again"],
        ),
        (at("stalled.png"), "timeout", &["nothing came for 0.7 s"]),
        (
            at("held.png"),
            "timeout",
            &["nothing came for 0.7 s", "drop the file here"],
        ),
        (
            at("huge.png"),
            "limit_exceeded",
            &[
                "5 MB (5242880 bytes)",
                "4 MB (4194304 bytes)",
                "can be changed",
            ],
        ),
        (
            at("endless.png"),
            "limit_exceeded",
            &["more than 4 MB (4194304 bytes)", "can be changed"],
        ),
        (
            at("bomb.png"),
            "limit_exceeded",
            &[
                "60000 x 60000 (3600 megapixels)",
                "40 megapixels",
                "can be changed",
            ],
        ),
        (
            at("round.png"),
            "redirect",
            &["sends on to another address", "new tab"],
        ),
        (
            at("dropped.png"),
            "unreachable",
            &["does not answer", "Check the address"],
        ),
        (dead, "unreachable", &["does not answer"]),
        (
            "ftp://example.org/cat.png".into(),
            "invalid_parameter",
            &[
                "url is \"ftp://example.org/cat.png\"",
                "ftp:",
                "http, https, data and blob",
            ],
        ),
        (
            "javascript:alert(1)".into(),
            "invalid_parameter",
            &["javascript:", "http, https, data and blob"],
        ),
        (
            "file:///etc/cat.png".into(),
            "invalid_parameter",
            &["a file of this machine", "drop the file"],
        ),
        (
            "http://".into(),
            "invalid_parameter",
            &["no address", "https://example.org/cat.jpg"],
        ),
        (" ".into(), "invalid_parameter", &["no address"]),
        (
            "data:image/png;base64,@@@@".into(),
            "invalid_parameter",
            &["data address that cannot be read"],
        ),
        (
            "data:image/png;base64,AQID".into(),
            "not_a_picture",
            &["none of the pictures"],
        ),
        (
            "data:,hello".into(),
            "not_a_picture",
            &["a text lies there"],
        ),
        (
            format!("blob:{}/0f0f0f0f", site.origin()),
            "not_found",
            &["blob addresses only hold in the page", "Save the picture"],
        ),
    ];
    Visit::new()
        // The browser reports what fails by its address.
        .expecting("127.0.0.1")
        .expecting("net::ERR")
        .run_lab(&site, async |lab| {
            assert_refused(lab, "{ patience: 700 }", &cases).await;
            let some: Vec<Refusal<'_>> = vec![(
                at("card.png"),
                "limit_exceeded",
                &["PNG picture is 512 x 512", "9999 pixels"],
            )];
            assert_refused(lab, "{ limits: { pixels: 9999 } }", &some).await;
            let proxied = format!("{{ proxy: '{}?url=' }}", open.url("missing.png"));
            let some: Vec<Refusal<'_>> =
                vec![(closed.url("card.png"), "not_found", &["the proxy says"])];
            assert_refused(lab, &proxied, &some).await;
            let proxied = format!("{{ proxy: '{}?url=' }}", closed.url("card.png"));
            let some: Vec<Refusal<'_>> =
                vec![(closed.url("card.png"), "cors", &["the proxy does not let"])];
            assert_refused(lab, &proxied, &some).await;
            for (options, part) in [
                (
                    "{ proxy: 'ftp://proxy.example/' }",
                    "proxy is \"ftp://proxy.example/\"; allowed: an http or https address",
                ),
                ("{ proxy: 'proxy' }", "proxy is"),
                (
                    "{ limits: { bytes: 0 } }",
                    "limits.bytes is 0; allowed: whole numbers from 1",
                ),
                (
                    "{ limits: { pixels: 2 ** 27 } }",
                    "limits.pixels is 134217728",
                ),
                ("{ patience: 0 }", "patience is 0"),
            ] {
                assert_refused(
                    lab,
                    options,
                    &[(at("card.png"), "invalid_parameter", &[part])],
                )
                .await;
            }
        })
        .await;
}

#[tokio::test]
async fn pictures_come_from_every_kind_of_address() {
    let site = Site::built().start().await;
    let closed = Site::empty()
        .with("card.png", sample("card.png"))
        .start()
        .await;
    let open = Site::empty()
        .with("spheres.jpeg", sample("spheres.jpeg"))
        .with("slow.png", sample("card.png"))
        .with("plain.txt", sample("card.png"))
        .with("Mein%20Bild.png", sample("card.png"))
        .with("turned.jpeg", file("orientation-6.jpeg"))
        .with("small.avif", lab::bytes(&json!(AVIF)))
        .with("proxy.png", sample("card.png"))
        .with_cors()
        .start()
        .await;
    open.fault("moved.jpeg", Fault::Redirect(open.url("spheres.jpeg")));
    let slow = Fault::Slow {
        piece: 20_000,
        pause: Duration::from_millis(150),
    };
    open.fault("slow.png", slow);
    open.fault("plain.txt", Fault::Unsized);
    Visit::new()
        .expecting(&closed.origin())
        .run_lab(&site, async |lab| {
            let run = async |address: Value, options: &str| {
                let body = format!(
                    "const lab = await Digitlab.open({{ workers: 1 }});
                    const steps = [];
                    const onProgress = ({{ done, total, unit }}) => steps.push([done, total, unit]);
                    const address = args ?? URL.createObjectURL(tools.blob({BLOB}));
                    const {{ data, ...rest }} = await lab.fetchPicture(address, {{ onProgress, ...{options} }});
                    lab.close();
                    return {{ ...rest, length: data.length, steps }};",
                    BLOB = lab::blob(&sample("digit.png")),
                );
                lab.get(&body, address).await
            };
            let jpeg = run(json!(open.url("moved.jpeg")), "{}").await;
            assert_eq!(jpeg["url"], open.url("spheres.jpeg"));
            assert_eq!(jpeg["name"], "moved.jpeg");
            let size = |found: &Value| json!([found["width"], found["height"], found["channels"]]);
            assert_eq!(size(&jpeg), json!([512, 384, 3]));
            assert_eq!(jpeg["length"], 512 * 384 * 3);
            let bytes = sample("spheres.jpeg").len();
            assert_eq!(jpeg["bytes"], bytes);
            let steps = jpeg["steps"].as_array().expect("steps");
            assert_eq!(steps.last(), Some(&json!([bytes, bytes, "bytes"])));

            // Slower as a whole than its patience, but never silent for so long.
            let slow = run(json!(open.url("slow.png")), "{ patience: 500 }").await;
            assert_eq!(size(&slow), json!([512, 512, 3]));
            assert!(slow["steps"].as_array().is_some_and(|steps| steps.len() >= 4));
            // Neither the name nor the type decides.
            let plain = run(json!(open.url("plain.txt")), "{}").await;
            assert_eq!(plain["found"]["format"], "PNG");
            assert_eq!(plain["steps"][0][1], 0, "its size was not announced");
            let named = run(json!(open.url("Mein%20Bild.png")), "{}").await;
            assert_eq!(named["name"], "Mein Bild.png");
            let turned = run(json!(open.url("turned.jpeg")), "{}").await;
            assert!(turned["found"]["notes"][0].as_str().is_some_and(|note| note.contains("orientation (6)")));
            let own = run(json!("./samples/digit.png"), "{}").await;
            assert_eq!(size(&own), json!([504, 504, 1]));
            let blob = run(Value::Null, "{}").await;
            assert_eq!(size(&blob), json!([504, 504, 1]));
            let digit = lab::blob(&sample("digit.png"));
            let data = format!("data:image/png;base64,{}", digit.as_str().expect("a text"));
            let data = run(json!(data), "{}").await;
            assert_eq!(size(&data), json!([504, 504, 1]));
            assert_eq!(data["name"], "picture.png");
            let avif = run(json!(open.url("small.avif")), "{}").await;
            assert_eq!(size(&avif), json!([32, 24, 3]));
            assert_eq!(avif["found"]["format"], "AVIF");
            assert!(avif["found"]["notes"][0].as_str().is_some_and(|note| note.contains("browser")));

            // The proxy is asked only for what may not be read otherwise.
            let proxy = format!("{{ proxy: '{}?url=' }}", open.url("proxy.png"));
            run(json!(open.url("spheres.jpeg")), &proxy).await;
            assert_eq!(open.requested("proxy.png"), Vec::<String>::new());
            let through = run(json!(closed.url("card.png")), &proxy).await;
            assert_eq!(open.requested("proxy.png").len(), 1);
            assert_eq!(through["url"], closed.url("card.png"));
            assert_eq!(through["name"], "card.png");
            let note = through["found"]["notes"][0].as_str().expect("a note");
            assert!(note.contains("through the proxy 127.0.0.1"), "{note}");
        })
        .await;
}

#[tokio::test]
async fn an_abort_ends_the_transfer() {
    let site = Site::built().start().await;
    let open = Site::empty()
        .with("held.png", sample("card.png"))
        .with("stalled.png", sample("card.png"))
        .with_cors()
        .start()
        .await;
    open.fault("held.png", Fault::Held);
    open.fault("stalled.png", Fault::Stalled { keep: 20_000 });
    Visit::new()
        .run_lab(&site, async |lab| {
            for path in ["held.png", "stalled.png"] {
                let result = lab
                    .get(
                        "const lab = await Digitlab.open({ workers: 1 });
                        const control = new AbortController();
                        setTimeout(() => control.abort(), 300);
                        const late = await lab.fetchPicture(args, { signal: control.signal }).then(() => null, tools.failure);
                        const never = await lab.fetchPicture(args, { signal: AbortSignal.abort() }).then(() => null, tools.failure);
                        lab.close();
                        return [late, never];",
                        json!(open.url(path)),
                    )
                    .await;
                for failure in [&result[0], &result[1]] {
                    assert_eq!(failure["code"], "aborted", "{path}: {failure}");
                    assert_eq!(failure["name"], "AbortError", "{path}: {failure}");
                }
            }
        })
        .await;
}

#[tokio::test]
async fn a_machine_that_is_offline_is_told_so() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("net::ERR")
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let cat = "http://example.org/cat.png";
            let cases: [Refusal<'_>; 1] = [(
                cat.into(),
                "unreachable",
                &["the host example.org does not answer"],
            )];
            assert_refused(&lab, "{}", &cases).await;
            browser.network(false).await;
            let cases: [Refusal<'_>; 1] = [(
                cat.into(),
                "offline",
                &["this machine is offline", "use a file"],
            )];
            assert_refused(&lab, "{}", &cases).await;
        })
        .await;
}

/// A picture of 32 x 24 pixels in an AVIF file.
const AVIF: &str = "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAA\
    AAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAJgAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEA\
    AGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAAIAAAABgAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwA\
    AAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAALm1kYXQSAAoGGBE/dgQgMhoWQAYYYYQAChM6YFao\
    R4baKg/5KZvXYiN3JA==";

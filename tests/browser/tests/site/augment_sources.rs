//! Pictures from everywhere: addresses on good and bad hosts, drawings, and what the Augment page makes of them.

use digitlab_browser::{
    Browser, Failure, Fault, LAB_PAGE, Lab, Site, Visit, Window, environment, lab,
};
use serde_json::{Value, json};
use std::time::Duration;

/// A picture of the site.
fn sample(name: &str) -> Vec<u8> {
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

const XMLNS: &str = "xmlns=\"http://www.w3.org/2000/svg\"";

#[tokio::test]
async fn drawings_are_drawn_by_the_browser_at_their_own_size() {
    let site = Site::built().start().await;
    let half = "<rect width=\"50%\" height=\"100%\" fill=\"#00f\"/>";
    let cases = [
        (
            format!("<svg {XMLNS} width=\"40\" height=\"20\">{half}</svg>"),
            [40, 20, 4],
        ),
        (
            format!("<svg {XMLNS} width=\"1in\" height=\"48pt\">{half}</svg>"),
            [96, 64, 4],
        ),
        (
            format!("<svg {XMLNS} width=\"10\" viewBox=\"0 0 2 1\">{half}</svg>"),
            [10, 5, 4],
        ),
        (
            format!("<svg {XMLNS} viewBox=\"0 0 2 1\">{half}</svg>"),
            [1024, 512, 4],
        ),
        (
            format!("<svg {XMLNS} viewBox=\"0,0,30,60\" width=\"100%\">{half}</svg>"),
            [512, 1024, 4],
        ),
        (format!("<svg {XMLNS}>{half}</svg>"), [1024, 1024, 4]),
        (
            format!(
                "<?xml version=\"1.0\"?><!-- {} --><svg {XMLNS} width=\"8\" height=\"8\">{half}<rect width=\"8\" height=\"8\"/></svg>",
                "a".repeat(2000)
            ),
            [8, 8, 3],
        ),
        (
            format!(
                "<svg {XMLNS} width=\"8\" height=\"8\">{half}<foreignObject width=\"8\" height=\"8\"><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></foreignObject></svg>"
            ),
            [8, 8, 4],
        ),
        (
            format!(
                "<svg {XMLNS} width=\"8\" height=\"8\"><style>.half {{ fill: #00f }}</style><rect id=\"half\" class=\"half\" style=\"width: 4px\" height=\"8\"/></svg>"
            ),
            [8, 8, 4],
        ),
        (
            format!(
                "<!DOCTYPE svg [<!ENTITY ns \"http://www.w3.org/2000/svg\">]><svg xmlns=\"&ns;\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"8\" height=\"8\"><defs><g id=\"half\">{half}</g></defs><use xlink:href=\"#half\"/></svg>"
            ),
            [8, 8, 4],
        ),
    ];
    let texts: Vec<&str> = cases.iter().map(|case| case.0.as_str()).collect();
    Visit::new()
        .run_lab(&site, async |lab| {
            let results = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const results = [];
                    for (const text of args) {
                      const { width, height, channels, data, found } = await lab.openPicture(new Blob([text]));
                      const at = (x, y) => [...data.subarray(channels * (y * width + x)).subarray(0, channels)];
                      results.push({ size: [width, height, channels], left: at(1, 1), right: at(width - 2, 1), found });
                    }
                    lab.close();
                    return results;",
                    json!(texts),
                )
                .await;
            for (k, (text, size)) in cases.iter().enumerate() {
                assert_eq!(results[k]["size"], json!(size), "{text}");
                assert_eq!(results[k]["found"]["format"], "SVG");
                if size[2] == 4 {
                    assert_eq!(results[k]["left"], json!([0, 0, 255, 255]), "{text}");
                    assert_eq!(results[k]["right"], json!([0, 0, 0, 0]), "{text}");
                } else {
                    assert_eq!(results[k]["right"], json!([0, 0, 0]), "{text}");
                }
            }
            let note = |k: usize| results[k]["found"]["notes"].to_string();
            assert!(note(5).contains("states no size"), "{}", note(5));
            assert!(note(7).contains("HTML inside of the drawing was left out."), "{}", note(7));
        })
        .await;
}

#[tokio::test]
async fn drawings_that_would_never_end_are_refused() {
    let site = Site::built().start().await;
    let doubled: String = (1..40)
        .map(|k| {
            format!(
                "<g id=\"a{k}\"><use href=\"#a{0}\"/><use href=\"#a{0}\"/></g>",
                k - 1
            )
        })
        .collect();
    let patterns: String = (1..30)
        .map(|k| format!("<pattern id=\"p{k}\"><rect fill=\"url(#p{0})\"/><rect style=\"fill:url('#p{0}')\"/></pattern>", k - 1))
        .collect();
    let entities: String = (1..12)
        .map(|k| format!("<!ENTITY e{k} \"{}\">", format!("&e{};", k - 1).repeat(10)))
        .collect();
    let long = "x".repeat(2000);
    let cases = [
        (
            format!(
                "<svg {XMLNS} width=\"8\" height=\"8\"><defs><rect id=\"a0\"/>{doubled}</defs><use href=\"#a39\"/></svg>"
            ),
            "limit_exceeded",
            "repeats its parts",
        ),
        (
            format!(
                "<svg {XMLNS} width=\"8\" height=\"8\"><rect id=\"p0\"/>{patterns}<rect fill=\"url(#p29)\"/></svg>"
            ),
            "limit_exceeded",
            "repeats its parts",
        ),
        (
            format!(
                "<!DOCTYPE svg [<!ENTITY e0 \"x\">{entities}]><svg {XMLNS}><text>&e11;</text></svg>"
            ),
            "invalid_file",
            "entities are made of entities",
        ),
        (
            format!(
                "<!DOCTYPE svg [<!ENTITY e0 \"{long}\">]><svg {XMLNS}><text>{}</text></svg>",
                "&e0;".repeat(3000)
            ),
            "invalid_file",
            "entities grow to",
        ),
        (
            format!("<svg {XMLNS} width=\"100000\" height=\"100000\"/>"),
            "limit_exceeded",
            "100000 x 100000 (10000 megapixels)",
        ),
        (
            "<svg width=\"8\" height=\"8\"/>".into(),
            "invalid_file",
            "<svg xmlns=",
        ),
        (
            format!("<svg {XMLNS}><rect></svg>"),
            "invalid_file",
            "not well-formed",
        ),
        (
            "<note>no drawing</note>".into(),
            "unsupported",
            "an XML or HTML text",
        ),
    ];
    let texts: Vec<&str> = cases.iter().map(|case| case.0.as_str()).collect();
    Visit::new()
        // How the browser itself shows what is not well-formed has styles.
        .expecting("Applying inline style violates")
        .run_lab(&site, async |lab| {
            let results = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const results = [];
                    for (const text of args) {
                      results.push(await lab.openPicture(new Blob([text])).then(() => ({ message: 'accepted' }), tools.failure));
                    }
                    lab.close();
                    return results;",
                    json!(texts),
                )
                .await;
            for (k, (text, code, part)) in cases.iter().enumerate() {
                let failure = Failure::from_json(&results[k]);
                let start: String = text.chars().take(120).collect();
                assert_eq!(failure.code, *code, "{start}: {failure}");
                assert!(failure.message.contains(part), "{start}: {failure}");
            }
        })
        .await;
}

/// Waits until the part of the page is in a state.
async fn state(browser: &Browser, state: &str) {
    let expression =
        format!("document.querySelector('#augment-source')?.dataset.state === '{state}'");
    browser
        .until(&format!("the source is {state}"), &expression)
        .await;
}

async fn says(browser: &Browser, selector: &str, part: &str) {
    let expression = format!(
        "document.querySelector('{selector}')?.textContent.includes({})",
        Value::from(part)
    );
    browser
        .until(&format!("{selector} says {part}"), &expression)
        .await;
}

/// Brings a picture to the page as the system does: by a drop or from the clipboard.
async fn bring(browser: &Browser, event: &str, name: &str, bytes: &[u8]) {
    let script = "
        const [event, name, text] = arguments;
        const data = new DataTransfer();
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name));
        const how = { bubbles: true, cancelable: true };
        if (event === 'drop') document.body.dispatchEvent(new DragEvent('dragover', { ...how, dataTransfer: data }));
        const shown = !document.querySelector('#augment-source-veil').hidden;
        document.body.dispatchEvent(event === 'drop'
          ? new DragEvent('drop', { ...how, dataTransfer: data })
          : new ClipboardEvent('paste', { ...how, clipboardData: data }));
        return [shown, document.querySelector('#augment-source-veil').hidden];";
    let veil = browser
        .run(script, vec![event.into(), name.into(), lab::blob(bytes)])
        .await;
    assert_eq!(
        veil,
        json!([event == "drop", true]),
        "the drop zone shows while a file hovers"
    );
}

#[tokio::test]
async fn the_page_teaches_and_takes_a_sample() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/augment?sample=nothing")).await;
            state(browser, "error").await;
            says(
                browser,
                "#augment-source-error-text",
                "sample is \"nothing\"; allowed: spheres, landscape, card, digit, sticker.",
            )
            .await;
            browser
                .until(
                    "samples",
                    "document.querySelectorAll('[data-sample] img').length === 5",
                )
                .await;
            browser.click("[data-sample=sticker]").await;
            state(browser, "done").await;
            assert_eq!(browser.text("#augment-source-name").await, "Sticker");
            says(browser, "#augment-source-facts", "512 × 512 px, RGBA, PNG").await;
            says(browser, "#status", "Sticker, 512 by 512 pixels, is loaded.").await;
            browser
                .until(
                    "the address says so",
                    "location.hash.includes('sample=sticker')",
                )
                .await;
            browser.reload().await;
            state(browser, "done").await;
            assert_eq!(browser.text("#augment-source-name").await, "Sticker");
            assert_eq!(
                browser
                    .value("document.querySelector('#augment-source-chooser').hidden")
                    .await,
                true
            );
        })
        .await;
}

#[tokio::test]
async fn an_address_is_typed_refused_and_tried_again() {
    let site = Site::built().start().await;
    let open = Site::empty()
        .with("card.png", sample("card.png"))
        .with_cors()
        .start()
        .await;
    open.fault("card.png", Fault::Status(500));
    Visit::new()
        .expecting(&open.origin())
        .run(async |browser| {
            browser.open(&site.url("#/augment")).await;
            browser.until("a first sample is there", "document.querySelector('#augment-source')?.dataset.state === 'done'").await;
            browser.click("#augment-source-change").await;
            browser.fill("#augment-source-url", &open.url("card.png")).await;
            browser.keys("\u{e007}").await;
            state(browser, "error").await;
            says(browser, "#augment-source-error-text", "status 500").await;
            assert_eq!(browser.attribute("#augment-source-url", "aria-invalid").await.as_deref(), Some("true"));
            assert_eq!(browser.attribute("#augment-source-error", "data-code").await.as_deref(), Some("http_status"));
            open.heal();
            browser.click("#augment-source-retry").await;
            says(browser, "#augment-source-name", "card.png").await;
            state(browser, "done").await;
            browser.until("the address holds it", "new URLSearchParams(location.hash.split('?')[1]).get('url')?.endsWith('/card.png')").await;

            open.fault("held.png", Fault::Held);
            browser.click("#augment-source-change").await;
            browser.fill("#augment-source-url", &open.url("held.png")).await;
            browser.click("#augment-source-open").await;
            browser.until("progress", "!document.querySelector('#augment-source-progress').hidden").await;
            assert_eq!(browser.attribute("#augment-source", "aria-busy").await.as_deref(), Some("true"));
            browser.click("#augment-source-cancel").await;
            state(browser, "done").await;
            assert_eq!(browser.value("document.querySelector('#augment-source-progress').hidden").await, true);
            assert_eq!(browser.text("#augment-source-name").await, "card.png", "the picture before stays");
        })
        .await;
}

#[tokio::test]
async fn files_are_dropped_pasted_chosen_and_let_go() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/augment?sample=digit")).await;
            state(browser, "done").await;
            bring(browser, "drop", "first.png", &sample("card.png")).await;
            says(browser, "#augment-source-name", "first.png").await;
            bring(browser, "paste", "second.jpeg", &sample("spheres.jpeg")).await;
            says(browser, "#augment-source-name", "second.jpeg").await;
            browser.attach("#augment-source-file", "third.jpeg", &sample("landscape.jpeg")).await;
            says(browser, "#augment-source-name", "third.jpeg").await;
            let names = "[...document.querySelectorAll('.picture-source__choice')].map((button) => [button.ariaLabel, button.ariaPressed])";
            assert_eq!(
                browser.value(names).await,
                json!([["third.jpeg", "true"], ["second.jpeg", "false"], ["first.png", "false"], ["Handwritten digit", "false"]])
            );
            browser.click("[aria-label='Handwritten digit']").await;
            says(browser, "#augment-source-facts", "504 × 504 px, grey, PNG").await;
            browser.click("[aria-label='Remove Handwritten digit']").await;
            says(browser, "#augment-source-name", "first.png").await;
            // What cannot be read is named, and what was there stays.
            bring(browser, "drop", "paper.pdf", b"%PDF-1.7 and so on").await;
            state(browser, "error").await;
            says(browser, "#augment-source-error-text", "paper.pdf: picture is a PDF document").await;
            assert_eq!(browser.text("#augment-source-name").await, "first.png");
            browser.click("#augment-source-dismiss").await;
            state(browser, "done").await;
        })
        .await;
}

#[tokio::test]
async fn limits_are_stated_changed_and_kept() {
    let site = Site::built().start().await;
    let mut large = sample("card.png");
    // Bytes after the end of a PNG mean nothing.
    large.resize(5 << 20, 0);
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/augment?sample=card")).await;
            state(browser, "done").await;
            says(
                browser,
                "#augment-source-limits-now",
                "4 MB, 40 megapixels, no proxy",
            )
            .await;
            bring(browser, "drop", "large.png", &large).await;
            state(browser, "error").await;
            says(
                browser,
                "#augment-source-error-text",
                "the limit is 4 MB (4194304 bytes), and can be changed.",
            )
            .await;
            browser.click("#augment-source-adjust").await;
            assert_eq!(
                browser.value("document.activeElement.id").await,
                "augment-source-megabytes"
            );
            browser.fill("#augment-source-megabytes", "65").await;
            says(
                browser,
                "#augment-source-limits",
                "A whole number from 1 to 64.",
            )
            .await;
            browser.fill("#augment-source-megabytes", "6").await;
            browser
                .fill("#augment-source-proxy", "ftp://proxy.example/")
                .await;
            says(
                browser,
                "#augment-source-limits",
                "It must be an http or https address",
            )
            .await;
            browser
                .fill("#augment-source-proxy", "https://proxy.example/?url=")
                .await;
            says(
                browser,
                "#augment-source-limits-now",
                "6 MB, 40 megapixels, proxy proxy.example",
            )
            .await;
            bring(browser, "drop", "large.png", &large).await;
            says(browser, "#augment-source-name", "large.png").await;
            browser.reload().await;
            says(
                browser,
                "#augment-source-limits-now",
                "6 MB, 40 megapixels, proxy proxy.example",
            )
            .await;
        })
        .await;
}

#[tokio::test]
async fn a_camera_that_cannot_be_used_is_told() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/augment?sample=card")).await;
            state(browser, "done").await;
            browser.click("#augment-source-change").await;
            for (name, part) in [
                ("NotAllowedError", "not allowed to use the camera"),
                ("NotFoundError", "No camera was found"),
                ("NotReadableError", "another program may hold it"),
            ] {
                let refuse = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', arguments[0]); };";
                browser.run(refuse, vec![name.into()]).await;
                browser.click("#augment-source-shot").await;
                says(browser, "#augment-source-camera-error", part).await;
                assert_eq!(browser.value("document.querySelector('#augment-source-shoot').disabled").await, true);
                browser.click("#augment-source-camera-close").await;
                assert_eq!(browser.value("document.activeElement.id").await, "augment-source-shot");
            }
            let picture = "
                const canvas = document.createElement('canvas');
                [canvas.width, canvas.height] = [320, 240];
                const context = canvas.getContext('2d');
                setInterval(() => { context.fillStyle = '#c00'; context.fillRect(0, 0, 320, 240); }, 30);
                navigator.mediaDevices.getUserMedia = async () => (window.stream = canvas.captureStream());";
            browser.run(picture, vec![]).await;
            browser.click("#augment-source-shot").await;
            browser.until("the camera is ready", "!document.querySelector('#augment-source-shoot').disabled").await;
            browser.click("#augment-source-shoot").await;
            says(browser, "#augment-source-name", "Camera picture").await;
            says(browser, "#augment-source-facts", "320 × 240 px, RGB").await;
            assert_eq!(browser.value("window.stream.getTracks().map(({ readyState }) => readyState)").await, json!(["ended"]));
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
            let cases: [Refusal<'_>; 1] = [(cat.into(), "unreachable", &["the host example.org does not answer"])];
            assert_refused(&lab, "{}", &cases).await;
            let offline = json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
            browser.devtools("Network.enable", json!({})).await;
            browser.devtools("Network.emulateNetworkConditions", offline).await;
            let cases: [Refusal<'_>; 1] = [(cat.into(), "offline", &["this machine is offline", "use a file"])];
            assert_refused(&lab, "{}", &cases).await;
        })
        .await;
}

#[tokio::test]
async fn the_paste_button_takes_pictures_and_addresses() {
    let site = Site::built().start().await;
    let open = Site::empty()
        .with("card.png", sample("card.png"))
        .with_cors()
        .start()
        .await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/augment?sample=digit")).await;
            state(browser, "done").await;
            browser.allow_clipboard(&site.origin()).await;
            let copy = async |script: &str, argument: Value| {
                let script = format!("const [given] = arguments; return (async () => {{ {script} }})();");
                browser.run(&script, vec![argument]).await;
            };
            browser.click("#augment-source-change").await;
            copy("await navigator.clipboard.writeText(given);", "neither".into()).await;
            browser.click("#augment-source-paste").await;
            says(browser, "#augment-source-error-text", "neither a picture nor the address of one").await;
            let text = "
                const bytes = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
                const blob = new Blob([bytes], { type: 'image/png' });
                await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);";
            copy(text, lab::blob(&sample("card.png"))).await;
            browser.click("#augment-source-paste").await;
            says(browser, "#augment-source-name", "Pasted picture").await;
            says(browser, "#augment-source-facts", "512 × 512 px").await;
            browser.click("#augment-source-change").await;
            copy("await navigator.clipboard.writeText(given);", open.url("card.png").into()).await;
            browser.click("#augment-source-paste").await;
            says(browser, "#augment-source-name", "card.png").await;
            let refuse = "navigator.clipboard.read = async () => { throw new DOMException('no', 'NotAllowedError'); };";
            browser.run(refuse, vec![]).await;
            browser.click("#augment-source-change").await;
            browser.click("#augment-source-paste").await;
            says(browser, "#augment-source-error-text", "did not let this page read the clipboard. Press Ctrl+V").await;
        })
        .await;
}

#[tokio::test]
async fn a_picture_is_chosen_by_keyboard_alone_and_on_a_small_screen() {
    let site = Site::built().start().await;
    let small = Window {
        width: 360,
        height: 740,
        ..Window::default()
    };
    Visit::new()
        .window(small)
        .run(async |browser| {
            let fits = async |when: &str| {
                let wide = "[document.documentElement.scrollWidth <= document.documentElement.clientWidth,
                    ...[...document.querySelectorAll('#augment-source *')]
                      .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth)
                      .filter((part) => !part.closest('#augment-source-strip')).map((part) => part.id || part.className)]";
                assert_eq!(browser.value(wide).await, json!([true]), "{when}");
            };
            browser.open(&site.url("#/augment?sample=card")).await;
            state(browser, "done").await;
            fits("with a picture").await;
            browser.value("document.querySelector('#augment-source-change').focus()").await;
            browser.keys("\u{e007}").await;
            fits("with the ways to another").await;
            let mut order = vec![];
            for _ in 0..11 {
                browser.keys("\u{e004}").await;
                let focus = "(({ id, dataset, tagName }) => id || dataset.sample || tagName)(document.activeElement)";
                order.push(browser.value(focus).await);
            }
            let ids = ["url", "open", "choose", "paste", "shot"].map(|id| json!(format!("augment-source-{id}")));
            assert_eq!(order[..5], ids);
            assert_eq!(order[5..10], ["spheres", "landscape", "card", "digit", "sticker"].map(|name| json!(name)));
            assert_eq!(order[10], "SUMMARY");
            browser.keys_with('\u{e008}', "\u{e004}").await;
            browser.keys("\u{e007}").await;
            says(browser, "#augment-source-name", "Sticker").await;
            browser.until("the focus goes on", "document.activeElement.id === 'augment-source-change'").await;
            browser.keys("\u{e007}\u{e004}").await;
            browser.keys("nothing:here\u{e007}").await;
            state(browser, "error").await;
            says(browser, "#augment-source-error-text", "a nothing: address; allowed: http, https, data and blob addresses.").await;
            fits("with an error").await;
        })
        .await;
}

/// A picture of 32 x 24 pixels in an AVIF file.
const AVIF: &str = "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAA\
    AAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAJgAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEA\
    AGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAAIAAAABgAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwA\
    AAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAALm1kYXQSAAoGGBE/dgQgMhoWQAYYYYQAChM6YFao\
    R4baKg/5KZvXYiN3JA==";

//! The ways to a picture on the Augment page: samples, addresses, files, the clipboard, the camera.

use digitlab_browser::{Browser, Engine, Fault, Site, Visit, Window, lab};
use serde_json::{Value, json};

use crate::picture_addresses::sample;
use crate::support::says;

/// Waits until the part of the page is in a state.
async fn state(browser: &Browser, state: &str) {
    let expression =
        format!("document.querySelector('#augment-source')?.dataset.state === '{state}'");
    browser
        .until(&format!("the source is {state}"), &expression)
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
        const made = event === 'drop' ? new DragEvent('drop', { ...how, dataTransfer: data }) : new ClipboardEvent('paste', how);
        // Not every browser takes the clipboard's data with the event's other parts.
        if (event === 'paste') Object.defineProperty(made, 'clipboardData', { value: data });
        document.body.dispatchEvent(made);
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
            // What was made of it may be said right after that it is loaded.
            says(browser, "#status", "Sticker").await;
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
            // Firefox without a screen keeps no pictures in its clipboard.
            if browser.engine() != Engine::Firefox {
                copy(text, lab::blob(&sample("card.png"))).await;
                browser.click("#augment-source-paste").await;
                says(browser, "#augment-source-name", "Pasted picture").await;
                says(browser, "#augment-source-facts", "512 × 512 px").await;
                browser.click("#augment-source-change").await;
            }
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

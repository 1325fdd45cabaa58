//! The Classify page: what is drawn, shown and sent is read, and what goes wrong is said.

use std::time::Duration;

use digitlab::raster::codec::{Format, encode};
use digitlab::raster::{Raster, Shape};
use digitlab_browser::{Browser, Fault, Scheme, Site, Visit, Window, environment};
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::{Value, json};

/// Where a file of a model lies.
const MODEL: &str = "models/default*";

/// A point of the pad, in shares of its width and height.
pub(crate) type Point = (f64, f64);

/// A seven with its top left corner there, so wide.
fn seven(x: f64, y: f64, wide: f64) -> Vec<Point> {
    vec![(x, y), (x + wide, y), (x + 0.35 * wide, y + 2.2 * wide)]
}

/// A one from there downwards, so high.
fn one(x: f64, y: f64, high: f64) -> Vec<Point> {
    vec![(x, y), (x, y + high)]
}

/// Opens the page, and waits until it is there.
pub(crate) async fn open(browser: &Browser, site: &Site, query: &str) {
    browser.open(&site.url(&format!("#/classify{query}"))).await;
    let there = "document.querySelector('#classify-pad-canvas')?.width !== 400
        && document.querySelector('#classify-answer') !== null
        || document.querySelector('#classify-source')?.hidden === false";
    browser.until("the page is there", there).await;
}

/// Draws a stroke with the mouse.
pub(crate) async fn stroke(browser: &Browser, points: &[Point]) {
    let pad = browser.find("#classify-pad").await;
    let size = "(({ width, height }) => [width, height])(document.querySelector('#classify-pad').getBoundingClientRect())";
    let size = browser.value(size).await;
    let [width, height] = [0, 1].map(|axis| size[axis].as_f64().expect("a size"));
    let to = |&(x, y): &Point, milliseconds| PointerAction::MoveToElement {
        element: pad.clone(),
        duration: Some(Duration::from_millis(milliseconds)),
        x: (x - 0.5) * width,
        y: (y - 0.5) * height,
    };
    let button = MOUSE_BUTTON_LEFT;
    let mut actions = MouseActions::new("mouse".into())
        .then(to(&points[0], 0))
        .then(PointerAction::Down { button });
    for point in &points[1..] {
        actions = actions.then(to(point, 120));
    }
    let actions = actions.then(PointerAction::Up { button });
    let performed = browser.client().perform_actions(actions).await;
    performed.unwrap_or_else(|error| panic!("drawing: {error}"));
}

/// Waits until this is the answer.
pub(crate) async fn reads(browser: &Browser, text: &str) {
    let right = format!(
        "(({{ state, text }}) => state === 'done' && text === '{text}')(document.querySelector('#classify-answer')?.dataset ?? {{}})"
    );
    browser.until(&format!("it reads {text}"), &right).await;
}

async fn state(browser: &Browser, state: &str) {
    let expression =
        format!("document.querySelector('#classify-answer')?.dataset.state === '{state}'");
    browser
        .until(&format!("the answer is {state}"), &expression)
        .await;
}

/// How much ink the pad shows, in pixels of the screen.
const INK: &str = "[...document.querySelectorAll('.pad__canvas')].map((canvas) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value > 127).length;
  }).reduce((sum, ink) => sum + ink, 0)";

async fn ink(browser: &Browser) -> u64 {
    browser.value(INK).await.as_u64().expect("a count")
}

fn handwriting(name: &str) -> Vec<u8> {
    let path = environment::workspace()
        .join("tests/handwriting")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test]
async fn a_thin_digit_in_a_corner_is_read_while_it_is_drawn() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            state(browser, "empty").await;
            browser.find("#classify-width").await.click().await.expect("a slider");
            // Home: the thinnest pen there is.
            browser.keys("\u{e011}").await;
            assert_eq!(browser.field("#classify-width").await, "2");
            stroke(browser, &one(0.95, 0.06, 0.15)).await;
            reads(browser, "1").await;
            browser.click("#classify-clear").await;
            state(browser, "empty").await;
            assert_eq!(ink(browser).await, 0);
            stroke(browser, &seven(0.03, 0.7, 0.08)).await;
            reads(browser, "7").await;
            let bars = "[...document.querySelectorAll('#classify-bars tbody tr')].map(({ cells }) => [cells[0].textContent, cells[2].textContent])";
            let bars = browser.value(bars).await;
            assert_eq!(bars.as_array().map(Vec::len), Some(10));
            assert_eq!(bars[7][0], "7");
            let said = browser.text("#classify-sure").await;
            assert_eq!(bars[7][1], said.as_str(), "the bar says what the answer does");
            // What the model saw has ink, in its middle.
            let seen = "(({ data }) => data[4 * (14 * 28 + 14)] + data[4 * (8 * 28 + 14)])(
                document.querySelector('#classify-seen-picture').getContext('2d').getImageData(0, 0, 28, 28))";
            assert!(browser.value(seen).await.as_u64() > Some(0));
            browser.until("the stages", "document.querySelectorAll('#classify-stages canvas').length >= 4").await;
            assert!(browser.text("#classify-facts").await.contains(" ms, model default"));
        })
        .await;
}

#[tokio::test]
async fn a_number_on_the_pad_is_read_with_a_box_for_each_digit() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            stroke(browser, &seven(0.1, 0.25, 0.15)).await;
            reads(browser, "7").await;
            stroke(browser, &one(0.45, 0.25, 0.45)).await;
            reads(browser, "71").await;
            stroke(browser, &seven(0.65, 0.25, 0.15)).await;
            reads(browser, "717").await;
            assert_eq!(browser.attribute("#classify-answer", "data-kind").await.as_deref(), Some("number"));
            let boxes = "[...document.querySelectorAll('#classify-pad-boxes .found')].map((box) => {
                const [at, pad] = [box, document.querySelector('#classify-pad')].map((part) => part.getBoundingClientRect());
                return [box.dataset.digit, Math.round(100 * (at.left - pad.left) / pad.width), Math.round(100 * at.width / pad.width)];
              })";
            let boxes = browser.value(boxes).await;
            assert_eq!(boxes.as_array().map(Vec::len), Some(3), "{boxes}");
            for (at, (digit, left)) in [("7", 10.0), ("1", 45.0), ("7", 65.0)].into_iter().enumerate() {
                assert_eq!(boxes[at][0], digit);
                let found = boxes[at][1].as_f64().expect("a place");
                assert!((found - left).abs() < 5.0, "{boxes}");
            }
            browser.click("#classify-digits button:nth-child(2)").await;
            assert_eq!(browser.text("#classify-bars caption").await, "Digit 2 of 3, read as 1");
            assert_eq!(browser.text("#classify-seen-which").await, "Digit 2 of 3, read as 1.");
            let chosen = "[...document.querySelectorAll('#classify-pad-boxes .found')].map((box) => 'chosen' in box.dataset)";
            assert_eq!(browser.value(chosen).await, json!([false, true, false]));
            // As one digit it is something else, but one digit.
            browser.click("label:has(#classify-mode-digit)").await;
            browser.until("one digit", "document.querySelector('#classify-answer').dataset.kind === 'digit'").await;
            browser.until("the address", "location.hash.includes('mode=digit')").await;
        })
        .await;
}

#[tokio::test]
async fn strokes_are_taken_back_brought_back_wiped_and_kept() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            assert_eq!(
                browser
                    .value("document.querySelector('#classify-undo').disabled")
                    .await,
                true
            );
            stroke(browser, &one(0.3, 0.2, 0.5)).await;
            let first = ink(browser).await;
            assert!(first > 1_000, "{first}");
            stroke(browser, &seven(0.5, 0.2, 0.2)).await;
            let both = ink(browser).await;
            assert!(both > first);
            reads(browser, "17").await;

            browser.click("#classify-undo").await;
            assert_eq!(ink(browser).await, first);
            reads(browser, "1").await;
            browser.click("#classify-redo").await;
            assert_eq!(ink(browser).await, both);
            browser.click("#classify-clear").await;
            assert_eq!(ink(browser).await, 0);
            state(browser, "empty").await;
            // Clearing can be taken back too; the button that went off gave the focus to the pad.
            assert_eq!(
                browser.value("document.activeElement.id").await,
                "classify-pad"
            );
            browser.keys_with('\u{e009}', "z").await;
            assert_eq!(ink(browser).await, both);
            reads(browser, "17").await;

            browser.click("#classify-eraser").await;
            stroke(browser, &one(0.3, 0.15, 0.6)).await;
            let rest = ink(browser).await;
            assert!(rest < both - first / 2, "{rest} of {both}");
            reads(browser, "7").await;
            browser.click("#classify-eraser").await;

            browser.reload().await;
            browser
                .until(
                    "the drawing is there again",
                    &format!("Math.abs(({INK}) - {rest}) < {rest} / 100"),
                )
                .await;
            reads(browser, "7").await;
            browser.click("#classify-undo").await;
            reads(browser, "17").await;

            browser.click("#classify-drawing-download").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "digitlab-drawing.png");
            let picture = digitlab::raster::codec::decode(
                &bytes,
                &digitlab::raster::codec::Limits::default(),
            )
            .expect("a picture");
            assert_eq!(
                [picture.picture.width(), picture.picture.height()],
                [1200, 900]
            );
            assert_eq!(picture.picture.data()[0], 255, "white paper");
            assert!(picture.picture.data().contains(&0), "black ink");
        })
        .await;
}

#[tokio::test]
async fn keys_alone_draw_a_digit() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            browser
                .run("document.querySelector('#classify-pad').focus();", vec![])
                .await;
            // Up and left, pen down, right, and down to the left as the end key of the number block moves it.
            let (left, up, right, end) = ("\u{e012}", "\u{e013}", "\u{e014}", "\u{e010}");
            browser.keys(&(up.repeat(6) + &left.repeat(4))).await;
            browser.keys(" ").await;
            browser
                .until(
                    "the pen is down",
                    "'down' in document.querySelector('#classify-pad-cross').dataset",
                )
                .await;
            browser
                .keys(
                    &(right.repeat(9)
                        + &end.repeat(7)
                        + "\u{e015}\u{e015}\u{e015}\u{e015}\u{e015}"),
                )
                .await;
            browser.keys(" ").await;
            reads(browser, "7").await;
            let said = "document.querySelector('#status').textContent";
            browser
                .until(
                    "the answer is said",
                    &format!("/^7, .* %\\.$/.test({said})"),
                )
                .await;
            browser.keys("\u{e017}").await;
            state(browser, "empty").await;
            assert_eq!(ink(browser).await, 0);
        })
        .await;
}

#[tokio::test]
async fn pictures_of_handwriting_are_read() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "?sample=ruled").await;
            reads(browser, "2").await;
            // What comes while the pad is shown brings its place along.
            browser.click("label:has(#classify-input-draw)").await;
            state(browser, "empty").await;
            for (name, text) in [
                ("pen-01-0.jpg", "8"),
                ("pen-05-0.jpg", "0"),
                ("pen-09-0.jpg", "2"),
                ("number-10.jpg", "667"),
                ("number-14.jpg", "34078"),
            ] {
                browser
                    .attach("#classify-source-file", name, &handwriting(name))
                    .await;
                reads(browser, text).await;
                let boxes = "document.querySelectorAll('#classify-picture-boxes .found').length";
                assert_eq!(browser.value(boxes).await, text.len(), "{name}");
            }
            // A picture without ink is no error.
            let shape = Shape {
                width: 80,
                height: 60,
                channels: 1,
            };
            let blank = Raster::new(shape, vec![230; 80 * 60]).expect("a picture");
            let blank = encode(&blank, Format::of("png", None).expect("PNG")).expect("a file");
            browser
                .attach("#classify-source-file", "blank.png", &blank)
                .await;
            state(browser, "no_ink").await;
            assert!(
                browser
                    .text("#classify-text")
                    .await
                    .starts_with("No ink was found")
            );
            assert_eq!(
                browser
                    .value("document.querySelector('#classify-failure').hidden")
                    .await,
                true
            );
            // The pad is as it was, and the picture too.
            browser.click("label:has(#classify-input-draw)").await;
            state(browser, "empty").await;
            browser.click("label:has(#classify-input-picture)").await;
            state(browser, "no_ink").await;
        })
        .await;
}

#[tokio::test]
async fn another_model_can_be_chosen_and_stays() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            stroke(browser, &seven(0.3, 0.2, 0.2)).await;
            reads(browser, "7").await;
            let model = "document.querySelector('#classify-answer').dataset.model";
            assert_eq!(browser.value(model).await, "default");
            let cards = "[...document.querySelectorAll('#classify-models .model')].map((card) => card.textContent)";
            let cards = browser.value(cards).await;
            assert_eq!(cards.as_array().map(Vec::len), Some(2), "{cards}");
            for card in cards.as_array().expect("cards") {
                let card = card.as_str().unwrap_or_default();
                assert!(card.contains(" % right on 10,000 test pictures"), "{card}");
            }
            browser.click("label[for='classify-model-tiny']").await;
            browser
                .until("the other model answers", &format!("{model} === 'tiny'"))
                .await;
            reads(browser, "7").await;
            browser
                .until("the address", "location.hash.includes('model=tiny')")
                .await;
            browser.reload().await;
            reads(browser, "7").await;
            assert_eq!(browser.value(model).await, "tiny");
            let checked = "document.querySelector('#classify-model-tiny')?.checked";
            browser.until("it is chosen", checked).await;
        })
        .await;
}

#[tokio::test]
async fn a_model_that_is_missing_or_broken_is_explained_and_tried_again() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("models/default")
        .run(async |browser| {
            site.fault(MODEL, Fault::Status(404));
            open(browser, &site, "").await;
            let code = "document.querySelector('#classify-failure').dataset.code";
            let shown = "document.querySelector('#classify-failure').hidden === false";
            browser
                .until(
                    "it is missing",
                    &format!("{shown} && {code} === 'model_missing'"),
                )
                .await;
            // The pad works meanwhile.
            stroke(browser, &seven(0.3, 0.2, 0.2)).await;
            state(browser, "waiting").await;
            for fault in [
                Fault::Truncated { keep: 9_000 },
                Fault::Corrupted { at: 9_000 },
            ] {
                site.heal();
                site.fault(MODEL, fault);
                browser.click("#classify-failure-retry").await;
                browser
                    .until(
                        "it is broken",
                        &format!("{shown} && {code} === 'model_corrupt'"),
                    )
                    .await;
                let sentence = browser.text("#classify-failure-text").await;
                assert!(
                    sentence.ends_with('.') && sentence.contains("default"),
                    "{sentence}"
                );
            }
            site.heal();
            browser.click("#classify-failure-retry").await;
            reads(browser, "7").await;
            assert_eq!(
                browser
                    .value("document.querySelector('#classify-failure').hidden")
                    .await,
                true
            );
        })
        .await;
}

#[tokio::test]
async fn loading_can_be_stopped_and_begun_again() {
    let site = Site::built().start().await;
    Visit::new()
        // The line that was given up on breaks at last.
        .expecting("models/default")
        .run(async |browser| {
            site.fault(MODEL, Fault::Stalled { keep: 20_000 });
            open(browser, &site, "").await;
            stroke(browser, &seven(0.3, 0.2, 0.2)).await;
            state(browser, "waiting").await;
            let shown = "document.querySelector('#classify-progress').hidden === false";
            browser.until("progress", shown).await;
            browser.click("#classify-progress-cancel").await;
            let stopped = "document.querySelector('#classify-stopped').hidden === false";
            browser.until("it has stopped", stopped).await;
            assert_eq!(
                browser.value("document.activeElement.id").await,
                "classify-load"
            );
            site.release();
            browser.click("#classify-load").await;
            reads(browser, "7").await;
        })
        .await;
}

#[tokio::test]
async fn pictures_come_from_generate_and_augment_and_drawings_go_there() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/generate?number=4071&seed=3")).await;
            browser.until("a picture to send", "document.querySelector('#send-classify')?.disabled === false").await;
            let early = "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /reader|models\\/|classify/.test(name))";
            assert_eq!(browser.value(early).await, json!([]), "nothing of it is loaded before it is wanted");
            browser.click("#send-classify").await;
            browser.until("the place", "document.querySelector('#classify-source-name')?.textContent === '4071'").await;
            reads(browser, "4071").await;
            assert!(browser.address().await.contains("#/classify"));

            browser.click("#classify-picture-augment").await;
            browser.until("the other place", "document.querySelector('#augment-source-name')?.textContent === '4071'").await;
            browser.until("its variants", "document.querySelector('#augment-wall').dataset.state === 'done'").await;
            browser.click("#augment-classify").await;
            browser.until("back", "location.hash.startsWith('#/classify')").await;
            reads(browser, "4071").await;

            browser.click("label:has(#classify-input-draw)").await;
            stroke(browser, &one(0.5, 0.2, 0.5)).await;
            reads(browser, "1").await;
            browser.click("#classify-drawing-augment").await;
            browser.until("the drawing", "document.querySelector('#augment-source-name').textContent === 'Drawing'").await;
            let flip = "#/augment?mode=mine&seed=7&count=12&pipeline=%5B%7B%22transform%22%3A%22InvertImg%22%2C%22p%22%3A1%7D%5D";
            browser.run("location.hash = arguments[0];", vec![Value::from(flip)]).await;
            let tile = "#augment-wall-grid [data-index='0']";
            browser.until("a variant", &format!("document.querySelector(\"{tile}\")?.dataset.state === 'done'")).await;
            browser.click(tile).await;
            browser.until("it is large", "document.querySelector('#augment-detail').dataset.state === 'done'").await;
            browser.click("#augment-detail-classify").await;
            browser.until("it is there", "document.querySelector('#classify-source-name').textContent.startsWith('Drawing, ')").await;
            // White on black now, and still a one.
            reads(browser, "1").await;
        })
        .await;
}

#[tokio::test]
async fn answers_are_recorded_once_the_pen_rests() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            let recorded = async |expected: Value| {
                let all = format!(
                    "import(new URL('digitlab.js', location.href)).then(async ({{ Digitlab }}) => {{
                      window.reading ??= await Digitlab.open({{ workers: 1 }});
                      const {{ records }} = await window.reading.records.list();
                      const all = records.map(({{ name, kind, result, from }}) => [name, kind, result, from]);
                      return JSON.stringify(all) === JSON.stringify({expected});
                    }})"
                );
                browser.until(&format!("the records {expected}"), &all).await;
            };
            let page = "classify page";
            stroke(browser, &one(0.3, 0.2, 0.5)).await;
            stroke(browser, &seven(0.5, 0.2, 0.2)).await;
            reads(browser, "17").await;
            recorded(json!([["drawing", "number", "17", page]])).await;
            // The same again after a reload is the same drawing still.
            browser.reload().await;
            reads(browser, "17").await;
            browser.click("#classify-undo").await;
            reads(browser, "1").await;
            recorded(json!([["drawing", "digit", "1", page], ["drawing", "number", "17", page]])).await;
            browser
                .attach("#classify-source-file", "number-10.jpg", &handwriting("number-10.jpg"))
                .await;
            reads(browser, "667").await;
            let all = json!([
                ["number-10.jpg", "number", "667", page],
                ["drawing", "digit", "1", page],
                ["drawing", "number", "17", page]
            ]);
            recorded(all.clone()).await;
            browser.click("#classify-records").await;
            browser.until("the log", "document.querySelectorAll('#records-rows [role=row]:not([data-waiting])').length === 3").await;
            browser.reload().await;
            recorded(all).await;
        })
        .await;
}

#[tokio::test]
async fn an_address_that_is_wrong_is_explained() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "?mode=word&model=huge").await;
            let said = "document.querySelector('#toasts').textContent.includes('mode=word; allowed: auto, digit, number.')";
            browser.until("the mode is refused", said).await;
            let failure = "document.querySelector('#classify-failure').hidden === false
                && document.querySelector('#classify-failure-text').textContent";
            let sentence = browser.until("the model is refused", failure).await;
            let sentence = sentence.as_str().unwrap_or_default();
            assert!(sentence.contains("huge") && sentence.contains("tiny"), "{sentence}");
            browser.until("the models", "document.querySelector('#classify-model-default')").await;
            browser.click("label[for='classify-model-default']").await;
            stroke(browser, &seven(0.3, 0.2, 0.2)).await;
            reads(browser, "7").await;
        })
        .await;
}

#[tokio::test]
async fn it_fits_phones_in_either_colour_scheme() {
    let site = Site::built().start().await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        Visit::new()
            .window(Window {
                width: 360,
                height: 740,
                scheme,
                ..Window::default()
            })
            .run(async |browser| {
                open(browser, &site, "").await;
                fits(browser, "at first").await;
                let scrolls =
                    "getComputedStyle(document.querySelector('#classify-pad')).touchAction";
                assert_eq!(browser.value(scrolls).await, "none", "a finger draws");
                stroke(browser, &seven(0.1, 0.25, 0.1)).await;
                stroke(browser, &one(0.4, 0.25, 0.3)).await;
                reads(browser, "71").await;
                fits(browser, "with a number").await;
                browser.click("label:has(#classify-input-picture)").await;
                fits(browser, "with the ways to a picture").await;
                browser.click("[data-sample=board]").await;
                reads(browser, "34078").await;
                fits(browser, "with a picture").await;
            })
            .await;
    }
}

/// Nothing sticks out of the page.
async fn fits(browser: &Browser, when: &str) {
    let outside = "[document.documentElement, ...document.querySelectorAll('#view-classify *')]
        .filter((part) => !part.closest('.answer__digits, .visually-hidden, .sprite'))
        .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
        .map((part) => part.id || part.className)";
    assert_eq!(browser.value(outside).await, json!([]), "{when}");
    let wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    assert_eq!(browser.value(wide).await, true, "{when}");
}

//! The Frames page as a person uses it: from a file to a picture, and through that by mouse, keyboard and address.

use std::fmt::Write as _;

use digitlab_browser::{Browser, Engine, Fault, Site, Visit, Window};
use fantoccini::actions::{InputSource, MouseActions, PointerAction, WheelAction, WheelActions};
use serde_json::{Value, json};

use crate::support::says;

const COLUMNS: usize = 20;
const ROWS: usize = 3_000;

/// A pixel of the tests' log.
fn pixel(row: usize, column: usize) -> usize {
    (row * 7 + column * 13) % 256
}

/// A log from depth 100 in steps of a half, with a last row that is empty.
fn csv(rows: usize, columns: usize) -> String {
    let mut text = String::from("depth");
    for column in 1..=columns {
        let _ = write!(text, ",col{column}");
    }
    text.push('\n');
    for row in 0..rows {
        let _ = write!(
            text,
            "{}.{}",
            100 + row / 2,
            if row % 2 == 0 { 0 } else { 5 }
        );
        for column in 0..columns {
            let _ = write!(text, ",{}", pixel(row, column));
        }
        text.push('\n');
    }
    text + &",".repeat(columns) + "\n"
}

/// The place, once it knows what is stored.
async fn open(browser: &Browser, site: &Site, fragment: &str) {
    browser.open(&site.url(fragment)).await;
    settled(browser).await;
}

async fn settled(browser: &Browser) {
    let ready = "['empty', 'done'].includes(document.querySelector('#frames')?.dataset.state)";
    browser.until("the place is ready", ready).await;
}

/// Waits until the picture of a log is drawn from the best there is.
async fn shows(browser: &Browser, name: &str) {
    let shown = format!(
        "document.querySelector('#frames-name')?.textContent === {}
            && document.querySelector('#frames-viewer').dataset.drawn === 'fine'",
        Value::from(name)
    );
    browser
        .until(&format!("the picture of {name}"), &shown)
        .await;
}

/// Imports the tests' log with every column kept.
async fn import(browser: &Browser, name: &str) {
    choose_width(browser, COLUMNS).await;
    browser
        .attach("#frames-file", name, csv(ROWS, COLUMNS).as_bytes())
        .await;
    shows(browser, name).await;
    browser.click("#frames-report-close").await;
}

async fn choose_width(browser: &Browser, width: usize) {
    if browser
        .value("document.querySelector('#frames-import').hidden")
        .await
        == true
    {
        browser.click("#frames-add").await;
    }
    if browser
        .value("document.querySelector('#frames-options').open")
        .await
        == false
    {
        browser.click("#frames-options summary").await;
    }
    browser.fill("#frames-width", &width.to_string()).await;
}

/// Waits until the two boxes hold these depths.
async fn ranges(browser: &Browser, from: &str, to: &str) {
    let boxes = format!(
        "(([a, b]) => a === '{from}' && b === '{to}' || false)(
            ['min', 'max'].map((end) => document.querySelector(`#frames-depth-${{end}}`).value))"
    );
    browser
        .until(&format!("the depths {from} to {to}"), &boxes)
        .await;
}

/// Waits until the address holds all of these.
async fn address(browser: &Browser, parts: &[&str]) {
    for part in parts {
        let there = format!(
            "location.hash.split(/[?&]/).includes({})",
            Value::from(*part)
        );
        browser
            .until(&format!("{part} in the address"), &there)
            .await;
    }
}

/// The colour in the middle of each cell of the picture: of `rows` times `columns` that are in sight.
async fn cells(browser: &Browser, rows: usize, columns: usize) -> Vec<Vec<[u8; 3]>> {
    let script = "
        const canvas = document.querySelector('#frames-picture');
        const [rows, columns] = arguments;
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const at = (share, size) => Math.floor(share * size);
        return Array.from({ length: rows }, (_, row) =>
          Array.from({ length: columns }, (_, column) => {
            const x = at((column + 0.5) / columns, canvas.width);
            const y = at((row + 0.5) / rows, canvas.height);
            return [...copy.getImageData(x, y, 1, 1).data].slice(0, 3);
          }));";
    let found = browser.run(script, vec![json!(rows), json!(columns)]).await;
    serde_json::from_value(found).expect("colours")
}

async fn window_of(browser: &Browser, from: &str, to: &str) {
    browser.fill("#frames-depth-min", from).await;
    browser.fill("#frames-depth-max", to).await;
    browser.keys("\u{e007}").await;
}

#[tokio::test]
async fn a_first_visit_leads_to_the_sample_and_its_window() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            let state = "document.querySelector('#frames').dataset.state";
            assert_eq!(browser.value(state).await, "empty");
            browser.click("#frames-sample").await;
            shows(browser, "Borehole sample").await;
            says(browser, "#frames-report-facts", "Rows kept5,460").await;
            says(
                browser,
                "#frames-report-dropped",
                "1 row dropped: every cell is empty.",
            )
            .await;
            says(browser, "#frames-rows", "5,460 rows").await;
            ranges(browser, "9000.1", "9546").await;
            address(browser, &["#/frames", "image=1", "colormap=depth"]).await;
            // Both ends count, so that 9500.0 is the 5,000th row.
            window_of(browser, "9000", "9500").await;
            says(browser, "#frames-rows", "5,000 rows").await;
            address(browser, &["depth_min=9000", "depth_max=9500"]).await;
            browser.reload().await;
            shows(browser, "Borehole sample").await;
            says(browser, "#frames-rows", "5,000 rows").await;
            ranges(browser, "9000", "9500").await;
        })
        .await;
}

#[tokio::test]
async fn every_pixel_has_the_colour_of_its_value() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "#/frames?colormap=gray").await;
            import(browser, "log.csv").await;
            window_of(browser, "600", "604.5").await;
            says(browser, "#frames-rows", "10 rows").await;
            shows(browser, "log.csv").await;
            let grey = |value: usize| [value as u8; 3];
            let expected: Vec<Vec<[u8; 3]>> = (1000..1010)
                .map(|row| (0..COLUMNS).map(|column| grey(pixel(row, column))).collect())
                .collect();
            let end = std::time::Instant::now() + digitlab_browser::DEADLINE;
            while cells(browser, 10, COLUMNS).await != expected {
                assert!(std::time::Instant::now() < end, "{:?}", cells(browser, 10, COLUMNS).await);
            }
            browser.click("label:has(#frames-reverse)").await;
            let reversed = format!("{}", 255 - pixel(1000, 0));
            let corner = format!(
                "(() => {{
                    const canvas = document.querySelector('#frames-picture');
                    const copy = new OffscreenCanvas(9, 9).getContext('2d', {{ willReadFrequently: true }});
                    copy.drawImage(canvas, 0, 0);
                    return copy.getImageData(3, 3, 1, 1).data[0] === {reversed};
                }})()"
            );
            browser.until("the reversed colours", &corner).await;
            address(browser, &["reverse=1"]).await;
            browser.hover("#frames-stage").await;
            says(browser, "#frames-readout", "· value").await;
            let number = "/^Depth (\\S+) · column (\\d+) · value (\\d+)$/.exec(document.querySelector('#frames-readout').textContent)";
            let said = browser.until("a value", &format!("{number}?.slice(1).map(Number)")).await;
            let said = |at: usize| said[at].as_f64().expect("a number");
            let (row, column) = (((said(0) - 100.0) * 2.0) as usize, said(1) as usize - 1);
            assert!((1004..=1005).contains(&row), "the mouse is in the middle, and {row} is not");
            assert_eq!(said(2) as usize, pixel(row, column));
            browser.click("#frames-table summary").await;
            let row = "[...document.querySelectorAll('#frames-table-body tr')][2]?.textContent ?? ''";
            let cells: String = (0..COLUMNS).map(|column| pixel(1002, column).to_string()).collect();
            browser
                .until("the third row as numbers", &format!("{row} === '601{cells}'"))
                .await;
        })
        .await;
}

#[tokio::test]
async fn the_keyboard_alone_goes_through_a_log() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            import(browser, "log.csv").await;
            window_of(browser, "200", "249.5").await;
            says(browser, "#frames-rows", "100 rows").await;
            browser
                .run("document.querySelector('#frames-stage').focus();", vec![])
                .await;
            browser.keys("\u{e015}").await;
            ranges(browser, "205", "254.5").await;
            browser.keys("\u{e00f}").await;
            ranges(browser, "250", "299.5").await;
            browser.keys("\u{e010}").await;
            ranges(browser, "1550", "1599.5").await;
            browser.keys("\u{e011}").await;
            ranges(browser, "100", "149.5").await;
            browser.keys("+").await;
            says(browser, "#frames-rows", "60 rows").await;
            browser.keys("-").await;
            says(browser, "#frames-rows", "100 rows").await;
            browser.keys("0").await;
            says(browser, "#frames-rows", "3,000 rows").await;
            browser.keys_with('\u{e008}', "\u{e015}").await;
            says(browser, "#frames-readout", "Depth 8").await;
            browser
                .run("document.querySelector('#frames-minimap').focus();", vec![])
                .await;
            window_of(browser, "200", "249.5").await;
            browser
                .run("document.querySelector('#frames-minimap').focus();", vec![])
                .await;
            browser.keys("\u{e010}").await;
            ranges(browser, "1550", "1599.5").await;
            let value = browser.attribute("#frames-minimap", "aria-valuetext").await;
            assert_eq!(value.as_deref(), Some("1,550 to 1,599.5"));
        })
        .await;
}

#[tokio::test]
async fn wheel_and_drag_move_what_is_under_the_mouse() {
    let site = Site::built().start().await;
    Visit::new()
        // Whoever wants no motion gets none, so that a drag ends where it ends.
        .window(Window {
            calm: true,
            ..Window::default()
        })
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            import(browser, "log.csv").await;
            window_of(browser, "600", "799.5").await;
            says(browser, "#frames-rows", "400 rows").await;
            browser.hover("#frames-stage").await;
            let depth = "Number(document.querySelector('#frames-readout').textContent.split(' ')[1])";
            let before = browser.until("a depth", depth).await.as_f64().expect("a depth");
            let middle = "(({ left, top, width, height }) => [left + width / 2, top + height / 2].map(Math.floor))(
                document.querySelector('#frames-stage').getBoundingClientRect())";
            let middle = browser.value(middle).await;
            let place = |at: usize| middle[at].as_i64().expect("a place");
            let wheel = WheelActions::new("wheel".into()).then(WheelAction::Scroll {
                duration: None,
                x: place(0),
                y: place(1),
                delta_x: 0,
                delta_y: -240,
            });
            browser.client().perform_actions(wheel).await.expect("a turned wheel");
            let fewer = "parseInt(document.querySelector('#frames-rows').textContent, 10) < 300";
            browser.until("fewer rows", fewer).await;
            let after = format!("Math.abs({depth} - {before}) <= 0.5");
            browser.until("the same depth under the mouse", &after).await;

            let stage = browser.find("#frames-stage").await;
            let drag = MouseActions::new("mouse".into())
                .then(PointerAction::MoveToElement { element: stage, duration: None, x: 0.0, y: 0.0 })
                .then(PointerAction::Down { button: 0 })
                .then(PointerAction::MoveBy { duration: None, x: 0.0, y: -120.0 })
                .then(PointerAction::Up { button: 0 });
            browser.client().perform_actions(drag).await.expect("a drag");
            browser.until("the same depth in the hand", &after).await;
            let moved = "Number(document.querySelector('#frames-depth-min').value) > 650";
            browser.until("further down", moved).await;

            let map = browser.find("#frames-minimap").await;
            let jump = MouseActions::new("mouse".into())
                .then(PointerAction::MoveToElement { element: map, duration: None, x: 0.0, y: -150.0 })
                .then(PointerAction::Down { button: 0 })
                .then(PointerAction::MoveBy { duration: None, x: 0.0, y: -150.0 })
                .then(PointerAction::Up { button: 0 });
            browser.client().perform_actions(jump).await.expect("a drag on the minimap");
            let first = "document.querySelector('#frames-depth-min').value === '100'";
            browser.until("the top of the log", first).await;
        })
        .await;
}

#[tokio::test]
async fn what_is_in_sight_is_taken_along() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            import(browser, "my log.csv").await;
            window_of(browser, "600", "604.5").await;
            says(browser, "#frames-rows", "10 rows").await;
            browser.click("#frames-save-csv").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "my-log_600-604.5.csv");
            let text = String::from_utf8(bytes).expect("text");
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines.len(), 11, "{text}");
            let first: Vec<String> = (0..COLUMNS).map(|column| pixel(1000, column).to_string()).collect();
            assert_eq!(lines[1], format!("600,{}", first.join(",")));
            browser.click("#frames-save-f32").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "my-log_600-604.5.f32");
            assert_eq!(bytes.len(), 10 * COLUMNS * 4);
            let third = f32::from_le_bytes(bytes[8..12].try_into().expect("four bytes"));
            assert_eq!(third, pixel(1000, 2) as f32);
            browser.click("#frames-save-png").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "my-log_600-604.5.png");
            assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
            let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
            assert_eq!((side(16), side(20)), (COLUMNS as u32, 10));
            browser.click("#frames-save-jpeg").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "my-log_600-604.5.jpg");
            assert_eq!(bytes[..3], [0xff, 0xd8, 0xff]);
            browser.allow_clipboard(&site.origin()).await;
            // Firefox without a screen keeps no pictures in its clipboard.
            if browser.engine() != Engine::Firefox {
                browser.click("#frames-copy-picture").await;
                let copied = "navigator.clipboard.read().then(([item]) => item.types.includes('image/png'), () => false)";
                browser.until("the picture in the clipboard", copied).await;
            }
            browser.click("#frames-link").await;
            let link = "navigator.clipboard.readText().then((text) => text.includes('depth_min=600&depth_max=604.5'), () => false)";
            browser.until("the link in the clipboard", link).await;
        })
        .await;
}

#[tokio::test]
async fn a_bad_file_is_named_and_a_slow_one_can_be_stopped() {
    let site = Site::built()
        .with("logs/slow.csv", csv(ROWS, COLUMNS))
        .start()
        .await;
    let pause = std::time::Duration::from_millis(100);
    site.fault(
        "logs/slow.csv",
        Fault::Slow {
            piece: 2_000,
            pause,
        },
    );
    Visit::new()
        .expecting("logs/none.csv")
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            browser.attach("#frames-file", "bad.csv", b"depth,a,b\nx,y,z\n").await;
            let said = "document.querySelector('#frames-import-error-text').textContent.trim().endsWith('.')";
            browser.until("what is wrong", said).await;
            let state = "document.querySelector('#frames-import').dataset.state";
            assert_eq!(browser.value(state).await, "error");
            browser.click("#frames-import-dismiss").await;

            browser.fill("#frames-url", &site.url("logs/none.csv")).await;
            browser.keys("\u{e007}").await;
            says(browser, "#frames-import-error-text", "404").await;

            browser.fill("#frames-url", &site.url("logs/slow.csv")).await;
            browser.keys("\u{e007}").await;
            says(browser, "#frames-import-progress-text", "Importing").await;
            browser.click("#frames-import-cancel").await;
            browser.until("it has ended", &format!("{state} === 'idle'")).await;
            browser.reload().await;
            settled(browser).await;
            let frames = "document.querySelector('#frames').dataset.state";
            assert_eq!(browser.value(frames).await, "empty", "nothing is left of it");

            browser.click("#frames-options summary").await;
            browser.fill("#frames-width", "1").await;
            says(browser, "#frames-import .field:has(#frames-width) .field__error", "2 to 4,096").await;
        })
        .await;
}

#[tokio::test]
async fn depths_that_were_typed_stay_until_the_picture_shows_them() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            // Boxes over a log that takes its time.
            let boxes = "
                const { RangeBoxes } = await import(new URL('js/frames/range_boxes.js', document.baseURI));
                const from = document.querySelector('#frames-depth-min');
                const to = document.querySelector('#frames-depth-max');
                const values = () => [from.value, to.value];
                const asked = [];
                const boxes = new RangeBoxes((window) => {
                  const { promise, resolve } = Promise.withResolvers();
                  asked.push({ window, resolve });
                  return promise;
                }, new AbortController().signal);
                const type = (input, text) => {
                  input.value = text;
                  for (const kind of ['input', 'change', 'blur']) input.dispatchEvent(new Event(kind));
                };
                const seen = [];
                boxes.show(100, 200);
                seen.push(values());
                type(from, '120');
                boxes.show(100, 200);
                seen.push(values());
                type(to, '150');
                boxes.show(100, 200);
                seen.push(values());
                asked[0].resolve('');
                await null;
                boxes.show(100, 200);
                seen.push(values());
                asked[1].resolve('');
                await null;
                boxes.show(119.5, 150);
                seen.push(values());
                return [seen, asked.map(({ window }) => window)];";
            let result = browser.run(boxes, vec![]).await;
            let seen = json!([["100", "200"], ["120", "200"], ["120", "150"], ["120", "150"], ["119.5", "150"]]);
            let asked = json!([{ "depth_min": 120, "depth_max": 200 }, { "depth_min": 120, "depth_max": 150 }]);
            assert_eq!(result, json!([seen, asked]));
        })
        .await;
}

#[tokio::test]
async fn logs_are_renamed_deleted_and_remembered() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            import(browser, "one.csv").await;
            import(browser, "two.csv").await;
            browser.click("[data-log='1'] [data-act=rename]").await;
            browser.keys_with('\u{e009}', "a").await;
            browser.keys("first\u{e007}").await;
            says(browser, "[data-log='1']", "first").await;
            browser.click("[data-log='1'] [data-act=open]").await;
            shows(browser, "first").await;
            address(browser, &["image=1"]).await;
            browser.reload().await;
            shows(browser, "first").await;
            browser.click("[data-log='1'] [data-act=export]").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "first.csv");
            assert_eq!(
                bytes.iter().filter(|byte| **byte == b'\n').count(),
                ROWS + 1
            );
            // Asked, taken back and asked again in one go: before the browser tells that the first question was closed.
            browser
                .run(
                    "const ask = document.querySelector(\"[data-log='1'] [data-act=delete]\");
                     ask.click();
                     document.querySelector('#frames-delete').close();
                     ask.click();",
                    vec![],
                )
                .await;
            browser.click("#frames-delete-yes").await;
            shows(browser, "two.csv").await;
            let logs = "document.querySelectorAll('#frames-logs li').length";
            assert_eq!(browser.value(logs).await, 1);
            browser.click("[data-log='2'] [data-act=delete]").await;
            browser.click("#frames-delete-yes").await;
            let empty = "document.querySelector('#frames').dataset.state === 'empty'";
            browser.until("nothing is left", empty).await;
            browser.reload().await;
            settled(browser).await;
            browser.until("nothing is left after a reload", empty).await;
        })
        .await;
}

#[tokio::test]
async fn what_an_address_says_wrong_is_named() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            import(browser, "log.csv").await;
            for (query, said) in [
                ("image=7", "image is 7"),
                ("image=1&depth_min=x", "depth_min=x; allowed: a depth"),
                ("image=1&scale=mine", "scale=mine; allowed: fixed, own"),
                ("image=1&colormap=nocolour", "colormap=nocolour; allowed: depth"),
                ("image=1&depth_min=9&depth_max=8", "must not be above depth_max"),
                ("image=1&depth_min=9000", "this log goes from 100 to 1,599.5"),
            ] {
                browser.run("location.hash = `#/frames?${arguments[0]}`;", vec![json!(query)]).await;
                says(browser, "#toasts", said).await;
            }
            browser
                .run("location.hash = '#/frames?image=1&colormap=navy,white&reverse=1&scale=own&depth_min=300';", vec![])
                .await;
            ranges(browser, "300", "1599.5").await;
            assert_eq!(browser.field("#frames-own").await, "navy,white");
            window_of(browser, "nine", "1599.5").await;
            says(browser, "#frames-range-error", "depth_min is “nine”; allowed: a number").await;
            window_of(browser, "5000", "6000").await;
            says(browser, "#frames-range-error", "no row lies there").await;
        })
        .await;
}

#[tokio::test]
async fn no_window_is_too_narrow_for_a_log() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window {
            width: 360,
            height: 740,
            ..Window::default()
        })
        .run(async |browser| {
            let fits =
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
            open(browser, &site, "#/frames").await;
            assert_eq!(browser.value(fits).await, true, "at first");
            import(
                browser,
                &format!("{}.csv", "a-very-long-name-of-a-log".repeat(5)),
            )
            .await;
            assert_eq!(browser.value(fits).await, true, "with a log");
            browser.click("#frames-report-show").await;
            browser.click("#frames-table summary").await;
            browser
                .until(
                    "a table",
                    "document.querySelector('#frames-table-body tr') !== null",
                )
                .await;
            assert_eq!(browser.value(fits).await, true, "with everything open");
        })
        .await;
}

/// Scrolls evenly through the log for a hundred frames, and tells how long they took.
const SCROLL: &str = "
    const stage = document.querySelector('#frames-stage');
    const { left, top } = stage.getBoundingClientRect();
    const wheel = (deltaY, shiftKey) => stage.dispatchEvent(
      new WheelEvent('wheel', { deltaY, shiftKey, clientX: left + 100, clientY: top + 100, bubbles: true, cancelable: true }),
    );
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    return (async () => {
      for (let k = 0; k < 12; k++) wheel(-120, false);
      await frame();
      const times = [];
      for (let k = 0, before = await frame(); k < 100; k++) {
        wheel(60, true);
        const now = await frame();
        times.push(now - before);
        before = now;
      }
      times.sort((a, b) => a - b);
      return { median: times[50], p95: times[95], most: times[99] };
    })();";

#[tokio::test]
async fn a_log_a_hundred_times_longer_scrolls_by_the_same_means() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "#/frames").await;
            for (name, rows) in [("short.csv", 5_460), ("long.csv", 546_000)] {
                choose_width(browser, 8).await;
                browser
                    .attach("#frames-file", name, csv(rows, 8).as_bytes())
                    .await;
                shows(browser, name).await;
                browser.click("#frames-report-close").await;
                let times = browser.run(SCROLL, vec![]).await;
                println!("{name}, {rows} rows, milliseconds per frame while scrolling: {times}");
                shows(browser, name).await;
            }
            // What is not in sight is not read: far fewer tiles than the 2,133 of the rows.
            let rows = browser.text("#frames-rows").await;
            assert!(rows.ends_with("rows"), "{rows}");
            window_of(browser, "200000", "200010").await;
            says(browser, "#frames-rows", "21 rows").await;
            shows(browser, "long.csv").await;
        })
        .await;
}

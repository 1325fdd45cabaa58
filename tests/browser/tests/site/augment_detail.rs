//! One variant, large.

use digitlab::augment::preview;
use digitlab::raster::Raster;
use digitlab::raster::codec::{Limits, decode};
use digitlab_browser::{Browser, Visit};
use serde_json::{Value, json};

use crate::augmented::{canvas, encoded, open, picture, shows, site_with, variant};

fn pipeline() -> Value {
    json!([{ "transform": "Rotate", "limit": [20, 60], "p": 1 }, { "transform": "Solarize", "p": 1 }])
}

/// Opens a variant of the wall.
async fn enlarge(browser: &Browser, index: usize) {
    browser
        .until(
            "its tile",
            &format!("document.querySelector('#augment-wall-grid [data-index=\"{index}\"]')?.dataset.state === 'done'"),
        )
        .await;
    browser
        .click(&format!("#augment-wall-grid [data-index='{index}']"))
        .await;
    ready(browser, &format!("Variant {index}")).await;
}

async fn ready(browser: &Browser, title: &str) {
    browser
        .until(
            title,
            &format!(
                "document.querySelector('#augment-detail').dataset.state === 'done'
                    && document.querySelector('#augment-detail-title').textContent === '{title}'"
            ),
        )
        .await;
}

/// The values of a pixel as the page says them.
fn said(picture: &Raster, x: usize, y: usize) -> String {
    let at = 3 * (y * picture.width() + x);
    let [red, green, blue] = [0, 1, 2].map(|channel| picture.data()[at + channel]);
    if red == green && green == blue {
        red.to_string()
    } else {
        format!("{red} {green} {blue}")
    }
}

#[tokio::test]
async fn a_variant_is_compared_read_replayed_and_taken_along() {
    let plain = picture(3);
    let site = site_with(&plain).start().await;
    Visit::new()
        .run(async |browser| {
            let query = format!("mode=mine&seed=7&count=12&pipeline={}", encoded(&pipeline()));
            open(browser, &site, &query).await;
            enlarge(browser, 2).await;
            let (made, record) = variant(&plain, &pipeline(), 7, 2);
            shows(browser, "#augment-detail-before", &plain).await;
            shows(browser, "#augment-detail-after", &made).await;

            // The divider, by keys.
            let divider = "document.querySelector('#augment-detail-divider').ariaValueNow";
            browser.run("document.querySelector('#augment-detail-divider').focus()", vec![]).await;
            for (keys, share) in [("\u{e014}", "51"), ("\u{e012}\u{e012}", "49"), ("\u{e00e}", "59"), ("\u{e011}", "0"), ("\u{e010}", "100")] {
                browser.keys(keys).await;
                assert_eq!(browser.value(divider).await, share);
            }

            // Pixels, by keys: the first is right of and above the middle.
            browser.run("document.querySelector('#augment-detail-stage').focus()", vec![]).await;
            browser.keys("\u{e014}\u{e013}").await;
            let expected = format!("x 31, y 19: before {}, after {}", said(&plain, 31, 19), said(&made, 31, 19));
            assert_eq!(browser.text("#augment-detail-readout").await, expected);

            // The zoom.
            browser.click("#augment-detail-one").await;
            assert_eq!(browser.text("#augment-detail-scale").await, "100 %");
            browser.click("#augment-detail-in").await;
            assert_eq!(browser.text("#augment-detail-scale").await, "200 %");
            browser.keys("0").await;

            // The difference, with its gain.
            browser.run("document.querySelector('#augment-detail-view-difference').click()", vec![]).await;
            let (size, data) = canvas(browser, "#augment-detail-difference").await;
            assert_eq!(size, [60, 40]);
            let [old, new] = [&plain, &made].map(|picture| preview(picture, 0).expect("RGBA"));
            for (at, value) in data.iter().enumerate().filter(|(at, _)| at % 4 < 3) {
                let apart = u32::from(old.data()[at].abs_diff(new.data()[at]));
                assert_eq!(u32::from(*value), (4 * apart).min(255), "value {at}");
            }

            // Why.
            let why = browser.text("#augment-detail-record").await;
            for step in &record {
                assert!(why.contains(step.transform()), "{why}");
            }
            assert!(why.contains("Drawn: angle"), "{why}");
            browser.click("#augment-detail-replay").await;
            browser
                .until("the proof", "document.querySelector('#augment-detail-proof').textContent.includes('all 7,200 values are the same')")
                .await;

            // The histogram's figures.
            let mean = |picture: &Raster, channel: usize| {
                let values = picture.data().iter().skip(channel).step_by(3);
                let sum: u32 = values.map(|value| u32::from(*value)).sum();
                format!("{:.1}", f64::from(sum) / 2_400.0)
            };
            browser
                .until("figures", "document.querySelectorAll('#augment-detail-values tbody tr').length === 3")
                .await;
            let figures = browser.text("#augment-detail-values tbody").await;
            for channel in 0..3 {
                let pair = format!("{} → {}", mean(&plain, channel), mean(&made, channel));
                assert!(figures.contains(&pair), "{pair} in {figures}");
            }

            browser.click("#augment-detail-download").await;
            let (name, file) = browser.download().await;
            assert!(name.contains("seed7") && name.ends_with("variant2.png"), "{name}");
            let read = decode(&file, &Limits::default()).expect("a PNG").picture;
            assert_eq!(read, made);
        })
        .await;
}

#[tokio::test]
async fn variants_are_turned_like_pages_and_escape_leads_back() {
    let plain = picture(3);
    let site = site_with(&plain).start().await;
    Visit::new()
        .run(async |browser| {
            let query = format!(
                "mode=mine&seed=7&count=12&pipeline={}",
                encoded(&pipeline())
            );
            open(browser, &site, &query).await;
            enlarge(browser, 0).await;
            browser.click("#augment-detail-next").await;
            ready(browser, "Variant 1").await;
            shows(
                browser,
                "#augment-detail-after",
                &variant(&plain, &pipeline(), 7, 1).0,
            )
            .await;
            browser.click("#augment-detail-previous").await;
            ready(browser, "Variant 0").await;
            shows(
                browser,
                "#augment-detail-after",
                &variant(&plain, &pipeline(), 7, 0).0,
            )
            .await;
            // There is none before the first.
            browser.click("#augment-detail-previous").await;
            assert_eq!(browser.text("#augment-detail-title").await, "Variant 0");
            browser.keys("\u{e00c}").await;
            browser
                .until(
                    "it closes",
                    "!document.querySelector('#augment-detail').open",
                )
                .await;
            browser
                .until(
                    "the focus is on a tile",
                    "document.activeElement.dataset.index !== undefined",
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn a_picture_of_another_size_cannot_be_subtracted() {
    let plain = picture(3);
    let site = site_with(&plain).start().await;
    let crop = json!([{ "transform": "CenterCrop", "height": 20, "width": 30 }]);
    Visit::new()
        .run(async |browser| {
            open(
                browser,
                &site,
                &format!("mode=mine&seed=7&count=12&pipeline={}", encoded(&crop)),
            )
            .await;
            enlarge(browser, 0).await;
            shows(
                browser,
                "#augment-detail-after",
                &variant(&plain, &crop, 7, 0).0,
            )
            .await;
            browser
                .run(
                    "document.querySelector('#augment-detail-view-difference').click()",
                    vec![],
                )
                .await;
            let note = browser.text("#augment-detail-note").await;
            assert!(note.contains("60 × 40 before, 30 × 20 after"), "{note}");
        })
        .await;
}

#[tokio::test]
async fn parameters_move_the_variant_and_its_boxes() {
    let plain = picture(3);
    let site = site_with(&plain).start().await;
    Visit::new()
        .run(async |browser| {
            let turned = |angle: i32| json!([{ "transform": "Rotate", "limit": [angle, angle], "p": 1 }]);
            let query = format!("mode=mine&seed=7&count=12&pipeline={}", encoded(&turned(20)));
            open(browser, &site, &query).await;
            browser.click("#augment-companions > summary").await;
            browser.fill("#companions-boxes", "ball 10 12 30 28").await;
            let summary = "document.querySelector('#companions-summary').textContent === '1 box'";
            browser.until("the box is taken", summary).await;
            enlarge(browser, 1).await;
            shows(browser, "#augment-detail-after", &variant(&plain, &turned(20), 7, 1).0).await;
            let drawn = "document.querySelector('#augment-detail-overlay .overlay').ariaLabel";
            browser
                .until("the box is drawn", &format!("({drawn})?.startsWith('1 box')"))
                .await;
            let before = browser.value(drawn).await;

            let slider = "document.querySelector('#augment-detail-form input[type=range]:not([hidden])').focus()";
            browser.run(slider, vec![]).await;
            browser.keys(&"\u{e012}".repeat(12)).await;
            let angle = browser.field("#augment-detail-form .input--number:not([hidden])").await;
            let angle: i32 = angle.parse().expect("a whole angle");
            assert!(angle < 15, "{angle}");
            shows(browser, "#augment-detail-after", &variant(&plain, &turned(angle), 7, 1).0).await;
            browser
                .until("the box follows", &format!("{drawn} !== {before}"))
                .await;

            browser.click("#augment-detail-use").await;
            let steps = "[...document.querySelectorAll('#augment-builder-steps .step')].map((step) => step.dataset.transform)";
            browser
                .until("it is added", &format!("{steps}.join() === 'Rotate,Rotate'"))
                .await;
        })
        .await;
}

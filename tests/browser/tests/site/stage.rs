//! The first thing a person does: a number, its picture, and what is known about it.

use std::collections::BTreeSet;

use digitlab_browser::{Site, Visit};
use serde_json::json;

use crate::page::Page;

#[tokio::test]
async fn a_sequence_is_there_at_once() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "").await;
            let number = browser.field("#number").await;
            let seed = browser.field("#seed").await;
            assert!(
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
                "{number}"
            );
            assert_eq!(
                browser.value("document.activeElement.id").await,
                "number",
                "the cursor"
            );
            let request =
                json!({ "number": number, "image_width": 28 * number.len(), "seed": seed });
            let sequence = page.shows("first", &request).await;
            assert_eq!(
                (page.shown("label").await, page.shown("seed").await),
                (number.clone(), seed.clone())
            );

            for (fact, text) in [
                ("label", number.clone()),
                ("size", format!("{} × 28 px", 28 * number.len())),
                ("natural", format!("{} px", sequence.natural_width)),
                ("seed", seed.clone()),
                ("index", "0".to_owned()),
                ("task", page.shown("taskId").await),
            ] {
                assert_eq!(browser.text(&format!("#fact-{fact}")).await, text, "{fact}");
            }
            assert!(browser.text("#fact-time").await.ends_with('s'));
            page.says("#licence", "CC BY-SA 3.0").await;
            page.says("#version", env!("CARGO_PKG_VERSION")).await;
            assert!(
                browser
                    .text("#promise")
                    .await
                    .contains("never leave this machine")
            );
            let places = "[...document.querySelectorAll('nav [data-place]')]
                .map((link) => [link.dataset.place, link.ariaCurrent])";
            assert_eq!(
                browser.value(places).await,
                json!([
                    ["generate", "page"],
                    ["augment", null],
                    ["classify", null],
                    ["frames", null],
                    ["api", null]
                ]),
                "only places that are built"
            );
            page.says(
                "#status",
                &format!("{number}, {} by 28 pixels, seed {seed}", 28 * number.len()),
            )
            .await;
        })
        .await;
}

#[tokio::test]
async fn typing_redraws() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=1990&seed=7").await;
            page.shows(
                "typed-1990",
                &json!({ "number": "1990", "image_width": 112, "seed": 7 }),
            )
            .await;
            let before: u64 = page.shown("count").await.parse().expect("a count");
            browser.keys("042").await;
            let sequence = page
                .shows(
                    "typed-042",
                    &json!({ "number": "042", "image_width": 84, "seed": 7 }),
                )
                .await;
            assert_eq!(
                (page.shown("label").await, browser.field("#number").await),
                ("042".into(), "042".into())
            );
            assert!(
                page.shown("count")
                    .await
                    .parse()
                    .is_ok_and(|count: u64| count > before)
            );
            let rows: Vec<Vec<String>> = sequence
                .digits
                .iter()
                .map(|digit| {
                    let place = [format!("{:.1}", digit.x), format!("{:.1}", digit.width)];
                    [
                        vec![
                            digit.digit.to_string(),
                            digit.split.to_string(),
                            digit.index.to_string(),
                        ],
                        place.to_vec(),
                    ]
                    .concat()
                })
                .collect();
            let table = page.table("digits-table").await;
            let plain: Vec<Vec<String>> = table
                .into_iter()
                .map(|row| row.into_iter().map(|cell| cell.replace(',', "")).collect())
                .collect();
            assert_eq!(plain, rows);
            let digits: Vec<&str> = plain.iter().map(|row| row[0].as_str()).collect();
            assert_eq!(digits, ["0", "4", "2"]);
        })
        .await;
}

#[tokio::test]
async fn a_box_says_where_its_digit_comes_from() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=58&seed=11").await;
            let sequence = page
                .shows(
                    "boxes",
                    &json!({ "number": "58", "image_width": 56, "seed": 11 }),
                )
                .await;
            for (place, digit) in sequence.digits.iter().enumerate() {
                let selector = format!(".box:nth-of-type({})", place + 1);
                browser.hover(&selector).await;
                let origin = format!("{} #{}", digit.split, digit.index);
                let place = format!("x {:.1}, width {:.1} px", digit.x, digit.width);
                let readout = page.says("#readout", &origin).await;
                assert!(
                    readout.starts_with(&digit.digit.to_string()) && readout.contains(&place),
                    "{readout}"
                );
                let name = browser
                    .attribute(&selector, "aria-label")
                    .await
                    .unwrap_or_default();
                assert_eq!(name, format!("{}, {origin}, {place}", digit.digit));
            }
            // The box lies over its digit on the screen: its edges are those of the ink, in the picture's scale.
            let edges = "[...document.querySelectorAll('.box')].map((box) => {
                const picture = document.querySelector('#picture').getBoundingClientRect();
                const { left, width } = box.getBoundingClientRect();
                return [(left - picture.left) * 56 / picture.width, width * 56 / picture.width];
            })";
            let edges = browser.value(edges).await;
            for (place, digit) in sequence.digits.iter().enumerate() {
                let close = |at: usize, wanted: f64| {
                    edges[place][at]
                        .as_f64()
                        .is_some_and(|found| (found - wanted).abs() < 0.5)
                };
                assert!(
                    close(0, digit.x) && close(1, digit.width),
                    "{edges} instead of {:?}",
                    sequence.digits
                );
            }
        })
        .await;
}

#[tokio::test]
async fn the_seed_can_be_typed_rolled_and_locked() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=31&seed=7").await;
            let request = |seed: &str, number: &str| {
                json!({ "number": number, "image_width": 28 * number.len(), "seed": seed })
            };
            page.shows("seed-7", &request("7", "31")).await;
            browser.fill("#seed", "18446744073709551615").await;
            page.shows("seed-largest", &request("18446744073709551615", "31")).await;

            let mut seeds = BTreeSet::new();
            for _ in 0..3 {
                let before = browser.field("#seed").await;
                browser.click("#seed-dice").await;
                let seed = browser.field("#seed").await;
                assert_ne!(seed, before);
                page.shows("seed-rolled", &request(&seed, "31")).await;
                seeds.insert(seed);
            }
            assert_eq!(seeds.len(), 3, "{seeds:?}");

            assert_eq!(browser.attribute("#seed-lock", "aria-pressed").await.as_deref(), Some("true"));
            let locked = browser.field("#seed").await;
            browser.fill("#number", "32").await;
            page.shows("seed-locked", &request(&locked, "32")).await;
            browser.click("#seed-lock").await;
            assert_eq!(browser.attribute("#seed-lock", "aria-pressed").await.as_deref(), Some("false"));
            browser.fill("#number", "33").await;
            let fresh = browser.field("#seed").await;
            assert_ne!(fresh, locked, "an open lock draws a seed with every edit");
            page.shows("seed-open", &request(&fresh, "33")).await;
        })
        .await;
}

#[tokio::test]
async fn an_empty_number_says_what_to_do() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=31&seed=7").await;
            browser.fill("#number", "").await;
            page.state("empty").await;
            assert_eq!(page.shown("label").await, "");
            assert!(
                browser.text("#empty").await.len() > 20,
                "an empty state teaches"
            );
            assert!(
                browser
                    .find("#download-png")
                    .await
                    .attr("disabled")
                    .await
                    .is_ok_and(|value| value.is_some())
            );
            let example = browser
                .attribute("#empty button[data-number]", "data-number")
                .await
                .expect("an example");
            browser.click("#empty button[data-number]").await;
            page.shows(
                "example",
                &json!({ "number": example, "image_width": 28 * example.len(), "seed": 7 }),
            )
            .await;
            assert_eq!(browser.field("#number").await, example);
        })
        .await;
}

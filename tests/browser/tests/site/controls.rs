//! Every control of the request: what it does, its limits, and what it says when it is wrong.

use digitlab_browser::{Site, Visit};
use serde_json::{Value, json};

use crate::page::Page;

/// How a person changes a control.
enum Act {
    Type(&'static str, &'static str),
    Choose(&'static str),
    Press(&'static str, &'static str),
}

#[tokio::test]
async fn every_control_changes_the_picture_as_it_says() {
    let steps = [
        (Act::Choose("fit-pad"), json!({ "fit": "pad" })),
        (
            Act::Type("image_width", "140"),
            json!({ "image_width": 140 }),
        ),
        (Act::Type("spacing_max", "21"), json!({ "spacing_max": 21 })),
        (Act::Type("spacing_min", "20"), json!({ "spacing_min": 20 })),
        (Act::Type("margin", "0"), json!({ "margin": 0 })),
        (Act::Choose("tight"), json!({ "tight": false })),
        (
            Act::Type("image_width", "160"),
            json!({ "image_width": 160 }),
        ),
        (
            Act::Choose("ink-black-on-white"),
            json!({ "ink": "black-on-white" }),
        ),
        (Act::Choose("split-test"), json!({ "split": "test" })),
        (Act::Choose("split-train"), json!({ "split": "train" })),
        (Act::Type("index", "12"), json!({ "index": 12 })),
        (Act::Press("index", "\u{e013}"), json!({ "index": 13 })),
        (
            Act::Press("index", "\u{e015}\u{e015}"),
            json!({ "index": 11 }),
        ),
        (Act::Choose("fit-stretch"), json!({ "fit": "stretch" })),
        (Act::Type("seed", "8"), json!({ "seed": 8 })),
        (Act::Choose("fit-natural"), json!({ "fit": "natural" })),
    ];
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(
                browser,
                &site,
                "#/generate?number=742&seed=7&image_width=100",
            )
            .await;
            let mut request = json!({ "number": "742", "image_width": 100, "seed": 7 });
            page.shows("controls-start", &request).await;
            for (number, (act, change)) in steps.into_iter().enumerate() {
                match act {
                    // Room first: the widest content of the steps fits into the width that they have.
                    Act::Choose(id) => page.choose(id).await,
                    Act::Type(id, text) => browser.fill(&format!("#{id}"), text).await,
                    Act::Press(id, keys) => {
                        browser.click(&format!("#{id}")).await;
                        browser.keys(keys).await;
                    }
                }
                for (name, value) in change.as_object().expect("an object") {
                    request[name] = value.clone();
                }
                page.shows(&format!("controls-{number}"), &request).await;
            }
            let disabled = browser
                .value("document.querySelector('#image_width').disabled")
                .await;
            assert_eq!(disabled, true, "a natural width cannot be set");
            page.choose("fit-stretch").await;
            page.choose("image_width-auto").await;
            request["fit"] = "stretch".into();
            request["image_width"] = 84.into();
            page.shows("controls-auto", &request).await;
            assert_eq!(browser.field("#image_width").await, "84");
        })
        .await;
}

#[tokio::test]
async fn the_limits_shown_are_those_of_the_engine() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            Page::open(browser, &site, "").await;
            let script = "
                const lab = await Digitlab.open();
                const fields = await lab.fields();
                lab.close();
                return fields;";
            let fields = browser
                .lab(&site.url("digitlab.js"))
                .get(script, Value::Null)
                .await;
            let mut compared = 0;
            for field in fields.as_array().expect("a list of fields") {
                let name = field["name"].as_str().expect("a name");
                if field["kind"] == "integer" {
                    let control = format!("#{name}");
                    let limit = async |attribute: &str| -> Option<u64> {
                        browser
                            .attribute(&control, attribute)
                            .await
                            .and_then(|value| value.parse().ok())
                    };
                    assert_eq!(
                        limit("aria-valuemin").await,
                        field["min"].as_u64(),
                        "{name}"
                    );
                    assert_eq!(
                        limit("aria-valuemax").await,
                        field["max"].as_u64(),
                        "{name}"
                    );
                    if let Some(default) = field["default"].as_u64() {
                        assert_eq!(browser.field(&control).await, default.to_string(), "{name}");
                    }
                    compared += 1;
                } else if field["kind"] == "choice" {
                    let radios = format!(
                        "[...document.querySelectorAll('#{name} input')]
                        .map(({{ value }}) => value)"
                    );
                    assert_eq!(browser.value(&radios).await, field["values"], "{name}");
                    let chosen = format!("document.querySelector('#{name} input:checked').value");
                    assert_eq!(browser.value(&chosen).await, field["default"], "{name}");
                    compared += 1;
                }
            }
            assert_eq!(compared, 8, "five numbers and three choices");
        })
        .await;
}

#[tokio::test]
async fn a_wrong_field_says_why_beside_itself() {
    let cases = [
        ("number", "12a", "\"12a\""),
        ("seed", "18446744073709551616", "18446744073709551615"),
        ("seed", "-1", "-1"),
        ("seed", "", "empty"),
        ("spacing_min", "11", "spacing_max"),
        ("spacing_max", "1001", "1001"),
        ("image_width", "0", "16384"),
        ("image_width", "16385", "16385"),
        ("image_width", "wide", "wide"),
        ("margin", "-3", "-3"),
        ("index", "1.5", "1.5"),
        ("index", "9007199254740992", "9007199254740992"),
    ];
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(
                browser,
                &site,
                "#/generate?number=742&seed=7&image_width=100",
            )
            .await;
            let request = json!({ "number": "742", "image_width": 100, "seed": 7 });
            page.shows("before-errors", &request).await;
            let before = page.picture().await;
            let mut wrong = Vec::new();
            for (field, text, words) in cases {
                let (control, error) = (format!("#{field}"), format!("#{field}-error"));
                let right = browser.field(&control).await;
                // All at once, as a paste does: key by key, "11" is a 1 on the way, which is right.
                let paste = "const control = document.getElementById(arguments[0]);
                    control.value = arguments[1];
                    control.dispatchEvent(new Event('input', { bubbles: true }));";
                browser.run(paste, vec![json!(field), json!(text)]).await;
                page.state("stale").await;
                let said = page.says(&error, words).await;
                let invalid = browser.attribute(&control, "aria-invalid").await;
                let others = "[...document.querySelectorAll('.field__error')]
                    .filter(({ textContent }) => textContent).length";
                if !said.starts_with(field)
                    || invalid.as_deref() != Some("true")
                    || browser.value(others).await != 1
                {
                    wrong.push(format!("{field} {text}: {said} {invalid:?}"));
                }
                if page.picture().await != before {
                    wrong.push(format!("{field} {text}: another picture"));
                }
                browser.fill(&control, &right).await;
                page.state("done").await;
                let said = browser.text(&error).await;
                let invalid = browser.attribute(&control, "aria-invalid").await;
                if !said.is_empty() || invalid.is_some_and(|invalid| invalid == "true") {
                    wrong.push(format!("{field} right again: {said}"));
                }
            }
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));

            page.choose("fit-pad").await;
            browser.fill("#image_width", "20").await;
            let said = page.says("#image_width-error", "at least").await;
            let needed: u64 = said
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|word| word.parse().ok())
                .max()
                .expect("a width");
            browser.fill("#image_width", &needed.to_string()).await;
            page.shows(
                "wide-enough",
                &json!({ "number": "742", "image_width": needed, "seed": 7, "fit": "pad" }),
            )
            .await;
        })
        .await;
}

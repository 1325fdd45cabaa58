//! The pipeline builder of the Augment page: finding, setting, ordering, grouping, undoing.

use std::time::Instant;

use digitlab::augment::{Pipeline, definitions};
use digitlab_browser::{Browser, DEADLINE, Site, Visit, Window};
use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use serde_json::{Value, json};

const TAB: char = '\u{e004}';

const ENTER: char = '\u{e007}';

const SHIFT: char = '\u{e008}';

const CONTROL: char = '\u{e009}';

const ALT: char = '\u{e00a}';

const ESCAPE: char = '\u{e00c}';

const UP: char = '\u{e013}';

pub(crate) const RIGHT: char = '\u{e014}';

const DOWN: char = '\u{e015}';

const DELETE: char = '\u{e017}';

/// What the builder keeps on this machine, what is switched off included.
pub(crate) const KEPT: &str = "JSON.parse(JSON.parse(localStorage.getItem('digitlab.settings') ?? '{}')['augment-pipeline'] ?? 'null')";

/// The open builder.
pub(crate) struct Builder<'a> {
    browser: &'a Browser,
}

impl<'a> Builder<'a> {
    pub(crate) async fn open(browser: &'a Browser, site: &Site) -> Self {
        browser.open(&site.url("#/augment")).await;
        let builder = Self { browser };
        builder.ready().await;
        builder
    }

    pub(crate) async fn ready(&self) {
        let there = "document.querySelector('#augment-builder-starts li')";
        self.browser
            .until("the builder knows the transforms", &format!("!!{there}"))
            .await;
    }

    /// Waits until the pipeline is this.
    pub(crate) async fn holds(&self, expected: Value) {
        let end = Instant::now() + DEADLINE;
        loop {
            let kept = self.browser.value(KEPT).await;
            if kept == expected {
                return;
            }
            assert!(
                Instant::now() < end,
                "the pipeline is {kept}\ninstead of     {expected}"
            );
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        }
    }

    /// Brings a pipeline along as a file.
    pub(crate) async fn bring(&self, name: &str, text: &str) {
        self.browser
            .attach("#augment-builder-import-file", name, text.as_bytes())
            .await;
    }

    /// Begins with a pipeline, and waits until it is there.
    pub(crate) async fn begin(&self, pipeline: &Value) {
        self.bring("begin.json", &pipeline.to_string()).await;
        self.holds(pipeline.clone()).await;
    }

    /// Waits until an element says something with this text.
    pub(crate) async fn says(&self, selector: &str, text: &str) {
        let found = format!(
            "[...document.querySelectorAll('{selector}')].some((one) => one.textContent.includes({}))",
            Value::from(text)
        );
        self.browser
            .until(&format!("{selector} says {text}"), &found)
            .await;
    }

    /// Presses Tab until the focus is there.
    pub(crate) async fn tab_to(&self, selector: &str) {
        for _ in 0..80 {
            let there = format!("document.activeElement.matches({})", Value::from(selector));
            if self.browser.value(&there).await == true {
                return;
            }
            self.browser.keys(&TAB.to_string()).await;
        }
        panic!("Tab does not lead to {selector}");
    }

    /// Opens or closes a step.
    pub(crate) async fn toggle(&self, title: &str) {
        self.browser
            .click(&format!(
                "[data-transform='{title}'] > .step__head .step__toggle"
            ))
            .await;
    }

    /// Presses one of an open step's tools.
    pub(crate) async fn press(&self, title: &str, action: &str) {
        self.browser
            .click(&format!(
                "[data-transform='{title}'] > .step__body [data-action='{action}']"
            ))
            .await;
    }

    /// Chooses from a list by its words, as the keyboard does.
    pub(crate) async fn choose(&self, selector: &str, value: &str) {
        self.browser
            .find(selector)
            .await
            .select_by_value(value)
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Drags from the middle of an element to a point at the middle of another, `below` pixels beneath its centre.
    pub(crate) async fn drag(&self, from: &str, to: &str, below: f64) {
        let [from, to] = [self.browser.find(from).await, self.browser.find(to).await];
        let over = |element, y| PointerAction::MoveToElement {
            element,
            duration: None,
            x: 0.0,
            y,
        };
        let actions = MouseActions::new("mouse".into())
            .then(over(from, 0.0))
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(over(to.clone(), below / 2.0))
            .then(over(to, below))
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        self.browser
            .client()
            .perform_actions(actions)
            .await
            .expect("the mouse can be moved");
    }

    pub(crate) async fn control_shift(&self, key: char) {
        let mut actions = KeyActions::new("keyboard".into());
        for value in [CONTROL, SHIFT, key] {
            actions = actions.then(KeyAction::Down { value });
        }
        for value in [key, SHIFT, CONTROL] {
            actions = actions.then(KeyAction::Up { value });
        }
        self.browser
            .client()
            .perform_actions(actions)
            .await
            .expect("keys can be pressed");
    }
}

pub(crate) fn nested() -> Value {
    json!({ "p": 0.9, "transforms": [
        { "transform": "Rotate", "p": 0.5, "limit": [-40, 40] },
        { "transform": "OneOf", "p": 0.5, "transforms": [
            { "transform": "Blur", "p": 0.25 },
            { "transform": "GaussNoise", "p": 1, "std_range": [0.1, 0.2] },
        ]},
        { "transform": "Solarize", "p": 0.5 },
    ]})
}

#[tokio::test]
async fn everything_is_done_by_keyboard() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            builder.tab_to("#augment-builder-find").await;
            browser.keys("motion bl").await;
            builder.says("#augment-builder-about", "line through it").await;
            browser.keys(&ENTER.to_string()).await;
            builder.says("#status", "MotionBlur added: step 1 of 1.").await;
            // By what it does, and the second of what was found.
            browser.keys("mirrors").await;
            browser.keys(&format!("{DOWN}{ENTER}")).await;
            builder
                .holds(json!({ "transforms": [
                    { "transform": "MotionBlur", "p": 0.5 },
                    { "transform": "VerticalFlip", "p": 0.5 },
                ]}))
                .await;

            builder.tab_to("[data-transform=MotionBlur] > .step__head .step__toggle").await;
            browser.keys(&ENTER.to_string()).await;
            builder.tab_to("[data-transform=MotionBlur] [data-field=p] input[type=range]").await;
            browser.keys(&RIGHT.to_string()).await;
            builder.tab_to("[data-transform=MotionBlur] [data-field=blur_limit] input[aria-label='Size, highest, number']").await;
            browser.keys_with(CONTROL, "a").await;
            browser.keys("9").await;
            browser.keys(&UP.to_string()).await;
            builder.tab_to("[data-transform=MotionBlur] [data-field=allow_shifted] [role=switch]").await;
            browser.keys(" ").await;
            let blur = json!({ "transform": "MotionBlur", "p": 0.55, "blur_limit": [3, 11], "allow_shifted": false });
            let flip = json!({ "transform": "VerticalFlip", "p": 0.5 });
            builder.holds(json!({ "transforms": [blur, flip] })).await;

            // Anywhere in a step the keys move it, and the focus goes along.
            browser.keys_with(ALT, &DOWN.to_string()).await;
            builder.says("#status", "MotionBlur moved: step 2 of 2.").await;
            builder.holds(json!({ "transforms": [flip, blur] })).await;
            assert_eq!(
                browser.value("document.activeElement.ariaLabel").await,
                "Off the middle",
                "the focus stays where it was"
            );
            browser.keys_with(CONTROL, "z").await;
            browser.keys_with(CONTROL, "z").await;
            let shifted = json!({ "transform": "MotionBlur", "p": 0.55, "blur_limit": [3, 11] });
            builder.holds(json!({ "transforms": [shifted, flip] })).await;
            builder.control_shift('z').await;
            browser.keys_with(CONTROL, "y").await;
            builder.holds(json!({ "transforms": [flip, blur] })).await;

            browser.value("document.querySelector('#augment-builder-find').focus()").await;
            builder.tab_to("[data-transform=VerticalFlip] .step__grip").await;
            browser.keys(&DOWN.to_string()).await;
            builder.holds(json!({ "transforms": [blur, flip] })).await;
            browser.keys(&DELETE.to_string()).await;
            builder.says("#status", "VerticalFlip removed.").await;
            builder.holds(json!({ "transforms": [blur] })).await;
            assert_eq!(
                browser.value("document.activeElement.closest('.step').dataset.transform").await,
                "MotionBlur",
                "the focus goes to what is left"
            );
        })
        .await;
}

#[tokio::test]
async fn the_finder_shows_families_and_gives_up_quietly() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            browser.click("#augment-builder-find").await;
            let names = "[...document.querySelectorAll('#augment-builder-options [role=option]')].map((one) => one.dataset.name)";
            let all = browser.value(names).await;
            let mut expected = vec!["OneOf", "SomeOf", "Sequential"];
            expected.extend(definitions().map(|definition| definition.name));
            assert_eq!(all, json!(expected), "every transform, after the groups");

            browser.keys("blur").await;
            let found = browser.value(names).await;
            let found: Vec<&str> = found.as_array().expect("names").iter().filter_map(Value::as_str).collect();
            for name in ["Blur", "MedianBlur", "GlassBlur", "Defocus"] {
                assert!(found.contains(&name), "{found:?}");
            }
            assert_eq!((found[0], found.contains(&"Rotate")), ("Blur", false));
            browser.click("[data-name=Defocus]").await;
            builder.holds(json!({ "transforms": [{ "transform": "Defocus", "p": 0.5 }] })).await;

            browser.fill("#augment-builder-find", "nothing like that").await;
            builder.says("#augment-builder-none", "Nothing is called or does \"nothing like that\".").await;
            browser.keys(&ENTER.to_string()).await;
            browser.keys(&format!("{ESCAPE}{ESCAPE}")).await;
            assert_eq!(browser.field("#augment-builder-find").await, "");
            assert_eq!(browser.value("document.querySelector('#augment-builder-found').hidden").await, true);
            builder.holds(json!({ "transforms": [{ "transform": "Defocus", "p": 0.5 }] })).await;
        })
        .await;
}

#[tokio::test]
async fn steps_are_dragged_also_into_groups_and_out() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            builder.begin(&nested()).await;
            browser.click("#augment-builder-import > summary").await;
            // Nothing moves any more under the mouse.
            let drawn = "document.querySelector('#augment-wall')?.dataset.state === 'done'";
            browser.until("the variants", drawn).await;
            let [rotate, group, solarize] = [0, 1, 2].map(|at| nested()["transforms"][at].clone());
            let [blur, noise] = [0, 1].map(|at| group["transforms"][at].clone());
            let with = |steps: Value| json!({ "p": 0.9, "transforms": steps });
            let group_of = |members: Value| {
                let mut group = group.clone();
                group["transforms"] = members;
                group
            };
            let grip =
                |title: &str| format!("[data-transform='{title}'] > .step__head .step__grip");

            builder
                .drag(&grip("Solarize"), &grip("Rotate"), -16.0)
                .await;
            builder.holds(with(json!([solarize, rotate, group]))).await;
            builder
                .says("#status", "Solarize moved: step 1 of 3.")
                .await;

            builder.drag(&grip("Solarize"), &grip("Blur"), 18.0).await;
            builder
                .holds(with(json!([
                    rotate,
                    group_of(json!([blur, solarize, noise]))
                ])))
                .await;

            // Escape in the middle leaves all as it was; so does a press without a move.
            let element = browser.find(&grip("Solarize")).await;
            let to = browser.find(&grip("Rotate")).await;
            let over = |element| PointerAction::MoveToElement {
                element,
                duration: None,
                x: 0.0,
                y: 0.0,
            };
            let down = MouseActions::new("mouse".into())
                .then(over(element))
                .then(PointerAction::Down {
                    button: MOUSE_BUTTON_LEFT,
                })
                .then(over(to));
            browser
                .client()
                .perform_actions(down)
                .await
                .expect("the mouse can be moved");
            browser
                .until(
                    "a mark shows where it would land",
                    "!!document.querySelector('.steps__mark')",
                )
                .await;
            browser.keys(&ESCAPE.to_string()).await;
            // WebKit's driver lets go of nothing by itself.
            let up = MouseActions::new("mouse".into()).then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
            browser
                .client()
                .perform_actions(up)
                .await
                .expect("the mouse can be released");
            assert_eq!(
                browser
                    .value("document.querySelector('.steps__mark')")
                    .await,
                Value::Null
            );
            builder
                .holds(with(json!([
                    rotate,
                    group_of(json!([blur, solarize, noise]))
                ])))
                .await;

            builder.drag(&grip("Blur"), &grip("Rotate"), -16.0).await;
            builder
                .holds(with(json!([
                    blur,
                    rotate,
                    group_of(json!([solarize, noise]))
                ])))
                .await;
            browser.click("#augment-builder-undo").await;
            browser.click("#augment-builder-undo").await;
            browser.click("#augment-builder-undo").await;
            builder.holds(nested()).await;
        })
        .await;
}

#[tokio::test]
async fn groups_are_made_changed_and_dissolved() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            let blur = json!({ "transform": "Blur", "p": 0.5 });
            let equalize = json!({ "transform": "Equalize", "p": 0.5 });
            builder.begin(&json!({ "p": 1, "transforms": [blur, equalize] })).await;
            let with = |steps: Value| json!({ "p": 1, "transforms": steps });

            builder.toggle("Blur").await;
            builder.choose("[data-transform=Blur] .step__wrap", "OneOf").await;
            builder.holds(with(json!([{ "transform": "OneOf", "p": 1, "transforms": [blur] }, equalize]))).await;

            // The keys walk into the group and out of it.
            browser.find("[data-transform=Equalize] .step__grip").await.send_keys(&UP.to_string()).await.expect("a key");
            builder.holds(with(json!([{ "transform": "OneOf", "p": 1, "transforms": [blur, equalize] }]))).await;
            builder.says("#status", "Equalize moved: step 2 of 2 in One of.").await;
            builder.says("[data-transform=Blur] .step__chance", "50 %").await;

            builder.toggle("One of").await;
            builder.choose("select[aria-label='Kind of group']", "SomeOf").await;
            browser.fill("[data-transform='Some of'] > .step__body [data-field=n] .input--number", "2").await;
            browser.click("[data-transform='Some of'] > .step__body [data-field=replace] .switch").await;
            let some = json!({ "transform": "SomeOf", "p": 1, "n": 2, "replace": true, "transforms": [blur, equalize] });
            builder.holds(with(json!([some]))).await;

            // What is added goes where one asked for.
            browser.click("[data-transform='Some of'] > .step__into").await;
            builder.says("#augment-builder-target", "goes into Some of").await;
            browser.keys(&format!("hsv{ENTER}")).await;
            browser.fill("#augment-builder-find", "ToSepia").await;
            browser.keys(&ENTER.to_string()).await;
            let sepia = json!({ "transform": "ToSepia", "p": 0.5 });
            let mut more = some.clone();
            more["transforms"] = json!([blur, equalize, sepia]);
            builder.holds(with(json!([more]))).await;

            builder.press("ToSepia", "out").await;
            builder.holds(with(json!([some, sepia]))).await;
            // Another kind has no number of members.
            builder.choose("select[aria-label='Kind of group']", "Sequential").await;
            builder.holds(with(json!([{ "transform": "Sequential", "p": 1, "transforms": [blur, equalize] }, sepia]))).await;
            builder.press("Sequence", "unwrap").await;
            builder.holds(with(json!([blur, equalize, sepia]))).await;
            builder.press("ToSepia", "duplicate").await;
            builder.holds(with(json!([blur, equalize, sepia, sepia]))).await;
            browser.click("#augment-builder-clear").await;
            builder.holds(with(json!([]))).await;
            browser.keys_with(CONTROL, "z").await;
            builder.holds(with(json!([blur, equalize, sepia, sepia]))).await;
        })
        .await;
}

#[tokio::test]
async fn a_drag_of_a_slider_is_one_edit() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            let start = json!({ "p": 1, "transforms": [{ "transform": "RandomToneCurve", "p": 0.5, "scale": 0.5 }] });
            builder.begin(&start).await;
            browser.click("#augment-builder-import > summary").await;
            builder.toggle("RandomToneCurve").await;
            let slider = "[data-field=scale] input[type=range]";
            let element = browser.find(slider).await;
            let at = |x| PointerAction::MoveToElement { element: element.clone(), duration: None, x, y: 0.0 };
            let mut actions = MouseActions::new("mouse".into()).then(at(0.0)).then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
            for step in 1..=8 {
                actions = actions.then(at(f64::from(step) * 8.0));
            }
            browser.client().perform_actions(actions.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })).await.expect("the mouse can be moved");
            browser.until("the value follows", "Number(document.querySelector('[data-field=scale] .input--number').value) > 0.6").await;
            let slid: Value = browser.value("Number(document.querySelector('[data-field=scale] .input--number').value)").await;
            builder.holds(json!({ "p": 1, "transforms": [{ "transform": "RandomToneCurve", "p": 0.5, "scale": slid }] })).await;
            browser.keys_with(CONTROL, "z").await;
            builder.holds(start).await;
            assert_eq!(browser.field("[data-field=scale] .input--number").await, "0.5", "the control follows");
            assert_eq!(browser.value("document.querySelector('#augment-builder-redo').disabled").await, false);
        })
        .await;
}

#[tokio::test]
async fn what_is_switched_off_stays_but_does_not_run() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            builder.begin(&nested()).await;
            browser.click("[data-transform=Rotate] .step__switch").await;
            browser.click("[data-transform=Blur] .step__switch").await;
            browser.click("[data-transform=GaussNoise] .step__switch").await;
            let mut kept = nested();
            kept["transforms"][0]["disabled"] = json!(true);
            kept["transforms"][1]["transforms"][0]["disabled"] = json!(true);
            kept["transforms"][1]["transforms"][1]["disabled"] = json!(true);
            builder.holds(kept.clone()).await;

            browser.reload().await;
            builder.ready().await;
            builder.holds(kept).await;
            let off = "[...document.querySelectorAll('.step[data-off]')].map((step) => step.dataset.transform).join()";
            browser.until("they are off", &format!("{off} === 'Rotate,Blur,GaussNoise'")).await;

            // A group without members that run is left out with them.
            let runs = json!({ "p": 0.9, "transforms": [{ "transform": "Solarize", "p": 0.5 }] });
            browser.click("#augment-builder-code > summary").await;
            browser.click("#augment-builder-code-json").await;
            let native = Pipeline::from_json(&runs).expect("a pipeline").to_json();
            builder.says("#augment-builder-code-text", &format!("{native:#}\n")).await;

            browser.click("[data-transform=Blur] .step__switch").await;
            builder.says("#augment-builder-code-text", "\"Blur\"").await;
        })
        .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_it() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            builder.begin(&nested()).await;
            browser.click("#augment-builder-import > summary").await;
            // A step that does not run is counted no more by the engine; the place is right all the same.
            browser.click("[data-transform=Rotate] .step__switch").await;
            builder.toggle("GaussNoise").await;
            let box_of = |name: &str| format!("[data-transform=GaussNoise] [data-field=std_range] input[aria-label='{name}']");
            let high = browser.value("document.querySelector('[data-transform=GaussNoise] [data-field=std_range]').querySelectorAll('.input--number')[1].ariaLabel").await;
            let high = box_of(high.as_str().expect("a label"));
            let error = "[data-transform=GaussNoise] [data-field=std_range] .field__error";
            for (typed, words) in [("7", "Deviation is 0.1, 7; allowed: two numbers from 0 to 1"), ("abc", "Deviation is 0.1, \"abc\""), ("0.05", "the lower first")] {
                browser.fill(&high, typed).await;
                builder.says(error, words).await;
                assert_eq!(browser.attribute(&high, "aria-invalid").await.as_deref(), Some("true"));
            }
            // Closed, the step itself says it.
            builder.toggle("GaussNoise").await;
            builder.says("[data-transform=GaussNoise] > .step__error", "the lower first").await;
            builder.toggle("GaussNoise").await;
            browser.fill(&high, "0.5").await;
            browser.until("it is over", &format!("document.querySelector(\"{error}\").textContent === ''")).await;
            assert_eq!(browser.attribute(&high, "aria-invalid").await, None);

            browser.fill("#augment-builder-p .input--number", "2").await;
            builder.says("#augment-builder-error", "The whole pipeline's probability is 2; allowed: numbers from 0 to 1").await;
            browser.fill("#augment-builder-p .input--number", "0.5").await;
            browser.until("it is over", "document.querySelector('#augment-builder-error').textContent === ''").await;
        })
        .await;
}

#[tokio::test]
async fn every_parameter_has_a_control() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            let steps: Vec<Value> = definitions()
                .map(|definition| {
                    let mut step = json!({ "transform": definition.name, "p": 0.5 });
                    match definition.name {
                        "Resize" | "CenterCrop" | "RandomCrop" => {
                            step["height"] = json!(20);
                            step["width"] = json!(20);
                        }
                        "RandomResizedCrop" => step["size"] = json!([20, 20]),
                        "CropAndPad" => step["px"] = json!([1, 3]),
                        _ => {}
                    }
                    step
                })
                .collect();
            builder.begin(&json!({ "p": 1, "transforms": steps })).await;
            browser.value("document.querySelectorAll('.step__toggle[aria-expanded=false]').forEach((toggle) => toggle.click())").await;
            let shown = browser
                .value("Object.fromEntries([...document.querySelectorAll('#augment-builder .step')].map((step) => [step.dataset.transform, [...step.querySelectorAll('[data-field]')].map((row) => row.dataset.field).sort()]))")
                .await;
            for definition in definitions() {
                let mut names: Vec<&str> = definition.fields.iter().map(|field| field.name).collect();
                names.push("p");
                names.sort_unstable();
                assert_eq!(shown[definition.name], json!(names), "{}", definition.name);
            }
            // Every control has a name, and its help and error are tied to it.
            let unnamed = "[...document.querySelectorAll('.parameter :is(input, select)')].filter((input) =>
                !(input.ariaLabel || input.closest('label')?.textContent)
                || (input.type !== 'radio' && !(input.getAttribute('aria-describedby') ?? '').split(' ').every((id) => document.getElementById(id)))).length";
            assert_eq!(browser.value(unnamed).await, 0);
            browser.value("document.querySelectorAll('.parameters__more').forEach((more) => { more.open = true; })").await;
            let wide = "document.documentElement.scrollWidth <= innerWidth
                && [...document.querySelectorAll('#augment-builder .parameter')].every((row) => row.scrollWidth <= row.clientWidth)";
            for width in [1280, 360] {
                browser
                    .apply(&Window {
                        width,
                        ..Window::default()
                    })
                    .await;
                assert_eq!(browser.value(wide).await, true, "nothing is cut off");
            }
        })
        .await;
}

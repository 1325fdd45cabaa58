//! How the page looks and behaves on small screens, in either colour scheme, by keyboard, and towards the world.

use std::time::{Duration, Instant};

use digitlab_browser::{Browser, DEADLINE, Engine, LAB_PAGE, Scheme, Site, Visit, Window};
use serde_json::json;

use crate::page::Page;

#[tokio::test]
async fn no_window_is_too_narrow() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window {
            width: 360,
            height: 740,
            ..Window::default()
        })
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            fits(browser, "at first").await;
            browser.click("#show-code").await;
            fits(browser, "with a program").await;
            browser.click("#source summary").await;
            fits(browser, "with the source open").await;
            browser.fill("#number", &"1234567890".repeat(25)).await;
            browser
                .until(
                    "a long number",
                    "document.querySelector('#stage').dataset.label?.length === 250",
                )
                .await;
            fits(browser, "with a long number").await;
            browser.fill("#spacing_max", "1001").await;
            page.state("stale").await;
            fits(browser, "with an error").await;
        })
        .await;
}

/// The page is as wide as its window, and nothing sticks out of it.
pub(crate) async fn fits(browser: &Browser, when: &str) {
    let room = "document.documentElement.clientWidth";
    let widths = format!(
        "[document.documentElement, document.body].map(({{ scrollWidth }}) => scrollWidth <= {room})"
    );
    assert_eq!(browser.value(&widths).await, json!([true, true]), "{when}");
    let outside = format!(
        "[...document.body.querySelectorAll('*')]
        .filter((part) => part.getBoundingClientRect().width > {room})
        .filter((part) => !part.closest('.stage, pre, .table-scroll'))
        .map((part) => part.id || part.className)"
    );
    assert_eq!(browser.value(&outside).await, json!([]), "{when}");
}

/// How light the page's background is, from 0 to 255.
const LIGHTNESS: &str = "getComputedStyle(document.body).backgroundColor
    .match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3";

#[tokio::test]
async fn the_theme_follows_the_system_and_the_switch() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window {
            scheme: Scheme::Dark,
            ..Window::default()
        })
        .run(async |browser| {
            let page = Page::open(browser, &site, "").await;
            let dark = async || {
                browser
                    .value(LIGHTNESS)
                    .await
                    .as_f64()
                    .expect("a lightness")
                    < 100.0
            };
            assert!(dark().await, "dark as the system");
            page.choose("theme-light").await;
            assert!(!dark().await, "light by the switch");
            browser.reload().await;
            page.state("done").await;
            assert!(!dark().await, "light after a reload");
            assert_eq!(
                browser.attribute("html", "data-theme").await.as_deref(),
                Some("light")
            );
            page.choose("theme-system").await;
            assert!(dark().await, "as the system again");
            assert_eq!(browser.attribute("html", "data-theme").await, None);
            if browser.engine() != Engine::WebKit {
                browser.apply(&Window::default()).await;
                let end = Instant::now() + DEADLINE;
                while dark().await {
                    assert!(Instant::now() < end, "the system has turned light");
                    tokio::time::sleep(Duration::from_millis(15)).await;
                }
            }
            page.choose("theme-dark").await;
            assert!(dark().await, "dark by the switch");
        })
        .await;
}

#[tokio::test]
async fn nothing_leaves_the_machine() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window {
            record_requests: true,
            ..Window::default()
        })
        .run(async |browser| {
            // The browser's own first page asks for things too.
            browser.open(&site.url(LAB_PAGE)).await;
            browser.addresses().await;
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            let watch = "
                window.violations = [];
                addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
                  window.violations.push([violatedDirective, blockedURI]);
                });";
            browser.run(watch, vec![]).await;
            browser.click("#download-png").await;
            browser.download().await;
            browser.click("#show-code").await;
            browser.click("#source summary").await;
            browser.fill("#number", "77").await;
            page.shows(
                "private",
                &json!({ "number": "77", "image_width": 56, "seed": 7 }),
            )
            .await;
            let done = "document.querySelector('#sheet').dataset.state === 'done'";
            browser.until("the sheet is drawn", done).await;
            assert_eq!(browser.value("window.violations").await, json!([]));
            let addresses = browser.addresses().await;
            assert!(addresses.len() > 5, "{addresses:?}");
            let own = site.url("");
            let strange: Vec<&String> = addresses
                .iter()
                .filter(|address| {
                    ![&own, "blob:", "data:"]
                        .iter()
                        .any(|start| address.starts_with(start))
                })
                .collect();
            assert!(strange.is_empty(), "{strange:?}");
            let methods: Vec<_> = site
                .log()
                .into_iter()
                .filter(|request| request.method != "GET")
                .collect();
            assert!(methods.is_empty(), "{methods:?}");
        })
        .await;
}

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SHIFT: char = '\u{e008}';

/// The id of the element with the focus, or that of the nearest around it, and whether a person sees that it has it.
const FOCUS: &str = "(() => {
    const now = document.activeElement;
    const faces = [now, now.nextElementSibling, now.parentElement].filter(Boolean);
    const ring = faces.map((face) => getComputedStyle(face)).some(
      ({ outlineStyle, outlineWidth, boxShadow }) =>
        (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
    );
    return [now.id || now.closest('[id]')?.id || now.tagName, ring];
})()";

#[tokio::test]
async fn everything_works_by_keyboard_alone() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "").await;
            browser.keys("31").await;
            browser.keys(TAB).await;
            // From the number on, forward to the end of the request.
            let mut order = vec![];
            let mut hidden = vec![];
            for _ in 0..60 {
                let focus = browser.value(FOCUS).await;
                let id = focus[0].as_str().unwrap_or_default().to_owned();
                if focus[1] != true {
                    hidden.push(id.clone());
                }
                order.push(id);
                if order.last().is_some_and(|id| id == "sheet-count") {
                    break;
                }
                browser.keys(TAB).await;
            }
            for id in [
                "seed", "seed-dice", "seed-lock", "index", "boxes", "download-png", "download-npy", "download-json", "copy-picture",
                "copy-link", "show-code", "fit-stretch", "image_width", "spacing_min", "spacing_max", "margin", "tight",
                "split-all", "ink-white-on-black", "source", "sheet-count",
            ] {
                assert!(order.iter().any(|found| found == id), "{id} cannot be reached: {order:?}");
            }
            assert!(hidden.is_empty(), "no sign of the focus on {hidden:?}");

            focus_by_tab(browser, "seed").await;
            browser.keys_with('\u{e009}', "a").await;
            browser.keys("7").await;
            focus_by_tab(browser, "ink-white-on-black").await;
            browser.keys("\u{e014}").await;
            focus_by_tab(browser, "tight").await;
            browser.keys(" ").await;
            focus_by_tab(browser, "spacing_min").await;
            browser.keys("\u{e013}").await;
            let request = json!({
                "number": "31", "image_width": 56, "seed": 7, "ink": "black-on-white", "tight": false, "spacing_min": 6,
            });
            page.shows("by-keyboard", &request).await;
            focus_by_tab(browser, "download-png").await;
            browser.keys(ENTER).await;
            assert!(browser.download().await.0.ends_with(".png"));
        })
        .await;
}

/// Walks with Tab, or back with Shift and Tab, until an element has the focus. Past the ends of the page the focus would be
/// the browser's own, and in Firefox stay there.
async fn focus_by_tab(browser: &Browser, id: &str) {
    let way = format!(
        "(() => {{
          const target = document.getElementById('{id}');
          if (target === document.activeElement) return 'there';
          const ahead = Node.DOCUMENT_POSITION_FOLLOWING & document.activeElement.compareDocumentPosition(target);
          return ahead ? 'ahead' : 'behind';
        }})()"
    );
    for _ in 0..60 {
        match browser.value(&way).await.as_str() {
            Some("there") => return,
            Some("ahead") => browser.keys(TAB).await,
            _ => browser.keys_with(SHIFT, TAB).await,
        }
    }
    panic!("{id} cannot be reached by keyboard");
}

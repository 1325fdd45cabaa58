//! A person who uses a page by keyboard alone: what is pressed, where the focus is, and what is heard.

use std::time::{Duration, Instant};

use digitlab_browser::{Browser, DEADLINE};
use serde_json::{Value, json};

pub(super) const TAB: &str = "\u{e004}";
pub(super) const ENTER: &str = "\u{e007}";
pub(super) const ESCAPE: &str = "\u{e00c}";
pub(super) const LEFT: &str = "\u{e012}";
pub(super) const RIGHT: &str = "\u{e014}";
pub(super) const DOWN: &str = "\u{e015}";
pub(super) const DELETE: &str = "\u{e017}";
const SHIFT: char = '\u{e008}';
const CONTROL: char = '\u{e009}';

/// What has the focus: its name, whether a person sees that it has it, whether it is in sight, and where it is on the page.
const FOCUS: &str = "
    const now = document.activeElement;
    const name = now.id || now.dataset.sample || now.dataset.transform || now.getAttribute('aria-label') || now.textContent.trim().slice(0, 40) || now.tagName;
    if (now === document.body) return { name: '', lost: true };
    // Choices show it on the face beside the input that has it, fields on the box around them.
    const faces = [now, now.nextElementSibling, now.parentElement].filter(Boolean);
    const outlined = ({ outlineStyle, outlineWidth, boxShadow }) =>
      (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    // What a slider's handle looks like cannot be asked, only which rule it has for it.
    const THUMB = /:focus-visible::-(webkit-slider|moz-range)-thumb$/;
    const rules = () => [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules]);
    const handle = () => rules().some(({ selectorText = '', style }) =>
      THUMB.test(selectorText) && now.matches(selectorText.replace(/::.*$/, '')) && style.outline.includes('solid'));
    // What is drawn gets a stroke around one of its parts.
    const stroke = () => rules().some(({ selectorText = '', style }) =>
      selectorText.includes(':focus-visible') && style.stroke && [...now.children].some((part) => part.matches(selectorText)));
    const ring = [...faces.map((face) => getComputedStyle(face)), getComputedStyle(now, '::after')].some(outlined) || (now.type === 'range' && handle()) || (now instanceof SVGElement && stroke());
    // An input that is drawn by its label is where the label is.
    const small = ({ width, height }) => width < 3 || height < 3;
    let face = now;
    while (small(face.getBoundingClientRect()) || getComputedStyle(face).opacity === '0') face = face.parentElement;
    const visible = ({ top, right, bottom, left }) => bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    // WebKit brings it in sight some frames later.
    for (let frame = 0; frame < 30 && !visible(face.getBoundingClientRect()); frame += 1) await new Promise(requestAnimationFrame);
    const box = face.getBoundingClientRect();
    const inSight = visible(box);
    const edges = ({ left, top, right, bottom }) => [left + scrollX, top + scrollY, right + scrollX, bottom + scrollY];
    // Lists scroll as the focus goes through them, so both are looked at now.
    const before = window.focusWasOn?.isConnected ? edges(window.focusWasOn.getBoundingClientRect()) : null;
    window.focusWasOn = face;
    const page = { scrolled: scrollY, height: document.documentElement.scrollHeight };
    return { name, ring, inSight, lost: false, before, box: edges(box), page };";

/// A person at the keyboard.
pub(super) struct Hands<'a> {
    browser: &'a Browser,
}

impl<'a> Hands<'a> {
    pub(super) async fn open(browser: &'a Browser, address: &str) -> Self {
        // What is said is gone when the next thing is said, so all of it is kept.
        browser
            .before_pages(
                "window.said = [];
                new MutationObserver((changes) => {
                  for (const { target } of changes) {
                    const region = (target.nodeType === 1 ? target : target.parentElement)?.closest('[role=status], [role=alert]');
                    if (region?.textContent) window.said.push(region.textContent.trim());
                  }
                }).observe(document, { subtree: true, childList: true, characterData: true });",
            )
            .await;
        browser.open(address).await;
        Self { browser }
    }

    pub(super) async fn press(&self, keys: &str) {
        self.browser.keys(keys).await;
    }

    pub(super) async fn press_with_shift(&self, key: &str) {
        self.browser.keys_with(SHIFT, key).await;
    }

    /// Writes over what stands in the field that has the focus.
    pub(super) async fn write(&self, text: &str) {
        self.browser.keys_with(CONTROL, "a").await;
        self.press(text).await;
    }

    /// What has the focus; it is seen, and in sight.
    pub(super) async fn focus(&self) -> Value {
        let focus = self.browser.run(FOCUS, vec![]).await;
        if focus["lost"] == false {
            assert_eq!(
                focus["ring"], true,
                "nothing shows that {} has the focus",
                focus["name"]
            );
            assert_eq!(
                focus["inSight"], true,
                "{} has the focus out of sight: {focus}",
                focus["name"]
            );
        }
        focus
    }

    pub(super) async fn is_at(&self, selector: &str) -> bool {
        let there = format!("document.activeElement.matches({})", json!(selector));
        self.browser.value(&there).await == true
    }

    /// Waits until the focus is there by itself.
    pub(super) async fn lands_on(&self, selector: &str) {
        let end = Instant::now() + DEADLINE;
        while !self.is_at(selector).await {
            let now = self.focus().await;
            assert!(
                Instant::now() < end,
                "the focus is on {} instead of {selector}",
                now["name"]
            );
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// Presses Tab until the focus is there.
    pub(super) async fn tab_to(&self, selector: &str) {
        self.walk(selector, async || self.press(TAB).await).await;
    }

    /// Presses Shift and Tab until the focus is there.
    pub(super) async fn back_to(&self, selector: &str) {
        self.walk(selector, async || self.press_with_shift(TAB).await)
            .await;
    }

    pub(super) async fn walk(&self, selector: &str, step: impl AsyncFn()) {
        let mut met = Vec::new();
        for _ in 0..200 {
            if self.is_at(selector).await {
                self.focus().await;
                return;
            }
            step().await;
            met.push(self.focus().await["name"].clone());
        }
        panic!("the keyboard does not lead to {selector}, only to {met:?}");
    }

    /// Waits until a live region has said something with this text.
    pub(super) async fn hears(&self, text: &str) {
        let heard = format!("window.said.some((said) => said.includes({}))", json!(text));
        let end = Instant::now() + DEADLINE;
        while self.browser.value(&heard).await != true {
            let said = self.browser.value("window.said").await;
            assert!(Instant::now() < end, "{text:?} is not said, only {said}");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    pub(super) async fn until(&self, what: &str, expression: &str) {
        self.browser.until(what, expression).await;
    }
}

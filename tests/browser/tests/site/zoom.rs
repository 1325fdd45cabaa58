//! What people set in their system: zoom, less motion, colours of their own.

use digitlab_browser::{Engine, Fault, Site, Visit, Window};
use serde_json::{Value, json};

use crate::look::fits;
use crate::page::Page;
use crate::places::PLACES;

/// Texts that are cut off by a box around them without a way to scroll there, and controls that lie under others.
const HIDDEN: &str = "
    const found = [];
    const seen = (part) => part.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const around = text.parentElement;
      if (text.data.trim() === '' || !seen(around) || around.closest('.visually-hidden, .skip, svg, option, noscript')) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      // Lines are higher than their letters.
      const room = 1 + 0.15 * (bottom - top);
      for (let box = around; box && box !== document.body; box = box.parentElement) {
        const { overflowX, overflowY, textOverflow, position } = getComputedStyle(box);
        const edge = box.getBoundingClientRect();
        if (textOverflow === 'ellipsis') break;
        if (['hidden', 'clip'].includes(overflowX) && (left < edge.left - 1 || right > edge.right + 1)) found.push(`cut off: ${text.data.trim().slice(0, 60)}`);
        else if (['hidden', 'clip'].includes(overflowY) && (top < edge.top - room || bottom > edge.bottom + room)) found.push(`cut off: ${text.data.trim().slice(0, 60)}`);
        // What can be scrolled there is not lost, and what is fixed is not cut by what is around it.
        if (overflowX === 'auto' || overflowX === 'scroll' || overflowY === 'auto' || overflowY === 'scroll' || position === 'fixed') break;
      }
    }
    const controls = [...document.querySelectorAll('main a[href], main button, main input:not([type=hidden]), main select, main textarea, main summary, header a[href], header input')]
      .filter((part) => seen(part) && !part.disabled && !part.matches('.skip'));
    for (const part of controls) {
      part.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const face = part.closest('label') ?? part;
      const { left, top, width, height } = face.getBoundingClientRect();
      const top_ = document.elementFromPoint(left + width / 2, top + height / 2);
      if (!top_ || !(face.contains(top_) || top_.contains(part) || top_.closest('label')?.contains(part))) {
        found.push(`covered: ${part.id || part.textContent.trim().slice(0, 40)} by ${top_?.id || top_?.className}`);
      }
    }
    return [...new Set(found)];";

#[tokio::test]
async fn at_twice_the_size_nothing_is_lost() {
    let site = Site::built().start().await;
    // What 1280 x 800 pixels of a screen are at 200 %.
    let zoomed = Window {
        width: 640,
        height: 400,
        ..Window::default()
    };
    Visit::new()
        .window(zoomed)
        .run(async |browser| {
            let mut lost = Vec::new();
            for (place, there) in PLACES {
                browser.open("about:blank").await;
                browser.open(&site.url(place)).await;
                browser.until(place, there).await;
                fits(browser, place).await;
                let found: Vec<String> =
                    serde_json::from_value(browser.run(HIDDEN, vec![]).await).expect("texts");
                lost.extend(found.into_iter().map(|found| format!("{place}: {found}")));
            }
            assert!(lost.is_empty(), "{}", lost.join("\n"));
        })
        .await;
}

/// Waits for a while of frames, and tells what moved in them.
const MOVING: &str = "
    const moved = new Set();
    for (let frame = 0; frame < 20; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      for (const { playState, effect, animationName, transitionProperty } of document.getAnimations()) {
        const { duration, iterations } = effect.getTiming();
        if (playState === 'running' && duration * iterations > 1) moved.add(`${effect.target.id || effect.target.className}: ${animationName ?? transitionProperty}`);
      }
    }
    return [...moved];";

#[tokio::test]
async fn who_wants_no_motion_sees_none() {
    let site = Site::built().start().await;
    site.fault("mnist/t*", Fault::Held);
    Visit::new()
        .only(&[Engine::Chromium, Engine::Firefox], "WebKit takes the system's wishes only when it starts")
        .run(async |browser| {
            let motion = async |calm: bool| browser.apply(&Window { calm, ..Window::default() }).await;
            // A bar that knows no figures moves, so that the test is known to see it.
            let busy = async || {
                browser.open("about:blank").await;
                browser.open(&site.url("#/generate?number=042&seed=7")).await;
                browser.until("progress", "!document.querySelector('#progress').hidden").await;
                browser
                    .run("document.querySelector('#progress [role=progressbar]').removeAttribute('aria-valuenow');", vec![])
                    .await;
                browser.run(&format!("return (async () => {{ {MOVING} }})();"), vec![]).await
            };
            motion(false).await;
            assert_ne!(busy().await, json!([]), "what moves is seen");
            motion(true).await;
            assert_eq!(busy().await, json!([]));
            site.release();
            for (place, there) in PLACES {
                browser.open("about:blank").await;
                browser.open(&site.url(place)).await;
                browser.until(place, there).await;
                // Hovering, opening and choosing are what moves elsewhere.
                let use_all = format!(
                    "return (async () => {{
                      for (const part of document.querySelectorAll('main > :not([hidden]) details')) part.open = !part.open;
                      for (const part of document.querySelectorAll('main > :not([hidden]) [role=switch]')) part.click();
                      document.querySelector('#theme-dark').click();
                      {MOVING}
                    }})();"
                );
                assert_eq!(browser.run(&use_all, vec![]).await, json!([]), "{place}");
            }
        })
        .await;
}

/// How a state of a control looks, in what forced colours leave of it.
const LOOKS: &str = "(selector) => {
    const { color, backgroundColor, borderColor, borderWidth, outlineColor, outlineStyle, outlineWidth, forcedColorAdjust } =
      getComputedStyle(document.querySelector(selector));
    return JSON.stringify({ color, backgroundColor, borderColor, borderWidth, outlineColor, outlineStyle, outlineWidth, forcedColorAdjust });
  }";

#[tokio::test]
async fn forced_colours_leave_focus_and_states_to_be_seen() {
    let site = Site::built().start().await;
    Visit::new()
        .only(&[Engine::Chromium], "others cannot be told to force colours")
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            let features = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
            browser.devtools("Emulation.setEmulatedMedia", features).await;
            assert_eq!(browser.value("matchMedia('(forced-colors: active)').matches").await, true);
            let looks = async |selector: &str| browser.run(&format!("return ({LOOKS})(arguments[0]);"), vec![json!(selector)]).await;
            // Of two that differ in a state alone, the state is seen.
            for (what, one, other) in [
                ("a choice", "#fit-stretch + .segment__face", "#fit-pad + .segment__face"),
                ("the theme", "#theme-system + .segment__face", "#theme-dark + .segment__face"),
                ("the place", "#places a[aria-current]", "#places a:not([aria-current])"),
                ("a switch", "#tight", "#augment"),
            ] {
                assert_ne!(looks(one).await, looks(other).await, "{what} looks as when it is not chosen");
            }
            // A ring is an outline: shadows are taken away.
            let mut without = Vec::new();
            browser.run("document.activeElement.blur();", vec![]).await;
            for _ in 0..60 {
                browser.keys("\u{e004}").await;
                let ring = browser
                    .run(
                        "const now = document.activeElement;
                        const faces = [now, now.nextElementSibling, now.parentElement].filter(Boolean).map((face) => getComputedStyle(face));
                        const outlined = faces.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1);
                        return [now === document.body, now.id || now.textContent.trim().slice(0, 30), outlined];",
                        vec![],
                    )
                    .await;
                if ring[0] == true {
                    break;
                }
                if ring[2] != true {
                    without.push(ring[1].clone());
                }
            }
            assert_eq!(without, Vec::<Value>::new(), "no ring in forced colours");
            page.choose("augment").await;
            page.state("done").await;
            // Borders that are made of shadows or backgrounds are gone: buttons and fields have real ones.
            for control in ["#number", "#download-png", "#copy-link", "#seed-dice"] {
                let border = format!(
                    "[document.querySelector('{control}'), document.querySelector('{control}').parentElement]
                      .some((part) => parseFloat(getComputedStyle(part).borderTopWidth) >= 1)"
                );
                assert_eq!(browser.value(&border).await, true, "{control} has no border");
            }
        })
        .await;
}

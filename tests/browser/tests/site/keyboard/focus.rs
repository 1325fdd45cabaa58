//! Where the focus goes: past the header, and through each place as the eyes do.

use digitlab_browser::{Site, Visit, Window};
use serde_json::Value;

use super::hands::{ENTER, Hands, TAB};
use crate::places::PLACES;

#[tokio::test]
async fn the_skip_link_leads_past_the_header() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let hands = Hands::open(browser, &site.url("#/storage")).await;
            hands
                .until("the page is there", "document.querySelectorAll('.storage-row').length > 5")
                .await;
            hands.press(TAB).await;
            hands.lands_on("#skip").await;
            let seen = "(({ width, height, left, top }) => {
                const link = document.querySelector('#skip');
                return width > 50 && height > 20 && document.elementFromPoint(left + width / 2, top + height / 2) === link;
              })(document.querySelector('#skip').getBoundingClientRect())";
            assert_eq!(browser.value(seen).await, true, "it is seen while it has the focus");
            hands.press(ENTER).await;
            hands.lands_on("#main").await;
            assert!(browser.address().await.ends_with("#/storage"), "the place stays");
            hands.press(TAB).await;
            hands.lands_on("#view-storage *").await;
        })
        .await;
}

#[tokio::test]
async fn the_focus_moves_as_the_eyes_do() {
    let site = Site::built().start().await;
    for width in [1280, 360] {
        Visit::new()
            .window(Window {
                width,
                ..Window::default()
            })
            .run(async |browser| {
                let mut wrong = Vec::new();
                for (place, there) in PLACES {
                    browser.open("about:blank").await;
                    let hands = Hands::open(browser, &site.url(place)).await;
                    hands.until(place, there).await;
                    browser.run(AT_REST, vec![]).await;
                    browser
                        .run("document.activeElement.blur(); scrollTo(0, 0);", vec![])
                        .await;
                    let mut before = String::new();
                    let mut first = Value::Null;
                    let mut stops = 0;
                    for _ in 0..250 {
                        hands.press(TAB).await;
                        let now = hands.focus().await;
                        // After the last one the browser's own controls follow.
                        if now["lost"] == true {
                            break;
                        }
                        // WebKit begins anew at once.
                        if stops > 0 && now["name"] == first {
                            break;
                        }
                        if stops == 0 {
                            first = now["name"].clone();
                        }
                        stops += 1;
                        if stops > 1 && goes_back(&now) {
                            wrong.push(format!("{place}, {width} px: {before} to {}", now["name"]));
                        }
                        before = now["name"].to_string();
                    }
                    assert!((10..250).contains(&stops), "{place} has {stops} stops");
                }
                assert!(wrong.is_empty(), "{}", wrong.join("\n"));
            })
            .await;
    }
}

/// Waits until nothing on the page grows any more: what has the focus would be pushed out of sight by it.
const AT_REST: &str = "
    for (let [frames, height] = [0, 0]; frames < 20; frames += 1) {
      await new Promise(requestAnimationFrame);
      if (document.documentElement.scrollHeight !== height) [frames, height] = [0, document.documentElement.scrollHeight];
    }";

/// Whether a stop of the focus lies before the last one: above it in the same column, or left of it in the same row.
fn goes_back(now: &Value) -> bool {
    let side = |of: &str, at: usize| now[of][at].as_f64();
    if now["before"].is_null() {
        return false;
    }
    let [left, top, right, bottom] = [0, 1, 2, 3].map(|at| {
        let sides = side("before", at).zip(side("box", at));
        sides.expect("a place")
    });
    let above = bottom.1 <= top.0 + 1.0;
    let same_row =
        bottom.1.min(bottom.0) - top.1.max(top.0) > 0.5 * (bottom.1 - top.1).min(bottom.0 - top.0);
    let same_column = right.1.min(right.0) > left.1.max(left.0);
    (above && same_column) || (same_row && right.1 <= left.0 + 1.0)
}

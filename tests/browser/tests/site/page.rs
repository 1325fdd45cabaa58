//! The Generate page as the tests handle it: what it shows, and the ways to change that.

use std::time::{Duration, Instant};

use digitlab::sequence::Sequence;
use digitlab_browser::{Browser, DEADLINE, Picture, Site, assert_same_picture, lab};
use serde_json::Value;

use crate::native::natively;

/// The grey levels of the picture that is shown, put together from its tiles.
const PICTURE: &str = "
    const tiles = [...document.querySelectorAll(arguments[0])];
    const width = tiles.reduce((sum, { width }) => sum + width, 0);
    const height = tiles[0]?.height ?? 0;
    const grey = new Uint8Array(width * height);
    let left = 0;
    for (const tile of tiles) {
      // Read from a copy: reading a canvas makes the browser treat it in another way from then on.
      const copy = new OffscreenCanvas(tile.width, height)
        .getContext('2d', { willReadFrequently: true });
      copy.drawImage(tile, 0, 0);
      const { data } = copy.getImageData(0, 0, tile.width, height);
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < tile.width; x += 1) {
          const [red, green, blue, opacity] = data.subarray(4 * (y * tile.width + x));
          const plain = red === green && red === blue && opacity === 255;
          if (!plain) throw new Error(`a pixel of ${red} ${green} ${blue} ${opacity}`);
          grey[y * width + left + x] = red;
        }
      }
      left += tile.width;
    }
    return { width, height, grey: btoa(String.fromCharCode(...grey)) };";

/// The stage's state, and every error on the page.
const SAID: &str = "[
    document.querySelector('#stage')?.dataset.state,
    ...[...document.querySelectorAll('#banner-message, .field__error, .error-text')]
      .map(({ textContent }) => textContent).filter(Boolean),
]";

/// An open page.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    /// The browser that shows it.
    pub(crate) browser: &'a Browser,
}

impl<'a> Page<'a> {
    /// Opens the page with a fragment, such as `#/generate?number=7`, and waits for its first picture.
    pub(crate) async fn open(browser: &'a Browser, site: &Site, fragment: &str) -> Self {
        browser.open(&site.url(fragment)).await;
        let page = Self { browser };
        page.state("done").await;
        page
    }

    /// Waits until the stage is in a state; fails with what the page says instead.
    pub(crate) async fn state(&self, state: &str) {
        let end = Instant::now() + DEADLINE;
        loop {
            let said = self.browser.value(SAID).await;
            if said[0] == state {
                return;
            }
            assert!(
                Instant::now() < end,
                "waited in vain for the stage to be {state}; the page says {said}"
            );
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// What the stage says about the picture shown: `label`, `width`, `seed`, ...
    pub(crate) async fn shown(&self, name: &str) -> String {
        let value = self
            .browser
            .value(&format!(
                "document.querySelector('#stage').dataset.{name} ?? ''"
            ))
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// The picture of canvases side by side.
    pub(crate) async fn canvas(&self, selector: &str) -> Picture {
        let picture = self.browser.run(PICTURE, vec![selector.into()]).await;
        let size = |name: &str| picture[name].as_u64().expect("a size") as usize;
        Picture {
            width: size("width"),
            height: size("height"),
            grey: lab::bytes(&picture["grey"]),
        }
    }

    /// The picture on the stage.
    pub(crate) async fn picture(&self) -> Picture {
        self.canvas("#picture canvas").await
    }

    /// Waits until canvases side by side show a picture, to the pixel.
    pub(crate) async fn becomes(&self, name: &str, selector: &str, expected: &Picture) {
        let end = Instant::now() + DEADLINE;
        loop {
            let actual = self.canvas(selector).await;
            if actual == *expected {
                return;
            }
            if Instant::now() > end {
                assert_same_picture(name, expected, &actual);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the picture on the stage is that of a request, and the stage is at rest.
    pub(crate) async fn shows(&self, name: &str, request: &Value) -> Sequence {
        let (expected, sequence) = natively(request);
        self.becomes(name, "#picture canvas", &expected).await;
        self.state("done").await;
        sequence
    }

    /// Clicks what a person clicks for a radio button or a switch: its label.
    pub(crate) async fn choose(&self, id: &str) {
        self.browser.click(&format!("label:has(#{id})")).await;
    }

    /// The texts of all cells of a table's body, row by row.
    pub(crate) async fn table(&self, id: &str) -> Vec<Vec<String>> {
        let script = format!(
            "[...document.querySelectorAll('#{id} tbody tr')]
                .map((row) => [...row.cells].map((cell) => cell.textContent))"
        );
        serde_json::from_value(self.browser.value(&script).await).expect("rows of texts")
    }

    /// Waits until an element holds a text, and returns all of it.
    pub(crate) async fn says(&self, selector: &str, text: &str) -> String {
        let expression = format!(
            "[document.querySelector('{selector}').textContent].find((text) => text.includes({}))",
            Value::from(text)
        );
        let value = self
            .browser
            .until(&format!("{selector} says {text}"), &expression)
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }
}

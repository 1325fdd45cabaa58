//! Other digits than the site's own, by the page.

use digitlab_browser::{Site, Visit, idx};
use serde_json::{Value, json};

use crate::page::Page;

#[tokio::test]
async fn files_of_ones_own_are_used_and_given_back() {
    let site = Site::built().start().await;
    let split = idx::split(&(0..30).map(|sample| sample % 10).collect::<Vec<u8>>());
    Visit::new()
        .run(async |browser| {
            let page = Page::open(
                browser,
                &site,
                "#/generate?number=58&seed=7&fit=natural&margin=0",
            )
            .await;
            let mnist = page.picture().await;
            browser.click("#source summary").await;
            browser.click("#idx-use").await;
            page.says("#idx-error", "images").await;

            browser
                .attach("#idx-train-images", "bars-images.idx", &split.images)
                .await;
            browser
                .attach("#idx-train-labels", "bars-labels.idx", &split.images)
                .await;
            browser.fill("#idx-name", "Bars").await;
            browser.click("#idx-use").await;
            let said = page.says("#idx-error", "file of images").await;
            assert!(said.contains("bars-labels.idx"), "{said}");
            assert_eq!(page.picture().await, mnist, "a broken file changes nothing");

            browser
                .attach("#idx-train-labels", "bars-labels.idx", &split.labels)
                .await;
            browser.click("#idx-use").await;
            page.says("#source-name", "Bars").await;
            page.state("done").await;
            browser
                .until("the picture is drawn from the bars", BARS)
                .await;
            let row =
                |head: &str, train: &str| [head, train, "0", train].map(str::to_owned).to_vec();
            let mut counts: Vec<Vec<String>> =
                (0..10).map(|digit| row(&digit.to_string(), "3")).collect();
            counts.push(row("All", "30"));
            assert_eq!(page.table("source-counts").await, counts);

            browser.click("#source-reset").await;
            page.says("#source-name", "MNIST").await;
            page.shows(
                "given-back",
                &json!({ "number": "58", "fit": "natural", "margin": 0, "seed": 7 }),
            )
            .await;
            assert_eq!(page.picture().await, mnist);
        })
        .await;
}

/// Row 20 of every bar picture is a line of level 200, 20 columns long.
const BARS: &str = "(() => {
    const canvas = document.querySelector('#picture canvas');
    const copy = new OffscreenCanvas(canvas.width, 28)
      .getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 20, canvas.width, 1);
    return data.filter((value, k) => k % 4 === 0 && value === 200).length === 40;
})()";

#[tokio::test]
async fn another_bucket_is_used_and_kept_in_the_address() {
    let site = Site::built().start().await;
    let other = Site::built().with_cors().start().await;
    Visit::new()
        .expecting("/nothing/")
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.click("#source summary").await;
            browser.fill("#source-url", &site.url("nothing/")).await;
            browser.click("#source-url-use").await;
            page.says("#source-url-error", "404").await;

            browser.fill("#source-url", &other.url("mnist/")).await;
            browser.click("#source-url-use").await;
            browser
                .until("the address names it", "location.hash.includes('bucket=')")
                .await;
            assert_eq!(browser.text("#source-url-error").await, "");
            let request = json!({ "number": "042", "image_width": 84, "seed": 7 });
            page.shows("other-bucket", &request).await;
            assert!(!other.requested("mnist/manifest.json").is_empty());

            let address = browser.address().await;
            browser.open("about:blank").await;
            other.clear_log();
            browser.open(&address).await;
            page.shows("other-bucket-again", &request).await;
            assert!(
                !other.requested("mnist/manifest.json").is_empty(),
                "the link brings the bucket back"
            );

            browser.click("#source-reset").await;
            browser
                .until(
                    "the address names it no more",
                    "!location.hash.includes('bucket=')",
                )
                .await;
            page.shows("own-bucket-again", &request).await;
            assert_eq!(
                browser
                    .value("document.querySelector('#source-reset').hidden")
                    .await,
                Value::Bool(true)
            );
        })
        .await;
}

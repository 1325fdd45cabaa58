//! Pictures and their variants as the tests of the Augment page expect them, made natively.

use std::time::{Duration, Instant};

use digitlab::augment::{Applied, Pipeline, example, pipeline_of};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::codec::{Format, encode};
use digitlab::raster::{Raster, Shape};
use digitlab_browser::{Browser, DEADLINE, Site, SiteBuilder, lab};
use serde_json::{Value, json};

/// Where the picture lies on the site.
const PATH: &str = "waves.png";

/// A picture of waves, small enough that every pixel of a variant fits into a tile.
pub(crate) fn picture(channels: usize) -> Raster {
    let shape = Shape {
        width: 60,
        height: 40,
        channels,
    };
    let level = |x: usize, y: usize, channel: usize| {
        let wave = (x * (3 + channel) + y * 2) % 160;
        (wave
            + if (x / 9 + y / 7).is_multiple_of(2) {
                20
            } else {
                70
            }) as u8
    };
    let data = (0..shape.len())
        .map(|at| level(at / channels % 60, at / channels / 60, at % channels))
        .collect();
    Raster::new(shape, data).expect("a picture")
}

/// A site that has the picture.
pub(crate) fn site_with(picture: &Raster) -> SiteBuilder {
    Site::built().with(PATH, encode(picture, Format::Png).expect("a PNG"))
}

/// Opens the page on the picture.
pub(crate) async fn open(browser: &Browser, site: &Site, query: &str) {
    let address: String = url::form_urlencoded::byte_serialize(site.url(PATH).as_bytes()).collect();
    browser
        .open(&site.url(&format!("#/augment?url={address}&{query}")))
        .await;
    wall_is(browser, "done").await;
}

/// A pipeline for an address.
pub(crate) fn encoded(pipeline: &Value) -> String {
    url::form_urlencoded::byte_serialize(pipeline.to_string().as_bytes()).collect()
}

/// Waits until the wall is in a state.
pub(crate) async fn wall_is(browser: &Browser, state: &str) {
    browser
        .until(
            &format!("the wall is {state}"),
            &format!("document.querySelector('#augment-wall')?.dataset.state === '{state}'"),
        )
        .await;
}

/// The pipeline of a transform's tile.
pub(crate) fn each(name: &str) -> Value {
    let mut step = example(name);
    step.insert("transform".into(), name.into());
    step.insert("p".into(), json!(1));
    json!([step])
}

/// A variant, and what was done for it.
pub(crate) fn variant(
    picture: &Raster,
    pipeline: &Value,
    seed: u64,
    index: u64,
) -> (Raster, Vec<Applied>) {
    let pipeline: Pipeline = pipeline_of(pipeline).expect("an allowed pipeline");
    let mut stream = Stream::new(seed, index, Purpose::Augment);
    pipeline
        .run(picture.clone(), &mut stream)
        .expect("it takes the picture")
}

/// What a canvas shows: its size and RGBA.
pub(crate) async fn canvas(browser: &Browser, selector: &str) -> ([usize; 2], Vec<u8>) {
    let found = browser
        .run(
            "const canvas = document.querySelector(arguments[0]);
            if (!canvas) return { size: [0, 0], data: '' };
            const { width, height } = canvas;
            const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const { data } = copy.getImageData(0, 0, width, height);
            return { size: [width, height], data: btoa(String.fromCharCode(...data)) };",
            vec![json!(selector)],
        )
        .await;
    let size = [0, 1].map(|at| found["size"][at].as_u64().unwrap_or_default() as usize);
    (size, lab::bytes(&found["data"]))
}

/// Waits until a canvas shows a picture pixel by pixel.
pub(crate) async fn shows(browser: &Browser, selector: &str, expected: &Raster) {
    let rgba = digitlab::augment::preview(expected, 0).expect("RGBA");
    let end = Instant::now() + DEADLINE;
    loop {
        let (size, data) = canvas(browser, selector).await;
        if size == [expected.width(), expected.height()] && data == rgba.data() {
            return;
        }
        if Instant::now() > end {
            assert_eq!(
                size,
                [expected.width(), expected.height()],
                "the size of {selector}"
            );
            let differing = data.iter().zip(rgba.data()).filter(|(a, b)| a != b);
            panic!(
                "{} values of {selector} are not as expected",
                differing.count()
            );
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

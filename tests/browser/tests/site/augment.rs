//! Augmentation on the page and through the ES module.

use digitlab_browser::{Failure, Site, Visit};
use serde_json::{Value, json};

use crate::native::natively;
use crate::page::Page;

#[tokio::test]
async fn the_page_augments_digits_and_shows_the_plain_ones_below() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(
                browser,
                &site,
                "#/generate?number=31415&seed=7&image_width=140",
            )
            .await;
            let plain = json!({ "number": "31415", "image_width": 140, "seed": 7 });
            page.shows("augment-plain", &plain).await;
            let hidden = "document.querySelector('#plain').hidden";
            assert_eq!(browser.value(hidden).await, true);

            page.choose("augment").await;
            let augmented = |pipeline: &str| {
                let mut request = plain.clone();
                request["augment"] = json!(true);
                request["pipeline"] = json!(pipeline);
                request
            };
            page.shows("augment-mild", &augmented("seed")).await;
            page.choose("pipeline-strong").await;
            let strong = page.shows("augment-strong", &augmented("strong")).await;
            let (expected, _) = natively(&plain);
            page.becomes("augment-below", "#plain-picture canvas", &expected)
                .await;

            let rows = page.table("digits-table").await;
            assert_eq!(rows.len(), 5);
            for (row, steps) in rows.iter().zip(&strong.augmentation) {
                assert!(!steps.is_empty(), "strong changes every digit");
                for step in steps {
                    assert!(row[5].contains(step.transform()), "{row:?}");
                }
            }
            browser
                .until(
                    "the address says what is done",
                    "location.hash.includes('augment=true&pipeline=strong')",
                )
                .await;

            page.choose("compare").await;
            browser.until("the plain picture goes", hidden).await;
            page.choose("augment").await;
            page.shows("augment-off", &plain).await;
        })
        .await;
}

#[tokio::test]
async fn a_generated_picture_goes_on_to_the_augment_page() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/generate?number=27&seed=3")).await;
            let there = "document.querySelector('#send-augment')?.disabled === false";
            browser.until("a picture to send", there).await;
            browser.click("#send-augment").await;
            let done = "document.querySelector('#augment-wall')?.dataset.state === 'done'";
            browser.until("its variants", done).await;
            assert_eq!(browser.text("#augment-source-name").await, "27");
            let original = "(({ width, height }) => width === 56 && height === 28)(document.querySelector('#augment-surprise-before'))";
            browser.until("the picture beside its first augmentation", original).await;
            let named = "document.querySelector('#augment-surprise-use').disabled === false";
            browser.until("a first augmentation by name", named).await;
            browser
                .until("the address", "location.hash.startsWith('#/augment')")
                .await;
        })
        .await;
}

#[tokio::test]
async fn an_address_may_hold_steps_of_its_own() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let steps = json!([{ "transform": "HorizontalFlip", "p": 1 }]);
            let address = "#/generate?number=27&seed=3&image_width=60&augment=true&pipeline=%5B%7B%22transform%22%3A%22HorizontalFlip%22%2C%22p%22%3A1%7D%5D";
            let page = Page::open(browser, &site, address).await;
            let request = json!({ "number": "27", "seed": 3, "image_width": 60, "augment": true, "pipeline": steps });
            page.shows("augment-own", &request).await;
        })
        .await;
}

#[tokio::test]
async fn pictures_are_augmented_and_records_replay() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 2 });
                    const data = Uint8Array.from({ length: 40 * 30 * 3 }, (_, at) => (at * 7919) % 256);
                    const picture = { width: 40, height: 30, channels: 3, data };
                    const pipeline = [
                      { transform: 'Rotate', limit: [-40, 40], p: 1 },
                      { transform: 'OneOf', p: 1, transforms: [{ transform: 'Blur' }, { transform: 'GaussNoise' }] },
                      { transform: 'ImageCompression', quality_range: [20, 40], p: 1 },
                    ];
                    const first = await lab.augment(picture, pipeline, { seed: 7, index: 3 });
                    const again = await lab.augment(picture, pipeline, { seed: '7', index: 3 });
                    const other = await lab.augment(picture, pipeline, { seed: 7n, index: 4 });
                    const replayed = await lab.replay(picture, first.record);
                    const free = await lab.augment(picture, 'fliplr');
                    const image = await lab.augment(new ImageData(5, 4), 'do_nothing');
                    const { transforms, presets } = await lab.transforms();
                    const schema = await lab.pipelineSchema();
                    const texts = {};
                    for (const format of ['json', 'albumentations-json', 'albumentations-yaml', 'python']) {
                      texts[format] = await lab.exportPipeline(pipeline, { format });
                    }
                    const read = [];
                    for (const format of ['json', 'albumentations-json', 'albumentations-yaml']) {
                      read.push(await lab.importPipeline(texts[format]));
                    }
                    lab.close();
                    const same = (a, b) => String(a.data) === String(b.data);
                    return {
                      sizes: [first.width, first.height, first.channels, first.seed, first.index],
                      steps: first.record.map(({ transform }) => transform),
                      same: [same(first, again), same(first, other), same(first, replayed)],
                      untouched: data[1] === 7919 % 256,
                      freeSeed: /^[0-9]+$/.test(free.seed),
                      image: [image.width, image.height, image.channels],
                      names: transforms.map(({ name }) => name),
                      presets: presets.map(({ name }) => name),
                      defs: Object.keys(schema.$defs).length,
                      python: texts.python,
                      formats: read.map(({ format }) => format),
                      equal: read.every(({ pipeline }) => JSON.stringify(pipeline) === JSON.stringify(read[0].pipeline)),
                    };",
                    Value::Null,
                )
                .await;
            assert_eq!(result["sizes"], json!([40, 30, 3, "7", 3]));
            assert_eq!(result["steps"].as_array().map(Vec::len), Some(3));
            assert_eq!(result["same"], json!([true, false, true]));
            assert_eq!(result["untouched"], true);
            assert_eq!(result["freeSeed"], true);
            assert_eq!(result["image"], json!([5, 4, 4]));
            let names: Vec<_> = digitlab::augment::definitions().map(|d| d.name).collect();
            assert_eq!(result["names"], json!(names));
            assert_eq!(result["presets"][0], "seed");
            assert!(result["defs"].as_u64() > Some(names.len() as u64));
            let python = result["python"].as_str().expect("code");
            assert!(python.contains("A.Rotate(limit=(-40, 40), p=1"), "{python}");
            assert_eq!(
                result["formats"],
                json!(["Digitlab", "Albumentations", "Albumentations"])
            );
            assert_eq!(result["equal"], true);
        })
        .await;
}

#[tokio::test]
async fn what_is_no_picture_or_no_pipeline_is_refused_by_name() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            for (call, code, field) in [
                ("augment(null, 'strong')", "invalid_parameter", "picture"),
                ("augment({ ...picture, width: 3 }, 'strong')", "invalid_parameter", "number of values"),
                ("augment({ ...picture, channels: 2 }, 'strong')", "invalid_parameter", "picture"),
                ("augment(picture, 'weak')", "invalid_parameter", "pipeline"),
                ("augment(picture, [{ transform: 'Mosaic' }])", "invalid_parameter", "transforms[0].transform"),
                ("augment(picture, [{ transform: 'Rotate', limit: 800 }])", "invalid_parameter", "transforms[0].Rotate.limit"),
                ("augment(picture, [{ transform: 'ChannelDropout', p: 1 }])", "unsupported", "transforms[0].ChannelDropout.channels"),
                ("augment(picture, 'strong', { seed: -1 })", "invalid_parameter", "seed"),
                ("augment(picture, 'strong', { index: 0.5 })", "invalid_parameter", "index"),
                ("replay(picture, [{}])", "missing_parameter", "record[0].transform"),
                ("exportPipeline('seed', { format: 'xml' })", "invalid_parameter", "format"),
            ] {
                let body = format!(
                    "const lab = await Digitlab.open({{ workers: 1 }});
                    const picture = {{ width: 4, height: 4, channels: 1, data: new Uint8Array(16) }};
                    try {{
                      return await lab.{call}.then(() => 'accepted', tools.failure);
                    }} finally {{
                      lab.close();
                    }}"
                );
                let failure = Failure::from_json(&lab.get(&body, Value::Null).await);
                assert_eq!(failure.code, code, "{call}: {failure}");
                let found = failure.detail["field"].as_str().unwrap_or_default();
                assert_eq!(found, field, "{call}: {failure}");
            }
        })
        .await;
}

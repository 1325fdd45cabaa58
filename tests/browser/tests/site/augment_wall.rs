//! The wall of variants on the Augment page, and the method behind it.

use digitlab::augment::{definitions, preview};
use digitlab_browser::{Failure, Site, Visit, Window, lab};
use serde_json::{Value, json};

use crate::augmented::{each, encoded, open, picture, shows, site_with, variant, wall_is};

/// A window that shows the wall without scrolling.
fn tall() -> Window {
    Window {
        height: 6_000,
        ..Window::default()
    }
}

fn tile(index: usize) -> String {
    format!("#augment-wall-grid [data-index='{index}']")
}

#[tokio::test]
async fn every_transform_has_a_tile_with_what_it_makes() {
    let plain = picture(3);
    let site = site_with(&plain).start().await;
    Visit::new()
        .window(tall())
        .run(async |browser| {
            open(browser, &site, "mode=each&seed=7").await;
            let count = definitions().count();
            browser
                .until(
                    "all are made",
                    &format!("document.querySelectorAll('#augment-wall-grid [data-state=done]').length === {count}"),
                )
                .await;
            shows(browser, "#augment-wall-original", &plain).await;
            for (index, definition) in definitions().enumerate() {
                let said = browser.text(&tile(index)).await;
                let words = said.strip_prefix(definition.name);
                assert!(words.is_some_and(|words| words.trim().len() > 5), "{said}");
                let (made, _) = variant(&plain, &each(definition.name), 7, index as u64);
                // What is larger than its tile is reduced, which another test checks.
                if made.width().max(made.height()) <= 64 {
                    shows(browser, &format!("{} canvas", tile(index)), &made).await;
                }
            }
        })
        .await;
}

#[tokio::test]
async fn the_wall_shows_variants_of_the_pipeline_and_follows_its_fields() {
    let plain = picture(3);
    let site = site_with(&plain).start().await;
    let pipeline = json!([{ "transform": "Rotate", "limit": [10, 80], "p": 1 }, { "transform": "GaussNoise", "p": 0.5 }]);
    Visit::new()
        .window(tall())
        .run(async |browser| {
            open(browser, &site, &format!("mode=mine&seed=7&count=12&pipeline={}", encoded(&pipeline))).await;
            let canvas = |index: usize| format!("{} canvas", tile(index));
            for index in [0, 5, 11] {
                shows(browser, &canvas(index), &variant(&plain, &pipeline, 7, index as u64).0).await;
            }
            let said = browser.text(&tile(5)).await;
            let (_, record) = variant(&plain, &pipeline, 7, 5);
            for step in &record {
                assert!(said.contains(step.transform()), "{said}");
            }
            assert!(said.contains("angle"), "{said}");

            browser.fill("#augment-wall-count", "14").await;
            browser
                .until("two more", "document.querySelectorAll('#augment-wall-grid [data-state=done]').length === 14")
                .await;
            shows(browser, &canvas(13), &variant(&plain, &pipeline, 7, 13).0).await;

            for (field, text, error) in [
                ("#augment-wall-count", "11", "#augment-wall-count-error"),
                ("#augment-wall-count", "201", "#augment-wall-count-error"),
                ("#augment-wall-seed", "-1", "#augment-wall-seed-error"),
                ("#augment-wall-seed", "18446744073709551616", "#augment-wall-seed-error"),
            ] {
                browser.fill(field, text).await;
                assert!(browser.text(error).await.ends_with('.'), "{field} {text}");
            }
            browser.fill("#augment-wall-count", "12").await;
            browser.fill("#augment-wall-seed", "8").await;
            browser
                .until("an answer to the new seed", "document.querySelectorAll('#augment-wall-grid [data-state=done]').length === 12")
                .await;
            wall_is(browser, "done").await;
            shows(browser, &canvas(3), &variant(&plain, &pipeline, 8, 3).0).await;

            browser.click("#augment-wall-seed-dice").await;
            browser.until("another seed", "document.querySelector('#augment-wall-seed').value !== '8'").await;
            browser
                .until("an answer to the dice", "document.querySelectorAll('#augment-wall-grid [data-state=done]').length === 12")
                .await;
            let seed: u64 = browser.field("#augment-wall-seed").await.parse().expect("a seed");
            shows(browser, &canvas(3), &variant(&plain, &pipeline, seed, 3).0).await;
        })
        .await;
}

#[tokio::test]
async fn keys_move_between_tiles_and_enter_opens_one() {
    let site = site_with(&picture(3)).start().await;
    Visit::new()
        .window(tall())
        .run(async |browser| {
            open(browser, &site, "mode=each&seed=7").await;
            browser
                .run(
                    "document.querySelector(arguments[0]).focus()",
                    vec![json!(tile(0))],
                )
                .await;
            let at = "document.activeElement.dataset.index";
            let columns = browser
                .value("getComputedStyle(document.querySelector('#augment-wall-grid')).gridTemplateColumns.split(' ').length")
                .await
                .as_u64()
                .expect("columns");
            for (key, expected) in [
                ('\u{e014}', 1),
                ('\u{e014}', 2),
                ('\u{e012}', 1),
                ('\u{e015}', 1 + columns),
                ('\u{e013}', 1),
                ('\u{e010}', definitions().count() as u64 - 1),
                ('\u{e011}', 0),
            ] {
                browser.keys(&key.to_string()).await;
                assert_eq!(browser.value(at).await, json!(expected.to_string()));
            }
            assert_eq!(
                browser
                    .value("document.querySelectorAll('#augment-wall-grid [tabindex=\"0\"]').length")
                    .await,
                1
            );
            browser.keys("\u{e014}\u{e014}\u{e007}").await;
            browser
                .until(
                    "the detail",
                    "document.querySelector('#augment-detail').open",
                )
                .await;
            assert_eq!(browser.text("#augment-detail-title").await, "Rotate");
        })
        .await;
}

#[tokio::test]
async fn a_step_that_refuses_the_picture_says_so_in_its_tile_and_the_rest_goes_on() {
    let plain = picture(1);
    let site = site_with(&plain).start().await;
    Visit::new()
        .window(tall())
        .run(async |browser| {
            open(browser, &site, "mode=each&seed=7").await;
            let all = format!(
                "document.querySelectorAll('#augment-wall-grid :is([data-state=failed], [data-state=done])').length === {}",
                definitions().count()
            );
            browser.until("every transform has its tile", &all).await;
            let failed = browser
                .value("[...document.querySelectorAll('#augment-wall-grid [data-state=failed]')].map(({ innerText }) => innerText)")
                .await;
            let failed: Vec<_> = failed.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
            assert!(failed.iter().any(|text| text.contains("ChannelDropout.channels is 1") && text.trim_end().ends_with('.')), "{failed:?}");
            assert_eq!(browser.text("#augment-wall-error").await, "");
        })
        .await;
}

#[tokio::test]
async fn variants_come_in_order_reduced_in_the_workers() {
    let plain = picture(3);
    let site = Site::built().start().await;
    let pipeline = json!([{ "transform": "Rotate", "limit": [10, 80], "p": 1 }]);
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 2 });
                    const data = new Uint8Array(await tools.blob(args.data).arrayBuffer());
                    const picture = { width: 60, height: 40, channels: 3, data };
                    const jobs = [0, 1, 2, 3, 4].map((index) => ({ pipeline: args.pipeline, seed: 7, index }));
                    jobs[2] = { ...jobs[2], pipeline: [{ transform: 'Rotate', limit: 999 }] };
                    const made = [];
                    const progress = [];
                    const onProgress = ({ done, total }) => progress.push([done, total]);
                    for await (const { job, error, record, preview, width, height } of lab.variants(picture, jobs, { fit: 24, total: 5, onProgress })) {
                      made.push({
                        index: job.index,
                        error: error?.code,
                        size: [width, height],
                        preview: preview && [preview.width, preview.height, tools.bytes(preview.data)],
                        steps: record?.length,
                      });
                    }
                    let asked = 0;
                    function* endless() { for (;;) yield { pipeline: args.pipeline, seed: 7, index: asked++ }; }
                    const stop = new AbortController();
                    let taken = 0;
                    const cancelled = await (async () => {
                      for await (const _ of lab.variants(picture, endless(), { signal: stop.signal })) {
                        taken += 1;
                        if (taken === 3) stop.abort();
                      }
                    })().then(() => 'ended', tools.failure);
                    const untouched = data.byteLength;
                    const { transforms } = await lab.transforms();
                    lab.close();
                    return { made, progress, cancelled, asked, taken, untouched, examples: transforms.map(({ example }) => example) };",
                    json!({ "data": lab::blob(plain.data()), "pipeline": pipeline }),
                )
                .await;
            for (index, made) in result["made"].as_array().expect("a list").iter().enumerate() {
                assert_eq!(made["index"], index);
                if index == 2 {
                    assert_eq!(made["error"], "invalid_parameter");
                    continue;
                }
                let (raster, _) = variant(&plain, &pipeline, 7, index as u64);
                let expected = preview(&raster, 24).expect("a preview");
                assert_eq!(made["size"], json!([60, 40]));
                assert_eq!(made["preview"][0], expected.width());
                assert_eq!(made["preview"][1], expected.height());
                assert_eq!(lab::bytes(&made["preview"][2]), expected.data());
                assert_eq!(made["steps"], 1);
            }
            assert_eq!(result["progress"], json!([[1, 5], [2, 5], [3, 5], [4, 5], [5, 5]]));
            assert_eq!(Failure::from_json(&result["cancelled"]).code, "aborted");
            assert_eq!(result["taken"], 3);
            assert!(result["asked"].as_u64() <= Some(8), "{} jobs were asked for", result["asked"]);
            assert_eq!(result["untouched"], plain.data().len());
            for (example, definition) in result["examples"].as_array().expect("a list").iter().zip(definitions()) {
                assert_eq!(*example, Value::Object(digitlab::augment::example(definition.name)), "{}", definition.name);
            }
        })
        .await;
}

#[tokio::test]
async fn of_live_previews_the_latest_is_made() {
    let plain = picture(3);
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const data = new Uint8Array(await tools.blob(args.data).arrayBuffer());
                    const live = lab.live({ width: 60, height: 40, channels: 3, data });
                    const job = (angle) => ({ pipeline: [{ transform: 'Rotate', limit: [angle, angle], p: 1 }], seed: 7, index: 0 });
                    const burst = await Promise.all([1, 2, 3, 4].map((angle) => live.request(job(angle))));
                    const made = burst.map((variant) => variant?.record[0].drawn.angle ?? null);
                    const shown = tools.bytes(burst[3].preview.data);
                    // Memory is used again, but never that of what is shown.
                    for (let angle = 5; angle < 12; angle += 1) await live.request(job(angle));
                    const refused = await live.request({ ...job(1), seed: -1 }).then(() => 'accepted', tools.failure);
                    const after = (await live.request(job(12), 30)).preview;
                    live.close();
                    const closed = await live.request(job(13));
                    lab.close();
                    return { made, shown, refused, after: [after.width, after.height], closed };",
                    json!({ "data": lab::blob(plain.data()) }),
                )
                .await;
            assert_eq!(result["made"], json!([1, null, null, 4]));
            let pipeline = json!([{ "transform": "Rotate", "limit": [4, 4], "p": 1 }]);
            let (made, _) = variant(&plain, &pipeline, 7, 0);
            assert_eq!(
                lab::bytes(&result["shown"]),
                preview(&made, 0).expect("RGBA").data()
            );
            assert_eq!(Failure::from_json(&result["refused"]).code, "invalid_parameter");
            assert_eq!(result["after"], json!([30, 20]));
            assert_eq!(result["closed"], Value::Null);
        })
        .await;
}

#[tokio::test]
async fn memory_stays_as_it_is_over_many_variants_of_a_large_picture() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const { methods } = await import(args.site + 'js/lab/worker_methods.js');
                    const engine = await import(args.site + 'engine.js');
                    const module = await WebAssembly.compileStreaming(fetch(args.site + 'engine_bg.wasm'));
                    await methods.start({ module });
                    const { memory } = await engine.default();
                    const [width, height, channels] = [4000, 3000, 3];
                    const picture = () => ({ width, height, channels, data: new Uint8Array(width * height * channels).fill(90) });
                    const pipeline = JSON.stringify([{ transform: 'HorizontalFlip', p: 0.5 }, { transform: 'RandomGamma', p: 0.5 }]);
                    const sizes = [];
                    let sent = 0;
                    const makeSome = async (number) => {
                      await methods.holdPicture({ number, picture: picture(), keep: [number] });
                      for (let index = 0n; index < 12n; index += 1n) {
                        const { transfer } = await methods.variant({ picture: number, pipeline, seed: 7n, index, fit: 320 });
                        sent = Math.max(sent, ...transfer.map(({ byteLength }) => byteLength));
                        sizes.push(memory.buffer.byteLength);
                      }
                    };
                    await makeSome(1);
                    // The first picture goes when another comes.
                    await makeSome(2);
                    return { sizes, sent };",
                    json!({ "site": site.url("") }),
                )
                .await;
            let sizes: Vec<u64> = result["sizes"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Value::as_u64)
                .collect();
            assert_eq!(sizes.len(), 24);
            // By the third variant each kind of step has run.
            assert!(sizes[3..].iter().all(|size| *size == sizes[23]), "{sizes:?}");
            assert!(sizes[23] < 200_000_000, "{sizes:?}");
            // What leaves the worker is the preview alone.
            assert_eq!(result["sent"], 4 * 320 * 240);
        })
        .await;
}

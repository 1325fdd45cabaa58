//! The bucket of digits when servers and the network go wrong.

use std::time::Duration;

use digitlab_browser::{Fault, LAB_PAGE, Lab, Site, Visit};
use serde_json::{Value, json};

/// One picture with a fresh lab; returns a hash of its pixels.
pub(crate) const GENERATE: &str = "
    const lab = await Digitlab.open({ workers: 1, bucket: args.bucket });
    try {
      const sequence = await lab.generate({ number: '042', image_width: 84, seed: args.seed ?? 7 });
      return await tools.sha256(sequence.pixels);
    } finally {
      lab.close();
    }";

/// Every shard, but not the manifest.
pub(crate) const SHARDS: &str = "mnist/t*";

/// Forgets what the site keeps, once it has finished keeping it: one entry a digit.
const FORGET: &str = "
    const entries = async () => {
      const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
      return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().length;
    };
    while (await entries() < args.entries) await new Promise((resolve) => setTimeout(resolve));
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));";

#[tokio::test]
async fn each_fault_of_the_bucket_has_its_code_and_passes() {
    const MANIFEST: &str = "mnist/manifest.json";
    let cases = [
        (SHARDS, Fault::Status(404), "bucket_missing"),
        (SHARDS, Fault::Status(500), "network"),
        (SHARDS, Fault::Truncated { keep: 5000 }, "bucket_corrupt"),
        (SHARDS, Fault::Truncated { keep: 0 }, "bucket_corrupt"),
        (SHARDS, Fault::Cut { keep: 5000 }, "network"),
        (SHARDS, Fault::Corrupted { at: 0 }, "bucket_corrupt"),
        (SHARDS, Fault::Corrupted { at: 5000 }, "bucket_corrupt"),
        (
            SHARDS,
            Fault::Replaced(b"<!doctype html>".to_vec()),
            "bucket_corrupt",
        ),
        (SHARDS, Fault::Dropped, "network"),
        (MANIFEST, Fault::Status(404), "bucket_missing"),
        (MANIFEST, Fault::Status(503), "network"),
        (MANIFEST, Fault::Truncated { keep: 5000 }, "invalid_file"),
        (
            MANIFEST,
            Fault::Replaced(b"<!doctype html>".to_vec()),
            "invalid_file",
        ),
        (
            MANIFEST,
            Fault::Replaced(b"{\"format\":2}".to_vec()),
            "invalid_file",
        ),
        (MANIFEST, Fault::Dropped, "network"),
    ];
    let site = Site::built().start().await;
    Visit::new()
        .expecting("/mnist/")
        .run_lab(&site, async |lab| {
            let right = lab.get(GENERATE, json!({})).await;
            let mut wrong = Vec::new();
            for (path, fault, code) in cases {
                lab.get(FORGET, json!({ "entries": 3 })).await;
                let what = format!("{path}: {fault:?}");
                site.fault(path, fault);
                match lab.run(GENERATE, json!({})).await {
                    Ok(_) => wrong.push(format!("{what}: a picture all the same")),
                    Err(failure) => {
                        let file = if path == MANIFEST { "manifest" } else { ".gz" };
                        if failure.code != code || !failure.message.contains(file) {
                            wrong.push(format!("{what}: {failure} instead of {code}"));
                        }
                    }
                }
                site.heal();
                match lab.run(GENERATE, json!({})).await {
                    Ok(pixels) if pixels == right => {}
                    other => wrong.push(format!("after {what}: {other:?}")),
                }
            }
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        })
        .await;
}

#[tokio::test]
async fn a_server_that_fails_twice_is_asked_again() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("/mnist/")
        .run_lab(&site, async |lab| {
            site.fault_times("mnist/manifest.json", Fault::Status(503), 2);
            site.fault_times(SHARDS, Fault::Cut { keep: 3000 }, 2);
            lab.get(GENERATE, json!({})).await;
            let manifests: Vec<u16> = site
                .log()
                .iter()
                .filter(|request| request.path == "mnist/manifest.json")
                .map(|request| request.status)
                .collect();
            assert_eq!(manifests, [503, 503, 200]);
            assert_eq!(
                site.requested("mnist/t").len(),
                5,
                "three shards, and two of them or one twice again"
            );
        })
        .await;
}

#[tokio::test]
async fn a_machine_without_network_is_told_so() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("/mnist/")
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let script = "
                window.lab ??= await Digitlab.open({ workers: 1 });
                return (await window.lab.generate({ ...args, image_width: 84, seed: 7 })).label;";
            assert_eq!(lab.get(script, json!({ "number": "042" })).await, "042");
            browser.network(false).await;
            site.fault("*", Fault::Dropped);
            let failure = lab
                .run(script, json!({ "number": "137" }))
                .await
                .expect_err("there is no network");
            assert_eq!(failure.code, "offline", "{failure}");
            assert!(failure.message.contains("offline"), "{failure}");
            assert_eq!(
                lab.get(script, json!({ "number": "042" })).await,
                "042",
                "what is loaded needs no network"
            );
            browser.network(true).await;
            site.heal();
            assert_eq!(lab.get(script, json!({ "number": "137" })).await, "137");
        })
        .await;
}

#[tokio::test]
async fn loading_tells_its_progress_in_bytes() {
    let site = Site::built().start().await;
    site.fault(
        SHARDS,
        Fault::Slow {
            piece: 16 * 1024,
            pause: Duration::from_millis(30),
        },
    );
    Visit::new()
        .run_lab(&site, async |lab| {
            let steps = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const steps = [];
                    const onProgress = (step) => steps.push(step);
                    await lab.generate({ number: '042', image_width: 84, seed: 7 }, { onProgress });
                    lab.close();
                    return steps;",
                    Value::Null,
                )
                .await;
            let shards: u64 = site
                .log()
                .iter()
                .filter(|request| request.path.ends_with(".gz"))
                .map(|request| request.bytes)
                .sum();
            let steps = steps.as_array().expect("a list of steps");
            let done: Vec<u64> = steps
                .iter()
                .map(|step| step["done"].as_u64().expect("a count"))
                .collect();
            // More steps than there are shards: pieces were told of as they came.
            assert!(done.len() > 3 && done.is_sorted(), "{done:?}");
            assert_eq!(done.last(), Some(&shards));
            assert!(
                steps
                    .iter()
                    .all(|step| step["total"] == shards && step["unit"] == "bytes"),
                "{steps:?}"
            );
        })
        .await;
}

#[tokio::test]
async fn a_shard_that_does_not_come_can_be_given_up() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            site.fault(SHARDS, Fault::Held);
            let failure = lab
                .run(
                    "window.lab = await Digitlab.open({ workers: 1 });
                    const request = { number: '042', image_width: 84, seed: 7 };
                    await window.lab.generate(request, { timeout: 300 });",
                    Value::Null,
                )
                .await
                .expect_err("no shard comes");
            assert_eq!(failure.code, "timeout", "{failure}");
            let script = "
                const controller = new AbortController();
                window.cancel = () => controller.abort();
                window.outcome = null;
                const request = { number: '042', image_width: 84, seed: 7 };
                window.lab.generate(request, { signal: controller.signal })
                  .then(() => 'made', (error) => `${error.name} ${error.code}`)
                  .then((outcome) => { window.outcome = outcome; });";
            lab.get(script, Value::Null).await;
            assert_eq!(browser.value("window.outcome").await, Value::Null);
            browser.run("window.cancel();", vec![]).await;
            browser
                .until(
                    "the call is rejected",
                    "window.outcome === 'AbortError aborted'",
                )
                .await;
            lab.get(script, Value::Null).await;
            site.release();
            browser
                .until(
                    "the call succeeds with the same shards",
                    "window.outcome === 'made'",
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn a_bucket_of_another_origin_can_be_used_if_it_allows_it() {
    let site = Site::built().start().await;
    let other = Site::built().with_cors().start().await;
    let closed = Site::built().start().await;
    Visit::new()
        .expecting("/mnist/")
        .expecting("/nothing/")
        .run_lab(&site, async |lab| {
            let pixels = lab.get(GENERATE, json!({})).await;
            site.clear_log();
            assert_eq!(
                lab.get(GENERATE, json!({ "bucket": other.url("mnist") }))
                    .await,
                pixels
            );
            assert_eq!(
                (
                    site.requested("mnist/").len(),
                    other.requested("mnist/").len()
                ),
                (0, 4)
            );

            let failure = lab
                .run(GENERATE, json!({ "bucket": closed.url("mnist") }))
                .await
                .expect_err("no CORS");
            assert_eq!(failure.code, "cors", "{failure}");
            let sentence = format!(
                "{} answers, but forbids other sites to read",
                closed.origin()
            );
            assert!(failure.message.contains(&sentence), "{failure}");

            assert_eq!(
                use_buckets(lab, &other, &site).await,
                json!({
                    "before": site.url("mnist/"),
                    "missing": "bucket_missing",
                    "kept": site.url("mnist/"),
                    "after": other.url("mnist/"),
                    "label": "7",
                })
            );
        })
        .await;
}

/// Asks for a bucket that is missing, and then for one that is there.
async fn use_buckets(lab: &Lab<'_>, other: &Site, site: &Site) -> Value {
    let script = "
        const lab = await Digitlab.open({ workers: 2 });
        const url = async () => (await lab.info()).bucket.url;
        const before = await url();
        const missing = await lab.useBucket(args.missing).then(() => 'used', (error) => error.code);
        const kept = await url();
        await lab.useBucket(args.other);
        const after = await url();
        const { label } = await lab.generate({ number: 7, fit: 'natural' });
        lab.close();
        return { before, missing, kept, after, label };";
    lab.get(
        script,
        json!({ "missing": site.url("nothing/"), "other": other.url("mnist/") }),
    )
    .await
}

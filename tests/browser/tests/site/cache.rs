//! What the site loads of the bucket, and what it keeps between visits.

use std::collections::BTreeSet;

use digitlab_browser::{Engine, Fault, LAB_PAGE, Site, Visit};
use serde_json::{Value, json};

use crate::bucket::{GENERATE, SHARDS};

#[tokio::test]
async fn only_the_shards_that_are_needed_are_loaded_and_only_once() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let pixels = lab.get(GENERATE, json!({})).await;
            let requested = site.requested("mnist/");
            let digits: BTreeSet<&str> = requested
                .iter()
                .filter_map(|path| path.strip_suffix(".gz")?.split('-').nth(1))
                .collect();
            assert_eq!(digits, BTreeSet::from(["0", "2", "4"]), "{requested:?}");
            assert_eq!(
                requested.len(),
                4,
                "the manifest and a shard a digit: {requested:?}"
            );

            browser.until("the shards are kept", CACHED_SHARDS).await;
            site.clear_log();
            browser.reload().await;
            assert_eq!(lab.get(GENERATE, json!({})).await, pixels);
            if Engine::current().keeps_caches() {
                assert_eq!(
                    site.requested("mnist/"),
                    ["mnist/manifest.json"],
                    "a second visit uses what was kept"
                );
            }

            site.clear_log();
            let again = "
                const lab = await Digitlab.open({ workers: 2 });
                const request = { number: '042', image_width: 84, seed: 7 };
                for await (const _ of lab.generateMany(request, { count: 300 }));
                lab.close();";
            lab.get(again, Value::Null).await;
            let requested = site.requested("mnist/");
            let different: BTreeSet<&String> = requested.iter().collect();
            assert_eq!(different.len(), requested.len(), "nothing is loaded twice");
        })
        .await;
}

/// Whether three shards are kept.
const CACHED_SHARDS: &str = "(async () => {
    const lists = (await caches.keys()).map(async (name) => (await caches.open(name)).keys());
    return (await Promise.all(lists)).flat().length === 3;
})()";

#[tokio::test]
async fn a_server_that_unpacks_gz_files_on_the_way_does_no_harm() {
    let plain = Site::built().start().await;
    let unpacking = Site::built().start().await;
    unpacking.fault(SHARDS, Fault::Encoded("gzip"));
    Visit::new()
        .run(async |browser| {
            browser.open(&plain.url(LAB_PAGE)).await;
            let pixels = browser
                .lab(&plain.url("digitlab.js"))
                .get(GENERATE, json!({}))
                .await;
            browser.open(&unpacking.url(LAB_PAGE)).await;
            let lab = browser.lab(&unpacking.url("digitlab.js"));
            assert_eq!(lab.get(GENERATE, json!({})).await, pixels);
            browser.until("the shards are kept", CACHED_SHARDS).await;
            unpacking.clear_log();
            assert_eq!(lab.get(GENERATE, json!({})).await, pixels);
            assert_eq!(
                unpacking.requested("mnist/t").len(),
                0,
                "what was unpacked on the way is kept as well"
            );
        })
        .await;
}

#[tokio::test]
async fn what_was_kept_and_has_rotted_is_loaded_anew() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let pixels = lab.get(GENERATE, json!({})).await;
            browser.until("the shards are kept", CACHED_SHARDS).await;
            let rotten = lab
                .get(
                    "let count = 0;
                    for (const name of await caches.keys()) {
                      const cache = await caches.open(name);
                      for (const request of await cache.keys()) {
                        const kept = await cache.match(request);
                        const bytes = new Uint8Array(await kept.arrayBuffer());
                        bytes[bytes.length >> 1] ^= 255;
                        await cache.put(request, new Response(bytes));
                        count += 1;
                      }
                    }
                    return count;",
                    Value::Null,
                )
                .await;
            assert_eq!(rotten, 3);
            site.clear_log();
            assert_eq!(lab.get(GENERATE, json!({})).await, pixels);
            assert_eq!(site.requested("mnist/t").len(), 3);
            browser
                .until("whole shards are kept again", CACHED_SHARDS)
                .await;
            site.clear_log();
            assert_eq!(lab.get(GENERATE, json!({})).await, pixels);
            assert_eq!(site.requested("mnist/t").len(), 0);
        })
        .await;
}

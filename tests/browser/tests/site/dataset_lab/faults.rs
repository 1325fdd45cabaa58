//! Data sets that fail: what is said, what stays, and how they go on.

use std::fs;

use digitlab_browser::{Failure, Fault, Site, Visit, environment};
use serde_json::{Value, json};

use super::{get, hashes, in_parts, keep, natively, recipe, with};

/// A script of the site with something put before it.
fn script(path: &str, before: &str) -> Fault {
    let script = fs::read_to_string(environment::site().join(path)).expect("a script of the site");
    Fault::Replaced(format!("{before}\n{script}").into_bytes())
}

const WRITER: &str = "js/lab/dataset/writer_worker.js";
const MAKER: &str = "js/lab/dataset/dataset_worker.js";

/// Lets a data set fail with a fault of the site, heals it, and resumes: the failure, what the list says then, and how the
/// hashes compare; nothing where the visit is left out.
async fn failing(
    site: &Site,
    visit: Visit,
    pattern: &str,
    fault: Fault,
    recipe: &Value,
) -> Option<(Failure, Value)> {
    let expected = hashes(&natively(recipe, "0/1"));
    let told = std::cell::RefCell::new(None);
    visit
        .run_lab(site, async |lab| {
            site.fault(pattern, fault);
            let failed = keep(
                lab,
                "const job = await lab.datasets.start(args.recipe);
                const failure = await catching(job.done);
                const list = await lab.datasets.list();
                lab.close();
                return { id: job.id, failure, list, locks: await locks() };",
                json!({ "recipe": recipe }),
            )
            .await;
            site.heal();
            assert_eq!(failed["locks"], json!([]), "{failed}");
            let resumed = get(
                lab,
                "const job = await lab.datasets.resume(args.id);
                return hashes((await job.done).files);",
                json!({ "id": failed["id"] }),
            )
            .await;
            assert_eq!(resumed, expected);
            told.replace(Some((
                Failure::from_json(&failed["failure"]),
                failed["list"][0].clone(),
            )));
        })
        .await;
    told.into_inner()
}

#[tokio::test]
async fn a_full_storage_is_said_and_the_data_set_goes_on_when_there_is_room() {
    let site = Site::built().start().await;
    let stub = "
        const write = FileSystemSyncAccessHandle.prototype.write;
        let written = 0;
        FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
          written += bytes.length;
          if (written > 6_000_000) throw new DOMException('No space.', 'QuotaExceededError');
          return write.call(this, bytes, options);
        };";
    let Some((failure, kept)) = failing(
        &site,
        Visit::new().with_own_files(),
        WRITER,
        script(WRITER, stub),
        &in_parts(),
    )
    .await
    else {
        return;
    };
    assert_eq!(failure.code, "storage_full", "{failure}");
    for part in [
        "storage for this site is full",
        "What was made is kept",
        "resume",
    ] {
        assert!(failure.message.contains(part), "{failure}");
    }
    assert_eq!(kept["state"], "failed", "{kept}");
    assert_eq!(kept["error"], failure.message, "{kept}");
    assert!(kept["done"].as_u64() >= Some(2000), "{kept}");
}

#[tokio::test]
async fn a_short_write_is_a_full_storage() {
    let site = Site::built().start().await;
    let stub = "
        const write = FileSystemSyncAccessHandle.prototype.write;
        let written = 0;
        FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
          written += bytes.length;
          return write.call(this, written > 2_000_000 ? bytes.subarray(0, bytes.length - 1) : bytes, options);
        };";
    let recipe = with(recipe(6000), json!({ "items_per_file": 2000 }));
    let Some((failure, _)) = failing(
        &site,
        Visit::new().with_own_files(),
        WRITER,
        script(WRITER, stub),
        &recipe,
    )
    .await
    else {
        return;
    };
    assert_eq!(failure.code, "storage_full", "{failure}");
}

#[tokio::test]
async fn a_shard_that_does_not_come_is_named_and_the_data_set_goes_on_when_it_does() {
    let site = Site::built().start().await;
    let visit = Visit::new().with_own_files().expecting("mnist/train-7");
    let recipe = recipe(2000);
    let Some((failure, kept)) =
        failing(&site, visit, "mnist/train-7*", Fault::Status(503), &recipe).await
    else {
        return;
    };
    assert_eq!(failure.code, "network", "{failure}");
    assert!(
        failure.message.contains("mnist/train-7") && failure.message.contains("503"),
        "{failure}"
    );
    assert_eq!(
        (&kept["state"], &kept["done"]),
        (&json!("failed"), &json!(0)),
        "{kept}"
    );
}

#[tokio::test]
async fn a_worker_that_crashes_ends_the_data_set_which_goes_on_then() {
    let site = Site::built().start().await;
    let crashing = "
        import { serveCalls } from '../serve_calls.js';
        import { lastPanic, methods } from './dataset_methods.js';
        let calls = 0;
        const make = (args) => ((calls += 1) > 3 ? methods.panic() : methods.make(args));
        serveCalls({ ...methods, make }, lastPanic);";
    let visit = Visit::new().with_own_files().expecting("on purpose");
    let fault = Fault::Replaced(crashing.into());
    let Some((failure, kept)) = failing(&site, visit, MAKER, fault, &in_parts()).await else {
        return;
    };
    assert_eq!(failure.code, "crashed", "{failure}");
    assert!(
        failure.message.contains("stopped by a fault of its own"),
        "{failure}"
    );
    assert_eq!(kept["state"], "failed", "{kept}");
}

#[tokio::test]
async fn what_cannot_be_made_is_explained() {
    let site = Site::built().start().await;
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const failures = [];
                for (const [change, options] of [
                  [{ count: 0 }, {}], [{ colour: 1 }, {}], [{ numbers: undefined }, {}], [{ format: 'hdf5' }, {}], [{}, { shard: '2/2' }],
                  [{}, { sink: 7 }], [{}, { workers: 0 }], [{ seed: 2 ** 60 }, {}],
                ]) failures.push(await catching(lab.dataset({ ...args.recipe, ...change }, options)));
                failures.push(await catching(lab.datasets.resume('none')), await catching(lab.datasets.delete('none')));
                failures.push(await catching(lab.datasets.check(null)), await catching(lab.dataset(args.recipe, { signal: AbortSignal.abort() })));
                const before = [await stored(), await lab.datasets.list()];
                const { getDirectory } = StorageManager.prototype;
                StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('Not here.', 'SecurityError'));
                failures.push(await catching(lab.dataset(args.recipe)));
                delete StorageManager.prototype.getDirectory;
                failures.push(await catching(lab.dataset(args.recipe)));
                StorageManager.prototype.getDirectory = getDirectory;
                return { failures, before };",
                json!({ "recipe": recipe(100) }),
            )
            .await;
            let expected = [
                ("invalid_parameter", "count is 0; allowed: whole numbers from 1 to 10000000"),
                ("unknown_parameter", "colour is not a known field"),
                ("missing_parameter", "numbers is missing"),
                ("invalid_parameter", "format is the text \"hdf5\"; allowed: png-zip"),
                ("invalid_parameter", "shard is \"2/2\""),
                ("invalid_parameter", "sink is 7; allowed: a folder"),
                ("invalid_parameter", "workers is 0; allowed: whole numbers from 1 to 64"),
                ("invalid_parameter", "seed is"),
                ("invalid_parameter", "id is none"),
                ("invalid_parameter", "id is none"),
                ("invalid_parameter", "recipe is"),
                ("aborted", "cancelled"),
                ("storage_unavailable", "digitlab dataset"),
                ("storage_unavailable", "another browser"),
            ];
            let failures = result["failures"].as_array().expect("failures");
            assert_eq!(failures.len(), expected.len());
            for (failure, (code, part)) in failures.iter().zip(expected) {
                let failure = Failure::from_json(failure);
                assert!(failure.code == code && failure.message.contains(part), "{code}, {part}: {failure}");
            }
            assert_eq!(result["before"], json!([[], []]), "what is refused leaves nothing");
        })
        .await;
}

//! Data sets as a program makes them: the same bytes however they are made, what an interruption leaves, and what goes wrong.

use std::collections::BTreeMap;
use std::fs;

use digitlab::Error;
use digitlab::dataset::{Assembler, Maker, MemoryStorage, Plan, Recipe, Shard};
use digitlab::mnist::Pool;
use digitlab_browser::{Browser, Failure, Fault, LAB_PAGE, Lab, Site, Visit, environment, lab};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What scripts here have in common: `hashes(files)` of files in the browser, `tree(folder)` with the hash of each file of a
/// folder, `stored()` with the names of all that the browser keeps of data sets.
const TOOLS: &str = "
    const hashOf = async (file) => tools.sha256(await file.arrayBuffer());
    const hashes = async (files) => Object.fromEntries(await Promise.all(files.map(async ({ name, file }) => [name, await hashOf(file)])));
    const tree = async (folder, start = '') => {
      const found = {};
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === 'directory') Object.assign(found, await tree(handle, `${start}${name}/`));
        else found[start + name] = await hashOf(await handle.getFile());
      }
      return found;
    };
    const root = () => navigator.storage.getDirectory();
    const folder = async (name) => (await root()).getDirectoryHandle(name, { create: true });
    // By their names alone: what is being written cannot be read.
    const names = async (folder, start = '') => {
      const found = [];
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === 'directory') found.push(...(await names(handle, `${start}${name}/`)));
        else found.push(start + name);
      }
      return found;
    };
    const stored = async () => names(await folder('digitlab-datasets'));
    const catching = (promise) => promise.then(() => null, tools.failure);
    // Those of workers say only that they live.
    const locks = async () => (await navigator.locks.query()).held.map(({ name }) => name).filter((name) => !name.startsWith('digitlab-worker-'));
    /** Resolves at the first progress that passes the test, or fails with the job. */
    const reaching = (job, test) => new Promise((resolve, reject) => {
      job.addEventListener('progress', ({ detail }) => test(detail) && resolve(detail));
      job.done.then(() => reject(new Error('it came to its end before')), reject);
    });
    const lab = await Digitlab.open({ workers: args.workers ?? 2 });
";

async fn get(lab: &Lab<'_>, body: &str, args: Value) -> Value {
    lab.get(
        &format!("{TOOLS} try {{ {body} }} finally {{ lab.close(); }}"),
        args,
    )
    .await
}

/// The same, with the lab left to the page.
async fn keep(lab: &Lab<'_>, body: &str, args: Value) -> Value {
    lab.get(&format!("{TOOLS} window.lab = lab; {body}"), args)
        .await
}

/// The files of a shard of a data set as the core writes them when it is compiled for this machine.
fn natively(recipe: &Value, shard: &str) -> BTreeMap<String, Vec<u8>> {
    let bucket = environment::site().join("mnist");
    let manifest =
        fs::read_to_string(bucket.join("manifest.json")).expect("the site has its bucket");
    let plan = || {
        let recipe = Recipe::from_json(recipe, 0).expect("a recipe that is allowed");
        let shard = Shard::parse(shard).expect("a shard");
        Plan::new(recipe, &manifest, shard).expect("a plan")
    };
    let mut storage = MemoryStorage::default();
    let mut assembler = Assembler::open(plan(), &mut storage).expect("an empty storage");
    let plan = plan();
    let mut pool = Pool::new(plan.manifest().clone());
    let mut maker = Maker::default();
    while let Some(job) = assembler.next_job() {
        let part = plan.part(job.part).expect("a part");
        let block = loop {
            match maker.make(&plan, &part, job.indices.clone(), &pool) {
                Err(Error::ShardsNotLoaded { files }) => {
                    for file in files {
                        let bytes = fs::read(bucket.join(&file)).expect("a shard");
                        pool.load(&file, &bytes).expect("a shard that is whole");
                    }
                }
                made => break made.expect("a block"),
            }
        };
        assembler
            .add(job.part, job.block, block, &mut storage)
            .expect("memory");
    }
    assembler.finish(&mut storage).expect("memory");
    storage.files
}

/// The hashes of files by their names, as scripts tell them.
fn hashes(files: &BTreeMap<String, Vec<u8>>) -> Value {
    let hash = |bytes: &Vec<u8>| {
        let digest = Sha256::digest(bytes);
        digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    files
        .iter()
        .map(|(name, bytes)| (name.clone(), json!(hash(bytes))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A data set of so many numbers with six digits.
fn recipe(count: u64) -> Value {
    json!({ "count": count, "numbers": { "random": 6 }, "image_width": 168, "seed": "7" })
}

/// A recipe with some fields exchanged.
fn with(mut recipe: Value, fields: Value) -> Value {
    let fields = fields.as_object().expect("fields").clone();
    recipe.as_object_mut().expect("a recipe").extend(fields);
    recipe
}

/// In parts of 2,000: a data set of which much is whole when it is interrupted.
fn in_parts() -> Value {
    with(recipe(20_000), json!({ "items_per_file": 2000 }))
}

#[tokio::test]
async fn many_workers_one_worker_and_the_core_write_the_same_bytes() {
    let site = Site::built().start().await;
    let every = json!({ "train": 3, "validation": 1, "test": 1 });
    let recipes = [
        with(recipe(4000), json!({ "subsets": every })),
        with(
            recipe(3000),
            json!({ "items_per_file": 900, "boxes": "coco", "split": "matching", "subsets": every }),
        ),
        with(
            recipe(900),
            json!({ "numbers": { "phone": "fr" }, "fit": "natural", "augment": true, "boxes": "yolo" }),
        ),
        with(
            recipe(2500),
            json!({ "format": "webdataset", "items_per_file": 1000, "numbers": { "list": ["042", 7] } }),
        ),
        with(
            recipe(2500),
            json!({ "format": "parquet", "subsets": every }),
        ),
        with(
            recipe(2500),
            json!({ "format": "npz", "numbers": { "range": [0, 999], "digits": 3 }, "order": "shuffled" }),
        ),
        with(
            recipe(2500),
            json!({ "format": "npy", "numbers": { "random": { "1": 1, "6": 3 } } }),
        ),
        with(recipe(2500), json!({ "format": "idx", "subsets": every })),
    ];
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            for recipe in recipes {
                let result = get(
                    lab,
                    "const made = [];
                    for (const workers of [1, 3]) {
                      const { id, items, files, recipe } = await lab.dataset(args.recipe, { workers });
                      const stated = Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));
                      const sizes = files.every(({ bytes, file }) => bytes === file.size);
                      made.push({ items, stated, sizes, seed: recipe.seed, hashes: await hashes(files) });
                      await lab.datasets.delete(id);
                    }
                    return { made, left: await stored() };",
                    json!({ "recipe": recipe }),
                )
                .await;
                let expected = hashes(&natively(&recipe, "0/1"));
                for made in result["made"].as_array().expect("two data sets") {
                    assert_eq!(made["hashes"], expected, "{recipe}");
                    assert_eq!(made["stated"], expected, "{recipe}");
                    assert_eq!((&made["sizes"], &made["seed"]), (&json!(true), &json!("7")));
                    assert_eq!(made["items"], recipe["count"]);
                }
                assert_eq!(result["left"], json!([]), "deleted data sets leave nothing");
            }
        })
        .await;
}

#[tokio::test]
async fn a_data_set_is_paused_and_resumed() {
    let site = Site::built().start().await;
    // So many that a fast machine is not done before it is told to pause.
    let recipe = with(recipe(60_000), json!({ "items_per_file": 2000 }));
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const job = await lab.datasets.start(args.recipe);
                const busy = await locks();
                const failure = catching(job.done);
                await reaching(job, ({ done }) => done >= 4000);
                const twice = await catching(lab.datasets.resume(job.id).then(({ done }) => done));
                await job.pause();
                const [paused] = await lab.datasets.list();
                const after = await locks();
                const seen = [];
                const onProgress = (progress) => seen.push(progress);
                const controller = new AbortController();
                const second = await lab.datasets.resume(job.id, { onProgress, signal: controller.signal });
                await reaching(second, ({ done }) => done > paused.done);
                controller.abort();
                const aborted = await catching(second.done);
                const third = await lab.datasets.resume(job.id, { workers: 3 });
                const made = await third.done;
                const again = await catching(lab.datasets.resume(job.id));
                const [done] = await lab.datasets.list();
                const kept = await lab.datasets.files(job.id);
                return {
                  failure: await failure, twice, busy, after, paused, first: seen[0].done, aborted, again, done, seconds: made.seconds,
                  hashes: await hashes(kept), progress: third.progress, states: [job.state, second.state, third.state],
                };",
                json!({ "recipe": recipe }),
            )
            .await;
            let expected = hashes(&natively(&recipe, "0/1"));
            assert_eq!(result["hashes"], expected);
            for (name, code) in [("failure", "paused"), ("twice", "busy"), ("aborted", "aborted"), ("again", "invalid_parameter")] {
                assert_eq!(result[name]["code"], code, "{}", result[name]);
            }
            let names = |name: &str| result[name].as_array().expect("names").clone();
            let is_busy = |names: &[Value]| names.iter().any(|name| name.as_str().is_some_and(|name| name.starts_with("digitlab-busy-a data set")));
            assert!(is_busy(&names("busy")), "{}", result["busy"]);
            assert_eq!(names("after").len(), 0, "{}", result["after"]);
            let paused = &result["paused"];
            assert_eq!((&paused["state"], &paused["total"], &paused["shard"]), (&json!("paused"), &json!(60_000), &json!("0/1")));
            let done = paused["done"].as_u64().expect("a count");
            assert!((4000..60_000).contains(&done), "{paused}");
            assert!(paused["bytes"].as_u64() > Some(1_000_000), "{paused}");
            assert_eq!(result["first"], done, "a pause loses nothing");
            assert_eq!(result["done"]["state"], "done");
            assert_eq!(result["done"]["files"].as_array().map(Vec::len), Some(31));
            assert_eq!(result["states"], json!(["paused", "paused", "done"]));
            assert_eq!((&result["progress"]["done"], &result["progress"]["secondsLeft"]), (&json!(60_000), &json!(0)));
        })
        .await;
}

/// Begins a data set in the page and waits until it is well under way.
async fn begin(browser: &Browser, site: &Site, recipe: &Value, options: &str) -> Value {
    browser.open(&site.url(LAB_PAGE)).await;
    let body = format!(
        "const job = await lab.datasets.start(args.recipe, {options});
        const {{ done }} = await reaching(job, ({{ done }}) => done >= 4000);
        return {{ id: job.id, done }};"
    );
    keep(
        &browser.lab(&site.url("digitlab.js")),
        &body,
        json!({ "recipe": recipe }),
    )
    .await
}

#[tokio::test]
async fn a_data_set_of_a_tab_that_was_killed_goes_on() {
    let site = Site::built().start().await;
    Visit::new().with_own_files()
        .run(async |browser| {
            // By parts that are whole, and by checkpoints within a part.
            for recipe in [in_parts(), with(recipe(20_000), json!({ "format": "npy" }))] {
                let begun = begin(browser, &site, &recipe, "{}").await;
                // While it works, the page goes away.
                browser.open(&site.url(LAB_PAGE)).await;
                let result = get(
                    &browser.lab(&site.url("digitlab.js")),
                    "const [left] = await lab.datasets.list();
                    const seen = [];
                    const job = await lab.datasets.resume(args.id, { onProgress: (progress) => seen.push(progress) });
                    const { files } = await job.done;
                    const made = await hashes(files);
                    await lab.datasets.delete(args.id);
                    return { left, first: seen[0], hashes: made, stored: await stored(), list: await lab.datasets.list() };",
                    json!({ "id": begun["id"] }),
                )
                .await;
                assert_eq!((&result["left"]["id"], &result["left"]["state"]), (&begun["id"], &json!("paused")), "{}", result["left"]);
                assert!(result["left"]["done"].as_u64() < Some(20_000), "{}", result["left"]);
                if recipe["format"].is_null() {
                    assert!(result["first"]["done"].as_u64() >= Some(4000), "what was whole is not made again: {}", result["first"]);
                }
                assert_eq!(result["hashes"], hashes(&natively(&recipe, "0/1")));
                assert_eq!((&result["stored"], &result["list"]), (&json!([]), &json!([])));
            }
        })
        .await;
}

#[tokio::test]
async fn cancelling_leaves_nothing() {
    let site = Site::built().start().await;
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const job = await lab.datasets.start(args.recipe);
                const failure = catching(job.done);
                await reaching(job, ({ done }) => done >= 3000);
                const before = (await stored()).length;
                await job.cancel();
                // Also one that is paused already.
                const target = await folder('cancelled');
                await target.getFileHandle('mine.txt', { create: true });
                const other = await lab.datasets.start({ ...args.recipe, format: 'png-folder', items_per_file: 50, subsets: { train: 1, test: 1 } }, { sink: target });
                await reaching(other, ({ done }) => done >= 100);
                await other.pause();
                const paused = Object.keys(await tree(target)).length;
                await other.cancel();
                const left = [];
                for await (const name of target.keys()) left.push(name);
                return {
                  failure: await failure, before, state: job.state, stored: await stored(), list: await lab.datasets.list(), locks: await locks(),
                  paused, left, files: await names(target),
                };",
                json!({ "recipe": in_parts() }),
            )
            .await;
            assert_eq!((&result["failure"]["code"], &result["state"]), (&json!("aborted"), &json!("cancelled")));
            assert!(result["before"].as_u64() > Some(1), "{result}");
            assert_eq!((&result["stored"], &result["list"], &result["locks"]), (&json!([]), &json!([]), &json!([])));
            assert!(result["paused"].as_u64() > Some(100), "{result}");
            assert_eq!(result["left"], json!(["mine.txt"]), "what was made is gone from the folder, and nothing else: {}", result["files"]);
        })
        .await;
}

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
async fn finished_files_go_to_a_folder_also_after_the_permission_was_withdrawn() {
    let site = Site::built().start().await;
    let recipe = in_parts();
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const target = await folder('target');
                const job = await lab.datasets.start(args.recipe, { sink: target });
                const failure = catching(job.done);
                await reaching(job, ({ done }) => done >= 6000);
                const { createWritable } = FileSystemFileHandle.prototype;
                FileSystemFileHandle.prototype.createWritable = () => Promise.reject(new DOMException('Not allowed.', 'NotAllowedError'));
                const withdrawn = await failure;
                const [failed] = await lab.datasets.list();
                const refused = await catching(lab.datasets.resume(job.id).then(({ done }) => done));
                FileSystemFileHandle.prototype.createWritable = createWritable;
                const delivered = Object.keys(await tree(target));
                // Another folder, which lacks what the first one got.
                const lacking = await catching(lab.datasets.resume(job.id, { sink: await folder('another') }));
                const stream = await catching(lab.datasets.resume(job.id, { sink: () => new WritableStream() }));
                const again = await lab.datasets.resume(job.id);
                const { files } = await again.done;
                return {
                  withdrawn, refused, failed, lacking, stream, delivered, hashes: await tree(target), stored: await stored(), list: await lab.datasets.list(),
                  stated: Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])), here: files.some(({ file }) => file),
                };",
                json!({ "recipe": recipe }),
            )
            .await;
            let expected = hashes(&natively(&recipe, "0/1"));
            assert_eq!(result["hashes"], expected);
            assert_eq!(result["stated"], expected);
            assert_eq!(result["here"], false);
            for name in ["withdrawn", "refused"] {
                let failure = Failure::from_json(&result[name]);
                assert_eq!(failure.code, "permission", "{failure}");
                assert!(failure.message.contains("the folder \"target\"") && failure.message.contains("What was made is kept"), "{failure}");
            }
            let failed = &result["failed"];
            assert_eq!((&failed["sink"], &failed["folder"], &failed["state"]), (&json!("folder"), &json!("target"), &json!("failed")), "{failed}");
            assert!(!result["delivered"].as_array().expect("names").is_empty());
            let lacking = Failure::from_json(&result["lacking"]);
            assert_eq!(lacking.code, "invalid_parameter");
            assert!(lacking.message.contains("\"another\" lacks digits-00000.zip"), "{lacking}");
            assert!(Failure::from_json(&result["stream"]).message.contains("allowed: a folder"), "{}", result["stream"]);
            assert_eq!((&result["stored"], &result["list"]), (&json!([]), &json!([])), "nothing is left in the browser");
        })
        .await;
}

#[tokio::test]
async fn single_pictures_go_to_a_folder_and_an_interruption_loses_none() {
    let site = Site::built().start().await;
    let recipe = with(
        recipe(400),
        json!({ "format": "png-folder", "boxes": "yolo", "items_per_file": 100, "subsets": { "train": 8, "test": 2 } }),
    );
    Visit::new().with_own_files()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let at = site.url("digitlab.js");
            let begun = keep(
                &browser.lab(&at),
                "const job = await lab.datasets.start(args.recipe, { sink: await folder('pictures') });
                const { done } = await reaching(job, ({ done }) => done >= 100);
                return { id: job.id, done };",
                json!({ "recipe": recipe }),
            )
            .await;
            browser.open(&site.url(LAB_PAGE)).await;
            // What Chromium calls a file until it is whole; it may leave such files when a page goes. Another's stays.
            let result = get(
                &browser.lab(&at),
                "const train = await (await (await folder('pictures')).getDirectoryHandle('train')).getDirectoryHandle('images');
                for (const name of ['000000003.png.crswap', '000000005.png.1.crswap', 'mine.png.crswap']) await train.getFileHandle(name, { create: true });
                const job = await lab.datasets.resume(args.id);
                await job.done;
                await train.removeEntry('mine.png.crswap');
                const missing = await catching(lab.datasets.start(args.recipe));
                return { hashes: await tree(await folder('pictures')), stored: await stored(), missing };",
                json!({ "id": begun["id"], "recipe": recipe }),
            )
            .await;
            let expected = hashes(&natively(&recipe, "0/1"));
            assert!(expected.as_object().is_some_and(|files| files.len() > 800));
            assert_eq!(result["hashes"], expected);
            assert_eq!(result["stored"], json!([]));
            let missing = Failure::from_json(&result["missing"]);
            assert_eq!(missing.code, "missing_parameter");
            assert!(missing.message.contains("png-zip where there is none"), "{missing}");
        })
        .await;
}

#[tokio::test]
async fn shards_are_the_parts_of_the_whole() {
    let site = Site::built().start().await;
    let recipe = with(recipe(5000), json!({ "items_per_file": 1000 }));
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const made = [];
                for (const shard of ['0/2', { index: 1, count: 2 }, undefined]) made.push(await lab.dataset(args.recipe, { shard }));
                const told = await Promise.all(made.map(async ({ files }) => JSON.parse(await files.at(-1).file.text())));
                // The recipe.json of a shard, and of the whole.
                const again = [await lab.dataset(told[1]), await lab.dataset(told[2])];
                const estimates = await Promise.all(['0/2', '1/2', '0/1', '6/9'].map((shard) => lab.datasets.estimate(args.recipe, { shard })));
                const empty = await lab.dataset(args.recipe, { shard: '6/9' });
                return {
                  hashes: await Promise.all(made.map(({ files }) => hashes(files))), again: await Promise.all(again.map(({ files }) => hashes(files))),
                  items: made.map(({ items }) => items), shards: (await lab.datasets.list()).map(({ shard }) => shard), estimates,
                  empty: [empty.items, empty.files.map(({ name }) => name)],
                };",
                json!({ "recipe": recipe }),
            )
            .await;
            let whole = natively(&recipe, "0/1");
            let shards = [natively(&recipe, "0/2"), natively(&recipe, "1/2")];
            assert_eq!(result["hashes"], json!([hashes(&shards[0]), hashes(&shards[1]), hashes(&whole)]));
            assert_eq!(result["again"], json!([hashes(&shards[1]), hashes(&whole)]));
            assert_eq!(result["items"], json!([3000, 2000, 5000]));
            let mut union: BTreeMap<_, _> = shards.into_iter().flatten().collect();
            union.retain(|name, _| name.ends_with(".zip"));
            assert_eq!(union.len(), 5);
            assert!(union.iter().all(|(name, bytes)| whole.get(name) == Some(bytes)));
            assert_eq!(result["shards"], json!(["6/9", "0/1", "1/2", "0/1", "1/2", "0/2"]));
            let sizes = result["estimates"].as_array().expect("estimates").iter();
            let sizes: Vec<_> = sizes.map(|size| (size["items"].as_u64(), size["parts"].as_u64())).collect();
            assert_eq!(sizes, [(Some(3000), Some(3)), (Some(2000), Some(2)), (Some(5000), Some(5)), (Some(0), Some(0))]);
            assert_eq!(result["empty"], json!([0, ["recipe-shard-6-of-9.json"]]));
        })
        .await;
}

#[tokio::test]
async fn streams_and_files_of_numbers_are_taken() {
    let site = Site::built().start().await;
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const numbers = new File([Uint8Array.of(0x33, 0x31, 13, 10, 10, 0x30, 0x34, 0x32)], 'mine.txt');
                const recipe = { ...args.recipe, numbers: { file: { name: 'mine.txt' } } };
                const taken = new Map();
                const sink = (name, { bytes }) => {
                  const pieces = [];
                  return new WritableStream({
                    write: (piece) => void pieces.push(piece),
                    close: () => void taken.set(name, [new Blob(pieces), bytes]),
                  });
                };
                const made = await lab.dataset(recipe, { numbers, sink });
                const sizes = [...taken.values()].every(([blob, bytes]) => blob.size === bytes);
                const found = Object.fromEntries(await Promise.all([...taken].map(async ([name, [blob]]) => [name, await hashOf(blob)])));
                const broken = await lab.datasets.start(recipe, { numbers, sink: () => new WritableStream({ write: () => { throw new Error('the plug was pulled'); } }) });
                const failure = await catching(broken.done);
                const missing = await catching(lab.datasets.resume(broken.id));
                await (await lab.datasets.resume(broken.id, { sink })).done;
                const refusals = [];
                for (const [given, options] of [
                  [recipe, {}], [recipe, { numbers: 'no digits' }], [made.recipe, { numbers: '1\\n2\\n' }], [recipe, { numbers: 7 }],
                  [recipe, { numbers: new Blob([Uint8Array.of(255, 254)]) }],
                ]) refusals.push(await catching(lab.dataset(given, options)));
                return { found, sizes, file: made.recipe.numbers, failure, missing, refusals, stored: await stored() };",
                json!({ "recipe": recipe(500) }),
            )
            .await;
            let text = "31\r\n\n042";
            let file = digitlab::dataset::numbers::FileOfNumbers::of("mine.txt", text).expect("numbers");
            assert_eq!(result["file"], json!({ "file": file.to_json() }));
            let read = Recipe::from_json(&with(recipe(500), json!({ "numbers": { "file": file.to_json() } })), 0);
            let read = read.and_then(|recipe| recipe.with_file(text)).expect("a recipe");
            assert_eq!(read.request(0).label(), "31");
            assert_eq!(read.request(1).label(), "042");
            assert_eq!(result["found"].as_object().map(serde_json::Map::len), Some(2));
            assert_eq!(result["sizes"], true);
            assert!(result["failure"]["message"].as_str().is_some_and(|text| text.contains("the plug was pulled")), "{}", result["failure"]);
            assert_eq!(result["missing"]["code"], "missing_parameter");
            let expected = ["numbers.file.sha256 is missing", "not a number of", "is not the file of the recipe", "numbers is 7", "not text in UTF-8"];
            for (refusal, part) in result["refusals"].as_array().expect("refusals").iter().zip(expected) {
                assert!(refusal["message"].as_str().is_some_and(|text| text.contains(part)), "{part}: {refusal}");
            }
            assert_eq!(result["stored"], json!([]));
        })
        .await;
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

#[tokio::test]
async fn rate_and_time_left_are_told_and_memory_stays_bounded() {
    let site = Site::built().start().await;
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const seen = [];
                let heap = 0;
                // Not every browser tells how much it has taken.
                const taken = () => performance.memory?.usedJSHeapSize ?? 0;
                const start = taken();
                const timer = setInterval(() => { heap = Math.max(heap, taken()); }, 20);
                const began = performance.now();
                const onProgress = (progress) => seen.push({ ...progress, at: performance.now() - began });
                const { items, seconds, files } = await lab.dataset(args.recipe, { onProgress });
                clearInterval(timer);
                return { seen, heap: heap - start, items, seconds, took: (performance.now() - began) / 1000, bytes: files[0].bytes };",
                json!({ "recipe": recipe(20_000) }),
            )
            .await;
            let seen = result["seen"].as_array().expect("progress");
            let number = |progress: &Value, name: &str| progress[name].as_f64().unwrap_or(-1.0);
            assert!(seen.len() > 10, "{} times", seen.len());
            assert!(seen.iter().all(|progress| progress["total"] == 20_000 && progress["unit"] == "items"));
            assert!(seen.is_sorted_by_key(|progress| progress["done"].as_u64()));
            let known: Vec<&Value> = seen.iter().filter(|progress| progress["secondsLeft"].is_number() && number(progress, "rate") > 0.0).collect();
            assert!(known.len() > 3, "{}", known.len());
            for progress in &known {
                let left = (20_000.0 - number(progress, "done")) / number(progress, "rate");
                assert!((number(progress, "secondsLeft") - left).abs() <= 0.01 * left, "{progress}");
            }
            let last = seen.last().expect("progress");
            assert_eq!((&last["done"], &last["secondsLeft"]), (&json!(20_000), &json!(0)));
            assert!(number(last, "bytes") >= number(&result, "bytes"), "{last}");
            let seconds = number(&result, "seconds");
            assert!(seconds > 0.0 && seconds <= number(&result, "took") + 0.1, "{seconds}");
            let wasm = number(last, "memory") / 1e6;
            let heap = number(&result, "heap") / 1e6;
            println!("20,000 items in {seconds:.2} s, {:.1} MB; wasm of 2 workers and the writer {wasm:.0} MB, heap of the page {heap:+.0} MB", number(&result, "bytes") / 1e6);
            // Each of two workers holds the shards it draws from, 60 MB when it has all.
            assert!((1.0..400.0).contains(&wasm), "{wasm} MB");
            assert!(heap < 150.0, "{heap} MB");
        })
        .await;
}

#[tokio::test]
async fn a_page_of_another_origin_makes_the_same_data_set() {
    let site = Site::built().with_cors().start().await;
    let elsewhere = Site::empty()
        .with("index.html", lab::page(""))
        .start()
        .await;
    let recipe = recipe(1000);
    Visit::new()
        .with_own_files()
        .run(async |browser| {
            browser.open(&elsewhere.url("")).await;
            let made = get(
                &browser.lab(&site.url("digitlab.js")),
                "return hashes((await lab.dataset(args.recipe)).files);",
                json!({ "recipe": recipe }),
            )
            .await;
            assert_eq!(made, hashes(&natively(&recipe, "0/1")));
        })
        .await;
}

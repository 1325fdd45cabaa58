//! Data sets as a program makes them: the same bytes however they are made, what an interruption leaves, and what goes wrong.

mod faults;
mod folders;

use std::collections::BTreeMap;
use std::fs;

use digitlab::Error;
use digitlab::dataset::{Assembler, Maker, MemoryStorage, Plan, Recipe, Shard};
use digitlab::mnist::Pool;
use digitlab_browser::{Browser, LAB_PAGE, Lab, Site, Visit, environment, lab};
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

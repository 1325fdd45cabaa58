//! Workers that the browser ends without a word, that panic, or that run out of memory: whatever they did is told as failed,
//! nothing that was kept is lost, and the next one does the work.

use std::fs;

use digitlab_browser::{Engine, Failure, Fault, LAB_PAGE, Lab, Site, Visit, environment};
use serde_json::{Value, json};

use crate::page::Page;

/// The end of every worker's protocol, which all kinds of workers load.
const PROTOCOL: &str = "js/lab/serve_calls.js";

/// What befalls a worker at its so-manieth call of a method.
fn fault(kind: &str, method: &str, nth: u32) -> Fault {
    let script =
        fs::read_to_string(environment::site().join(PROTOCOL)).expect("the site has its protocol");
    let served = "export function serveCalls(";
    assert_eq!(script.matches(served).count(), 1);
    let script = script.replace(served, "function serveSoundly(");
    let fate = json!({ "kind": kind, "method": method, "nth": nth });
    Fault::Replaced(format!("{script}\nconst fate = {fate};\n{FATES}").into_bytes())
}

/// `exhaust` lets the module allocate until there is not a byte left of all that its memory can grow to.
const FATES: &str = "
    let instance;
    for (const name of ['instantiate', 'instantiateStreaming']) {
      const before = WebAssembly[name];
      WebAssembly[name] = async (...given) => {
        const made = await before.apply(WebAssembly, given);
        instance = made.instance ?? made;
        return made;
      };
    }
    const fates = {
      vanish() {
        self.close();
        return new Promise(() => {});
      },
      panic: () => instance.exports.panicOnPurpose(),
      exhaust(work) {
        const { __wbindgen_malloc, __wbindgen_malloc_command_export } = instance.exports;
        const allocate = __wbindgen_malloc ?? __wbindgen_malloc_command_export;
        for (let size = 2 ** 28; size >= 1; size /= 2) {
          try {
            for (;;) allocate(size, 1);
          } catch {
            // Less may still be had.
          }
        }
        return work();
      },
    };
    // It befalls one worker of a page, even when others have loaded this, too.
    const isFirst = async () => {
      const cache = await caches.open('fates');
      const mark = new URL(`fate-${fate.kind}-${fate.method}`, location.origin);
      if (await cache.match(mark)) return false;
      await cache.put(mark, new Response('met'));
      return true;
    };
    export function serveCalls(methods, lastPanic) {
      let calls = 0;
      const befallen = async (...given) => {
        const work = () => methods[fate.method](...given);
        return (calls += 1) === fate.nth && (await isFirst()) ? fates[fate.kind](work) : work();
      };
      serveSoundly({ ...methods, [fate.method]: befallen }, lastPanic);
    }";

/// Private windows forget what nobody has open, also that a worker has met its fate.
const HELD: &str = "window.fates ??= caches.open('fates');";

/// What workers do, with something that says what came of it: the same each time, also when it goes on with what was left.
const WORK: &str = "
    const sum = async (array) => tools.sha256(array);
    const csv = () => new Blob(['depth,a,b,c\\n', ...Array.from({ length: 3000 }, (_, k) => `${k},${k % 256},7,9\\n`)]);
    const imported = async () => (await lab.frames.list())[0]?.id ?? (await lab.frames.import(csv(), { name: 'log', width: null }));
    const drafts = () => new Promise((resolve, reject) => {
      const asked = indexedDB.open('digitlab-frames');
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        const count = asked.result.transaction('drafts').objectStore('drafts').count();
        count.onsuccess = () => {
          asked.result.close();
          resolve(count.result);
        };
      };
    });
    const works = {
      generate: async () => sum((await lab.generate({ number: '0123456789', image_width: 280, seed: 7 })).pixels),
      augment: async () => {
        const picture = { width: 64, height: 64, channels: 3, data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, k) => k % 251) };
        return sum((await lab.augment(picture, [{ transform: 'Transpose', p: 1 }], { seed: 3 })).data);
      },
      // The first one loads the module for files.
      files: async () => {
        const picture = { width: 28, height: 28, channels: 1, data: Uint8Array.from({ length: 784 }, (_, k) => k % 256) };
        const sizes = [];
        for (let k = 0; k < 2; k += 1) sizes.push((await lab.encode(picture, { format: 'png' })).size);
        return sizes.join();
      },
      read: async () => (await lab.read(await lab.generate({ number: '3142', split: 'test', seed: 5, fit: 'natural' }))).text,
      train: async () => {
        const options = { size: '16-pool-16-pool-16-average-10', pictures: 640, epochs: 1, batch: 64, title: 'Survivor' };
        const { state } = (await lab.trainings.kept()) ? await lab.trainings.resume() : await lab.train(options);
        return state.losses.join();
      },
      import: async () => {
        const id = await lab.frames.import(csv(), { name: 'log', width: null });
        const { height } = await lab.frames.get(id);
        await lab.frames.delete(id);
        return [height, (await lab.frames.list()).length, await drafts()].join();
      },
      render: async () => (await lab.frames.render(await imported(), { format: 'csv' })).text().then((text) => sum(new TextEncoder().encode(text))),
      dataset: async () => {
        const recipe = { count: 3000, numbers: { random: 2 }, image_width: 60, seed: 4, items_per_file: 1000 };
        const [left] = await lab.datasets.list();
        const made = left ? await (await lab.datasets.resume(left.id)).done : await lab.dataset(recipe);
        const hashes = made.files.map(({ name, sha256 }) => `${name} ${sha256}`);
        await lab.datasets.delete(made.id);
        return hashes.join();
      },
    };
";

/// The kinds of workers: what they do, and the call that ends them.
const KINDS: [(&str, &str, u32); 9] = [
    ("generate", "generate", 2),
    ("augment", "augment", 1),
    ("files", "encodePicture", 2),
    ("read", "read", 1),
    ("train", "find", 3),
    ("import", "pushImport", 1),
    ("render", "render", 1),
    ("dataset", "make", 3),
    ("dataset", "add", 2),
];

async fn work(lab: &Lab<'_>, work: &str) -> Value {
    let body = format!(
        "const lab = window.lab ??= await Digitlab.open({{ workers: 1 }});
        {HELD}
        await window.fates;
        {WORK}
        return works[args]().then((result) => ({{ result }}), (error) => ({{ failure: tools.failure(error) }}));"
    );
    lab.get(&body, json!(work)).await
}

/// Lets each kind of worker end so in the midst of its work, and has the same lab do the work then.
async fn all_kinds_survive(fate: &str, says: &[&str], visit: Visit) {
    let site = Site::built().start().await;
    visit
        .run(async |browser| {
            for (name, method, nth) in KINDS {
                if name == "dataset" && !Engine::current().has_own_files() {
                    continue;
                }
                // A page of its own each, so that no worker of the one before is left.
                browser.open(&site.url(LAB_PAGE)).await;
                let lab = browser.lab(&site.url("digitlab.js"));
                let expected = work(&lab, name).await;
                assert!(expected["result"].is_string(), "{name}: {expected}");
                browser
                    .run("window.lab.close(); delete window.lab;", vec![])
                    .await;

                site.fault(PROTOCOL, self::fault(fate, method, nth));
                let told = work(&lab, name).await;
                let failure = Failure::from_json(&told["failure"]);
                assert_eq!(failure.code, "crashed", "{name} ({method}): {told}");
                for part in says {
                    assert!(
                        failure.message.contains(part),
                        "{name} ({method}): {failure}"
                    );
                }
                site.heal();
                assert_eq!(work(&lab, name).await, expected, "{name} ({method})");
            }
        })
        .await;
}

#[tokio::test]
async fn a_worker_that_the_browser_ends_is_noticed_and_replaced() {
    let says = ["the browser ended it", "trying again starts a fresh one"];
    all_kinds_survive("vanish", &says, Visit::new()).await;
}

#[tokio::test]
async fn a_panic_of_each_module_is_told_and_survived() {
    let says = ["on purpose", "trying again starts a fresh engine"];
    all_kinds_survive("panic", &says, Visit::new().expecting("on purpose")).await;
}

#[tokio::test]
async fn a_module_without_memory_says_so_and_is_replaced() {
    let says = [
        "The engine has no memory left",
        "try again, which starts a fresh engine",
    ];
    all_kinds_survive("exhaust", &says, Visit::new()).await;
}

#[tokio::test]
async fn a_worker_that_dies_idle_is_not_given_work() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            // It ends after an answer, with nothing to do.
            let script = fs::read_to_string(environment::site().join(PROTOCOL)).expect("the protocol");
            let script = script.replace(
                "scope.postMessage({ id, result }, transfer);",
                "scope.postMessage({ id, result }, transfer); if (method === 'transforms') self.close();",
            );
            site.fault(PROTOCOL, Fault::Replaced(script.into_bytes()));
            let found = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1, idleMs: 600000 });
                    const labels = [];
                    const make = async (number) => labels.push((await lab.generate({ number, image_width: 28, seed: 1 })).label);
                    await make('1');
                    const locked = async () => (await navigator.locks.query()).held.some(({ name }) => name.startsWith('digitlab-worker-'));
                    const until = async (wanted) => {
                      while ((await locked()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 5));
                    };
                    await until(true);
                    await lab.transforms();
                    // The page has had its lock, and has let go of it.
                    await until(false);
                    await make('2');
                    lab.close();
                    return labels;",
                    Value::Null,
                )
                .await;
            assert_eq!(found, json!(["1", "2"]));
        })
        .await;
}

#[tokio::test]
async fn pages_say_that_a_worker_is_gone_and_go_on() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            if !Engine::current().keeps_caches() {
                browser.before_pages(HELD).await;
            }
            site.fault(PROTOCOL, fault("vanish", "generate", 1));
            browser.open(&site.url("#/generate?number=042&seed=7")).await;
            let page = Page { browser };
            page.state("error").await;
            assert_eq!(browser.attribute("#banner", "data-code").await.as_deref(), Some("crashed"));
            let message = browser.text("#banner-message").await;
            assert!(message.contains("the browser ended it"), "{message}");
            site.heal();
            browser.click("#banner-retry").await;
            page.shows("after-the-end", &json!({ "number": "042", "image_width": 84, "seed": 7 })).await;

            site.fault(PROTOCOL, fault("vanish", "read", 1));
            browser.open(&site.url("#/classify?sample=number")).await;
            browser.reload().await;
            let answer = "document.querySelector('#classify-answer')";
            browser.until("the failure", "document.querySelector('#classify-failure')?.hidden === false && document.querySelector('#classify-failure').textContent.includes('the browser ended it')").await;
            site.heal();
            browser.click("#classify-failure-retry").await;
            browser.until("the answer", &format!("{answer}.dataset.state === 'done' && {answer}.dataset.text.length > 1")).await;

            site.fault(PROTOCOL, fault("vanish", "find", 5));
            browser.open(&site.url("#/train")).await;
            browser.reload().await;
            browser.until("the place", "document.querySelector('#train-go')?.disabled === false").await;
            browser.fill("#train-pictures", "640").await;
            browser.fill("#train-epochs", "1").await;
            browser.click("#train-go").await;
            browser.until("the failure", "document.querySelector('#train-parts').dataset.state === 'paused'").await;
            let message = browser.text("#train-error").await;
            assert!(message.contains("the browser ended it"), "{message}");
            site.heal();
            browser.click("#train-resume").await;
            browser.until("it is done", "document.querySelector('#train-done').hidden === false").await;
            assert_eq!(browser.text("#train-error").await, "", "what failed before is no news any more");

            browser.open(&site.url("#/frames")).await;
            browser.until("the place", "document.querySelector('#frames')?.dataset.state === 'empty'").await;
            browser.click("#frames-sample").await;
            browser.until("the sample", "document.querySelector('#frames-viewer').dataset.drawn === 'fine'").await;
            site.fault(PROTOCOL, fault("vanish", "tile", 2));
            browser.reload().await;
            browser.until("the failure", "document.querySelector('#frames-trouble')?.hidden === false").await;
            let message = browser.text("#frames-trouble-text").await;
            assert!(message.contains("the browser ended it"), "{message}");
            site.heal();
            browser.click("#frames-trouble-retry").await;
            browser.until("the picture", "document.querySelector('#frames-viewer').dataset.drawn === 'fine' && document.querySelector('#frames-trouble').hidden").await;
        })
        .await;
}

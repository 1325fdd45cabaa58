//! Each database of the browser when another tab upgrades, holds or deletes it, when the browser refuses it, and when it is
//! full: a sentence that says what helps, nothing lost, and work that goes on.

use std::fs;

use digitlab_browser::{
    Browser, Engine, Failure, Fault, LAB_PAGE, Lab, Site, Visit, environment, lab,
};
use serde_json::{Value, json};

/// What is kept in each database: how something is added, and how many things there are. All but the log tell of a failure by
/// rejecting; an answer never fails because of the log, so that its warning stands for it.
const STORES: &str = "
    const sequence = (k) => Uint8Array.from({ length: 784 }, (_, at) => (at * (k + 3)) % 256);
    const stores = {
      'digitlab-records': {
        add: async () => {
          const { warning } = await lab.records.add({ result: '7' });
          if (warning) throw new Error(warning);
        },
        count: () => lab.records.list().then(({ records }) => records.length),
      },
      'digitlab-models': {
        add: () => lab.models.add({ bytes: tools.blob(args.model), title: 'Mine' }),
        count: async () => {
          let said = '';
          const cards = await lab.models.list({ onWarning: (warning) => (said = warning) });
          if (said) throw new Error(said);
          return cards.filter(({ kind }) => kind === 'own').length;
        },
      },
      'digitlab-samples': {
        add: async () => lab.samples.add({ seen: sequence((await lab.samples.list()).length), digit: 3 }),
        count: async () => (await lab.samples.list()).length,
      },
      'digitlab-training': {
        add: async () => {
          const { TrainingStore } = await import(new URL('js/lab/training_store.js', address));
          const store = new TrainingStore();
          const data = { levels: new Uint8Array(784), labels: new Uint8Array(1) };
          await store.begin({ title: 'Paused', pictures: 1, testPictures: 1, losses: [], saved: null }, { training: data, test: data }).finally(() => store.close());
        },
        count: async () => ((await lab.trainings.kept()) ? 1 : 0),
      },
      'digitlab-datasets': {
        add: () => lab.dataset({ count: 4, numbers: { random: 1 }, image_width: 28, seed: 1 }),
        count: async () => (await lab.datasets.list()).length,
      },
      'digitlab-frames': {
        add: () => lab.frames.import(new Blob(['depth,a,b\\n1,2,3\\n2,3,4\\n']), { name: 'small' }),
        count: async () => (await lab.frames.list()).length,
      },
    };
    const names = args.names;
    const outcome = (promise) => promise.then((value) => ({ value: value ?? null }), (error) => ({ failure: tools.failure(error) }));
    const each = async (what) => Object.fromEntries(await Promise.all(names.map(async (name) => [name, await outcome(stores[name][what]())])));
    const lab = window.lab ??= await Digitlab.open({ workers: 1 });
";

/// All databases, by what they are called in sentences.
fn names() -> Vec<&'static str> {
    let mut names = vec![
        "digitlab-records",
        "digitlab-models",
        "digitlab-samples",
        "digitlab-training",
        "digitlab-frames",
    ];
    // A data set is noted when there is a place for its files.
    if Engine::current().has_own_files() {
        names.push("digitlab-datasets");
    }
    names
}

async fn on_stores(lab: &Lab<'_>, body: &str) -> Value {
    let model = fs::read(environment::site().join("models/tiny.onnx")).expect("the site's models");
    lab.get(
        &format!("{STORES} {body}"),
        json!({ "model": lab::blob(&model), "names": names() }),
    )
    .await
}

async fn all_count(lab: &Lab<'_>, count: u64) {
    let found = on_stores(lab, "return each('count');").await;
    for name in names() {
        assert_eq!(found[name]["value"], count, "{name}: {found}");
    }
}

async fn all_add(lab: &Lab<'_>) {
    let added = on_stores(lab, "return each('add');").await;
    for name in names() {
        assert_eq!(added[name]["failure"], Value::Null, "{name}: {added}");
    }
}

/// Checks that each database has failed with one of some codes, and says these parts.
fn all_say(found: &Value, says: &[&str]) {
    for name in names() {
        let failure = Failure::from_json(&found[name]["failure"]);
        for part in says {
            assert!(failure.message.contains(part), "{name}: {found}");
        }
        assert!(failure.message.ends_with('.'), "{name}: {failure}");
    }
}

/// Opens a second tab beside the one that is open, and goes back to the first when `work` is done there.
async fn in_another_tab(browser: &Browser, site: &Site, work: &str) -> Value {
    let client = browser.client();
    let first = client.window().await.expect("a window");
    let second = client.new_window(true).await.expect("a tab").handle;
    client.switch_to_window(second).await.expect("the tab");
    browser.open(&site.url(LAB_PAGE)).await;
    let found = browser
        .run(
            &format!("const names = arguments[0]; return (async () => {{ {work} }})();"),
            vec![json!(names())],
        )
        .await;
    client.switch_to_window(first).await.expect("the first tab");
    found
}

#[tokio::test]
async fn a_newer_version_in_another_tab_gets_every_database_and_the_old_tab_says_so() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            all_add(&lab).await;
            all_count(&lab, 1).await;
            let upgraded = in_another_tab(
                browser,
                &site,
                "return Promise.all(names.map((name) => new Promise((resolve, reject) => {
                  const asked = indexedDB.open(name, 2);
                  asked.onerror = () => reject(asked.error);
                  asked.onsuccess = () => {
                    const stores = [...asked.result.objectStoreNames];
                    const transaction = asked.result.transaction(stores);
                    let all = 0;
                    for (const store of stores) transaction.objectStore(store).count().onsuccess = ({ target }) => { all += target.result; };
                    transaction.oncomplete = () => resolve(all);
                  };
                })));",
            )
            .await;
            assert!(upgraded.as_array().is_some_and(|all| all.len() == names().len() && all.iter().all(|count| count.as_u64() > Some(0))), "nothing is lost: {upgraded}");
            let found = on_stores(&lab, "return each('count');").await;
            all_say(&found, &["newer version", "eload th"]);
            let found = on_stores(&lab, "return each('add');").await;
            all_say(&found, &["newer version", "eload th"]);
        })
        .await;
}

#[tokio::test]
async fn a_site_whose_data_is_deleted_while_it_is_open_begins_anew() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            all_add(&lab).await;
            in_another_tab(
                browser,
                &site,
                "await Promise.all(names.map((name) => new Promise((resolve, reject) => {
                  const asked = indexedDB.deleteDatabase(name);
                  asked.onerror = () => reject(asked.error);
                  asked.onsuccess = () => resolve();
                })));
                for (const name of await caches.keys()) await caches.delete(name);
                // Without a place for their files, no data sets are noted.
                const root = names.includes('digitlab-datasets') ? await navigator.storage.getDirectory() : null;
                if (root) for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
                localStorage.clear();
                return null;",
            )
            .await;
            all_count(&lab, 0).await;
            all_add(&lab).await;
            all_count(&lab, 1).await;
        })
        .await;
}

#[tokio::test]
async fn a_database_that_another_tab_holds_is_told_and_works_when_it_lets_go() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            // Connections that do not make way for a deletion keep everybody else waiting, too.
            in_another_tab(
                browser,
                &site,
                "const held = await Promise.all(names.map((name) => new Promise((resolve, reject) => {
                  const asked = indexedDB.open(name);
                  asked.onerror = () => reject(asked.error);
                  asked.onsuccess = () => resolve(asked.result);
                })));
                const deleted = names.map((name) => new Promise((resolve) => {
                  const asked = indexedDB.deleteDatabase(name);
                  asked.onblocked = resolve;
                }));
                await Promise.all(deleted);
                const channel = new BroadcastChannel('let-go');
                channel.onmessage = () => held.forEach((database) => database.close());
                return null;",
            )
            .await;
            let found = on_stores(&lab, "return each('count');").await;
            all_say(&found, &["another tab or window of this site holds it", "Close the others, then retry"]);
            browser.run("const channel = new BroadcastChannel('let-go'); channel.postMessage(null); channel.close();", vec![]).await;
            all_count(&lab, 0).await;
            all_add(&lab).await;
            all_count(&lab, 1).await;
        })
        .await;
}

#[tokio::test]
async fn a_database_that_the_browser_refuses_is_told() {
    let refusing = "Object.defineProperty(globalThis, 'indexedDB', { configurable: true, get() { throw new DOMException('No.', 'SecurityError'); } });";
    let path = "js/lab/frames_worker.js";
    let worker = fs::read_to_string(environment::site().join(path)).expect("the worker");
    let site = Site::built().start().await;
    // What a worker imports runs before its own lines, but asks for the database only when there is work.
    site.fault(
        path,
        Fault::Replaced(format!("{worker}\n{refusing}").into_bytes()),
    );
    Visit::new()
        .run(async |browser| {
            browser.before_pages(refusing).await;
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            for what in ["count", "add"] {
                let found = on_stores(&lab, &format!("return each('{what}');")).await;
                all_say(
                    &found,
                    &[
                        "closes",
                        "(IndexedDB) to this page",
                        "llow this site to store data, or use an ordinary window",
                    ],
                );
            }
            // All that needs no storage goes on.
            let made = on_stores(
                &lab,
                "return (await lab.generate({ number: '42', image_width: 56, seed: 1 })).label;",
            )
            .await;
            assert_eq!(made, "42");
        })
        .await;
}

/// A storage that is full while that is said.
const FULL: &str = "
    for (const name of ['put', 'add']) {
      const before = IDBObjectStore.prototype[name];
      IDBObjectStore.prototype[name] = function (...given) {
        if (globalThis.isFull) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
        return before.apply(this, given);
      };
    }";

#[tokio::test]
async fn a_full_database_is_told_and_takes_more_when_there_is_room() {
    let path = "js/lab/frames_worker.js";
    let worker = fs::read_to_string(environment::site().join(path)).expect("the worker");
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            browser.run(FULL, vec![]).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            all_add(&lab).await;
            // Each import has a worker of its own.
            site.fault(
                path,
                Fault::Replaced(
                    format!("globalThis.isFull = true;\n{FULL}\n{worker}").into_bytes(),
                ),
            );
            browser.run("globalThis.isFull = true;", vec![]).await;
            let found = on_stores(&lab, "return each('add');").await;
            all_say(&found, &["elete what is not needed"]);
            for name in names() {
                let said = found[name]["failure"]["message"]
                    .as_str()
                    .unwrap_or_default();
                assert!(
                    said.contains("full") || said.contains("no more room"),
                    "{name}: {said}"
                );
            }
            all_count(&lab, 1).await;
            site.heal();
            browser.run("globalThis.isFull = false;", vec![]).await;
            all_add(&lab).await;
            let found = on_stores(&lab, "return each('count');").await;
            for name in names() {
                // There is room for one training.
                let expected = if name == "digitlab-training" { 1 } else { 2 };
                assert_eq!(found[name]["value"], expected, "{name}: {found}");
            }
        })
        .await;
}

//! The record log: what is kept, however many tabs write, and how it is looked through, taken along and deleted.

use std::process::{Command, Stdio};

use digitlab_browser::{Browser, Failure, LAB_PAGE, Lab, Site, Visit, environment};
use serde_json::{Value, json};

/// A record of everything, for scripts.
const RECORD: &str = "const record = (k, more) => ({
    name: `picture ${k}.png`, result: String(k % 10), probability: (k % 1000) / 1000,
    model: k % 3 === 0 ? 'tiny' : 'default', elapsed: k % 40, from: 'classify page',
    thumbnail: { width: 28, height: 28, channels: 1, data: new Uint8Array(784).fill(k) },
    seen: new Uint8Array(784).fill(k), ...more,
  });";

/// Adds records through the ES module, in one go.
async fn add(lab: &Lab<'_>, count: usize) {
    let body = format!(
        "{RECORD}
        const lab = await Digitlab.open({{ workers: 1 }});
        const outcome = await lab.records.addMany(Array.from({{ length: args }}, (_, k) => record(k)));
        lab.close();
        return outcome.added?.length ?? outcome;"
    );
    assert_eq!(lab.get(&body, json!(count)).await, json!(count));
}

/// Opens the log with so many records in it.
async fn open_with(browser: &Browser, site: &Site, count: usize, query: &str) {
    browser.open(&site.url(LAB_PAGE)).await;
    add(&browser.lab(&site.url("digitlab.js")), count).await;
    browser.open(&site.url(&format!("#/records{query}"))).await;
}

/// Waits for rows that are filled, and returns how many there are in all.
async fn rows(browser: &Browser) -> Value {
    let filled = "document.querySelector('#records-rows [role=row]:not([data-waiting])') !== null
        && document.querySelector('#records-rows [data-waiting]') === null
        && document.querySelector('#records-grid').getAttribute('aria-rowcount')";
    browser.until("rows", filled).await
}

async fn says(browser: &Browser, selector: &str, text: &str) {
    let expression = format!(
        "document.querySelector({})?.textContent.includes({}) && document.querySelector({0}).checkVisibility()",
        json!(selector),
        json!(text)
    );
    browser
        .until(&format!("{selector} says {text}"), &expression)
        .await;
}

/// The names in the rows of the list, from the top.
const NAMES: &str = "[...document.querySelectorAll('#records-rows [role=row]')]
    .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
    .map((row) => row.querySelector('.records__cell--name').textContent)";

#[tokio::test]
async fn two_tabs_write_at_once_without_loss() {
    let site = Site::built().start().await;
    let begin = format!(
        "{RECORD}
        window.outcome = null;
        import(arguments[0]).then(async ({{ Digitlab }}) => {{
          const lab = await Digitlab.open({{ workers: 1 }});
          const name = arguments[1];
          window.outcome = await Promise.all(
            Array.from({{ length: 500 }}, (_, k) => lab.records.add(record(k, {{ name }}))),
          );
        }});"
    );
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let client = browser.client();
            let first = client.window().await.expect("a window");
            let second = client.new_window(true).await.expect("a tab").handle;
            let module = json!(site.url("digitlab.js"));
            client.switch_to_window(second.clone()).await.expect("it is there");
            browser.open(&site.url(LAB_PAGE)).await;
            browser.run(&begin, vec![module.clone(), json!("second")]).await;
            client.switch_to_window(first.clone()).await.expect("it is there");
            browser.run(&begin, vec![module, json!("first")]).await;
            let mut ids = Vec::new();
            for tab in [first, second] {
                client.switch_to_window(tab).await.expect("it is there");
                browser.until("all are added", "window.outcome !== null").await;
                let added = browser.value("window.outcome.map(({ id }) => id)").await;
                ids.extend(added.as_array().expect("a list").iter().filter_map(Value::as_u64));
            }
            assert_eq!(ids.len(), 1_000);
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), 1_000, "each id is given once");
            let kept = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const ids = await lab.records.ids();
                    const first = await lab.records.count({ text: 'FIRST' });
                    const page = await lab.records.list({ limit: 2, before: ids[1] });
                    const at = await lab.records.list({ limit: 2, offset: 2 });
                    const { bytes, quota } = await lab.records.usage();
                    lab.close();
                    return { ids, first, page: page.records.map(({ id }) => id), at: at.records.map(({ id }) => id),
                      total: page.total, more: page.more, bytes, quota };",
                    Value::Null,
                )
                .await;
            let newest_first: Vec<_> = ids.into_iter().rev().collect();
            assert_eq!(kept["ids"], json!(newest_first));
            assert_eq!(kept["first"], 500);
            assert_eq!(kept["page"], json!(newest_first[2..4]));
            assert_eq!(kept["at"], kept["page"]);
            assert_eq!((&kept["total"], &kept["more"]), (&json!(1_000), &json!(true)));
            assert!(kept["bytes"].as_u64() > Some(1_000 * 2 * 784), "{}", kept["bytes"]);
            assert!(kept["quota"].as_u64() > kept["bytes"].as_u64());
        })
        .await;
}

#[tokio::test]
async fn a_record_comes_back_as_it_was_added() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let body = format!(
                "{RECORD}
                const lab = await Digitlab.open({{ workers: 1 }});
                const heard = [];
                await lab.records.subscribe((change) => heard.push(change.kind));
                const large = {{ width: 640, height: 320, channels: 3, data: new Uint8Array(640 * 320 * 3).fill(9) }};
                const {{ id, time }} = await lab.records.add(record(7, {{ thumbnail: large, result: '042' }}));
                const {{ thumbnail, seen, ...facts }} = await lab.records.get(id);
                const gone = await lab.records.get(id + 1);
                await lab.records.enable(false);
                const off = await lab.records.add(record(8));
                const worker = await lab.records.count();
                await lab.records.enable(true);
                const on = await lab.records.add(record(8));
                const filters = [
                  {{ result: '042' }}, {{ result: '42' }}, {{ kind: 'number' }}, {{ kind: 'digit' }}, {{ model: 'tiny' }},
                  {{ belowProbability: 0.008 }}, {{ since: time }}, {{ until: time }}, {{ text: 'Picture 7', model: 'default' }},
                ];
                const counts = await Promise.all(filters.map((filter) => lab.records.count(filter)));
                const deleted = await lab.records.delete([id, id, id + 100]);
                const left = await lab.records.ids();
                await lab.records.restore([{{ ...facts, thumbnail, seen }}]);
                const again = await lab.records.get(id);
                await lab.records.clear();
                const {{ records, bytes }} = await lab.records.usage();
                const next = await lab.records.add(record(9));
                lab.close();
                return {{ time, facts, gone, off, worker, counts, deleted, left: left.length, records, bytes, heard,
                  small: [thumbnail.width, thumbnail.height, thumbnail.channels, thumbnail.data[0], seen.length, seen[0]],
                  back: again.name === facts.name && again.seen.length === 784, on: on.id > id, next: next.id > on.id }};"
            );
            let found = lab.get(&body, Value::Null).await;
            let time = found["time"].as_str().expect("a time");
            assert!(time.len() == 24 && time.ends_with('Z'), "{time} has milliseconds");
            let facts = &found["facts"];
            let expected = json!({
                "id": facts["id"], "bytes": facts["bytes"], "time": time, "name": "picture 7.png", "kind": "number", "result": "042",
                "probability": 0.007, "model": "default", "elapsed": 7, "from": "classify page",
            });
            assert_eq!(*facts, expected);
            assert_eq!(found["small"], json!([64, 32, 3, 9, 784, 7]));
            assert_eq!((&found["gone"], &found["off"]), (&Value::Null, &json!({ "off": true })));
            assert_eq!(found["worker"], 1);
            assert_eq!(found["counts"], json!([1, 0, 1, 1, 0, 1, 2, 0, 1]));
            assert_eq!((&found["deleted"], &found["left"], &found["back"]), (&json!(1), &json!(1), &json!(true)));
            assert_eq!((&found["records"], &found["bytes"]), (&json!(0), &json!(0)));
            assert_eq!((&found["on"], &found["next"]), (&json!(true), &json!(true)), "ids only grow");
            let heard = json!(["added", "enabled", "enabled", "added", "deleted", "added", "cleared", "added"]);
            assert_eq!(found["heard"], heard);
        })
        .await;
}

/// A service worker has neither the page's storage nor imports that come later.
#[tokio::test]
async fn a_service_worker_writes_to_the_same_log() {
    let worker = "import { RecordLog } from './js/lab/record_log.js';
        const log = new RecordLog();
        addEventListener('message', ({ data, ports }) => {
          log.add(data).then((outcome) => ports[0].postMessage(outcome));
        });";
    let site = Site::built().with("log-worker.js", worker).start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let body = "const place = new URL('log-worker.js', address);
                const { scriptAddress } = await import(new URL('js/lab/trusted.js', address).href);
                await navigator.serviceWorker.register(scriptAddress(place), { type: 'module' });
                const { active } = await navigator.serviceWorker.ready;
                const ask = (record) => new Promise((resolve) => {
                  const { port1, port2 } = new MessageChannel();
                  port1.onmessage = ({ data }) => resolve(data);
                  active.postMessage(record, [port2]);
                });
                const lab = await Digitlab.open({ workers: 1 });
                let told;
                const heard = new Promise((resolve) => { told = resolve; });
                await lab.records.subscribe(told);
                const { id } = await ask({ result: '5', from: 'digitRecognition/localService/v1.0' });
                const change = await heard;
                const { from } = await lab.records.get(id);
                await lab.records.enable(false);
                const off = await ask({ result: '6' });
                lab.close();
                return { heard: change.ids[0] === id, from, off };";
            let found = lab.get(body, Value::Null).await;
            let expected = json!({ "heard": true, "from": "digitRecognition/localService/v1.0", "off": { "off": true } });
            assert_eq!(found, expected);
        })
        .await;
}

#[tokio::test]
async fn what_is_no_record_is_refused_by_name() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            for (call, field) in [
                ("add({ result: 7 })", "result"),
                ("add({ result: '7', probability: 1.5 })", "probability"),
                ("add({ result: '7', kind: 'letter' })", "kind"),
                ("add({ result: '7', elapsed: -1 })", "elapsed"),
                ("add({ result: '7', thumbnail: { width: 2, height: 2, channels: 1, data: new Uint8Array(3) } })", "thumbnail"),
                ("add({ result: '7', seen: new Uint8Array(783) })", "seen"),
                ("list({ limit: 0 })", "limit"),
                ("count({ belowProbability: 80 })", "belowProbability"),
                ("export({ format: 'xml' })", "format"),
                ("delete(['7'])", "id"),
            ] {
                let body = format!(
                    "const lab = await Digitlab.open({{ workers: 1 }});
                    try {{
                      return await lab.records.{call}.then(() => 'accepted', tools.failure);
                    }} finally {{
                      lab.close();
                    }}"
                );
                let failure = Failure::from_json(&lab.get(&body, Value::Null).await);
                assert_eq!(failure.code, "invalid_parameter", "{call}: {failure}");
                assert_eq!(failure.detail["field"], field, "{call}: {failure}");
            }
        })
        .await;
}

#[tokio::test]
async fn a_hundred_thousand_records_are_looked_through() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let body = format!(
                "{RECORD}
                const lab = await Digitlab.open({{ workers: 1 }});
                for (let start = args; start < args + 20000; start += 1000) {{
                  const more = {{ thumbnail: null, seen: null }};
                  const {{ warning }} = await lab.records.addMany(Array.from({{ length: 1000 }}, (_, k) => record(start + k, more)));
                  if (warning) throw new Error(warning);
                }}
                lab.close();"
            );
            for start in (0..100_000).step_by(20_000) {
                lab.get(&body, json!(start)).await;
            }
            browser.open(&site.url("#/records")).await;
            assert_eq!(rows(browser).await, "100001");
            says(browser, "#records-summary", "100,000 records").await;
            assert_eq!(browser.value(&format!("{NAMES}[0]")).await, "picture 99999.png");
            let few = browser.value("document.querySelectorAll('#records-rows [role=row]').length").await;
            assert!(few.as_u64() < Some(60), "only rows in view exist, and not {few}");

            // By the row that is in the middle of the view: which records are there, and what is painted.
            for (share, expected) in [(0.5, 49_999), (1.0, 0)] {
                browser
                    .run(
                        "const grid = document.querySelector('#records-grid');
                        grid.scrollTop = arguments[0] * (grid.scrollHeight - grid.clientHeight);",
                        vec![json!(share)],
                    )
                    .await;
                let near = format!(
                    "{NAMES}.some((name) => name !== '' && Math.abs(Number(name.match(/\\d+/)[0]) - {expected}) <= 20)"
                );
                browser.until("the rows there", &near).await;
            }
            assert_eq!(browser.value(&format!("{NAMES}.at(-1)")).await, "picture 0.png");

            browser.fill("#records-text", "picture 4999").await;
            says(browser, "#records-summary", "11 of 100,000 records").await;
            rows(browser).await;
            assert_eq!(browser.value(&format!("{NAMES}[0]")).await, "picture 49999.png");
            browser.until("the address", "location.hash.includes('text=picture+4999')").await;
            browser.click("#records-unfilter").await;
            says(browser, "#records-summary", "100,000 records").await;
            browser.fill("#records-result", "3").await;
            says(browser, "#records-summary", "10,000 of 100,000 records").await;
            browser.fill("#records-below", "5").await;
            // Results 3 among the 50 of each thousand that are less sure than 5 %.
            says(browser, "#records-summary", "500 of 100,000 records").await;
            browser.fill("#records-below", "500").await;
            says(browser, "#records-below-error", "numbers from 0 to 100").await;
        })
        .await;
}

#[tokio::test]
async fn records_stay_and_go_as_they_are_told() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open_with(browser, &site, 30, "").await;
            assert_eq!(rows(browser).await, "31");
            browser.reload().await;
            assert_eq!(rows(browser).await, "31");
            assert_eq!(browser.value("document.title").await, "Record log · Digitlab");
            assert_eq!(browser.value("document.querySelectorAll('#places [data-place=records]').length").await, 0);
            let painted = "[...document.querySelectorAll('#records-rows canvas')].every(({ width }) => width === 28)";
            assert_eq!(browser.value(painted).await, true);

            // By keyboard alone: the second and the third row from the top.
            browser.run("document.querySelector('#records-grid').focus();", vec![]).await;
            browser.keys("\u{e015} ").await;
            browser.keys_with('\u{e008}', "\u{e015}").await;
            says(browser, "#records-delete-text", "Delete 2 selected").await;
            let active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).ariaRowIndex";
            assert_eq!(browser.value(active).await, "4");
            browser.keys("\u{e017}").await;
            says(browser, "#records-undo-text", "2 records deleted.").await;
            says(browser, "#records-summary", "28 records").await;
            rows(browser).await;
            let names = browser.value(NAMES).await;
            assert_eq!((&names[0], &names[1]), (&json!("picture 29.png"), &json!("picture 26.png")));
            browser.click("#records-undo-button").await;
            says(browser, "#records-summary", "30 records").await;
            rows(browser).await;
            assert_eq!(browser.value(&format!("{NAMES}[1]")).await, "picture 28.png");

            // What another part of the page, or another tab, adds comes at once.
            let lab = browser.lab(&site.url("digitlab.js"));
            add(&lab, 1).await;
            says(browser, "#records-summary", "31 records").await;
            rows(browser).await;
            assert_eq!(browser.value(&format!("{NAMES}[0]")).await, "picture 0.png");

            browser.click("#records-enabled").await;
            says(browser, "#records-summary", "switched off").await;
            let off = "const lab = await Digitlab.open({ workers: 1 });
                const outcome = [lab.records.enabled, await lab.records.add({ result: '1' })];
                lab.close();
                return outcome;";
            assert_eq!(lab.get(off, Value::Null).await, json!([false, { "off": true }]));

            browser.click("#records-delete-all").await;
            says(browser, "#records-dialog-title", "Delete all 31 records?").await;
            browser.click("#records-dialog-no").await;
            says(browser, "#records-summary", "31 records").await;
            browser.click("#records-delete-all").await;
            browser.click("#records-dialog-yes").await;
            says(browser, "#records-empty-text", "switched off").await;
            browser.reload().await;
            says(browser, "#records-empty-text", "switched off").await;
            browser.click("#records-enabled").await;
            says(browser, "#records-empty-text", "from now on").await;
        })
        .await;
}

/// A name that a spreadsheet must not run, and that a reader of CSV must not stumble over.
const HOSTILE: &str = "=HYPERLINK(\"http://evil\"),\n\"quoted\" ünï";

#[tokio::test]
async fn exports_are_read_back() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let hostile = "const lab = await Digitlab.open({ workers: 1 });
                await lab.records.add({ name: args, result: '042', probability: 0.25, model: '+m', elapsed: 1.5, from: '@x' });
                await lab.records.add({ name: 'plain, with a comma', result: '7' });
                lab.close();";
            lab.get(hostile, json!(HOSTILE)).await;
            browser.open(&site.url("#/records")).await;
            rows(browser).await;
            browser.click("#records-json").await;
            let (name, bytes) = browser.download().await;
            assert!(name.starts_with("digitlab-records-") && name.ends_with(".json"), "{name}");
            let records: Value = serde_json::from_slice(&bytes).expect("JSON");
            let records = records.as_array().expect("a list");
            assert_eq!(records.len(), 2);
            assert_eq!(records[0]["name"], "plain, with a comma");
            let expected = json!({
                "id": records[1]["id"], "time": records[1]["time"], "kind": "number", "result": "042", "probability": 0.25,
                "model": "+m", "elapsed": 1.5, "name": HOSTILE, "from": "@x",
            });
            assert_eq!(records[1], expected);

            browser.click("#records-csv").await;
            let (name, csv) = browser.download().await;
            assert!(name.ends_with(".csv"), "{name}");
            let text = String::from_utf8(csv.clone()).expect("UTF-8");
            let start = "id,time,kind,result,probability,model,elapsed_ms,name,from\r\n";
            assert!(text.starts_with(start), "{text}");
            let end = "number,042,0.25,'+m,1.5,\"'=HYPERLINK(\"\"http://evil\"\"),\n\"\"quoted\"\" ünï\",'@x\r\n";
            assert!(text.ends_with(end), "{text}");
            if let Some(python) = environment::python() {
                let program = "import csv, io, json, sys; text = sys.stdin.buffer.read().decode(); \
                    print(json.dumps(list(csv.DictReader(io.StringIO(text, newline='')))))";
                let mut reader = Command::new(python)
                    .args(["-c", program])
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .spawn()
                    .expect("Python starts");
                std::io::Write::write_all(&mut reader.stdin.take().expect("its input"), &csv).expect("it reads");
                let output = reader.wait_with_output().expect("it ends");
                let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
                assert_eq!(read[0]["name"], "plain, with a comma");
                assert_eq!(read[0]["probability"], "");
                assert_eq!(read[1]["name"], format!("'{HOSTILE}"));
                assert_eq!(read[1]["result"], "042");
                assert_eq!(read[1]["time"], records[1]["time"]);
            }
        })
        .await;
}

#[tokio::test]
async fn a_log_that_is_full_warns_and_an_answer_is_unharmed() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open_with(browser, &site, 3, "").await;
            rows(browser).await;
            let full = "IDBObjectStore.prototype.add = () => {
                  throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
                };
                const { RecordLog } = await import(new URL('js/lab/record_log.js', address));
                const told = [];
                const log = new RecordLog();
                log.subscribe((change) => told.push(change.kind));
                const lab = await Digitlab.open({ workers: 1 });
                lab.records.onWarning = (warning) => told.push(warning);
                const outcome = [await log.add({ result: '7' }), await lab.records.add({ result: '7' })];
                outcome.push(await lab.records.count());
                lab.close();
                log.close();
                return { outcome, told };";
            let found = browser.lab(&site.url("digitlab.js")).get(full, Value::Null).await;
            let warning = "The answer stands, but it was not recorded. The record log cannot take more: the browser's storage for \
                this site is full. Delete what is not needed, or free space on this machine.";
            let outcome = json!([{ "warning": warning }, { "warning": warning }, 3]);
            assert_eq!(found, json!({ "outcome": outcome, "told": ["warning", warning] }));
            assert_eq!(rows(browser).await, "4", "the list still stands");
        })
        .await;
}

#[tokio::test]
async fn a_browser_without_storage_is_told_so() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser
                .before_pages(
                    "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });",
                )
                .await;
            browser.open(&site.url("#/records")).await;
            says(
                browser,
                "#records-trouble-text",
                "closes its storage (IndexedDB) to this page",
            )
            .await;
            let body = "const lab = await Digitlab.open({ workers: 1 });
                const outcome = await lab.records.add({ result: '7' });
                const failure = await lab.records.list().catch(tools.failure);
                lab.close();
                return { warning: outcome.warning, failure };";
            let found = browser
                .lab(&site.url("digitlab.js"))
                .get(body, Value::Null)
                .await;
            assert!(
                found["warning"]
                    .as_str()
                    .is_some_and(|text| text.contains("closes its storage")),
                "{found}"
            );
            assert_eq!(found["failure"]["code"], "storage_unavailable");
        })
        .await;
}

#[tokio::test]
async fn a_damaged_log_can_be_started_anew() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            // A database of that name and version that is nothing like the log.
            browser
                .run(
                    "return new Promise((resolve) => {
                      const asked = indexedDB.open('digitlab-records', 1);
                      asked.onsuccess = () => resolve(asked.result.close());
                    });",
                    vec![],
                )
                .await;
            browser.open(&site.url("#/records")).await;
            says(browser, "#records-trouble-text", "is damaged").await;
            browser.click("#records-reset").await;
            browser.click("#records-dialog-yes").await;
            says(browser, "#records-empty-title", "Nothing is recorded yet").await;
            add(&browser.lab(&site.url("digitlab.js")), 2).await;
            assert_eq!(rows(browser).await, "3");
        })
        .await;
}

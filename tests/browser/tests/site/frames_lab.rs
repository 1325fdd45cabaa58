//! Depth frames as a program uses them: imports that are whole or leave nothing, windows, pictures, and full storage.

use digitlab::frames::{Colormap, FrameFormat, SyntheticLog, encode};
use digitlab_browser::{Failure, LAB_PAGE, Lab, Site, Visit, environment, lab};
use serde_json::{Value, json};

const LOG: &str = "log.csv.gz";

/// What scripts here have in common: `database()` counts what lies in IndexedDB, `endless()` is a log that never ends
/// and waits after some rows until `more()` lets it end.
const TOOLS: &str = "
    const database = () => new Promise((resolve, reject) => {
      const request = indexedDB.open('digitlab-frames');
      request.onerror = () => (request.error.name === 'AbortError' ? resolve({}) : reject(request.error));
      // The lab makes it, not the test.
      request.onupgradeneeded = () => request.transaction.abort();
      request.onsuccess = () => {
        const names = [...request.result.objectStoreNames];
        const transaction = request.result.transaction(names);
        const counts = {};
        for (const name of names) {
          transaction.objectStore(name).count().onsuccess = ({ target }) => { counts[name] = target.result; };
        }
        transaction.oncomplete = () => { request.result.close(); resolve(counts); };
      };
    });
    const until = async (what, test) => {
      for (let k = 0; k < 400; k += 1) {
        if (await test()) return;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`${what} did not come about: ${JSON.stringify(await database())}`);
    };
    const catching = (promise) => promise.then(() => null, tools.failure);
    const endless = () => {
      const gate = Promise.withResolvers();
      const encoder = new TextEncoder();
      const row = (depth) => `${depth},${Array.from({ length: 20 }, (_, k) => (depth + 7 * k) % 256).join(',')}\\n`;
      let depth = 0;
      const stream = new ReadableStream({
        async pull(controller) {
          if (depth === 0) controller.enqueue(encoder.encode(`depth,${Array.from({ length: 20 }, (_, k) => `c${k}`).join(',')}\\n`));
          if (depth >= 5000) {
            await gate.promise;
            controller.close();
            return;
          }
          let text = '';
          for (let k = 0; k < 1000; k += 1) text += row(depth++);
          controller.enqueue(encoder.encode(text));
        },
      });
      return { response: new Response(stream), more: gate.resolve };
    };
    const lab = await Digitlab.open();
";

async fn get(lab: &Lab<'_>, body: &str, args: Value) -> Value {
    lab.get(
        &format!("{TOOLS} try {{ {body} }} finally {{ lab.close(); }}"),
        args,
    )
    .await
}

async fn with_sample() -> Site {
    let file = SyntheticLog::new(1).write_gzip(Vec::new()).expect("memory");
    Site::built().with(LOG, file).start().await
}

/// The sample as it is stored: the columns that nearest neighbours keep.
fn sample_pixels() -> Vec<u8> {
    let log = SyntheticLog::new(1);
    let kept: Vec<usize> = (0_usize..150)
        .map(|column| (column * 4).div_ceil(3))
        .collect();
    assert_eq!(kept[..8], [0, 2, 3, 4, 6, 7, 8, 10]);
    (0..log.rows())
        .flat_map(|row| {
            let values = log.row(row);
            kept.iter()
                .map(move |&column| values[column])
                .collect::<Vec<u8>>()
        })
        .collect()
}

#[tokio::test]
async fn the_sample_is_imported_shown_renamed_and_deleted() {
    let site = with_sample().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const seen = [];
                const id = await lab.frames.import(args.url, { onProgress: (progress) => seen.push(progress) });
                const info = await lab.frames.get(id);
                const rows = await lab.frames.rows(id, { depth_min: 9000, depth_max: 9500 });
                const jpeg = await lab.frames.render(id);
                const png = await lab.frames.render(id, { colormap: 'viridis', reverse: true, format: 'png' });
                const part = await lab.frames.render(id, { depth_min: 9000.1, depth_max: 9000.1, format: 'csv' });
                const numbers = await lab.frames.render(id, { depth_max: 9001, format: 'f32' });
                const whole = await lab.frames.export(id);
                const copy = await lab.frames.import(new File([whole], 'copy.csv'), { width: null });
                const second = await lab.frames.rows(copy);
                const first = await lab.frames.rows(id);
                const bitmap = await createImageBitmap(jpeg);
                const tile = await lab.frames.tile(id, { level: 1, index: 2, colormap: ['red'] });
                const named = await lab.frames.rename(copy, 'the copy');
                const listed = (await lab.frames.list()).map(({ id, name }) => [id, name]);
                const usage = await lab.frames.usage();
                await lab.frames.delete(copy);
                return {
                  id, info, listed, named: named.name, usage: usage.images.length, types: [jpeg.type, png.type, part.type, numbers.type],
                  rows: [rows.depths.length, rows.width, rows.pixels.length, rows.depths[0], rows.depths.at(-1)],
                  progress: [seen.at(-1).done === seen.at(-1).total, seen.at(-1).rows >= 5460, seen.at(-1).unit],
                  jpeg: tools.base64(await jpeg.arrayBuffer()), png: tools.base64(await png.arrayBuffer()),
                  part: await part.text(), numbers: numbers.size, bitmap: [bitmap.width, bitmap.height],
                  same: first.pixels.every((value, k) => value === second.pixels[k]) && first.depths.every((value, k) => value === second.depths[k]),
                  tile: [tile.width, tile.height, tile.data.length, tile.firstRow, tile.depths.length],
                  maps: (await lab.frames.colormaps()).map(({ name }) => name), table: (await lab.frames.colorTable('depth')).slice(192, 195).join(),
                  left: (await lab.frames.list()).length, after: await database(),
                };",
                json!({ "url": site.url(LOG) }),
            )
            .await;
            assert_eq!(result["id"], 1);
            let info = &result["info"];
            assert_eq!(info["name"], LOG);
            assert_eq!((&info["width"], &info["height"], &info["levels"]), (&json!(150), &json!(5460), &json!(4)));
            assert_eq!((&info["depth_min"], &info["depth_max"]), (&json!(9000.1), &json!(9546)));
            assert_eq!(info["resampling"], json!({ "from": 200, "method": "nearest" }));
            assert_eq!((&info["report"]["rows_kept"], &info["report"]["dropped"]["empty"]), (&json!(5460), &json!(1)));
            // By the rule, both ends in: 9000.1 is the first row and 9500 the five thousandth.
            assert_eq!(result["rows"], json!([5000, 150, 750_000, f64::from(9000.1_f32), 9500]));
            assert_eq!(result["progress"], json!([true, true, "bytes"]), "{}", result["progress"]);
            assert_eq!(result["types"], json!(["image/jpeg", "image/png", "text/csv", "application/octet-stream"]));
            assert_eq!(result["bitmap"], json!([150, 5460]));
            assert_eq!(result["numbers"], json!(10 * 150 * 4));
            assert_eq!(result["same"], true);
            assert_eq!(result["tile"], json!([150, 256, 256 * 150 * 4, 512, 256]));
            assert_eq!(result["maps"][0], "depth");
            assert_eq!(result["table"], "255,1,0");
            assert_eq!(result["listed"], json!([[1, LOG], [2, "the copy"]]));
            assert_eq!((&result["named"], &result["usage"], &result["left"]), (&json!("the copy"), &json!(2), &json!(1)));
            assert_eq!((&result["after"]["images"], &result["after"]["drafts"]), (&json!(1), &json!(0)));
            // 22 + 6 + 2 + 1 chunks of the levels, and the index.
            assert_eq!(result["after"]["rows"], 32);

            // The same bytes as natively.
            let pixels = sample_pixels();
            let depth = Colormap::default();
            let viridis = Colormap::named("viridis").expect("a map").reversed();
            for (name, map, format) in [("jpeg", &depth, FrameFormat::Jpeg), ("png", &viridis, FrameFormat::Png)] {
                let file = encode(&pixels, 150, 5460, map.table(), format).expect("a picture");
                assert!(lab::bytes(&result[name]) == file, "{name}");
            }
            let first: Vec<String> = pixels[..150].iter().map(u8::to_string).collect();
            let line = result["part"].as_str().and_then(|text| text.lines().nth(1));
            assert_eq!(line, Some(format!("9000.1,{}", first.join(",")).as_str()));
        })
        .await;
}

#[tokio::test]
async fn cancelling_leaves_the_database_as_it_was() {
    let site = with_sample().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "await lab.frames.import(args.url);
                const before = await database();
                const controller = new AbortController();
                const life = [];
                const { postMessage, terminate } = Worker.prototype;
                Worker.prototype.postMessage = function (message, ...others) {
                  if (message.method === 'letGo') {
                    life.push('asked to let go');
                    const { onmessage } = this;
                    this.onmessage = (event) => {
                      if (event.data.id === message.id) life.push('let go');
                      onmessage.call(this, event);
                    };
                  }
                  return postMessage.call(this, message, ...others);
                };
                Worker.prototype.terminate = function () {
                  life.push('ended');
                  return terminate.call(this);
                };
                const running = catching(lab.frames.import(endless().response, { signal: controller.signal }));
                await until('a draft with rows', async () => (await database()).rows > before.rows + 10);
                const meanwhile = await lab.frames.list();
                controller.abort();
                const failure = await running;
                Object.assign(Worker.prototype, { postMessage, terminate });
                const after = await database();
                const early = await catching(lab.frames.import(args.url, { signal: AbortSignal.abort() }));
                const next = await lab.frames.import(args.url, { name: 'next' });
                return { before, after, failure, early, seen: meanwhile.length, next, life };",
                json!({ "url": site.url(LOG) }),
            )
            .await;
            assert_eq!(result["after"], result["before"]);
            for name in ["failure", "early"] {
                let failure = Failure::from_json(&result[name]);
                assert_eq!((failure.name.as_str(), failure.code.as_str()), ("AbortError", "aborted"), "{failure}");
            }
            assert_eq!((&result["seen"], &result["next"]), (&json!(1), &json!(2)));
            // WebKit would keep its storage locked for a worker that is ended while it writes.
            assert_eq!(result["life"], json!(["asked to let go", "let go", "ended"]));
        })
        .await;
}

#[tokio::test]
async fn what_a_closed_tab_left_is_swept_and_what_another_tab_does_is_not() {
    let site = with_sample().await;
    Visit::new()
        .run(async |browser| {
            let client = browser.client();
            let begin = "
                window.lab = lab;
                window.log = endless();
                window.running = lab.frames.import(log.response, { name: args.name });
                await until('a draft with rows', async () => {
                  const { drafts, rows } = await database();
                  return drafts === args.nth && rows > 24 * args.nth - 14;
                });
                return null;";
            let kept = |body: &str| format!("{TOOLS} {body}");
            let address = site.url("digitlab.js");
            browser.open(&site.url(LAB_PAGE)).await;
            let first = client.window().await.expect("a window");
            browser.lab(&address).get(&kept(begin), json!({ "name": "goes on", "nth": 1 })).await;

            let second = client.new_window(true).await.expect("a tab").handle;
            client.switch_to_window(second).await.expect("the tab");
            browser.open(&site.url(LAB_PAGE)).await;
            browser.lab(&address).get(&kept(begin), json!({ "name": "is closed", "nth": 2 })).await;
            client.close_window().await.expect("the tab closes");
            client.switch_to_window(first.clone()).await.expect("the first tab");

            // Another tab, which sweeps, imports beside the first one.
            let third = client.new_window(true).await.expect("a tab").handle;
            client.switch_to_window(third).await.expect("the tab");
            browser.open(&site.url(LAB_PAGE)).await;
            let swept = browser.lab(&address).get(
                &kept(
                    "const before = await database();
                    const id = await lab.frames.import(args.url);
                    await until('only the draft of the first tab', async () => (await database()).drafts === 1);
                    return { before, id, after: await database() };",
                ),
                json!({ "url": site.url(LOG) }),
            ).await;
            assert_eq!(swept["before"]["drafts"], 2, "{swept}");
            client.close_window().await.expect("the tab closes");
            client.switch_to_window(first).await.expect("the first tab");
            let finished = browser
                .run(
                    "window.log.more();
                    return window.running.then(async (id) => ({ id, list: (await window.lab.frames.list()).map(({ name, height }) => [name, height]) }));",
                    vec![],
                )
                .await;
            assert_eq!(finished["id"], 1, "{finished}");
            assert_eq!(finished["list"], json!([["goes on", 5000], [LOG, 5460]]));
        })
        .await;
}

/// The site with a database that has no room for wide rows once it has taken a few chunks of them.
async fn with_little_room() -> Site {
    let path = "js/lab/frames_worker.js";
    let mut script = std::fs::read_to_string(environment::site().join(path)).expect("the worker");
    script.push_str(
        "
        const put = IDBObjectStore.prototype.put;
        let wide = 0;
        IDBObjectStore.prototype.put = function (value, key) {
          if (value.pixels?.length === 256 * 150) wide += 1;
          if (wide > 5) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
          return put.call(this, value, key);
        };",
    );
    let file = SyntheticLog::new(1).write_gzip(Vec::new()).expect("memory");
    Site::built()
        .with(LOG, file)
        .with(path, script)
        .start()
        .await
}

#[tokio::test]
async fn a_full_storage_says_what_fills_it() {
    let site = with_little_room().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "await lab.frames.import(args.url, { name: 'small', width: 20 });
                const before = await database();
                const failure = await catching(lab.frames.import(args.url));
                const after = await database();
                return { failure, before, after, next: await lab.frames.import(args.url, { width: 30 }) };",
                json!({ "url": site.url(LOG) }),
            )
            .await;
            let failure = Failure::from_json(&result["failure"]);
            assert_eq!(failure.code, "storage_full", "{failure}");
            for part in ["no more room for the log: ", " are in use", "Nothing of it was kept", "image 1, small ("] {
                assert!(failure.message.contains(part), "{failure}");
            }
            assert_eq!(result["after"], result["before"]);
            assert_eq!(result["next"], 2);
        })
        .await;
}

#[tokio::test]
async fn what_cannot_be_imported_is_explained() {
    let site = with_sample().await;
    Visit::new()
        .expecting("missing.csv")
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const file = (text) => new File([text], 'bad.csv');
                const cases = [
                  [file(''), {}], [file('depth,a,b\\n'), {}], [file('hello world'), {}],
                  [file('depth,a,b\\n1,2,x\\n'), { policy: 'fail' }], [file('depth,a,b\\n1,2,300\\n'), {}],
                  [file('depth,a,b\\n1,2,3\\n'), { width: 1 }], [file('depth,a,b\\n1,2,3\\n'), { method: 'best' }],
                  [file('depth,a,b\\n1,2,3\\n'), { name: '' }], [file('depth,a,b\\n1,2,3\\n'), { colour: 1 }],
                  [new File([Uint8Array.of(31, 139, 8, 0, 1, 2, 3)], 'bad.csv.gz'), {}],
                  [args.missing, {}], ['ftp://example.org/log.csv', {}], [7, {}], [new Response('x', { status: 500 }), {}],
                ];
                const failures = [];
                for (const [source, options] of cases) failures.push(await catching(lab.frames.import(source, options)));
                failures.push(await catching(lab.frames.get(1)), await catching(lab.frames.get('1')));
                const broken = new Response(new ReadableStream({
                  start: (controller) => controller.enqueue(new TextEncoder().encode('depth,a,b\\n1,2,3\\n')),
                  pull: () => Promise.reject(new Error('gone')),
                }));
                failures.push(await catching(lab.frames.import(broken)));
                return { failures, after: await database() };",
                json!({ "missing": site.url("missing.csv") }),
            )
            .await;
            let expected = [
                ("invalid_file", "bad.csv"),
                ("invalid_file", "bad.csv"),
                ("invalid_file", "bad.csv"),
                ("invalid_file", "bad.csv"),
                ("invalid_file", "300"),
                ("invalid_parameter", "width is 1; allowed: whole numbers from 2 to 4096"),
                ("invalid_parameter", "method is best; allowed: nearest, linear"),
                ("invalid_parameter", "name is \"\"; allowed: 1 to 200 characters"),
                ("unknown_parameter", "colour is not a known field"),
                ("invalid_file", "bad.csv.gz"),
                ("not_found", "status 404"),
                ("invalid_parameter", "allowed: http, https, data and blob addresses"),
                ("invalid_parameter", "source is 7; allowed: a File, a Blob"),
                ("http_status", "status 500"),
                ("unknown_image", "There is no image 1; there is none yet."),
                ("invalid_parameter", "id is 1; allowed: the id of a stored image"),
                ("network", "gone"),
            ];
            let failures = result["failures"].as_array().expect("failures");
            assert_eq!(failures.len(), expected.len());
            for (failure, (code, part)) in failures.iter().zip(expected) {
                let failure = Failure::from_json(failure);
                assert!(failure.code == code && failure.message.contains(part), "{code}, {part}: {failure}");
            }
            assert_eq!(result["after"], json!({ "images": 0, "drafts": 0, "rows": 0 }));
        })
        .await;
}

/// The log is made while it is read: it lies nowhere.
#[tokio::test]
async fn a_gigabyte_is_imported_in_bounded_memory() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let script = format!(
                "const [address] = arguments;
                const tools = {{ failure: (error) => ({{ message: String(error), code: error.code }}) }};
                window.state = {{ memory: 0, rows: 0, done: 0 }};
                import(address).then(async ({{ Digitlab }}) => {{
                  {TOOLS}
                  const encoder = new TextEncoder();
                  const cells = Array.from({{ length: 200 }}, (_, k) => 100 + (k * 37) % 156).join(',');
                  let row = 0;
                  let size = 0;
                  const stream = new ReadableStream({{
                    pull(controller) {{
                      let text = row === 0 ? `depth,${{Array.from({{ length: 200 }}, (_, k) => `col${{k + 1}}`).join(',')}}\\n` : '';
                      for (let k = 0; k < 500; k += 1) text += `${{row++ / 8}},${{cells}}\\n`;
                      const bytes = encoder.encode(text);
                      size += bytes.length;
                      controller.enqueue(bytes);
                      if (size >= 2 ** 30) controller.close();
                    }},
                  }});
                  const onProgress = ({{ memory, rows, done }}) => {{
                    window.state = {{ memory: Math.max(memory, window.state.memory), rows, done }};
                  }};
                  const started = performance.now();
                  const id = await lab.frames.import(new Response(stream), {{ onProgress }});
                  const info = await lab.frames.get(id);
                  window.state = {{ ...window.state, height: info.height, size, seconds: (performance.now() - started) / 1000, end: true }};
                }}).catch((error) => {{ window.state.end = true; window.state.failure = String(error); }});"
            );
            browser.run(&script, vec![json!(site.url("digitlab.js"))]).await;
            let started = std::time::Instant::now();
            let state = loop {
                let state = browser.value("window.state").await;
                if state["end"] == true {
                    break state;
                }
                assert!(started.elapsed().as_secs() < 1200, "{state}");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            };
            assert!(state["failure"].is_null(), "{state}");
            assert_eq!(state["height"], state["rows"]);
            assert!(state["done"].as_u64() >= Some(1 << 30), "{state}");
            let memory = state["memory"].as_u64().expect("a size");
            assert!((1..64 << 20).contains(&memory), "{state}");
        })
        .await;
}

//! The routes, answered in the browser by the service worker.

use std::fs;

use digitlab_browser::{Browser, Engine, Fault, LAB_PAGE, Site, Visit, environment, lab};
use serde_json::{Value, json};

use crate::native::natively;
use crate::page::Page;
use crate::service_worker::{KEPT, USUAL};

/// The page that does nothing of its own accord, with the service worker at hand and nothing kept.
pub(crate) async fn answered(browser: &Browser, site: &Site) {
    browser.open(&site.url(LAB_PAGE)).await;
    browser
        .run(
            "const url = new URL('service_worker.js', document.baseURI);
             return import(new URL('js/lab/trusted.js', document.baseURI).href)
               .then(({ scriptAddress }) => navigator.serviceWorker.register(scriptAddress(url), { type: 'module' }))
               .then(() => null, String);",
            vec![],
        )
        .await;
    browser
        .until(
            "the routes are answered",
            "navigator.serviceWorker.controller !== null",
        )
        .await;
}

/// What a script answers that has `ask(path, options)`: the status, the type, and the body as JSON or text.
async fn asked(browser: &Browser, body: &str, arguments: Value) -> Value {
    let script = format!(
        "const [args] = arguments;
        const ask = async (path, options) => {{
          const response = await fetch(path, options);
          const type = response.headers.get('content-type') ?? '';
          const body = type.includes('json') ? await response.json() : await response.text();
          return {{ status: response.status, type, body }};
        }};
        const form = (fields) => {{
          const form = new FormData();
          for (const [name, bytes, file] of fields) form.append(name, new Blob([bytes]), file);
          return form;
        }};
        const file = (path) => fetch(path, {{ cache: 'no-store' }}).then((response) => response.arrayBuffer());
        return (async () => {{ {body} }})();"
    );
    browser.run(&script, vec![arguments]).await
}

/// A small image log: the first column is the depth.
fn table() -> String {
    let mut text = String::from("depth,a,b,c,d\n");
    for row in 0..40 {
        text += &format!(
            "{}.5,{},{},{},{}\n",
            9000 + 25 * row,
            row,
            2 * row,
            3 * row,
            4 * row
        );
    }
    text
}

#[tokio::test]
async fn the_service_worker_and_the_module_know_the_same_routes() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let script = "
                const at = (path) => new URL(path, document.baseURI).href;
                const [{ default: init, claims, openApi }, { belongsToRoute }] =
                  await Promise.all([import(at('routes.js')), import(at('js/service/paths.js'))]);
                await init();
                const known = Object.keys(JSON.parse(openApi()).paths).map((path) => path.replace(/^\\//, ''));
                const others = ['', '/', 'health//', 'Health', 'he%61lth', 'image/7', 'image/7/', 'image//', 'image/1/2', 'image/%FF', 'image/%C3%A9',
                  'mnist', 'mnist/', 'mnist/manifest.json', 'mnist%2Fclassify', 'mnist/classify/', 'index.html', 'generate.js', 'digitRecognition',
                  'digitRecognition/localService', 'digitRecognition/localService/v1.2', 'openapi.json/', 'openapi', 'augment?x', '%', 'js/app.js'];
                const paths = [...known, ...others];
                return { known: known.length, differ: paths.filter((path) => claims(path) !== belongsToRoute(path)), all: known.every(belongsToRoute) };";
            let found = browser.run(&format!("return (async () => {{ {script} }})();"), vec![]).await;
            assert!(found["known"].as_u64().is_some_and(|count| count >= 10), "{found}");
            assert_eq!(found["all"], true);
            assert_eq!(found["differ"], json!([]));
        })
        .await;
}

#[tokio::test]
async fn each_route_does_what_the_page_does() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("status of 40")
        .run(async |browser| {
            answered(browser, &site).await;
            let health = asked(browser, "return ask('health');", Value::Null).await;
            assert_eq!((&health["status"], &health["body"]["Status"]), (&json!(200), &json!("Running")));

            // The pixels of a sequence are those of everywhere else.
            let request = json!({ "number": "042", "spacing_min": 5, "spacing_max": 10, "image_width": 84, "seed": 7 });
            let post = "return ask('generate', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(args) });";
            let made = asked(browser, post, request.clone()).await;
            assert_eq!(made["status"], 200, "{made}");
            let (expected, _) = natively(&request);
            let rows = made["body"]["generatedImage"].as_array().expect("rows");
            let grey = rows.iter().flat_map(|row| row.as_array().expect("a row")).map(|value| (value.as_f64().expect("a number") * 255.0).round() as u8);
            assert_eq!(grey.collect::<Vec<u8>>(), expected.grey);
            assert!(made["body"]["taskId"].is_string());

            let augmented = asked(browser, "
                const send = async () => {
                  const response = await fetch('augment?seed=5', { method: 'POST', headers: { 'content-type': 'image/png' }, body: await file('samples/digit.png') });
                  const bytes = new Uint8Array(await response.arrayBuffer());
                  return [response.status, response.headers.get('content-type'), bytes[1], JSON.parse(response.headers.get('x-applied')).length > 0, bytes.join().length];
                };
                const get = await fetch('augment?url=samples/digit.png');
                return [await send(), await send(), [get.status, get.headers.get('content-type')]];", Value::Null).await;
            assert_eq!(augmented[0], augmented[1], "the same seed gives the same file");
            assert_eq!((&augmented[0][0], &augmented[0][1], &augmented[0][2]), (&json!(200), &json!("image/png"), &json!(b'P')));
            assert_eq!(augmented[2], json!([200, "image/png"]));

            let seven = natively(&json!({ "number": "7", "image_width": 28, "seed": 7 })).0;
            let rows: Vec<Vec<f64>> = seven.grey.chunks(28).map(|row| row.iter().map(|&level| f64::from(level) / 255.0).collect()).collect();
            let read = asked(browser, "
                const post = (path, body) => ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
                const digit = await file('samples/digit.png');
                return {
                  numbers: await post('mnist/classify', JSON.stringify(args)),
                  form: await ask('mnist/classify', { method: 'POST', body: form([['image', digit, 'digit.png']]) }),
                  bad: await post('mnist/classify', '{'),
                  local: await ask('digitRecognition/localService/v1.1', { method: 'POST', body: form([['file', digit, 'digit.png']]) }),
                  wrong: await ask('digitRecognition/localService/v1.0', { method: 'POST', body: form([['file', digit, 'digit.exe']]) }),
                  records: await ask('digitRecognition/records'),
                  csv: await ask('digitRecognition/records?format=csv'),
                };", json!(rows)).await;
            assert_eq!((&read["numbers"]["status"], &read["numbers"]["body"]["classification"]), (&json!(200), &json!("7")), "{read}");
            assert_eq!(read["form"]["status"], 200);
            let digit = read["form"]["body"]["classification"].as_str().expect("a digit").to_owned();
            assert_eq!(read["bad"]["status"], 404);
            assert_eq!(read["local"]["body"], format!("The digit is recognized as : {digit}.\n"));
            assert_eq!(read["wrong"]["status"], 400);
            let records = read["records"]["body"].as_array().expect("records");
            // The answers to numbers and to the form are kept, too; the latest comes first.
            assert_eq!(records.len(), 3, "{records:?}");
            assert_eq!((&records[0]["result"], &records[0]["name"]), (&json!(digit), &json!("digit.png")));
            assert!(records[0]["from"].as_str().is_some_and(|from| from.contains("localService/v1.1")), "{records:?}");
            assert!(read["csv"]["type"].as_str().is_some_and(|kind| kind.starts_with("text/csv")));

            let document = asked(browser, "return ask('openapi.json');", Value::Null).await;
            assert_eq!(document["body"]["openapi"].as_str().map(|version| version.starts_with("3.1")), Some(true));
            let refused = asked(browser, "
                const response = await fetch('generate');
                return [response.status, response.headers.get('allow')];", Value::Null).await;
            assert_eq!(refused[0], 405);
            assert!(refused[1].as_str().is_some_and(|allow| allow.contains("POST")), "{refused}");
        })
        .await;
}

#[tokio::test]
async fn shards_are_shared_with_the_page_and_loaded_once() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=9&seed=7").await;
            browser.until("the site is kept", KEPT).await;
            let post = "return ask('generate', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(args) });";
            let request = json!({ "number": "9", "spacing_min": 5, "spacing_max": 10, "image_width": 28, "seed": 7 });
            site.clear_log();
            let made = asked(browser, post, request).await;
            assert_eq!(made["status"], 200, "{made}");
            assert_eq!(site.requested("mnist/").len(), 0, "the page has it already");
            let other = json!({ "number": "77", "spacing_min": 5, "spacing_max": 10, "image_width": 56, "seed": 123 });
            assert_eq!(asked(browser, post, other).await["status"], 200);
            let loaded = site.requested("mnist/t");
            assert!(!loaded.is_empty());
            browser.until("it is kept", &format!("caches.open('digitlab-bucket').then((cache) => cache.match('{}')).then(Boolean)", loaded[0])).await;
            browser.open(&site.url("#/generate?number=77&seed=123&image_width=56")).await;
            page.shows("shared", &json!({ "number": "77", "image_width": 56, "seed": 123 })).await;
            let again = site.requested("mnist/t");
            let twice: Vec<&String> = loaded.iter().filter(|path| again.iter().filter(|other| other == path).count() > 1).collect();
            assert!(twice.is_empty(), "{twice:?}");
        })
        .await;
}

#[tokio::test]
async fn a_stored_frame_shows_in_another_tab_as_a_plain_picture() {
    let site = Site::built()
        .with(
            "picture.html",
            lab::page("").replace(
                "<body>",
                "<body><img src=\"image/1?depth_min=9000&depth_max=9500\" alt=\"\">",
            ),
        )
        .start()
        .await;
    Visit::new()
        .expecting("status of 4")
        .run(async |browser| {
            answered(browser, &site).await;
            let stored = asked(browser, "
                const sent = await ask('image', { method: 'POST', body: form([['file', args, 'log.csv']]) });
                return { sent, list: await ask('image'), none: await ask('image/999'), empty: await ask('image/1?depth_min=1&depth_max=2') };",
                json!(table())).await;
            assert_eq!(stored["sent"]["status"], 201, "{stored}");
            assert_eq!(stored["list"]["body"].as_array().map(Vec::len), Some(1), "{stored}");
            assert_eq!(stored["none"], json!({ "status": 404, "type": "application/json", "body": { "detail": "Image with id 999 not found" } }));
            assert_eq!(stored["empty"]["status"], 400);
            let tab = browser.client().new_window(true).await.expect("another tab").handle;
            browser.client().switch_to_window(tab).await.expect("the other tab");
            browser.open(&site.url("picture.html")).await;
            let size = "(({ complete, naturalWidth, naturalHeight }) => complete && [naturalWidth, naturalHeight])(document.images[0])";
            let size = browser.until("the picture is there", size).await;
            // Rows of 25 from 9000.5 on: 20 of them up to 9500.
            assert_eq!(size[1], 20);
            // And as a page of its own.
            browser.open(&site.url("image/1?depth_min=9000&depth_max=9500&format=png")).await;
            assert_eq!(browser.value("document.contentType").await, "image/png");
            // The page's own library knows it, too.
            browser.open(&site.url(LAB_PAGE)).await;
            let listed = browser
                .lab(&site.url("digitlab.js"))
                .get("const lab = await Digitlab.open(); const list = await lab.frames.list(); lab.close(); return list.map(({ id, name }) => [id, name]);", Value::Null)
                .await;
            assert_eq!(listed, json!([[1, "log.csv"]]));
            // Nothing holds the database against those who want to delete it.
            let gone = "new Promise((resolve) => {
                const asked = indexedDB.deleteDatabase('digitlab-frames');
                asked.onsuccess = () => resolve('gone');
                asked.onblocked = () => resolve('blocked');
              })";
            assert_eq!(browser.value(gone).await, "gone");
        })
        .await;
}

#[tokio::test]
async fn two_hundred_at_once_are_all_answered_right() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            answered(browser, &site).await;
            let found = asked(browser, "
                const digit = await file('samples/digit.png');
                const post = (seed) => ask('generate', { method: 'POST', headers: { 'content-type': 'application/json' },
                  body: JSON.stringify({ number: String(seed), spacing_min: 5, spacing_max: 10, image_width: 56, seed }) });
                const kinds = [
                  (at) => post(at).then(({ status, body }) => status === 200 && body.number === String(at) && body.seed.toString() === String(at) && body.generatedImage.length === 28),
                  () => ask('health').then(({ status, body }) => status === 200 && body.Status === 'Running'),
                  (at) => fetch(`augment?seed=${at}`, { method: 'POST', headers: { 'content-type': 'image/png' }, body: digit })
                    .then(async (response) => response.status === 200 && (await response.blob()).size > 100),
                  () => ask('mnist/classify', { method: 'POST', body: form([['image', digit, 'digit.png']]) }).then(({ status }) => status === 200),
                ];
                const all = await Promise.all(Array.from({ length: 200 }, (_, at) => kinds[at % kinds.length](at)));
                const ids = await Promise.all(Array.from({ length: 40 }, () => post(3).then(({ body }) => body.taskId)));
                return { wrong: all.flatMap((right, at) => right ? [] : [at]), ids: new Set(ids).size };", Value::Null).await;
            assert_eq!(found, json!({ "wrong": [], "ids": 40 }));
        })
        .await;
}

#[tokio::test]
async fn long_requests_keep_no_short_ones_waiting_and_can_be_given_up() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            answered(browser, &site).await;
            // A log that is sent without end, until it is given up. As a form, since a browser ends the body of what is given
            // up like that of what is whole. Only Chromium sends what is still being made; the others send more than they
            // can get through in the time.
            let found = asked(browser, "
                await ask('health');
                const text = new TextEncoder();
                const head = text.encode('--end\\r\\nContent-Disposition: form-data; name=\"file\"; filename=\"log.csv\"\\r\\n\\r\\ndepth,a,b\\n');
                let row = 0;
                const rows = () => {
                  let lines = '';
                  for (let line = 0; line < 5000; line += 1) lines += `${row += 1},${row % 256},7\\n`;
                  return text.encode(lines);
                };
                const endless = () => new ReadableStream({
                  start: (controller) => controller.enqueue(head),
                  pull: async (controller) => {
                    controller.enqueue(rows());
                    await new Promise((resolve) => setTimeout(resolve));
                  },
                });
                const body = args.streams ? endless() : new Blob([head, ...Array.from({ length: 1000 }, rows)]);
                if (!args.streams) row = 0;
                const locks = async () => (await navigator.locks.query()).held.filter(({ name }) => name.startsWith('digitlab-frames-import-')).length;
                const stop = new AbortController();
                const long = fetch('image?width=2', { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=end' }, body, duplex: 'half', signal: stop.signal })
                  .then(({ status }) => status, ({ name }) => name);
                const begun = async () => (!args.streams || row >= 20000) && (await locks()) > 0;
                while (!(await begun())) await new Promise((resolve) => setTimeout(resolve, 5));
                const since = performance.now();
                const short = await ask('health');
                const waited = performance.now() - since;
                stop.abort();
                const ended = await long;
                const until = performance.now() + 20000;
                while (await locks() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
                return { short: short.status, waited, ended, held: await locks(), list: (await ask('image')).body };", json!({ "streams": Engine::current() == Engine::Chromium })).await;
            assert_eq!(found["short"], 200, "{found}");
            assert!(found["waited"].as_f64().is_some_and(|waited| waited < 2_000.0), "{found}");
            assert_eq!(found["ended"], "AbortError");
            assert_eq!(found["held"], 0, "nobody works on it any more");
            assert_eq!(found["list"], json!([]), "nothing of it stays");
        })
        .await;
}

#[tokio::test]
async fn a_fault_of_the_module_is_an_answer_and_the_next_request_works() {
    // The module's own script, in which a request named so runs into a fault while it waits.
    let script =
        fs::read_to_string(environment::site().join("routes.js")).expect("the module's script");
    let faulty = script.replacen("export function handle(", "function handled(", 1)
        + "
        const TRAP = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 116, 0, 0, 10, 5, 1, 3, 0, 0, 11]);
        export function handle(request, host) {
          if (request.query !== 'fault') return handled(request, host);
          const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAP));
          queueMicrotask(() => exports.t());
          return new Promise(() => {});
        }";
    assert_ne!(faulty.find("function handled("), None);
    let site = Site::built().with("routes.js", faulty).start().await;
    Visit::new()
        .expecting("status of 500")
        .expecting("unreachable")
        .run(async |browser| {
            answered(browser, &site).await;
            for _ in 0..3 {
                let found = asked(
                    browser,
                    "return [await ask('health?fault'), await ask('health')];",
                    Value::Null,
                )
                .await;
                assert_eq!(found[0]["status"], 500, "{found}");
                assert_eq!(found[0]["type"], "application/json");
                assert_eq!(found[0]["body"]["code"], "crashed");
                assert_eq!(found[1]["status"], 200);
            }
        })
        .await;
}

#[tokio::test]
async fn the_service_worker_may_be_stopped_between_requests() {
    let site = Site::built().start().await;
    Visit::new()
        .only(
            &[Engine::Chromium, Engine::Firefox],
            "WebKit cannot be told to stop a service worker",
        )
        .run(async |browser| {
            answered(browser, &site).await;
            let send =
                "return ask('image', { method: 'POST', body: form([['file', args, 'log.csv']]) });";
            assert_eq!(asked(browser, send, json!(table())).await["status"], 201);
            for round in 0..3 {
                browser.stop_service_workers().await;
                let found = asked(
                    browser,
                    "
                    const bytes = await fetch('image/1').then((response) => response.arrayBuffer());
                    return [(await ask('health')).status, bytes.byteLength > 500];",
                    Value::Null,
                )
                .await;
                assert_eq!(found, json!([200, true]), "round {round}");
            }
        })
        .await;
}

#[tokio::test]
async fn routes_answer_without_the_network() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .expecting("net::ERR_")
        .run(async |browser| {
            let _page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.until("the site is kept", KEPT).await;
            browser.until("the model is kept", USUAL).await;
            site.fault("*", Fault::Dropped);
            browser.stop_service_workers().await;
            let found = asked(browser, "
                const digit = await fetch('samples/digit.png').then((response) => response.arrayBuffer());
                const generate = (body) => ask('generate', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
                return {
                  health: (await ask('health')).status,
                  generate: (await generate({ number: '042', spacing_min: 5, spacing_max: 10, image_width: 84, seed: 7 })).status,
                  augment: (await fetch('augment?url=samples/card.png')).status,
                  classify: (await ask('mnist/classify', { method: 'POST', body: form([['image', digit, 'digit.png']]) })).status,
                  image: (await ask('image', { method: 'POST', body: form([['file', args, 'log.csv']]) })).status,
                  document: (await ask('openapi.json')).status,
                };", json!(table())).await;
            assert_eq!(found, json!({ "health": 200, "generate": 200, "augment": 200, "classify": 200, "image": 201, "document": 200 }));
        })
        .await;
}

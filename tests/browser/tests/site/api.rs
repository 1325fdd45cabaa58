//! The API page: it lists what there is, and all of it can be tried in place.

use digitlab::routes::open_api;
use digitlab_browser::{Browser, Engine, Fault, LAB_PAGE, Site, Visit, Window};
use serde_json::{Value, json};

use crate::look::fits;
use crate::service_worker::USUAL;

/// The routes in the list, as `GET health`.
const LISTED: &str = "[...document.querySelectorAll('#api-routes a')].map((link) =>
    `${link.querySelector('.api-method').textContent} ${link.querySelector('.api-nav__path').textContent}`)";

/// The state of the answer, and what it says.
const ANSWER: &str = "(({ dataset, textContent }) => ({
    state: dataset.state,
    status: Number(/^\\d+/.exec(document.querySelector('#api-answer .api-status')?.textContent ?? '')?.[0] ?? 0),
    text: textContent,
  }))(document.querySelector('#api-answer'))";

/// Every route of the document with each of its methods: its name, and what it is listed as.
fn operations() -> Vec<(String, String)> {
    let document = open_api();
    let paths = document["paths"].as_object().expect("paths");
    let methods = ["get", "post", "put", "patch", "delete", "head"];
    let of = |(path, item): (&String, &Value)| {
        let found = methods.iter().filter_map(|method| {
            let id = item[method]["operationId"].as_str()?;
            let listed = format!("{} {}", method.to_uppercase(), path.trim_start_matches('/'));
            Some((id.to_owned(), listed))
        });
        found.collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// Opens the page at a query, and waits until the routes are listed.
async fn open(browser: &Browser, site: &Site, query: &str) {
    browser.open(&site.url(&format!("#/api{query}"))).await;
    let listed = "document.querySelector('#api')?.dataset.state === 'done' && document.querySelectorAll('#api-routes a').length > 0";
    browser.until("the routes are listed", listed).await;
}

/// Waits until the routes are answered.
async fn answered(browser: &Browser) {
    browser
        .until(
            "the routes are answered",
            "document.querySelector('#api')?.dataset.service === 'ready'",
        )
        .await;
}

/// Turns to a route, and waits until what it is tried with is there.
async fn turn_to(browser: &Browser, id: &str, listed: &str) {
    browser
        .run(
            "location.hash = `#/api?route=${arguments[0]}`;",
            vec![json!(id)],
        )
        .await;
    let shown = format!(
        "document.querySelector('#api-title')?.textContent === {}
        && ![...document.querySelectorAll('.api-file__facts')].some(({{ textContent }}) => textContent.startsWith('Loading'))",
        json!(listed.replacen(' ', "", 1))
    );
    browser.until(&format!("{listed} is shown"), &shown).await;
}

/// Sends the request as it stands, and waits for the answer.
async fn send(browser: &Browser) -> Value {
    browser
        .run("document.querySelector('#api-send').click();", vec![])
        .await;
    let came = format!("(({{ state }}) => state === 'done' || state === 'error')({ANSWER})");
    browser.until("an answer", &came).await;
    browser.value(ANSWER).await
}

#[tokio::test]
async fn it_lists_every_route_and_each_can_be_tried_as_it_stands() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            open(browser, &site, "").await;
            let expected: Vec<String> =
                operations().into_iter().map(|(_, listed)| listed).collect();
            assert_eq!(browser.value(LISTED).await, json!(expected));
            assert!(expected.len() > 12, "{expected:?}");
            answered(browser).await;
            // An image must be there before its frame can be drawn.
            let mut operations = operations();
            operations.sort_by_key(|(id, _)| id != "importImage");
            let mut failed = Vec::new();
            for (id, listed) in operations {
                turn_to(browser, &id, &listed).await;
                if id == "getFrame" {
                    let stored = "document.querySelector('#api-parameter-id').value !== ''";
                    browser.until("the number of an image", stored).await;
                }
                let answer = send(browser).await;
                let (state, status) = (&answer["state"], answer["status"].as_u64().unwrap_or(0));
                if state != "done" || !(200..300).contains(&status) {
                    failed.push(format!("{listed}: {answer}"));
                }
                let marked = browser
                    .value(
                        "document.querySelector('.api-answers [data-came]')?.dataset.status ?? ''",
                    )
                    .await;
                assert_eq!(
                    marked,
                    status.to_string(),
                    "{listed}: the answer is marked in the list"
                );
            }
            assert!(failed.is_empty(), "{}", failed.join("\n"));
        })
        .await;
}

#[tokio::test]
async fn an_answer_is_shown_as_what_it_is() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .expecting("status of 400")
        .run(async |browser| {
            open(browser, &site, "?route=generate").await;
            answered(browser).await;
            send(browser).await;
            let json = "[document.querySelectorAll('#api-answer .json__picture').length, document.querySelector('#api-answer .json__picture')?.height,
                document.querySelector('#api-answer .api-answer__facts').textContent.includes('application/json')]";
            assert_eq!(browser.value(json).await, json!([1, 28, true]), "numbers are shown as the picture that they are");
            let rows = "[...document.querySelectorAll('#api-answer summary')].find(({ textContent }) => textContent.includes('28 × 90'))";
            browser.run(&format!("{rows}.click();"), vec![]).await;
            browser.until("the rows are unfolded", &format!("{rows}.parentElement.querySelectorAll('.json__item').length === 28")).await;

            // Sent as it stands, to see what the route says.
            browser.run("const area = document.querySelector('#api-body-0'); area.value = '{\"number\": 42,'; area.dispatchEvent(new Event('input'));", vec![]).await;
            assert!(browser.text(".api-json__note").await.starts_with("This is no JSON"));
            let refusal = send(browser).await;
            assert_eq!(refusal["status"], 400, "{refusal}");
            assert!(refusal["text"].as_str().is_some_and(|text| text.contains("status")), "{refusal}");

            turn_to(browser, "augment", "POST augment").await;
            send(browser).await;
            let picture = "(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight])(document.querySelector('#api-answer img'))";
            assert_eq!(browser.value(picture).await, json!([512, 384]));
            let headers = "document.querySelector('#api-answer .api-headers').textContent.includes('x-applied')";
            assert_eq!(browser.value(headers).await, true);
        })
        .await;
}

#[tokio::test]
async fn the_program_that_is_shown_does_the_same() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            open(browser, &site, "").await;
            answered(browser).await;
            for (id, listed, expected) in [
                ("generate", "POST generate", json!("042")),
                (
                    "recognizeV11",
                    "POST digitRecognition/localService/v1.1",
                    json!("The digit is recognized as : "),
                ),
            ] {
                turn_to(browser, id, listed).await;
                let program = browser
                    .value("document.querySelector('#api-request-code').textContent")
                    .await;
                let program = program
                    .as_str()
                    .expect("a program")
                    .replace("console.log(", "return JSON.stringify([")
                    .replace("());", "()]);");
                let said = browser
                    .run(&format!("return (async () => {{ {program} }})();"), vec![])
                    .await;
                let said = said.as_str().expect("an answer");
                assert!(
                    said.starts_with("[200,") && said.contains(expected.as_str().expect("text")),
                    "{listed}: {said:.300}"
                );
            }
            browser
                .run(
                    "document.querySelector('#api-request-tab-curl').click();",
                    vec![],
                )
                .await;
            let curl = browser.text("#api-request-code").await;
            assert!(
                curl.starts_with("curl -X POST 'http")
                    && curl.contains("-F 'file=@digit.png;type=image/png'"),
                "{curl}"
            );
        })
        .await;
}

#[tokio::test]
async fn a_request_can_be_cancelled() {
    let site = Site::built().with("slow.png", "never comes").start().await;
    site.fault("slow.png", Fault::Held);
    Visit::new()
        .offline()
        .run(async |browser| {
            open(browser, &site, "?route=augmentFromAddress").await;
            answered(browser).await;
            browser
                .fill("#api-parameter-url", &site.url("slow.png"))
                .await;
            browser.click("#api-send").await;
            browser
                .until("it waits", &format!("({ANSWER}).state === 'busy'"))
                .await;
            browser.click("#api-answer button").await;
            browser
                .until(
                    "it is cancelled",
                    &format!(
                        "({ANSWER}).state === 'idle' && ({ANSWER}).text.startsWith('Cancelled')"
                    ),
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn without_a_service_worker_it_says_why_and_what_to_do() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "?route=getHealth").await;
            let expected: Vec<String> =
                operations().into_iter().map(|(_, listed)| listed).collect();
            assert_eq!(
                browser.value(LISTED).await,
                json!(expected),
                "the list comes from the module itself"
            );
            assert!(browser.text("#api-notice").await.contains("switched off"));
            let refusal = send(browser).await;
            assert_eq!(refusal["state"], "error");
            assert!(
                refusal["text"]
                    .as_str()
                    .is_some_and(|text| text.contains("switched off")),
                "{refusal}"
            );
            // The test's own switch must not come back with the reload of the page.
            assert_eq!(browser.text("#api-notice-button").await, "Switch it on");
            browser.click("#api-notice-button").await;
            answered(browser).await;
            assert_eq!(
                browser
                    .value("document.querySelector('#api-notice').hidden")
                    .await,
                true
            );
            let answer = send(browser).await;
            assert_eq!(answer["status"], 200, "{answer}");
        })
        .await;
}

#[tokio::test]
async fn a_list_that_does_not_come_can_be_asked_for_again() {
    let site = Site::built().start().await;
    site.fault("routes_bg.wasm", Fault::Dropped);
    Visit::new()
        .expecting("routes_bg.wasm")
        .run(async |browser| {
            browser.open(&site.url("#/api")).await;
            browser
                .until(
                    "the failure",
                    "document.querySelector('#api')?.dataset.state === 'error'",
                )
                .await;
            assert!(browser.text("#api-broken").await.contains("Retry"));
            // What needs no list is there.
            assert!(
                browser
                    .value("document.querySelectorAll('#api-module a').length")
                    .await
                    .as_u64()
                    > Some(40)
            );
            site.heal();
            browser.click("#api-broken-retry").await;
            browser
                .until(
                    "the routes",
                    "document.querySelector('#api').dataset.state === 'done'",
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn every_example_of_the_module_shows_what_is_promised() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("404")
        .run(async |browser| {
            open(browser, &site, "").await;
            let chapters = browser
                .run(
                    "return import(new URL('js/api/methods.js', document.baseURI)).then(({ CHAPTERS }) =>
                       CHAPTERS.map(({ name, entries }) => [name, entries.map(({ example, says }) => [example, says])]));",
                    vec![],
                )
                .await;
            let mut wrong = Vec::new();
            for chapter in chapters.as_array().expect("chapters") {
                browser.run("location.hash = `#/api?module=${arguments[0]}`;", vec![chapter[0].clone()]).await;
                for entry in chapter[1].as_array().expect("entries") {
                    let name = entry[0].as_str().expect("a name");
                    let card = format!("document.querySelector('[data-example={name}]')");
                    let shown = format!("{card}?.querySelector('pre').textContent.startsWith('import {{ Digitlab')");
                    browser.until(&format!("the program of {name}"), &shown).await;
                    browser.run(&format!("{card}.querySelector('.button--primary').click();"), vec![]).await;
                    let output = format!("{card}.querySelector('.api-output')");
                    browser.until(&format!("{name} has run"), &format!("['done', 'error'].includes({output}.dataset.state)")).await;
                    let said = browser.value(&format!("JSON.parse({output}.dataset.said ?? JSON.stringify([{output}.textContent]))")).await;
                    if !Engine::current().has_own_files() && ["dataset", "datasets_job"].contains(&name) {
                        assert!(said.to_string().contains("no place to write a data set"), "{name}: {said}");
                        continue;
                    }
                    if said != entry[1] || said.as_array().is_none_or(Vec::is_empty) {
                        wrong.push(format!("{name}:\n  shows    {said}\n  promised {}", entry[1]));
                    }
                }
            }
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        })
        .await;
}

#[tokio::test]
async fn every_method_of_the_module_is_described() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let script = "
                const at = (path) => new URL(path, document.baseURI).href;
                const [{ Digitlab }, { CHAPTERS }] = await Promise.all([import(at('digitlab.js')), import(at('js/api/methods.js'))]);
                const lab = await Digitlab.open({ workers: 1 });
                const names = (object, prefix) => Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object)))
                  .filter(([name]) => name !== 'constructor').map(([name]) => `${prefix}.${name}`);
                const parts = ['frames', 'records', 'models', 'samples', 'trainings', 'datasets'];
                const inner = parts.flatMap((part) => {
                  const own = Object.keys(lab[part]).map((name) => `lab.${part}.${name}`);
                  return Object.getPrototypeOf(lab[part]) === Object.prototype ? own : [...own, ...names(lab[part], `lab.${part}`)];
                });
                const all = [...names(lab, 'lab').filter((name) => !parts.includes(name.slice(4))), ...inner, 'Digitlab.open'];
                lab.close();
                const said = new Set(CHAPTERS.flatMap(({ entries }) => entries.flatMap(({ methods }) => methods.map(({ name }) => name))));
                return [all.length, all.filter((name) => !said.has(name) && name !== 'lab.frames.close')];";
            let found = browser.run(&format!("return (async () => {{ {script} }})();"), vec![]).await;
            assert!(found[0].as_u64() > Some(50), "{found}");
            assert_eq!(found[1], json!([]), "not described");
        })
        .await;
}

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const CONTROL: char = '\u{e009}';

#[tokio::test]
async fn it_works_by_keyboard_alone() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            open(browser, &site, "").await;
            answered(browser).await;
            browser.run("document.querySelector('#api-filter').focus();", vec![]).await;
            browser.keys("classify post").await;
            let shown = "[...document.querySelectorAll('#api-routes a')].filter((link) => link.checkVisibility()).length";
            assert_eq!(browser.value(shown).await, 1);
            browser.keys(ENTER).await;
            browser.until("the route is shown", "document.querySelector('#api-title')?.textContent.includes('mnist/classify')").await;
            browser.until("the title has the focus", "document.activeElement.id === 'api-title'").await;
            // On to the kind of body, and to the second of them.
            for _ in 0..8 {
                browser.keys(TAB).await;
                if browser.value("document.activeElement.name === 'api-body-kind'").await == true {
                    break;
                }
            }
            browser.keys("\u{e014}").await;
            browser.until("the form", "document.querySelector('.api-body__type')?.textContent === 'multipart/form-data'").await;
            browser.until("its file", "document.querySelector('.api-file__facts')?.textContent.startsWith('Ready')").await;
            browser.keys_with(CONTROL, ENTER).await;
            browser.until("the answer", &format!("({ANSWER}).status === 200")).await;
            browser.until("it is announced", "document.querySelector('#status').textContent === 'Answered: 200 OK'").await;
        })
        .await;
}

#[tokio::test]
async fn it_fits_into_a_narrow_window() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window { width: 360, height: 740, offline: true, ..Window::default() })
        .run(async |browser| {
            open(browser, &site, "").await;
            answered(browser).await;
            browser.until("the model is kept", USUAL).await;
            fits(browser, "the overview").await;
            for (id, listed) in operations() {
                turn_to(browser, &id, &listed).await;
                fits(browser, &listed).await;
            }
            turn_to(browser, "generate", "POST generate").await;
            send(browser).await;
            fits(browser, "with an answer").await;
            for chapter in ["start", "sequences", "augment", "records", "errors"] {
                browser.run("location.hash = `#/api?module=${arguments[0]}`;", vec![json!(chapter)]).await;
                browser.until("the programs", "[...document.querySelectorAll('.api-entry pre')].every(({ textContent }) => textContent !== '')").await;
                fits(browser, chapter).await;
            }
        })
        .await;
}

//! The Data set page: recipes typed, linked and dropped; making, pausing, going on, cancelling; files that are saved.

use std::io::{Cursor, Read};

use digitlab::mnist::bucket::sha256;
use digitlab_browser::{Browser, Scheme, Site, Visit, Window};
use serde_json::{Value, json};
use zip::ZipArchive;

const LABELS: &str = "[...document.querySelectorAll('#dataset-items [data-label]')].map(({ dataset }) => dataset.label)";

/// Opens the place, and waits for the first items.
async fn open(browser: &Browser, site: &Site, query: &str) {
    browser.open(&site.url(&format!("#/dataset{query}"))).await;
    looked(browser).await;
}

/// Waits until the first items are those of the form.
async fn looked(browser: &Browser) {
    let there = "document.querySelector('#dataset-items')?.dataset.state === 'done'
        && !document.querySelector('#dataset-items').hasAttribute('data-stale')";
    browser.until("the first items", there).await;
}

/// Waits until the first items show these numbers.
async fn labels(browser: &Browser, expected: &str) {
    browser
        .until(
            "the first items",
            &format!("({LABELS}).join() === '{expected}'"),
        )
        .await;
}

async fn state(browser: &Browser, state: &str) {
    let there = format!("document.querySelector('#dataset-run')?.dataset.state === '{state}'");
    browser.until(&format!("it is {state}"), &there).await;
}

async fn says(browser: &Browser, selector: &str, sentence: &str) {
    let there = format!(
        "document.querySelector({}).textContent === {}",
        json!(selector),
        json!(sentence)
    );
    browser.until(sentence, &there).await;
}

/// Chooses one of a group, as a click on its face does.
async fn choose(browser: &Browser, id: &str) {
    browser.click(&format!("label:has(#{id})")).await;
}

/// Drops a file on the page.
async fn drop_file(browser: &Browser, name: &str, text: &str) {
    let script = "
        const data = new DataTransfer();
        data.items.add(new File([arguments[1]], arguments[0]));
        const fire = (type) => document.querySelector('#dataset-title').dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
        fire('dragover');
        const marked = document.querySelector('#dataset').hasAttribute('data-over');
        fire('drop');
        return [marked, document.querySelector('#dataset').hasAttribute('data-over')];";
    let marked = browser.run(script, vec![name.into(), text.into()]).await;
    assert_eq!(marked, json!([true, false]));
}

async fn items(browser: &Browser) -> u64 {
    let done = browser
        .value("Number(document.querySelector('#dataset-run').dataset.items)")
        .await;
    done.as_u64().expect("a count")
}

#[tokio::test]
async fn what_is_typed_is_made_and_saved() {
    let site = Site::built().start().await;
    Visit::new().with_own_files()
        .run(async |browser| {
            open(browser, &site, "").await;
            choose(browser, "dataset-kind-list").await;
            browser.fill("#dataset-list", "042, 7 31").await;
            browser.fill("#dataset-count", "5").await;
            browser.fill("#dataset-seed", "11").await;
            labels(browser, "042,7,31,042,7").await;
            assert_eq!(browser.text("#dataset-first").await, "042, 7, 31, 042, 7");
            assert_eq!(browser.text("#dataset-go").await, "Make 5 items");
            browser.click("#dataset-go").await;
            state(browser, "done").await;
            assert_eq!(browser.text("#dataset-run-title").await, "“digits” is made");
            let files = "[...document.querySelectorAll('#dataset-files tr')].map(({ dataset }) => [dataset.name, dataset.sha256])";
            let files = browser.value(files).await;
            assert_eq!([&files[0][0], &files[1][0]], ["digits.zip", "recipe.json"]);
            browser.click("#dataset-files tr:first-child .button").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "digits.zip");
            assert_eq!(sha256(&bytes), files[0][1].as_str().expect("a hash"));
            let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
            let mut rows = 0;
            for subset in ["train", "validation", "test"] {
                let Ok(mut file) = archive.by_name(&format!("{subset}/labels.csv")) else { continue };
                let mut text = String::new();
                file.read_to_string(&mut text).expect("text");
                for row in text.lines().skip(1) {
                    let cells: Vec<_> = row.split(',').collect();
                    let index: usize = cells[1].parse().expect("an index");
                    assert_eq!(cells[2], ["042", "7", "31", "042", "7"][index], "{row}");
                    rows += 1;
                }
            }
            assert_eq!(rows, 5);
            browser.click("#dataset-save-recipe").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "recipe.json");
            let recipe: Value = serde_json::from_slice(&bytes).expect("JSON");
            assert_eq!(recipe["recipe"]["numbers"], json!({ "list": ["042", "7", "31"] }));
            assert_eq!(recipe["recipe"]["seed"], "11");
            assert_eq!(recipe["files"][0]["sha256"], files[0][1]);
            let program = browser.text("#dataset-code pre").await;
            assert!(program.contains("zipfile.ZipFile(\"digits.zip\")"), "{program}");

            // It stays until it is deleted.
            browser.reload().await;
            looked(browser).await;
            browser.until("it is listed", "document.querySelector('#dataset-kept .kept__row')?.dataset.state === 'done'").await;
            browser.click("#dataset-kept [data-action='show']").await;
            state(browser, "done").await;
            browser.click("#dataset-close").await;
            browser.until("it is listed again", "document.querySelector('#dataset-kept .kept__row')").await;
            browser.click("#dataset-kept [data-action='delete']").await;
            browser.click("#dataset-ask-yes").await;
            browser.until("nothing is kept", "document.querySelector('#dataset-kept').hidden").await;
        })
        .await;
}

#[tokio::test]
async fn it_is_paused_and_goes_on_after_a_reload_to_the_same_bytes() {
    let site = Site::built().start().await;
    Visit::new().with_own_files()
        .run(async |browser| {
            open(browser, &site, "?length=6&count=30000&seed=3&train=1&validation=0&test=0").await;
            browser.click("#dataset-go").await;
            state(browser, "busy").await;
            browser.until("a share in the title", "/^\\d+ % · Data set · Digitlab$/.test(document.title)").await;
            browser.until("some items", "Number(document.querySelector('#dataset-run').dataset.items) > 0").await;
            // It goes on while another place is shown.
            browser.run("location.hash = '#/generate'", vec![]).await;
            browser.until("another place", "document.querySelector('#view-dataset').hidden && / % · Generate/.test(document.title)").await;
            browser.run("location.hash = '#/dataset'", vec![]).await;
            browser.click("#dataset-pause").await;
            state(browser, "paused").await;
            assert_eq!(browser.value("document.title").await, "Data set · Digitlab");
            let before = items(browser).await;
            assert!((1..30_000).contains(&before), "{before}");

            browser.reload().await;
            state(browser, "paused").await;
            assert!(items(browser).await >= 1, "what was made is kept");
            assert_eq!(browser.field("#dataset-count").await, "30000");
            browser.click("#dataset-resume").await;
            state(browser, "done").await;
            let hash = "document.querySelector('#dataset-files tr').dataset.sha256";
            let paused = browser.value(hash).await;

            // In one run it comes to the same.
            browser.click("#dataset-close").await;
            browser.click("#dataset-go").await;
            state(browser, "busy").await;
            state(browser, "done").await;
            assert_eq!(browser.value(hash).await, paused);
        })
        .await;
}

#[tokio::test]
async fn while_a_file_is_closed_it_says_so_and_keeps_the_rate() {
    let site = Site::built().start().await;
    Visit::new()
        .with_own_files()
        .run(async |browser| {
            open(browser, &site, "?length=6&count=20000&seed=3").await;
            let watch = "
                const text = (id) => document.querySelector(id).textContent;
                window.told = [];
                const told = () => window.told.push(['#dataset-amount', '#dataset-rate', '#dataset-left'].map(text));
                new MutationObserver(told).observe(document.querySelector('#dataset-progress'),
                    { subtree: true, childList: true, characterData: true });";
            browser.run(watch, vec![]).await;
            browser.click("#dataset-go").await;
            state(browser, "done").await;
            let told = browser.value("window.told").await;
            let told = told.as_array().expect("what was shown");
            let closing = told.iter().position(|shown| shown[0] == "Closing the file …");
            let closing = closing.expect("it is said");
            let rate = &told[closing - 1][1];
            assert_eq!([&told[closing][1], &told[closing][2]], [rate, &json!("–")]);
        })
        .await;
}

#[tokio::test]
async fn a_cancelled_one_leaves_nothing() {
    let site = Site::built().start().await;
    Visit::new().with_own_files()
        .run(async |browser| {
            open(browser, &site, "?length=6&count=1000000&seed=3").await;
            browser.click("#dataset-go").await;
            browser.until("much is made", "Number(document.querySelector('#dataset-run').dataset.items) > 5000").await;
            browser.click("#dataset-cancel").await;
            browser.until("a question", "document.querySelector('#dataset-ask').open").await;
            browser.click("#dataset-ask-no").await;
            browser.until("it goes on", "document.querySelector('#dataset-run').dataset.state === 'busy'").await;
            browser.click("#dataset-cancel").await;
            browser.click("#dataset-ask-yes").await;
            browser.until("it is gone", "document.querySelector('#dataset-run').hidden").await;
            let left = browser
                .run(
                    "const root = await navigator.storage.getDirectory();
                     const shelf = await root.getDirectoryHandle('digitlab-datasets', { create: true });
                     const left = [];
                     for await (const name of shelf.keys()) left.push(name);
                     return left;",
                    vec![],
                )
                .await;
            assert_eq!(left, json!([]));
            assert_eq!(browser.value("document.querySelector('#dataset-kept').hidden").await, true);
            assert_eq!(browser.value("document.querySelector('#dataset-go').disabled").await, false);
        })
        .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            for (field, text, said) in [
                ("count", "0", "count is 0; allowed: "),
                ("length", "300", "numbers.random is 300; allowed: "),
                ("seed", "many", "seed is "),
                ("margin", "-1", "margin is -1; allowed: "),
                ("train", "x", "subsets"),
            ] {
                let before = browser.field(&format!("#dataset-{field}")).await;
                browser.fill(&format!("#dataset-{field}"), text).await;
                let error = format!("#dataset-{field}-error");
                let there = format!(
                    "document.querySelector('{error}').textContent.includes({})",
                    json!(said)
                );
                browser.until(&format!("{field} is refused"), &there).await;
                let told = browser.text(&error).await;
                assert!(told.ends_with('.'), "{told}");
                // Nothing is begun; the button leads to what is wrong.
                browser.click("#dataset-go").await;
                let led = format!("document.activeElement.id === 'dataset-{field}'");
                browser.until(&format!("{field} has the focus"), &led).await;
                assert_eq!(
                    browser
                        .value("document.querySelector('#dataset-run').hidden")
                        .await,
                    true
                );
                browser.fill(&format!("#dataset-{field}"), &before).await;
                says(browser, &error, "").await;
            }
            choose(browser, "dataset-lengths-weighted").await;
            browser.fill("#dataset-weights", "4-1").await;
            says(
                browser,
                "#dataset-weights-error",
                "The weights are 4-1; allowed: lengths with their weights, such as 4: 1, 6: 3.",
            )
            .await;
            choose(browser, "dataset-kind-file").await;
            says(browser, "#dataset-weights-error", "").await;
            browser.click("#dataset-go").await;
            says(
                browser,
                "#dataset-file-error",
                "No file of numbers is chosen; choose a text file with a number on each line.",
            )
            .await;
            choose(browser, "dataset-kind-list").await;
            browser.fill("#dataset-list", "12 1x").await;
            browser
                .until(
                    "the list is refused",
                    "document.querySelector('#dataset-list-error').textContent.includes('1x')",
                )
                .await;
            browser.fill("#dataset-list", "12").await;
            choose(browser, "dataset-format-npz").await;
            choose(browser, "dataset-fit-natural").await;
            browser
                .until(
                    "fit is refused",
                    "document.querySelector('#dataset-fit-error').textContent.includes('npz')",
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn a_recipe_and_a_file_of_numbers_can_be_dropped() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            let recipe = json!({
                "name": "calls", "count": 77, "numbers": { "pattern": "0[79]##" }, "seed": "5", "fit": "natural",
                "subsets": { "train": 3, "test": 1 }, "format": "webdataset", "augment": true, "pipeline": "strong",
            });
            drop_file(browser, "recipe.json", &recipe.to_string()).await;
            browser.until("the form is filled", "document.querySelector('#dataset-name').value === 'calls'").await;
            looked(browser).await;
            for (field, value) in [("count", "77"), ("pattern", "0[79]##"), ("seed", "5"), ("train", "3"), ("validation", "0"), ("test", "1")] {
                assert_eq!(browser.field(&format!("#dataset-{field}")).await, value, "{field}");
            }
            for id in ["kind-pattern", "fit-natural", "format-webdataset", "augment", "pipeline-strong"] {
                let checked = format!("document.querySelector('#dataset-{id}').checked");
                assert_eq!(browser.value(&checked).await, true, "{id}");
            }
            browser.until("four digits", &format!("({LABELS}).every((label) => /^0[79]\\d\\d$/.test(label))")).await;

            drop_file(browser, "other.json", "{").await;
            browser.until("it is refused", "document.querySelector('#dataset-error').textContent.startsWith('The file other.json is no recipe: it is no JSON')").await;
            drop_file(browser, "other.json", "{\"numbers\":{\"random\":6},\"count\":0}").await;
            browser.until("its count is refused", "document.querySelector('#dataset-error').textContent.includes('count is 0')").await;
            assert_eq!(browser.field("#dataset-count").await, "77", "the form stays as it was");

            drop_file(browser, "numbers.txt", "12\r\n\r\n0345\n").await;
            labels(browser, "12,0345,12,0345,12,0345,12,0345,12,0345,12,0345").await;
            assert_eq!(browser.text("#dataset-numbers-name").await, "numbers.txt");
            assert!(browser.text("#dataset-numbers-facts").await.starts_with("2 numbers"));
        })
        .await;
}

#[tokio::test]
async fn the_address_holds_the_recipe_and_generate_leads_here() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/generate?number=0815&seed=9&spacing_min=2&margin=7&augment=true&pipeline=visible")).await;
            browser.until("a picture", "document.querySelector('#stage').dataset.label === '0815'").await;
            browser.click("#make-dataset").await;
            labels(browser, &["0815"; 12].join(",")).await;
            for (field, value) in [("list", "0815"), ("seed", "9"), ("spacing_min", "2"), ("margin", "7")] {
                assert_eq!(browser.field(&format!("#dataset-{field}")).await, value, "{field}");
            }
            let current = browser.text("#places [aria-current]").await;
            assert_eq!(current, "Generate");
            browser.fill("#dataset-count", "123").await;
            browser.until("the address follows", "location.hash.includes('count=123')").await;
            let address = browser.address().await;
            let (_, query) = address.split_once('?').expect("a query");
            open(browser, &site, "").await;
            open(browser, &site, &format!("?{query}")).await;
            assert_eq!(browser.field("#dataset-count").await, "123");
            assert_eq!(browser.field("#dataset-margin").await, "7");
            // What was typed is there again at an empty address.
            browser.open(&site.url("#/storage")).await;
            browser.open(&site.url("#/dataset")).await;
            browser.reload().await;
            looked(browser).await;
            assert_eq!(browser.field("#dataset-list").await, "0815");
        })
        .await;
}

#[tokio::test]
async fn it_fits_into_a_narrow_window() {
    let site = Site::built().start().await;
    Visit::new()
        .with_own_files()
        .window(Window {
            width: 360,
            height: 740,
            scheme: Scheme::Dark,
            ..Window::default()
        })
        .run(async |browser| {
            let fits =
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
            open(browser, &site, "?count=20&seed=1").await;
            for kind in ["list", "range", "phone", "pattern", "file", "random"] {
                choose(browser, &format!("dataset-kind-{kind}")).await;
                assert_eq!(browser.value(fits).await, true, "{kind}");
            }
            looked(browser).await;
            browser.click("#dataset-go").await;
            state(browser, "done").await;
            assert_eq!(browser.value(fits).await, true, "with its files");
        })
        .await;
}

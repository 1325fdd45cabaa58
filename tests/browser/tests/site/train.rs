//! Training in the page: curves, pausing, going on after a reload, and the model at the end.

use digitlab_browser::{Browser, Site, Visit};
use serde_json::{Value, json};

async fn open(browser: &Browser, site: &Site) {
    browser.open(&site.url("#/train")).await;
    browser
        .until("the page is there", "document.querySelector('#train-go')?.disabled === false || document.querySelector('#train-paused')?.hidden === false")
        .await;
}

async fn state(browser: &Browser, state: &str) {
    let there = format!("document.querySelector('#train-parts')?.dataset.state === '{state}'");
    browser.until(&format!("it is {state}"), &there).await;
}

#[tokio::test]
async fn a_small_network_is_trained_paused_and_goes_on_after_a_reload() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site).await;
            browser.fill("#train-pictures", "12").await;
            browser.click("#train-go").await;
            let error = browser.text("#train-pictures-error").await;
            assert_eq!(error, "Pictures is 12; allowed: whole numbers from 500 to 60,000.");
            browser.fill("#train-pictures", "640").await;
            browser.fill("#train-epochs", "2").await;
            browser.fill("#train-title-field", "Quick").await;
            browser.click("label:has(#train-changes-none)").await;
            browser.click("#train-go").await;
            state(browser, "running").await;
            browser.until("some steps", "Number(document.querySelector('#train-parts').dataset.steps) >= 2").await;
            browser.click("#train-pause").await;
            state(browser, "paused").await;
            let steps = "Number(document.querySelector('#train-parts').dataset.steps)";
            let before = browser.value(steps).await.as_u64().expect("a count");
            assert!((2..20).contains(&before), "{before} of 20 steps");
            let said = browser.attribute("#train-loss", "aria-label").await.expect("a name");
            assert!(said.starts_with(&format!("Loss after {before} of 20 steps")), "{said}");
            let line = "document.querySelector('#train-loss .chart__line').getAttribute('d').split('L').length";
            assert_eq!(browser.value(line).await, before);

            browser.reload().await;
            state(browser, "paused").await;
            assert_eq!(browser.value(steps).await, before, "nothing is lost");
            browser.click("#train-resume").await;
            browser.until("it is done", "document.querySelector('#train-done').hidden === false").await;
            state(browser, "idle").await;
            assert_eq!(browser.value(steps).await, 20);
            let rows = "document.querySelectorAll('#train-epoch-table tbody tr').length";
            assert_eq!(browser.value(rows).await, 2);
            let done = browser.text("#train-done-text").await;
            assert!(done.starts_with("“Quick” is trained: "), "{done}");
            let sum = "[...document.querySelectorAll('#train-confusion tbody td[data-kind]')].reduce((sum, { textContent }) => sum + (Number(textContent) || 0), 0)";
            assert_eq!(browser.value(sum).await, 1000);
            browser.click("#train-classify").await;
            browser.until("the model is chosen", "location.hash.includes('model=trained-quick')").await;
        })
        .await;
}

#[tokio::test]
async fn the_number_of_workers_changes_nothing() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    "const hashes = [];
                     const losses = [];
                     for (const workers of [1, 3]) {
                       const lab = await Digitlab.open({ workers });
                       const options = { size: '16-pool-16-pool-16-average-10', pictures: 640, epochs: 1, batch: 64, title: `By ${workers}` };
                       const { card, state } = await lab.train(options);
                       const file = await lab.models.file(card.name);
                       hashes.push(await tools.sha256(await file.arrayBuffer()));
                       losses.push(state.losses);
                       lab.close();
                     }
                     return { hashes, losses };",
                    Value::Null,
                )
                .await;
            assert_eq!(found["hashes"][0], found["hashes"][1], "{found}");
            let losses: Vec<f64> = serde_json::from_value(found["losses"][0].clone()).expect("numbers");
            assert_eq!(losses.len(), 10);
            assert!(losses[8] + losses[9] < losses[0] + losses[1], "it learns: {losses:?}");
        })
        .await;
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let cases = json!([
                [{ "epochs": 0 }, "epochs is 0; allowed: whole numbers from 1 to 100."],
                [{ "pictures": 1e9 }, "pictures is 1000000000; allowed: whole numbers from 16 to 60000."],
                [{ "batch": 40 }, "batch is 40; allowed: multiples of 16 up to 512."],
                [{ "rate": -1 }, "rate is -1; allowed: numbers above 0, up to 0.1."],
                [{ "data": "mine" }, "data is mine; allowed: mnist, current."],
                [{ "seed": "x" }, "seed is x; allowed: whole numbers from 0 to 18446744073709551615 (as text or BigInt when above 2^53)."],
                [{ "size": "20-average-10", "pictures": 500 }, "channels is 20; allowed: multiples of 16 up to 512."],
                [{ "pipeline": [{ "transform": "Nope" }], "pictures": 500 }, "Nope"],
            ]);
            let body = "const lab = await Digitlab.open({ workers: 1 });
                try {
                  await lab.train(args);
                } catch (error) {
                  if (await lab.trainings.kept()) throw new Error('it was begun');
                  throw error;
                } finally {
                  lab.close();
                }";
            for case in cases.as_array().expect("cases") {
                let told = lab.run(body, case[0].clone()).await.expect_err("a refusal").message;
                assert!(told.contains(case[1].as_str().expect("a sentence")), "{told}");
            }
        })
        .await;
}

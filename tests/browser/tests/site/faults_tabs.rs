//! Two tabs at once: what one does is seen in the other, and neither spoils what the other has.

use digitlab_browser::{Browser, Failure, LAB_PAGE, Site, Visit};
use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};

use crate::page::Page;
use crate::service_worker::KEPT;

/// Opens a tab beside those that are open, and goes to it.
async fn another(browser: &Browser, address: &str) -> WindowHandle {
    let tab = browser
        .client()
        .new_window(true)
        .await
        .expect("a tab")
        .handle;
    go(browser, &tab).await;
    browser.open(address).await;
    tab
}

async fn go(browser: &Browser, tab: &WindowHandle) {
    browser
        .client()
        .switch_to_window(tab.clone())
        .await
        .expect("the tab is there");
}

async fn here(browser: &Browser) -> WindowHandle {
    browser.client().window().await.expect("a window")
}

/// A log of so many rows that are all of one value.
fn log(name: &str, rows: usize, value: u8) -> Value {
    let lines: Vec<String> = (0..rows)
        .map(|row| format!("{row},{value},{value},{value}\n"))
        .collect();
    json!({ "name": name, "text": format!("depth,a,b,c\n{}", lines.concat()) })
}

const IMPORT: &str = "const lab = window.lab ??= await Digitlab.open({ workers: 1 });
    return lab.frames.import(new Blob([args.text]), { name: args.name, width: null });";

#[tokio::test]
async fn a_log_that_another_tab_deletes_is_not_shown_any_more() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            lab.get(IMPORT, log("stays", 40, 10)).await;
            lab.get(IMPORT, log("goes", 40, 20)).await;
            browser.open(&site.url("#/frames?image=2")).await;
            let shows = |name: &str| {
                format!("document.querySelector('#frames-name')?.textContent === '{name}' && document.querySelector('#frames-viewer').dataset.drawn === 'fine'")
            };
            browser.until("the log", &shows("goes")).await;
            let first = here(browser).await;
            let second = another(browser, &site.url(LAB_PAGE)).await;
            let remove = "const lab = window.lab ??= await Digitlab.open({ workers: 1 }); await lab.frames.delete(2);";
            lab.get(remove, Value::Null).await;
            go(browser, &first).await;
            browser.until("it is said", "document.querySelector('#toasts').textContent.includes('“goes” was deleted in another tab.')").await;
            browser.until("another one is shown", &shows("stays")).await;
            assert_eq!(browser.value("document.querySelectorAll('[data-log]').length").await, 1);

            // The number is given anew, and nothing of the old one is left on the screen.
            go(browser, &second).await;
            assert_eq!(lab.get(IMPORT, log("new", 30, 200)).await, 2);
            go(browser, &first).await;
            browser.until("it is listed", "document.querySelectorAll('[data-log]').length === 2").await;
            assert_eq!(browser.text("#frames-name").await, "stays", "what is looked at stays");
            browser.click("[data-log='2'] [data-act=open]").await;
            browser.until("the new one", &shows("new")).await;
            browser.until("its facts", "document.querySelector('#frames-facts').textContent.trim().startsWith('30 rows')").await;
        })
        .await;
}

#[tokio::test]
async fn two_tabs_import_at_once_and_both_logs_are_whole() {
    let site = Site::built().start().await;
    let begin = "window.outcome = null;
        import(arguments[0]).then(async ({ Digitlab }) => {
          const lab = window.lab = await Digitlab.open({ workers: 1 });
          const source = () => new Blob([arguments[1].text]);
          const ids = [];
          for (let k = 0; k < 4; k += 1) ids.push(await lab.frames.import(source(), { name: arguments[1].name, width: null }));
          window.outcome = ids;
        });";
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let first = here(browser).await;
            let module = json!(site.url("digitlab.js"));
            let second = another(browser, &site.url(LAB_PAGE)).await;
            browser.run(begin, vec![module.clone(), log("second", 6000, 2)]).await;
            go(browser, &first).await;
            browser.run(begin, vec![module, log("first", 6000, 1)]).await;
            let mut ids = Vec::new();
            for tab in [&second, &first] {
                go(browser, tab).await;
                let found = browser.until("all are imported", "window.outcome").await;
                ids.extend(found.as_array().expect("a list").iter().filter_map(Value::as_u64));
            }
            ids.sort_unstable();
            assert_eq!(ids, (1..=8).collect::<Vec<u64>>(), "each has a number of its own");
            let whole = "window.lab.frames.list().then((list) => list.map(({ name, height, value_min, value_max }) => [name, height, value_min, value_max]))";
            let list = browser.value(whole).await;
            for entry in list.as_array().expect("a list") {
                let value = if entry[0] == "first" { 1.0 } else { 2.0 };
                assert_eq!((entry[1].as_u64(), entry[2].as_f64(), entry[3].as_f64()), (Some(6000), Some(value), Some(value)), "{list}");
            }
        })
        .await;
}

#[tokio::test]
async fn records_that_another_tab_deletes_leave_the_list() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let add = "const lab = window.lab ??= await Digitlab.open({ workers: 1 });
                return (await lab.records.addMany(['1', '2', '3'].map((result) => ({ result })))).added.map(({ id }) => id);";
            let ids = lab.get(add, Value::Null).await;
            browser.open(&site.url("#/records")).await;
            let rows = |count: usize| format!("document.querySelector('#records-grid')?.getAttribute('aria-rowcount') === '{}'", count + 1);
            browser.until("three records", &rows(3)).await;
            let first = here(browser).await;
            another(browser, &site.url(LAB_PAGE)).await;
            lab.get("const lab = await Digitlab.open({ workers: 1 }); await lab.records.delete([args]); lab.close();", ids[1].clone()).await;
            go(browser, &first).await;
            browser.until("two records", &rows(2)).await;
            assert_eq!(browser.text("#records-trouble-text").await, "");
        })
        .await;
}

/// Begins a training that lasts, and waits until it has taken steps.
const TRAIN: &str = "
    const lab = window.lab ??= await Digitlab.open({ workers: 1 });
    window.pausing = new AbortController();
    const stepped = Promise.withResolvers();
    const options = { size: '16-pool-16-pool-16-average-10', pictures: 640, epochs: 100, batch: 64, title: args.title };
    const onState = ({ losses }) => losses.length >= 2 && stepped.resolve();
    window.training = lab.train({ ...options, signal: pausing.signal, onState }).then(() => null, tools.failure);
    const failure = await Promise.race([window.training, stepped.promise]);
    return failure ?? null;";

#[tokio::test]
async fn one_tab_trains_at_a_time_and_no_training_takes_the_place_of_another() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let first = here(browser).await;
            // This tab has looked when there was none.
            let idle = another(browser, &site.url("#/train")).await;
            browser.until("the place", "document.querySelector('#train-go')?.disabled === false").await;
            go(browser, &first).await;
            assert_eq!(lab.get(TRAIN, json!({ "title": "First" })).await, Value::Null);

            let second = another(browser, &site.url(LAB_PAGE)).await;
            let failure = Failure::from_json(&lab.get(TRAIN, json!({ "title": "Second" })).await);
            assert_eq!(failure.code, "busy", "{failure}");
            assert_eq!(failure.message, "A training is under way already, in this tab or another one. Pause it there first.");
            for call in ["resume", "finish", "discard"] {
                let body = format!("return window.lab.trainings.{call}().then(() => null, tools.failure);");
                let failure = Failure::from_json(&lab.get(&body, Value::Null).await);
                assert_eq!(failure.code, "busy", "{call}: {failure}");
            }
            go(browser, &first).await;
            let paused = lab.get("window.pausing.abort(); const failure = await window.training; return [failure, (await window.lab.trainings.kept()).title];", Value::Null).await;
            assert_eq!(paused[0]["code"], "aborted", "{paused}");
            assert_eq!(paused[1], "First");

            go(browser, &idle).await;
            browser.click("#train-go").await;
            browser.until("the other one is shown", "document.querySelector('#train-parts').dataset.state === 'paused'").await;
            assert!(browser.text("#train-paused-text").await.contains("“First”"));
            let error = browser.text("#train-error").await;
            assert!(error.starts_with("Another tab has begun this training meanwhile."), "{error}");

            // Now it is free, and goes on here where it was there.
            go(browser, &second).await;
            let resumed = lab
                .get(
                    "const { losses } = await window.lab.trainings.kept();
                    const pausing = new AbortController();
                    let state;
                    const onState = (now) => { state = now; if (now.losses.length > losses.length) pausing.abort(); };
                    await window.lab.trainings.resume({ signal: pausing.signal, onState }).catch(() => null);
                    return { before: losses, after: state.losses, title: state.title };",
                    Value::Null,
                )
                .await;
            let [before, after] = ["before", "after"].map(|key| resumed[key].as_array().expect("losses").clone());
            assert_eq!(after[..before.len()], before[..], "{resumed}");
            assert!(after.len() > before.len() && resumed["title"] == "First", "{resumed}");
        })
        .await;
}

#[tokio::test]
async fn a_chosen_model_that_another_tab_deletes_gives_way_to_the_default() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let add = "const lab = window.lab ??= await Digitlab.open({ workers: 1 });
                const bytes = await (await fetch(new URL('models/tiny.onnx', address))).arrayBuffer();
                return (await lab.models.add({ bytes, title: 'Mine' })).name;";
            let name = lab.get(add, Value::Null).await;
            let name = name.as_str().expect("a name");
            browser.open(&site.url(&format!("#/classify?sample=number&model={name}"))).await;
            let done = "document.querySelector('#classify-answer')?.dataset.state === 'done'";
            browser.until("the answer", done).await;
            browser.until("it is chosen", &format!("document.querySelector('#classify-models input:checked')?.value === '{name}'")).await;
            let first = here(browser).await;
            another(browser, &site.url(LAB_PAGE)).await;
            lab.get("const lab = await Digitlab.open({ workers: 1 }); await lab.models.delete(args); lab.close();", json!(name)).await;
            go(browser, &first).await;
            browser.until("the default is chosen", "document.querySelector('#classify-models input:checked')?.value === 'default'").await;
            browser.until("it is said", "document.querySelector('#classify-models-error').textContent === '“Mine” was deleted; the usual model answers now.'").await;
            browser.until("the answer", done).await;
        })
        .await;
}

#[tokio::test]
async fn offline_use_that_one_tab_switches_off_is_off_while_another_downloads() {
    let site = Site::built().start().await;
    let offline =
        "const { Offline } = await import(new URL('js/offline/offline.js', document.baseURI));
        const offline = window.offline ??= new Offline(new AbortController().signal);
        await offline.start();";
    Visit::new()
        .offline()
        .run(async |browser| {
            let _page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.until("the site is kept", KEPT).await;
            let begin = format!(
                "return (async () => {{ {offline}
                  const begun = Promise.withResolvers();
                  const onProgress = ({{ done }}) => done > 0 && begun.resolve();
                  window.kept = offline.keepEverything({{ onProgress }}).then(() => null, ({{ code, message }}) => ({{ code, message }}));
                  await begun.promise;
                  return null;
                }})();"
            );
            // Slow enough to be in the midst of it for as long as it takes.
            site.fault("mnist/t*", digitlab_browser::Fault::Slow { piece: 2000, pause: std::time::Duration::from_millis(20) });
            browser.run(&begin, vec![]).await;
            let first = here(browser).await;
            another(browser, &site.url("#/storage")).await;
            browser.until("the switch", "document.querySelector('#storage-offline')?.checked").await;
            browser.click("#storage-offline").await;
            let gone = "navigator.serviceWorker.getRegistrations().then(({ length }) => length === 0)";
            browser.until("it is off", gone).await;
            go(browser, &first).await;
            let ended = browser.until("the download ends", "window.kept.then((failure) => failure ?? 'kept')").await;
            assert_eq!(ended["message"], "The download was ended, since offline use was switched off meanwhile.", "{ended}");
            let state = browser.value("window.offline.state").await;
            assert_eq!((&state["enabled"], &state["kept"]), (&json!(false), &json!(false)), "{state}");
            browser.until("nothing of the site is kept", "caches.open('digitlab-site').then((cache) => cache.keys()).then(({ length }) => length === 0)").await;
            assert_eq!(browser.value("localStorage.getItem('digitlab.offline')").await, "off");
            // A page that is opened now does not begin anew.
            browser.reload().await;
            let page = Page { browser };
            page.state("done").await;
            assert_eq!(browser.value("caches.open('digitlab-site').then((cache) => cache.keys()).then(({ length }) => length)").await, 0);
        })
        .await;
}

//! What the site keeps, as the storage page shows it and deletes it.

use digitlab_browser::{Browser, Engine, LAB_PAGE, Scheme, Site, Visit, Window};
use serde_json::{Value, json};

use crate::look::fits;
use crate::page::Page;
use crate::service_worker::{KEPT, USUAL};

/// The words of a line: how many there are, and how large.
fn amount(name: &str) -> String {
    format!(
        "document.querySelector('[data-store={name}] .storage-row__amount')?.textContent.trim() ?? ''"
    )
}

/// Opens the page, and waits until everything is measured.
async fn open(browser: &Browser, site: &Site) {
    browser.open(&site.url("#/storage")).await;
    let measured = "document.querySelectorAll('.storage-row').length > 5
        && [...document.querySelectorAll('.storage-row__items')].every(({ textContent }) => textContent !== '…')";
    browser.until("everything is measured", measured).await;
}

/// Presses the button of a line, and answers what is asked then.
async fn delete(browser: &Browser, name: &str, answer: &str) -> String {
    browser.click(&format!("[data-store={name}] .button")).await;
    let asked = browser.text("#storage-dialog").await;
    browser.click(&format!("#storage-dialog-{answer}")).await;
    asked
}

#[tokio::test]
async fn each_thing_is_measured_and_can_be_deleted() {
    let site = Site::built().start().await;
    Visit::new()
        .with_own_files()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            page.choose("theme-dark").await;
            browser.open(&site.url(LAB_PAGE)).await;
            let stored = browser
                .lab(&site.url("digitlab.js"))
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    await lab.records.addMany(['1', '2', '3'].map((result) => ({ result })));
                    const id = await lab.frames.import(new Blob(['depth,a,b\\n1,2,3\\n2,3,4\\n']), { name: 'small' });
                    await lab.dataset({ count: 20, numbers: { random: 2 }, image_width: 60 });
                    lab.close();
                    return id;",
                    Value::Null,
                )
                .await;
            assert_eq!(stored, 1);
            open(browser, &site).await;
            let words = |name: &str| amount(name);
            assert!(browser.value(&words("records")).await.as_str().is_some_and(|text| text.starts_with("3 records")));
            assert!(browser.value(&words("frames")).await.as_str().is_some_and(|text| text.starts_with("1 image")));
            assert!(browser.value(&words("datasets")).await.as_str().is_some_and(|text| text.starts_with("1 data set")));
            assert!(browser.value(&words("digits")).await.as_str().is_some_and(|text| text.contains("files")));
            assert_eq!(browser.value(&words("site")).await, "Nothing", "offline use is off in this visit");
            assert!(browser.text("#storage-total").await.contains(" of at most "));

            let asked = delete(browser, "records", "no").await;
            assert!(asked.contains("gone for good"), "{asked}");
            assert!(browser.value(&words("records")).await.as_str().is_some_and(|text| text.starts_with("3 records")));
            for name in ["records", "frames", "datasets", "digits"] {
                delete(browser, name, "yes").await;
                browser.until(&format!("no {name}"), &format!("{} === 'Nothing'", words(name))).await;
                let disabled = format!("document.querySelector('[data-store={name}] .button').disabled");
                browser.until(&format!("nothing of {name} to delete"), &disabled).await;
            }
            let left = browser
                .run("return Promise.all([caches.has('digitlab-bucket'), navigator.storage.estimate().then(({ usage }) => usage >= 0)]);", vec![])
                .await;
            assert_eq!(left, json!([false, true]));

            assert_eq!(browser.attribute("html", "data-theme").await.as_deref(), Some("dark"));
            delete(browser, "settings", "yes").await;
            browser.until("the page is as at first", "document.documentElement.dataset.theme === undefined && document.querySelector('#storage-list .storage-row')").await;
            assert_eq!(browser.value("Object.keys(localStorage).filter((key) => key.includes('theme')).length").await, 0);
        })
        .await;
}

#[tokio::test]
async fn a_paused_training_is_listed_and_can_be_deleted() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let body = "const lab = await Digitlab.open({ workers: 1 });
                const pausing = new AbortController();
                const onState = ({ losses }) => losses.length > 0 && pausing.abort();
                const options = { size: '16-pool-16-pool-16-average-10', pictures: 640, title: 'Half' };
                await lab.train({ ...options, onState, signal: pausing.signal }).catch(() => null);
                const { title } = await lab.trainings.kept();
                lab.close();
                return title;";
            let title = browser.lab(&site.url("digitlab.js")).get(body, Value::Null).await;
            assert_eq!(title, "Half");
            open(browser, &site).await;
            let words = amount("trainings");
            let found = browser.value(&words).await;
            assert!(found.as_str().is_some_and(|text| text.starts_with("1 training")), "{found}");
            let asked = delete(browser, "trainings", "yes").await;
            assert!(asked.contains("It cannot go on where it was."), "{asked}");
            browser.until("it is gone", &format!("{words} === 'Nothing'")).await;
            browser.open(&site.url("#/train")).await;
            let idle = "document.querySelector('#train-parts')?.dataset.state === 'idle' && document.querySelector('#train-go').disabled === false";
            browser.until("another one may begin", idle).await;
        })
        .await;
}

#[tokio::test]
async fn everything_can_be_kept_and_the_site_forgotten() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            let _page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.until("the site is kept", KEPT).await;
            browser.until("the model is kept", USUAL).await;
            // The link is at the foot of every place.
            browser.click(".footer a[href='#/storage']").await;
            browser.until("what is missing", "/MB/.test(document.querySelector('#storage-keep')?.textContent)").await;
            assert!(browser.text("#storage-offline-state").await.starts_with("On: all pages"));
            assert!(browser.text("#storage-version").await.contains("build"));
            assert_eq!(browser.value("document.querySelector('#places [aria-current]').dataset.place").await, "api");
            browser.click("#storage-keep").await;
            browser.until("everything is kept", "document.querySelector('#storage-keep').textContent === 'Everything is kept'").await;
            assert_eq!(browser.text("#storage-keep-error").await, "");
            browser.until("all digits are counted", "Number(document.querySelector('[data-store=digits]').dataset.bytes) > 8e6").await;
            browser.click("#storage-update").await;
            browser.until("it has looked", "/No newer version/.test(document.querySelector('#storage-update-text').textContent)").await;

            let asked = delete(browser, "site", "yes").await;
            assert!(asked.contains("Offline use is switched off"), "{asked}");
            browser.until("it is off", "!document.querySelector('#storage-offline').checked").await;
            browser.until("nothing is kept", &format!("{} === 'Nothing'", amount("site"))).await;
            assert_eq!(browser.value("navigator.serviceWorker.getRegistrations().then(({ length }) => length)").await, 0);
            browser.click("#storage-offline").await;
            browser.until("it is on again", "document.querySelector('#storage-offline-state').textContent.startsWith('On: all pages')").await;
        })
        .await;
}

#[tokio::test]
async fn closed_storage_is_said() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser
                .before_pages(
                    "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('closed', 'SecurityError'); } });
                    Object.defineProperty(window, 'caches', { value: undefined });
                    Object.defineProperty(Navigator.prototype, 'storage', { value: undefined });",
                )
                .await;
            open(browser, &site).await;
            let errors = "[...document.querySelectorAll('.storage-row__error')].map(({ textContent }) => textContent)";
            let errors = browser.value(errors).await;
            for (line, part) in [(0, "keeps no files"), (1, "keeps no files"), (6, "closes its storage")] {
                assert!(errors[line].as_str().is_some_and(|text| text.contains(part)), "{errors}");
            }
            assert!(browser.text("#storage-total").await.contains("does not tell"));
            assert!(browser.text("#storage-persistent").await.contains("does not tell"));
        })
        .await;
}

#[tokio::test]
async fn the_browser_is_asked_to_keep_what_was_imported() {
    let site = Site::built().start().await;
    Visit::new()
        .only(&[Engine::Chromium, Engine::Firefox], "WebKitGTK cannot be asked to keep what is stored")
        .run(async |browser| {
            browser
                .before_pages(
                    "window.asked = 0;
                    // Pages that are no site's have none.
                    if (navigator.storage) {
                      navigator.storage.persisted = async () => false;
                      navigator.storage.persist = async () => (window.asked += 1, false);
                    }",
                )
                .await;
            browser.open(&site.url("#/frames")).await;
            browser.until("the place", "document.querySelector('#frames')?.dataset.state === 'empty'").await;
            for _ in 0..2 {
                browser.run("document.querySelector('#frames-sample').click();", vec![]).await;
                browser.until("the log", "document.querySelector('#frames')?.dataset.state === 'done' && document.querySelector('#frames-import').dataset.state === 'idle'").await;
            }
            assert_eq!(browser.value("window.asked").await, 1, "once");
            browser.run("location.hash = '#/storage';", vec![]).await;
            browser.until("the button", "document.querySelector('#storage-persist')?.hidden === false").await;
            assert!(browser.text("#storage-persistent").await.starts_with("Not persistent yet"));
            browser.click("#storage-persist").await;
            browser.until("what came of it", "document.querySelector('#toasts').textContent.includes('did not agree')").await;
            assert_eq!(browser.value("window.asked").await, 2);
        })
        .await;
}

#[tokio::test]
async fn what_the_browser_offers_can_be_used() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            // The browser's own offer depends on where it runs.
            browser
                .before_pages(
                    "addEventListener('beforeinstallprompt', (event) => event.isTrusted && event.stopImmediatePropagation());",
                )
                .await;
            open(browser, &site).await;
            assert_eq!(
                browser
                    .value("document.querySelector('#storage-install').hidden")
                    .await,
                true
            );
            assert!(
                browser
                    .text("#storage-install-text")
                    .await
                    .contains(match browser.engine() {
                        Engine::Chromium => "browser’s menu",
                        Engine::Firefox => "Firefox does not install sites",
                        Engine::WebKit => "Add to Dock",
                    })
            );
            browser
                .run(
                    "const offer = new Event('beforeinstallprompt');
                    offer.prompt = async () => (window.prompted = true, { outcome: 'dismissed' });
                    dispatchEvent(offer);",
                    vec![],
                )
                .await;
            browser.click("#storage-install").await;
            browser
                .until(
                    "what came of it",
                    "document.querySelector('#storage-install-text').textContent.startsWith('Not installed')",
                )
                .await;
            assert_eq!(browser.value("window.prompted").await, true);
        })
        .await;
}

#[tokio::test]
async fn it_fits_into_a_narrow_window_too() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window {
            width: 360,
            height: 740,
            scheme: Scheme::Dark,
            ..Window::default()
        })
        .run(async |browser| {
            open(browser, &site).await;
            fits(browser, "storage").await;
            let dialog = "document.querySelector('#storage-dialog').showModal()";
            browser.run(dialog, vec![]).await;
            fits(browser, "with a question").await;
        })
        .await;
}

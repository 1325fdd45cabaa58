//! Every page does its work under the policy, and asks nobody else.

use digitlab_browser::{Browser, LAB_PAGE, Site, Visit};
use serde_json::json;

use super::{policy, recorded, strange};
use crate::page::Page;

/// Makes all that the page reports of its policy an entry of `window.violations`.
const WATCH: &str = "
    window.violations = [];
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      window.violations.push([violatedDirective, blockedURI]);
    });";

/// The work of a page: its address, what is clicked once something is there, and what shows that the work is done.
struct Job {
    address: &'static str,
    click: Option<(&'static str, &'static str)>,
    done: &'static str,
}

const JOBS: [Job; 10] = [
    Job {
        address: "#/generate?number=042&seed=7",
        click: Some((
            "#download-png",
            "document.querySelector('#stage').dataset.state === 'done'",
        )),
        done: "document.querySelector('#stage').dataset.state === 'done'",
    },
    Job {
        address: "#/dataset?count=30&seed=3",
        click: Some((
            "#dataset-go",
            "document.querySelector('#dataset-items')?.dataset.state === 'done' && !document.querySelector('#dataset-items').hasAttribute('data-stale')",
        )),
        // Where there is no place to write to, its sentence is all there can be.
        done: "document.querySelector('#dataset-run')?.dataset.state === 'done' || document.querySelector('#dataset-error').textContent.includes('no place to write')",
    },
    Job {
        address: "#/augment?sample=card&seed=3&mode=each",
        click: None,
        done: "document.querySelector('#augment-wall')?.dataset.state === 'done' && document.querySelector('#augment-wall-grid [data-state=done]') !== null",
    },
    Job {
        address: "#/classify?sample=digit",
        click: None,
        done: "document.querySelector('#classify-answer')?.dataset.state === 'done'",
    },
    Job {
        address: "#/train",
        click: Some((
            "#train-go",
            "document.querySelector('#train-go')?.disabled === false",
        )),
        done: "Number(document.querySelector('#train-parts')?.dataset.steps) >= 2",
    },
    Job {
        address: "#/robustness?models=tiny&curves=Rotate&pictures=100&strengths=5",
        click: None,
        done: "document.querySelector('#robustness')?.dataset.state === 'done'",
    },
    // What was classified is in the log.
    Job {
        address: "#/records",
        click: None,
        done: "document.querySelector('#records-rows [role=row]:not([data-waiting])') !== null",
    },
    Job {
        address: "#/frames",
        click: Some((
            "#frames-sample",
            "document.querySelector('#frames')?.dataset.state === 'empty'",
        )),
        done: "document.querySelector('#frames-viewer')?.dataset.drawn === 'fine'",
    },
    Job {
        address: "#/api?module=sequences",
        click: Some((
            "[data-example=generate_many] .button--primary",
            "document.querySelector('[data-example=generate_many] pre')?.textContent.startsWith('import') === true",
        )),
        done: "document.querySelector('[data-example=generate_many] .api-output')?.dataset.state === 'done'",
    },
    Job {
        address: "#/storage",
        click: None,
        done: "document.querySelectorAll('.storage-row').length > 5",
    },
];

/// Has every page do its work, one after the other, with nothing that its policy forbids.
async fn every_page_at_work(browser: &Browser, site: &Site) {
    Page::open(browser, site, "").await;
    browser.run(WATCH, vec![]).await;
    for Job {
        address,
        click,
        done,
    } in JOBS
    {
        browser
            .run("location.hash = arguments[0];", vec![json!(address)])
            .await;
        if let Some((button, there)) = click {
            browser.until(&format!("{address} is there"), there).await;
            browser.click(button).await;
            // A place that is opened at once would take it from WebKit.
            if button.contains("download") {
                browser.download().await;
            }
        }
        browser
            .until(&format!("the work of {address} is done"), done)
            .await;
    }
    assert_eq!(browser.value("window.violations").await, json!([]));
}

/// A request of a worker to anybody else would fail the visit, too: its browser finds no other host, and reports that.
#[tokio::test]
async fn every_page_does_its_work_and_asks_nobody_else() {
    let site = Site::built().start().await;
    Visit::new()
        .window(recorded())
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            browser.addresses().await;
            every_page_at_work(browser, &site).await;
            assert_eq!(
                strange(browser, &[site.url("")]).await,
                Vec::<String>::new()
            );
            let others: Vec<_> = { site.log().into_iter() }
                .filter(|request| request.method != "GET")
                .collect();
            assert!(others.is_empty(), "{others:?}");
        })
        .await;
}

/// Workers get their policy from their own files' headers, and are held to it.
#[tokio::test]
async fn every_page_does_its_work_under_the_policy_as_a_header() {
    let policy: Vec<String> = policy()
        .iter()
        .map(|directive| directive.join(" "))
        .collect();
    let policy = format!("{}; frame-ancestors 'none'", policy.join("; "));
    let site = Site::built()
        .with_header("content-security-policy", policy)
        .with_header("x-content-type-options", "nosniff")
        .with_header("referrer-policy", "no-referrer")
        .with_header("cross-origin-opener-policy", "same-origin")
        .start()
        .await;
    Visit::new()
        .run(async |browser| every_page_at_work(browser, &site).await)
        .await;
}

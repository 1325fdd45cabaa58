//! API.

use digitlab_browser::{Browser, Fault, Site, Visit};
use serde_json::json;

use super::{Audit, is, open_disclosures, says, shown};

const LISTED: &str = "document.querySelector('#api')?.dataset.state === 'done' && document.querySelectorAll('#api-routes a').length > 0";

#[tokio::test]
async fn api_without_a_service_worker() {
    let site = Site::built().start().await;
    site.fault("routes_bg.wasm", Fault::Dropped);
    Visit::new()
        .expecting("routes_bg.wasm")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "API, switched off").await;
            browser.open(&site.url("#/api")).await;
            is(browser, "#api", "error").await;
            audit.check("no list").await;
            site.heal();
            browser.click("#api-broken-retry").await;
            browser.until("the list", LISTED).await;
            audit.check("not answered").await;
            browser.fill("#api-filter", "no such thing").await;
            shown(browser, "#api-none").await;
            audit.check("nothing is called so").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn api_with_every_route() {
    let site = Site::built().with("slow.png", "never comes").start().await;
    site.fault("slow.png", Fault::Held);
    Visit::new()
        .offline()
        .expecting("400")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "API, routes").await;
            browser.open(&site.url("#/api")).await;
            browser.until("the list", LISTED).await;
            browser
                .until("the routes are answered", "document.querySelector('#api').dataset.service === 'ready'")
                .await;
            audit.check("overview").await;
            let routes = "[...document.querySelectorAll('#api-routes a')].map((link) => link.getAttribute('href'))";
            let routes: Vec<String> = serde_json::from_value(browser.value(routes).await).expect("addresses");
            assert!(routes.len() >= 13, "{routes:?}");
            for route in &routes {
                turn_to(browser, route).await;
                open_disclosures(browser).await;
                audit.check(route).await;
            }
            for route in ["generate", "generateOne", "getHealth", "classify", "augmentFromAddress"] {
                let route = format!("#/api?route={route}");
                if !routes.contains(&route) {
                    continue;
                }
                turn_to(browser, &route).await;
                let slow = browser.value("document.querySelector('#api-parameter-url') !== null").await == true;
                if slow {
                    browser.fill("#api-parameter-url", &site.url("slow.png")).await;
                }
                browser.click("#api-send").await;
                if slow {
                    is(browser, "#api-answer", "busy").await;
                    audit.check(&format!("{route}, waiting")).await;
                    browser.click("#api-answer button").await;
                    says(browser, "#api-answer", "Cancelled").await;
                    audit.check(&format!("{route}, cancelled")).await;
                } else {
                    is(browser, "#api-answer", "done").await;
                    open_disclosures(browser).await;
                    audit.check(&format!("{route}, answered")).await;
                }
            }
            audit.end();
        })
        .await;
}

/// Shows a route, and waits until what it is tried with is there.
async fn turn_to(browser: &Browser, route: &str) {
    browser
        .run("location.hash = arguments[0]", vec![json!(route)])
        .await;
    browser
        .until(
            route,
            &format!(
                "document.querySelector('#api-routes a[aria-current]')?.getAttribute('href') === {}
                  && document.querySelector('#api-item').checkVisibility()
                  && ![...document.querySelectorAll('.api-file__facts')].some(({{ textContent }}) => textContent.startsWith('Loading'))",
                json!(route)
            ),
        )
        .await;
}

#[tokio::test]
async fn api_with_every_example() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("404")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "API, examples").await;
            browser.open(&site.url("#/api")).await;
            browser.until("the list", LISTED).await;
            let chapters = browser
                .run(
                    "return import(new URL('js/api/methods.js', document.baseURI)).then(({ CHAPTERS }) => CHAPTERS.map(({ name }) => name));",
                    vec![],
                )
                .await;
            let chapters: Vec<String> = serde_json::from_value(chapters).expect("names");
            assert!(chapters.len() > 5, "{chapters:?}");
            for chapter in chapters {
                browser.run("location.hash = `#/api?module=${arguments[0]}`;", vec![json!(chapter)]).await;
                let there = format!(
                    "location.hash === '#/api?module={chapter}' && document.querySelectorAll('.api-entry pre').length > 0
                      && [...document.querySelectorAll('.api-entry pre')].every(({{ textContent }}) => textContent !== '')"
                );
                browser.until(&format!("the programs of {chapter}"), &there).await;
                // One at a time: each has a lab of its own.
                let examples = "[...document.querySelectorAll('[data-example]')].map(({ dataset }) => dataset.example)";
                let examples: Vec<String> = serde_json::from_value(browser.value(examples).await).expect("names");
                for example in examples {
                    let card = format!("document.querySelector('[data-example={example}]')");
                    browser.run(&format!("{card}.querySelector('.button--primary').click();"), vec![]).await;
                    let ended = format!("['done', 'error'].includes({card}.querySelector('.api-output').dataset.state)");
                    browser.until(&format!("{example} of {chapter} has run"), &ended).await;
                }
                audit.check(&format!("{chapter}, run")).await;
            }
            audit.end();
        })
        .await;
}

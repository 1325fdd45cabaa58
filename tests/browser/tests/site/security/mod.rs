//! What the page may do, where it asks, and what hostile addresses and names come to.

mod hostile;
mod requests;
mod work;

use digitlab_browser::{Browser, Site, Visit, Window, environment};
use serde_json::{Value, json};

use crate::page::Page;

/// The policy in the markup of the page, directive by directive.
fn policy() -> Vec<Vec<String>> {
    let page = environment::workspace().join("www/index.html");
    let page = std::fs::read_to_string(page).expect("the page");
    let start = "http-equiv=\"Content-Security-Policy\" content=\"";
    let (_, rest) = page.split_once(start).expect("a policy");
    let (policy, _) = rest.split_once('"').expect("its end");
    let words = |directive: &str| directive.split_whitespace().map(str::to_owned).collect();
    policy.split(';').map(words).collect()
}

#[test]
fn the_policy_makes_no_exceptions() {
    let policy = policy();
    let of = |name: &str| -> &[String] {
        let found = policy.iter().find(|directive| directive[0] == name);
        found.map_or(&[], |directive| &directive[1..])
    };
    for directive in &policy {
        for word in &directive[1..] {
            let loose = [
                "'unsafe-inline'",
                "'unsafe-eval'",
                "'unsafe-hashes'",
                "'strict-dynamic'",
                "'allow-duplicates'",
                "*",
            ];
            assert!(!loose.contains(&word.as_str()), "{directive:?}");
        }
    }
    assert_eq!(of("default-src"), ["'none'"]);
    assert_eq!(of("script-src"), ["'self'", "'wasm-unsafe-eval'"]);
    assert_eq!(of("worker-src"), ["'self'"]);
    assert_eq!(of("style-src"), ["'self'"]);
    assert_eq!(of("base-uri"), ["'none'"]);
    assert_eq!(of("form-action"), ["'none'"]);
    assert_eq!(of("require-trusted-types-for"), ["'script'"]);
    assert_eq!(of("trusted-types"), ["digitlab"]);
    // Only data may come from elsewhere: the pictures and tables whose address somebody gives, and the bucket.
    let elsewhere: Vec<_> = { policy.iter() }
        .filter(|directive| directive.iter().any(|word| word.starts_with("http")))
        .map(|directive| directive[0].as_str())
        .collect();
    assert_eq!(elsewhere, ["connect-src"]);
}

#[tokio::test]
async fn markup_and_scripts_that_are_not_the_sites_are_refused() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("Trusted")
        .expecting("trusted-types")
        .expecting("Content Security Policy")
        .run(async |browser| {
            Page::open(browser, &site, "#/generate?number=3&seed=1").await;
            if browser.value("'trustedTypes' in window").await == json!(true) {
                let tries = "
                    const tries = {
                      markup: () => (document.createElement('div').innerHTML = '<b>bold</b>'),
                      parsed: () => new DOMParser().parseFromString('<b>bold</b>', 'text/html'),
                      worker: () => new Worker('js/lab/worker.js'),
                      registered: () => navigator.serviceWorker.register('service_worker.js'),
                      policy: () => trustedTypes.createPolicy('another', {}),
                      again: () => trustedTypes.createPolicy('digitlab', {}),
                    };
                    const passed = [];
                    for (const [name, attempt] of Object.entries(tries)) {
                      try {
                        await attempt();
                        passed.push(name);
                      } catch (error) {
                        if (!(error instanceof TypeError)) passed.push(`${name}: ${error}`);
                      }
                    }
                    return passed;";
                assert_eq!(browser.run(&format!("return (async () => {{ {tries} }})();"), vec![]).await, json!([]));
            }
            // What stands behind it in every browser.
            let tried = browser
                .run(
                    "const script = document.createElement('script');
                     script.append('window.hacked = 1');
                     try { document.body.append(script); } catch {}
                     const link = document.createElement('a');
                     try { link.setAttribute('onclick', 'window.hacked = 2'); } catch {}
                     document.body.append(link);
                     link.click();
                     return new Promise((resolve) => setTimeout(() => resolve([window.hacked === undefined], 0)));",
                    vec![],
                )
                .await;
            assert_eq!(tried, json!([true]));
            // The module's own rules, which hold where there are no Trusted Types.
            let refused = browser
                .run(
                    "return (async (address) => {
                       const { ownPage, scriptAddress } = await import(address);
                       const results = [String(scriptAddress(new URL('js/lab/worker.js', document.baseURI)))];
                       for (const strange of ['https://example.org/js/lab/worker.js', 'data:text/javascript,1', 'blob:https://example.org/1']) {
                         try { results.push(String(scriptAddress(new URL(strange)))); } catch (error) { results.push(error.constructor.name); }
                       }
                       for (const strange of ['https://example.org/views/api.html', '//example.org/', 'data:text/html,1']) {
                         await ownPage(strange).then(() => results.push('read'), (error) => results.push(error.constructor.name));
                       }
                       return results;
                     })(arguments[0]);",
                    vec![json!(site.url("js/lab/trusted.js"))],
                )
                .await;
            let mut expected = vec![json!(site.url("js/lab/worker.js"))];
            expected.resize(7, json!("TypeError"));
            assert_eq!(refused, Value::from(expected));
        })
        .await;
}

fn recorded() -> Window {
    Window {
        record_requests: true,
        ..Window::default()
    }
}

/// The addresses that do not begin in one of these ways.
async fn strange(browser: &Browser, own: &[String]) -> Vec<String> {
    let mut addresses = browser.addresses().await;
    assert!(addresses.len() > 20, "{addresses:?}");
    let inside = ["blob:".to_owned(), "data:".to_owned()];
    addresses.retain(|address| {
        !own.iter()
            .chain(&inside)
            .any(|start| address.starts_with(start))
    });
    addresses
}

//! Frames.

use digitlab_browser::{Fault, Site, Visit};

use super::{Audit, is, open_disclosures, says, shown};

const DRAWN: &str = "document.querySelector('#frames-viewer')?.dataset.drawn === 'fine'";

#[tokio::test]
async fn frames_in_every_state() {
    let site = Site::built()
        .with("logs/held.csv", "depth,a,b\n1,2,3\n")
        .start()
        .await;
    site.fault("logs/held.csv", Fault::Held);
    Visit::new()
        .expecting("logs/none.csv")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Frames").await;
            browser.open(&site.url("#/frames")).await;
            is(browser, "#frames", "empty").await;
            audit.check("nothing is stored").await;
            browser
                .fill("#frames-url", &site.url("logs/none.csv"))
                .await;
            browser.keys("\u{e007}").await;
            says(browser, "#frames-import-error-text", "404").await;
            open_disclosures(browser).await;
            browser.fill("#frames-width", "1").await;
            says(browser, "#frames-import .field__error", "2 to 4,096").await;
            audit.check("refused, with the options").await;
            browser.fill("#frames-width", "150").await;
            browser
                .fill("#frames-url", &site.url("logs/held.csv"))
                .await;
            browser.keys("\u{e007}").await;
            shown(browser, "#frames-import-progress").await;
            audit.check("importing").await;
            browser.click("#frames-import-cancel").await;
            is(browser, "#frames-import", "idle").await;
            let bad = b"depth,a,b\n1,2,3\nx,y,z\n2,3,4\n3,,9\n4,5,6\n5,6,7\n";
            browser.attach("#frames-file", "bad.csv", bad).await;
            shown(browser, "#frames-report-problems").await;
            browser.until("the picture", DRAWN).await;
            audit.check("imported, with bad rows").await;
            browser.click("#frames-report-close").await;
            browser.click("#frames-add").await;
            browser.click("#frames-sample").await;
            says(browser, "#frames-name", "Borehole sample").await;
            browser.until("the picture", DRAWN).await;
            browser
                .run(
                    "document.querySelector('#frames-table').open = true",
                    vec![],
                )
                .await;
            browser
                .until(
                    "the table",
                    "document.querySelectorAll('#frames-table-body tr').length > 0",
                )
                .await;
            audit
                .check("the sample, with its report and its table")
                .await;
            browser.click("#frames-report-close").await;
            browser.fill("#frames-depth-min", "deep").await;
            browser.keys("\u{e007}").await;
            says(browser, "#frames-range-error", "deep").await;
            audit.check("a depth that is refused").await;
            browser.click("#frames-maps label:last-of-type").await;
            shown(browser, "#frames-own-field").await;
            browser.fill("#frames-own", "nocolour").await;
            browser.keys("\u{e007}").await;
            says(browser, "#frames-own-error", "nocolour").await;
            audit.check("own colours that are refused").await;
            browser.click("[data-log='1'] [data-act=rename]").await;
            audit.check("a log is renamed").await;
            browser.keys("\u{e00c}").await;
            browser.click("[data-log='1'] [data-act=delete]").await;
            shown(browser, "#frames-delete").await;
            audit.check("a question").await;
            browser.click("#frames-delete-no").await;
            browser.open("about:blank").await;
            browser
                .open(&site.url("#/frames?image=99&colormap=nosuch"))
                .await;
            says(browser, "#toasts", "colormap=nosuch").await;
            audit.check("an address that is wrong").await;
            audit.end();
        })
        .await;
}

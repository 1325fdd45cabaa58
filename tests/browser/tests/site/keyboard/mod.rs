//! Each place's main job by keyboard alone, from the address to the result: where the focus is, that it is seen, and what
//! a screen reader is told.

mod focus;
mod hands;

use digitlab_browser::{Browser, LAB_PAGE, Site, Visit};
use serde_json::json;

use self::hands::{DELETE, DOWN, ENTER, ESCAPE, Hands, LEFT, RIGHT, TAB};
use crate::augmented::wall_is;
use crate::classify::reads;
use crate::page::Page;

/// Records of answers, as the page keeps them: of each digit in turn.
async fn keep_records(browser: &Browser, site: &Site, count: usize) {
    browser.open(&site.url(LAB_PAGE)).await;
    let records = "const lab = await Digitlab.open({ workers: 1 });
        await lab.records.addMany(Array.from({ length: args }, (_, k) => ({ name: `picture ${k}.png`, result: String(k % 10) })));
        lab.close();";
    browser
        .lab(&site.url("digitlab.js"))
        .get(records, json!(count))
        .await;
}

#[tokio::test]
async fn digits_are_generated_and_taken_along() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.allow_clipboard(&site.origin()).await;
            let hands = Hands::open(browser, &site.url("#/generate?seed=7")).await;
            let page = Page { browser };
            page.state("done").await;
            hands.lands_on("#number").await;
            hands.write("31").await;
            page.shows(
                "by-keyboard",
                &json!({ "number": "31", "image_width": 56, "seed": 7 }),
            )
            .await;
            hands.hears("31, 56 by 28 pixels, seed 7").await;
            hands.tab_to("#seed").await;
            hands.write("8").await;
            hands.hears("31, 56 by 28 pixels, seed 8").await;
            hands.tab_to("#download-png").await;
            hands.press(ENTER).await;
            assert!(browser.download().await.0.ends_with(".png"));
            hands.lands_on("#download-png").await;
            hands.tab_to("#show-code").await;
            hands.press(ENTER).await;
            hands.lands_on("#show-code").await;
            hands.tab_to("#code-tab-js").await;
            hands.press(RIGHT).await;
            hands.lands_on("#code-tab-python").await;
            hands.tab_to("#code-copy").await;
            hands.press(ENTER).await;
            hands.hears("Code copied.").await;
            // What is wrong is said, and the way to its field is a key.
            hands.tab_to("#spacing_max").await;
            hands.write("1001").await;
            hands.hears("spacing_max is 1001").await;
            assert_eq!(
                browser
                    .attribute("#spacing_max", "aria-invalid")
                    .await
                    .as_deref(),
                Some("true")
            );
            hands.write("20").await;
            page.state("done").await;
            // In the sheet one Tab is enough; arrows move, and what is chosen becomes the picture.
            hands.tab_to("#sheet-count").await;
            browser
                .until(
                    "the sheet is drawn",
                    "document.querySelector('#sheet').dataset.state === 'done'",
                )
                .await;
            hands.press(TAB).await;
            hands.lands_on("#sheet-grid [role=option]").await;
            hands.press(RIGHT).await;
            hands.press(ENTER).await;
            hands
                .until(
                    "the variant",
                    "document.querySelector('#index').value === '1'",
                )
                .await;
            hands.hears("variant 1").await;
        })
        .await;
}

#[tokio::test]
async fn a_picture_goes_through_a_pipeline() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.allow_clipboard(&site.origin()).await;
            let hands = Hands::open(browser, &site.url("#/augment?mode=mine&seed=3")).await;
            hands
                .until("the builder is there", "document.querySelector('#augment-builder-starts li') !== null")
                .await;
            if browser.value("document.querySelector('#augment-source-url').checkVisibility()").await != true {
                hands.tab_to("#augment-source-change").await;
                hands.press(ENTER).await;
            }
            hands.tab_to("#augment-source-url").await;
            hands.write("nothing:here").await;
            hands.press(ENTER).await;
            hands.hears("allowed: http, https, data and blob addresses.").await;
            hands.lands_on("#augment-source-url").await;
            hands.write(&site.url("samples/digit.png")).await;
            hands.press(ENTER).await;
            hands.hears("pixels, is loaded.").await;
            hands.lands_on("#augment-source-change").await;
            wall_is(browser, "done").await;
            hands.hears("24 variants of ").await;

            hands.tab_to("#augment-builder-find").await;
            hands.press("motion bl").await;
            hands
                .until("it is found", "document.querySelector('#augment-builder-find').getAttribute('aria-activedescendant')")
                .await;
            hands.press(ENTER).await;
            hands.hears("MotionBlur added: step 1 of 1.").await;
            hands.press("solar").await;
            hands.press(ENTER).await;
            hands.hears("Solarize added: step 2 of 2.").await;
            hands.tab_to("[data-transform=MotionBlur] .step__toggle").await;
            hands.press(ENTER).await;
            hands.tab_to("[data-transform=MotionBlur] [data-field=p] input[type=range]").await;
            hands.press(RIGHT).await;
            hands
                .until(
                    "its probability",
                    "document.querySelector('[data-transform=MotionBlur] .step__chance').textContent.includes('55')",
                )
                .await;
            hands.tab_to("[data-transform=Solarize] .step__grip").await;
            hands.press(DELETE).await;
            hands.hears("Solarize removed.").await;
            assert!(hands.is_at("[data-transform=MotionBlur], [data-transform=MotionBlur] *").await, "the focus goes to what is left");

            hands.tab_to("#augment-builder-code summary").await;
            hands.press(ENTER).await;
            hands.tab_to("#augment-builder-code-python").await;
            hands.press(RIGHT).await;
            hands.lands_on("#augment-builder-code-albumentations-json").await;
            hands.tab_to("#augment-builder-code-copy").await;
            hands.press(ENTER).await;
            hands.hears("Pipeline copied.").await;
            let copied = browser.value("navigator.clipboard.readText()").await;
            assert!(copied.as_str().is_some_and(|text| text.contains("MotionBlur")), "{copied}");

            // One variant, large, and back to its tile.
            wall_is(browser, "done").await;
            hands.back_to("#augment-wall-grid [data-index]").await;
            hands.press(RIGHT).await;
            hands.press(ENTER).await;
            hands
                .until("the detail", "document.querySelector('#augment-detail').dataset.state === 'done'")
                .await;
            hands.lands_on("#augment-detail *").await;
            hands.tab_to("#augment-detail-download").await;
            hands.press(ENTER).await;
            assert!(browser.download().await.0.ends_with(".png"));
            hands.press(ESCAPE).await;
            hands.lands_on("#augment-wall-grid [data-index='1']").await;
        })
        .await;
}

#[tokio::test]
async fn a_picture_is_read_corrected_and_recorded() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let hands = Hands::open(browser, &site.url("#/classify?mode=digit")).await;
            hands
                .until("the page is there", "document.querySelectorAll('#classify-models input').length >= 2")
                .await;
            hands.tab_to("#classify-input-draw").await;
            hands.press(RIGHT).await;
            hands.lands_on("#classify-input-picture").await;
            hands.tab_to("[data-sample=ruled]").await;
            hands.press(ENTER).await;
            hands.hears("pixels, is loaded.").await;
            reads(browser, "2").await;
            hands.hears("2, ").await;
            hands.lands_on("#classify-source-change").await;
            hands.tab_to("#classify-correction-digits button").await;
            hands.press(RIGHT).await;
            hands.press(ENTER).await;
            hands.hears("Kept as a ").await;
            hands
                .until("a sample", "document.querySelector('#classify-teach').dataset.samples === '1'")
                .await;
            assert!(hands.is_at("#classify-correction-digits button").await, "the focus stays");
            hands.tab_to("#classify-samples .sample__remove").await;
            hands.press(ENTER).await;
            hands.hears("The button Undo brings back what was deleted.").await;
            assert_eq!(hands.focus().await["lost"], false, "the focus goes on when a sample goes");
            hands.tab_to("#classify-samples-undo-button").await;
            hands.press(ENTER).await;
            hands.hears("They are back.").await;
            assert_eq!(hands.focus().await["lost"], false, "the focus goes on when the button goes");
            hands.back_to("#classify-records").await;
            hands.press(ENTER).await;
            hands
                .until("the record", "document.querySelector('.records__row[data-at=\"0\"] .records__cell--result')?.textContent === '2'")
                .await;
        })
        .await;
}

#[tokio::test]
async fn a_network_is_trained_and_tried() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let hands = Hands::open(browser, &site.url("#/train")).await;
            let ready = "document.querySelector('#train-go')?.disabled === false";
            hands.until("the place is ready", ready).await;
            hands.tab_to("#train-pictures").await;
            hands.write("500").await;
            hands.tab_to("#train-epochs").await;
            hands.write("1").await;
            hands.tab_to("#train-go").await;
            hands.press(ENTER).await;
            // The button that was pressed cannot be pressed again; what can be done now has the focus.
            hands.lands_on("#train-pause").await;
            hands.lands_on("#train-classify").await;
            hands.hears("is trained").await;
            hands.press(ENTER).await;
            hands
                .until("its place", "location.hash.includes('model=trained-')")
                .await;
        })
        .await;
}

#[tokio::test]
async fn a_log_is_imported_and_its_depths_are_moved() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let hands = Hands::open(browser, &site.url("#/frames")).await;
            hands
                .until(
                    "the place is ready",
                    "document.querySelector('#frames')?.dataset.state === 'empty'",
                )
                .await;
            hands.tab_to("#frames-sample").await;
            hands.press(ENTER).await;
            hands.hears("5,460 rows imported").await;
            hands
                .until(
                    "the picture",
                    "document.querySelector('#frames-viewer').dataset.drawn === 'fine'",
                )
                .await;
            hands.lands_on("#frames-add").await;
            hands.tab_to("#frames-depth-min").await;
            hands.write("9100").await;
            hands.tab_to("#frames-depth-max").await;
            hands.write(&format!("9200{ENTER}")).await;
            hands.hears("Depth 9,100 to 9,200, 1,001 rows.").await;
            hands.tab_to("#frames-stage").await;
            hands.press(DOWN).await;
            hands.hears("Depth 9,110 to 9,210, 1,001 rows.").await;
            hands.press_with_shift(DOWN).await;
            hands.hears(", column 76, value ").await;
            hands.tab_to("#frames-minimap").await;
            hands.press("\u{e010}").await;
            hands
                .until(
                    "the end",
                    "document.querySelector('#frames-depth-max').value === '9546'",
                )
                .await;
            hands.tab_to("#frames-save-png").await;
            hands.press(ENTER).await;
            assert!(browser.download().await.0.ends_with(".png"));
            hands.back_to("[data-log='1'] [data-act=delete]").await;
            hands.press(ENTER).await;
            hands.lands_on("#frames-delete *").await;
            hands.press(ESCAPE).await;
            hands.lands_on("[data-log='1'] [data-act=delete]").await;
            hands.press(ENTER).await;
            hands.tab_to("#frames-delete-yes").await;
            hands.press(ENTER).await;
            hands
                .until(
                    "nothing is left",
                    "document.querySelector('#frames').dataset.state === 'empty'",
                )
                .await;
            hands.lands_on("#frames-import button").await;
        })
        .await;
}

#[tokio::test]
async fn a_data_set_is_made_saved_and_deleted() {
    let site = Site::built().start().await;
    Visit::new()
        .with_own_files()
        .run(async |browser| {
            let hands = Hands::open(browser, &site.url("#/dataset?seed=3")).await;
            hands
                .until("the first items", "document.querySelector('#dataset-items')?.dataset.state === 'done'")
                .await;
            hands.tab_to("#dataset-kind input").await;
            hands.press(RIGHT).await;
            hands.tab_to("#dataset-count").await;
            hands.write("0").await;
            hands
                .until("it is refused", "document.querySelector('#dataset-count-error').textContent.includes('allowed')")
                .await;
            hands.tab_to("#dataset-go").await;
            hands.press(ENTER).await;
            hands.lands_on("#dataset-count").await;
            hands.write("20").await;
            hands.tab_to("#dataset-go").await;
            hands.press(ENTER).await;
            hands.hears("Making “digits”, 20 items").await;
            hands.hears("“digits” is made. 20 items").await;
            hands.lands_on("#dataset-run").await;
            hands.tab_to("#dataset-files .button").await;
            hands.press(ENTER).await;
            assert_eq!(browser.download().await.0, "digits.zip");
            hands.back_to("#dataset-close").await;
            hands.press(ENTER).await;
            hands.lands_on("#dataset-go").await;
            hands
                .until("it is listed", "document.querySelector('#dataset-kept [data-action=delete]')")
                .await;
            hands.tab_to("#dataset-kept [data-action=delete]").await;
            hands.press(ENTER).await;
            hands.lands_on("#dataset-ask-no").await;
            hands.press(ESCAPE).await;
            hands.lands_on("#dataset-kept [data-action=delete]").await;
            hands.press(ENTER).await;
            hands.tab_to("#dataset-ask-yes").await;
            hands.press(ENTER).await;
            hands.hears("Deleted.").await;
            hands.lands_on("#dataset-go").await;
        })
        .await;
}

#[tokio::test]
async fn an_example_of_the_module_is_found_and_run() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let hands = Hands::open(browser, &site.url("#/api")).await;
            hands
                .until("the list", "document.querySelector('#api')?.dataset.state === 'done'")
                .await;
            hands.tab_to("#api-filter").await;
            hands.press("lab.generateMany").await;
            hands.hears("1 entry").await;
            hands.press(ENTER).await;
            hands
                .until("the program", "document.querySelector('[data-example=generate_many] pre')?.textContent.startsWith('import')")
                .await;
            hands.lands_on("#api-item *").await;
            hands.tab_to("[data-example=generate_many] .button--primary").await;
            hands.press(ENTER).await;
            hands.hears("The example has run.").await;
            hands.lands_on("[data-example=generate_many] .button--primary").await;
        })
        .await;
}

#[tokio::test]
async fn a_curve_is_measured_and_the_pictures_behind_it_are_seen() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let hands = Hands::open(
                browser,
                &site.url("#/robustness?models=tiny&curves=Rotate&seed=7"),
            )
            .await;
            hands
                .until(
                    "the fields",
                    "document.querySelector('#robustness-model')?.options.length === 2",
                )
                .await;
            hands.tab_to("#robustness-pictures").await;
            hands.write("99").await;
            hands
                .hears("Test pictures is “99”; allowed: whole numbers from 100 to 10,000.")
                .await;
            hands.write("100").await;
            hands.tab_to("#robustness-strengths-10").await;
            hands.press(LEFT).await;
            hands.lands_on("#robustness-strengths-5").await;
            hands.tab_to("#robustness-go").await;
            hands.press(ENTER).await;
            hands.hears("Measured 1 curve on 100 test pictures").await;
            hands.lands_on("#robustness-go").await;
            hands.tab_to("#robustness-csv").await;
            hands.press(ENTER).await;
            assert!(browser.download().await.0.ends_with(".csv"));
            // One Tab leads to the chart; arrows go from point to point.
            hands.tab_to(".curve__point").await;
            for _ in 0..3 {
                hands.press(RIGHT).await;
            }
            hands
                .lands_on(".curve__point[aria-label^='54°, tiny: ']")
                .await;
            hands.press(ENTER).await;
            hands
                .until(
                    "the pictures",
                    "document.querySelector('#robustness-point').dataset.state === 'done'",
                )
                .await;
            hands.lands_on("#robustness-point *").await;
            hands.press(ESCAPE).await;
            hands
                .lands_on(".curve__point[aria-label^='54°, tiny: ']")
                .await;
        })
        .await;
}

#[tokio::test]
async fn what_is_stored_is_seen_and_deleted() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            keep_records(browser, &site, 3).await;
            let hands = Hands::open(browser, &site.url("#/storage")).await;
            let amount = |words: &str| format!("document.querySelector('[data-store=records] .storage-row__items')?.textContent === {}", json!(words));
            hands.until("how much there is", &amount("3 records")).await;
            hands.tab_to("[data-store=records] button").await;
            hands.press(ENTER).await;
            hands.lands_on("#storage-dialog-no").await;
            hands.press(ESCAPE).await;
            hands.lands_on("[data-store=records] button").await;
            hands.until("nothing is deleted yet", &amount("3 records")).await;
            hands.press(ENTER).await;
            hands.tab_to("#storage-dialog-yes").await;
            hands.press(ENTER).await;
            hands.hears("Deleted: ").await;
            hands.lands_on("[data-store=records]").await;
            hands.until("nothing is left", &amount("Nothing")).await;
        })
        .await;
}

#[tokio::test]
async fn records_are_filtered_taken_along_and_deleted() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            keep_records(browser, &site, 20).await;
            let hands = Hands::open(browser, &site.url("#/records")).await;
            let rows = |count: usize| format!("document.querySelector('#records-grid')?.getAttribute('aria-rowcount') === '{}'", count + 1);
            hands.until("all records", &rows(20)).await;
            hands.tab_to("#records-result").await;
            hands.press("7").await;
            hands.hears("2 records found").await;
            hands.until("two records", &rows(2)).await;
            hands.tab_to("#records-csv").await;
            hands.press(ENTER).await;
            let (name, csv) = browser.download().await;
            assert!(name.ends_with(".csv"), "{name}");
            assert_eq!(String::from_utf8(csv).expect("text").trim_end().lines().count(), 3);
            hands.back_to("#records-unfilter").await;
            hands.press(ENTER).await;
            hands.until("all records", &rows(20)).await;
            hands.lands_on("#records-text").await;
            hands.tab_to("#records-grid").await;
            hands.press(DOWN).await;
            hands.press(" ").await;
            hands
                .until("one is selected", "!document.querySelector('#records-correct').disabled")
                .await;
            hands.press(DELETE).await;
            hands.hears("They can be brought back by the button Undo.").await;
            hands.until("one less", &rows(19)).await;
            hands.lands_on("#records-grid").await;
            hands.back_to("#records-undo-button").await;
            hands.press(ENTER).await;
            hands.hears("They are back.").await;
            hands.until("all records", &rows(20)).await;
            assert_eq!(hands.focus().await["lost"], false, "the focus goes on when the button goes");
            hands.back_to("#records-delete-all").await;
            hands.press(ENTER).await;
            hands.lands_on("#records-dialog-no").await;
            hands.press(ESCAPE).await;
            hands.lands_on("#records-delete-all").await;
        })
        .await;
}

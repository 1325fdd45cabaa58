//! Many variants as a zip file.

use std::io::{Cursor, Read};

use digitlab::augment::{read_record, replay};
use digitlab::raster::codec::{Limits, decode};
use digitlab_browser::{Browser, Visit};
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::augmented::{encoded, open, picture, site_with, variant};

/// The way of browsers that cannot write to a file of the person's choice.
pub(crate) async fn without_picker(browser: &Browser) {
    browser
        .run(
            "delete window.showSaveFilePicker; delete Window.prototype.showSaveFilePicker;",
            vec![],
        )
        .await;
}

fn content(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut file = archive
        .by_name(name)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).expect("its content");
    bytes
}

fn pipeline() -> Value {
    json!([{ "transform": "Rotate", "limit": [20, 60], "p": 0.5 }, { "transform": "GaussNoise", "p": 1 }])
}

#[tokio::test]
async fn the_zip_file_holds_pictures_labels_and_records() {
    let plain = picture(3);
    let site = site_with(&plain).start().await;
    Visit::new()
        .run(async |browser| {
            open(
                browser,
                &site,
                &format!(
                    "mode=mine&seed=7&count=12&pipeline={}",
                    encoded(&pipeline())
                ),
            )
            .await;
            without_picker(browser).await;
            browser.fill("#augment-export-count", "23").await;
            browser.click("#augment-export-go").await;
            let (name, bytes) = browser.download().await;
            assert_eq!(name, "digitlab-variants-seed7.zip");
            let size = bytes.len();
            let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
            assert_eq!(archive.len(), 25);

            let labels = String::from_utf8(content(&mut archive, "labels.csv")).expect("text");
            let labels: Vec<_> = labels.lines().collect();
            assert_eq!(labels.len(), 24);
            assert_eq!(labels[0], "file,source,seed,index,width,height,steps");
            let records = String::from_utf8(content(&mut archive, "applied.jsonl")).expect("text");
            let records: Vec<Value> = records
                .lines()
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect();
            assert_eq!(records.len(), 23);
            for (index, record) in records.iter().enumerate() {
                let file = format!("pictures/{index:02}.png");
                assert_eq!(record["file"], file);
                assert_eq!(record["index"], index);
                assert_eq!(record["seed"], "7");
                assert!(
                    labels[index + 1].starts_with(&format!("{file},waves.png,7,{index},60,40,")),
                    "{}",
                    labels[index + 1]
                );
                let picture = decode(&content(&mut archive, &file), &Limits::default())
                    .expect("a PNG")
                    .picture;
                assert_eq!(
                    picture,
                    variant(&plain, &pipeline(), 7, index as u64).0,
                    "{file}"
                );
                let applied = read_record(&record["applied"]).expect("a record");
                assert_eq!(
                    replay(&applied, plain.clone()).expect("its steps"),
                    picture,
                    "{file} from its record"
                );
            }
            browser
                .until(
                    "what was done",
                    "document.querySelector('#augment-export-done').textContent !== ''",
                )
                .await;
            let done = browser.text("#augment-export-done").await;
            assert!(
                done.starts_with("23 pictures in a zip file of "),
                "{done}, {size} bytes"
            );
        })
        .await;
}

#[tokio::test]
async fn an_export_can_be_cancelled_and_wrong_fields_are_named() {
    let site = site_with(&picture(3)).start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, &format!("mode=mine&seed=7&count=12&pipeline={}", encoded(&pipeline()))).await;
            without_picker(browser).await;
            for text in ["0", "10001", "many"] {
                browser.fill("#augment-export-count", text).await;
                assert!(!browser.text("#augment-export-count-error").await.is_empty(), "{text}");
            }
            browser.fill("#augment-export-count", "10000").await;
            assert_eq!(browser.text("#augment-export-count-error").await, "");
            browser.click("#augment-export-go").await;
            browser
                .until("some are made", "/: [1-9][0-9,]* of 10,000/.test(document.querySelector('#augment-export-progress-text').textContent)")
                .await;
            browser.click("#augment-export-progress-cancel").await;
            browser
                .until("it says so", "document.querySelector('#augment-export-done').textContent.includes('cancelled')")
                .await;
            // It can be used again, now for another kind of file.
            browser.run("document.querySelector('#augment-export-jpeg').click()", vec![]).await;
            browser.fill("#augment-export-count", "2").await;
            browser.click("#augment-export-go").await;
            let (_, bytes) = browser.download().await;
            let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
            assert!(content(&mut archive, "pictures/1.jpg").starts_with(b"\xff\xd8\xff"));
        })
        .await;
}

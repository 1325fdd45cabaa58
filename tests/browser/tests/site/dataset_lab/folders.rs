//! Data sets whose files go to a folder of the system.

use digitlab_browser::{Failure, LAB_PAGE, Site, Visit};
use serde_json::json;

use super::{get, hashes, in_parts, keep, natively, recipe, with};

#[tokio::test]
async fn finished_files_go_to_a_folder_also_after_the_permission_was_withdrawn() {
    let site = Site::built().start().await;
    let recipe = in_parts();
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const target = await folder('target');
                const job = await lab.datasets.start(args.recipe, { sink: target });
                const failure = catching(job.done);
                await reaching(job, ({ done }) => done >= 6000);
                const { createWritable } = FileSystemFileHandle.prototype;
                FileSystemFileHandle.prototype.createWritable = () => Promise.reject(new DOMException('Not allowed.', 'NotAllowedError'));
                const withdrawn = await failure;
                const [failed] = await lab.datasets.list();
                const refused = await catching(lab.datasets.resume(job.id).then(({ done }) => done));
                FileSystemFileHandle.prototype.createWritable = createWritable;
                const delivered = await tree(target);
                // Another folder, which lacks what the first one got.
                const lacking = await catching(lab.datasets.resume(job.id, { sink: await folder('another') }));
                const stream = await catching(lab.datasets.resume(job.id, { sink: () => new WritableStream() }));
                const again = await lab.datasets.resume(job.id);
                const { files } = await again.done;
                return {
                  withdrawn, refused, failed, lacking, stream, delivered, hashes: await tree(target), stored: await stored(), list: await lab.datasets.list(),
                  stated: Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])), here: files.some(({ file }) => file),
                };",
                json!({ "recipe": recipe }),
            )
            .await;
            let expected = hashes(&natively(&recipe, "0/1"));
            assert_eq!(result["hashes"], expected);
            assert_eq!(result["stated"], expected);
            assert_eq!(result["here"], false);
            for name in ["withdrawn", "refused"] {
                let failure = Failure::from_json(&result[name]);
                assert_eq!(failure.code, "permission", "{failure}");
                assert!(failure.message.contains("the folder \"target\"") && failure.message.contains("What was made is kept"), "{failure}");
            }
            let failed = &result["failed"];
            assert_eq!((&failed["sink"], &failed["folder"], &failed["state"]), (&json!("folder"), &json!("target"), &json!("failed")), "{failed}");
            let delivered = result["delivered"].as_object().expect("files");
            assert!(!delivered.is_empty());
            for (name, hash) in delivered {
                assert_eq!(*hash, expected[name], "{name} is whole; one that was only begun would be empty");
            }
            let lacking = Failure::from_json(&result["lacking"]);
            assert_eq!(lacking.code, "invalid_parameter");
            assert!(lacking.message.contains("\"another\" lacks digits-00000.zip"), "{lacking}");
            assert!(Failure::from_json(&result["stream"]).message.contains("allowed: a folder"), "{}", result["stream"]);
            assert_eq!((&result["stored"], &result["list"]), (&json!([]), &json!([])), "nothing is left in the browser");
        })
        .await;
}

#[tokio::test]
async fn single_pictures_go_to_a_folder_and_an_interruption_loses_none() {
    let site = Site::built().start().await;
    let recipe = with(
        recipe(400),
        json!({ "format": "png-folder", "boxes": "yolo", "items_per_file": 100, "subsets": { "train": 8, "test": 2 } }),
    );
    Visit::new().with_own_files()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let at = site.url("digitlab.js");
            let begun = keep(
                &browser.lab(&at),
                "const job = await lab.datasets.start(args.recipe, { sink: await folder('pictures') });
                const { done } = await reaching(job, ({ done }) => done >= 100);
                return { id: job.id, done };",
                json!({ "recipe": recipe }),
            )
            .await;
            browser.open(&site.url(LAB_PAGE)).await;
            // What Chromium calls a file until it is whole; it may leave such files when a page goes. Another's stays.
            let result = get(
                &browser.lab(&at),
                "const train = await (await (await folder('pictures')).getDirectoryHandle('train')).getDirectoryHandle('images');
                for (const name of ['000000003.png.crswap', '000000005.png.1.crswap', 'mine.png.crswap']) await train.getFileHandle(name, { create: true });
                const job = await lab.datasets.resume(args.id);
                await job.done;
                await train.removeEntry('mine.png.crswap');
                const missing = await catching(lab.datasets.start(args.recipe));
                return { hashes: await tree(await folder('pictures')), stored: await stored(), missing };",
                json!({ "id": begun["id"], "recipe": recipe }),
            )
            .await;
            let expected = hashes(&natively(&recipe, "0/1"));
            assert!(expected.as_object().is_some_and(|files| files.len() > 800));
            assert_eq!(result["hashes"], expected);
            assert_eq!(result["stored"], json!([]));
            let missing = Failure::from_json(&result["missing"]);
            assert_eq!(missing.code, "missing_parameter");
            assert!(missing.message.contains("png-zip where there is none"), "{missing}");
        })
        .await;
}

#[tokio::test]
async fn a_folder_that_is_deleted_is_told_and_the_data_set_goes_on_when_it_is_back() {
    let site = Site::built().start().await;
    let recipe = in_parts();
    Visit::new().with_own_files()
        .run_lab(&site, async |lab| {
            let result = get(
                lab,
                "const job = await lab.datasets.start(args.recipe, { sink: await folder('target') });
                const failure = catching(job.done);
                await (await navigator.storage.getDirectory()).removeEntry('target');
                const deleted = await failure;
                const [kept] = await lab.datasets.list();
                const again = await lab.datasets.resume(job.id, { sink: await folder('target') });
                await again.done;
                return { deleted, kept, hashes: await tree(await folder('target')), stored: await stored() };",
                json!({ "recipe": recipe }),
            )
            .await;
            let failure = Failure::from_json(&result["deleted"]);
            assert_eq!(failure.code, "storage", "{failure}");
            assert!(failure.message.contains("The folder \"target\"") && failure.message.contains("was moved or deleted"), "{failure}");
            assert_eq!(result["kept"]["error"], failure.message);
            assert_eq!(result["hashes"], hashes(&natively(&recipe, "0/1")));
            assert_eq!(result["stored"], json!([]));
        })
        .await;
}

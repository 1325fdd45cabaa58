//! The pinned cases of all transforms, through the ES module in the browser that is tested: the pixels are those that
//! the native tests compare with, whatever the engine.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use digitlab_browser::{Site, Visit};
use serde_json::{Value, json};

#[path = "../../../golden/picture.rs"]
mod picture;

const SCRIPT: &str = "
    const lab = await Digitlab.open({ workers: 2 });
    const pictures = await Promise.all(args.pictures.map(async ({ size: [width, height, channels], data }) => (
      { width, height, channels, data: new Uint8Array(await tools.blob(data).arrayBuffer()) }
    )));
    const made = async ({ pipeline, picture }, index) => {
      try {
        const { width, height, channels, data } = await lab.augment(pictures[picture], pipeline, { seed: '42', index });
        return `${width}x${height}x${channels} ${(await tools.sha256(data)).slice(0, 32)}`;
      } catch (error) {
        return error.code;
      }
    };
    const answers = await Promise.all(args.cases.map((one) => Promise.all([0, 1, 2].map((index) => made(one, index)))));
    lab.close();
    return answers;";

#[tokio::test]
async fn every_transform_makes_the_pixels_that_are_pinned_natively() {
    let pinned: Vec<Value> = serde_json::from_str(include_str!("../../../golden/augment.json"))
        .expect("a list of cases");
    assert!(pinned.len() > 200, "{} cases", pinned.len());
    let mut sizes: Vec<&Value> = Vec::new();
    let cases: Vec<Value> = pinned
        .iter()
        .map(|case| {
            let size = &case["picture"];
            let known = sizes.iter().position(|other| *other == size);
            let at = known.unwrap_or_else(|| {
                sizes.push(size);
                sizes.len() - 1
            });
            json!({ "pipeline": case["pipeline"], "picture": at })
        })
        .collect();
    let pictures: Vec<Value> = sizes
        .iter()
        .map(|size| {
            let side = |at: usize| size[at].as_u64().expect("a size") as usize;
            let picture = picture::picture(side(0), side(1), side(2));
            json!({ "size": size, "data": BASE64_STANDARD.encode(picture.data()) })
        })
        .collect();
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let answers = lab
                .get(SCRIPT, json!({ "cases": cases, "pictures": pictures }))
                .await;
            let others: Vec<String> = pinned
                .iter()
                .enumerate()
                .filter(|(at, case)| answers[*at] != case["made"])
                .map(|(at, case)| format!("{case} here: {}", answers[at]))
                .collect();
            assert!(others.is_empty(), "{}", others.join("\n"));
        })
        .await;
}

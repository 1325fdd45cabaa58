//! Series of sequences: order, workers, progress, cancelling.

use digitlab_browser::{Failure, Site, Visit};
use serde_json::{Value, json};

/// Makes 300 sequences with a number of workers and returns a hash of everything.
const SERIES: &str = "
    const lab = await Digitlab.open({ workers: args.workers });
    const request = { number: '1234567', image_width: 140, seed: 99 };
    const pixels = [];
    const rest = [];
    for await (const sequence of lab.generateMany(request, { first: 5, count: 300, reuse: args.reuse })) {
      pixels.push(await tools.sha256(sequence.pixels));
      const { index, label, seed, digits, naturalWidth } = sequence;
      rest.push({ index, label, seed, digits, naturalWidth, request: sequence.request.index });
    }
    const single = [];
    for (const index of [5, 132, 133, 304]) {
      single.push(await tools.sha256((await lab.generate({ ...request, index })).pixels));
    }
    lab.close();
    return { pixels, rest, single };";

#[tokio::test]
async fn a_series_is_the_same_with_any_number_of_workers() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let one = lab
                .get(SERIES, json!({ "workers": 1, "reuse": false }))
                .await;
            for (workers, reuse) in [(1, true), (2, false), (4, true), (4, false)] {
                let more = json!({ "workers": workers, "reuse": reuse });
                let more = lab.get(SERIES, more).await;
                assert!(
                    more == one,
                    "{workers} workers make another series than one (reuse: {reuse})"
                );
            }
            let indices: Vec<&Value> = one["rest"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|one| &one["index"])
                .collect();
            assert_eq!(json!(indices), json!((5..305).collect::<Vec<_>>()));
            for (place, position) in [0, 127, 128, 299].into_iter().enumerate() {
                assert_eq!(
                    one["single"][place],
                    one["pixels"][position],
                    "image {} of the series made alone",
                    position + 5
                );
                assert_eq!(one["rest"][position]["request"], position + 5);
            }
            let different: std::collections::BTreeSet<String> = one["pixels"]
                .as_array()
                .expect("a list")
                .iter()
                .map(Value::to_string)
                .collect();
            assert_eq!(
                different.len(),
                300,
                "each image of the series is another one"
            );
        })
        .await;
}

#[tokio::test]
async fn a_series_tells_its_progress_and_ends_when_cancelled() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 2 });
                    const request = { number: '12', image_width: 56, seed: 1 };
                    const steps = [];
                    const onProgress = (step) => steps.push(step);
                    for await (const _ of lab.generateMany(request, { count: 200, onProgress }));
                    const images = steps.filter(({ unit }) => unit === 'images');
                    const controller = new AbortController();
                    let taken = 0;
                    let failure = null;
                    const { signal } = controller;
                    try {
                      for await (const _ of lab.generateMany(request, { count: 1e9, signal })) {
                        taken += 1;
                        if (taken === 100) controller.abort();
                      }
                    } catch (error) {
                      failure = tools.failure(error);
                    }
                    let left = 0;
                    for await (const _ of lab.generateMany(request, { count: 1e9 })) {
                      left += 1;
                      if (left === 70) break;
                    }
                    const after = await lab.generate(request);
                    const nothing = [];
                    const none = lab.generateMany(request, { count: 0 });
                    for await (const sequence of none) nothing.push(sequence);
                    lab.close();
                    return { images, taken, failure, left, after: after.label, nothing };",
                    Value::Null,
                )
                .await;
            let images = result["images"].as_array().expect("steps");
            let done: Vec<u64> = images
                .iter()
                .map(|step| step["done"].as_u64().expect("a count"))
                .collect();
            assert!(
                done.is_sorted() && done.len() > 1 && done.last() == Some(&200),
                "{done:?}"
            );
            assert!(images.iter().all(|step| step["total"] == 200), "{images:?}");
            let failure = Failure::from_json(&result["failure"]);
            assert_eq!(
                (failure.name.as_str(), failure.code.as_str()),
                ("AbortError", "aborted")
            );
            assert_eq!(result["taken"], 100, "none follows the cancel");
            assert_eq!(
                (&result["left"], &result["after"], &result["nothing"]),
                (&json!(70), &json!("12"), &json!([]))
            );
        })
        .await;
}

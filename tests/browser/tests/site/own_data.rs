//! Data sets of the user's own, in IDX files.

use std::io::Write;

use digitlab_browser::idx::{self, Split};
use digitlab_browser::{Lab, Site, Visit, lab};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// Opens a lab with the files in `args` and hands it to the rest of a script.
const USE: &str = "
    const lab = await Digitlab.open({ workers: 2 });
    const blob = (text) => (text === null ? undefined : tools.blob(text));
    const pair = (files) => files && { images: blob(files.images), labels: blob(files.labels) };
    const use = ({ name = 'Bars', train, test }) =>
      lab.useIdx({ name, train: pair(train), test: pair(test) });
";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

fn files(split: &Split) -> Value {
    json!({ "images": lab::blob(&split.images), "labels": lab::blob(&split.labels) })
}

/// Labels 0 to 9, three times over: sample 13 shows a 3.
fn thirty() -> Split {
    idx::split(&(0..30).map(|sample| sample % 10).collect::<Vec<u8>>())
}

async fn in_own_data(lab: &Lab<'_>, files: &Value, body: &str) -> Value {
    lab.get(
        &format!("{USE} try {{ {body} }} finally {{ lab.close(); }}"),
        files.clone(),
    )
    .await
}

#[tokio::test]
async fn pictures_come_from_the_users_files() {
    let train = thirty();
    let test = idx::split(&[9, 8, 7]);
    let plain = json!({ "train": files(&train), "test": files(&test) });
    let packed = Split {
        images: gzip(&train.images),
        labels: gzip(&train.labels),
    };
    let packed = json!({ "train": files(&packed), "test": files(&test) });
    let script = "
        const info = await use(args);
        const close = { fit: 'natural', margin: 0, spacing_min: 0, spacing_max: 0, tight: false };
        const sequence = await lab.generate({ number: '0123456789', ...close, seed: 3 });
        const { digits, width } = sequence;
        // Row 4 + digit holds a bar from column 4 on, one longer than the sample's number modulo 20.
        const bars = digits.map(({ digit, x }) => {
          const start = (4 + digit) * width + x;
          const row = sequence.pixels.subarray(start, start + 28);
          return row.slice(4).findIndex((value) => value !== 1);
        });
        const tests = await lab.generate({ number: '789', fit: 'natural', split: 'test', seed: 3 });
        const pixels = await tools.sha256(sequence.pixels);
        return { info, width, digits, bars, tests: tests.digits, pixels };";
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = in_own_data(lab, &plain, script).await;
            let bucket = &result["info"]["bucket"];
            assert_eq!((&bucket["name"], &bucket["url"]), (&json!("Bars"), &Value::Null));
            assert_eq!(
                bucket["counts"],
                json!({ "all": [3, 3, 3, 3, 3, 3, 3, 4, 4, 4], "train": vec![3; 10], "test": [0, 0, 0, 0, 0, 0, 0, 1, 1, 1] })
            );
            assert_eq!(result["width"], 280);
            for (digit, bar) in (0..10).zip(result["bars"].as_array().expect("bars")) {
                let origin = &result["digits"][digit as usize];
                let index = origin["index"].as_u64().expect("an index");
                assert_eq!(origin["digit"], digit);
                let label = if origin["split"] == "test" { 9 - index } else { index % 10 };
                assert_eq!(label, digit, "{origin}");
                assert_eq!(bar, &json!(1 + index % 20), "{origin}");
            }
            let tests: Vec<(&Value, &Value)> =
                result["tests"].as_array().expect("digits").iter().map(|digit| (&digit["split"], &digit["index"])).collect();
            assert_eq!(tests, [(&json!("test"), &json!(2)), (&json!("test"), &json!(1)), (&json!("test"), &json!(0))]);
            assert_eq!(in_own_data(lab, &packed, script).await, result, "gzipped files are the same data");
            assert!(site.requested("mnist/t").is_empty(), "no digit came from elsewhere");
        })
        .await;
}

#[tokio::test]
async fn broken_files_are_explained_and_change_nothing() {
    let whole = thirty();
    let with_images = |images: Vec<u8>| Split {
        images,
        ..whole.clone()
    };
    let with_labels = |labels: Vec<u8>| Split {
        labels,
        ..whole.clone()
    };
    let mut bad_label = whole.labels.clone();
    bad_label[8 + 17] = 10;
    let huge = idx::header(0x0803, &[u32::MAX as usize, 28, 28]);
    let cases = [
        (
            "wrong magic",
            with_images([b"\x89PNG".as_slice(), &whole.images].concat()),
            "invalid_file",
            "begins with the bytes",
        ),
        (
            "swapped",
            Split {
                images: whole.labels.clone(),
                labels: whole.images.clone(),
            },
            "invalid_file",
            "file of labels",
        ),
        (
            "images twice",
            with_labels(whole.images.clone()),
            "invalid_file",
            "file of images",
        ),
        (
            "other counts",
            with_labels(idx::split(&[1; 29]).labels),
            "invalid_file",
            "29 labels",
        ),
        (
            "label 10",
            with_labels(bad_label),
            "invalid_file",
            "label number 17 is 10",
        ),
        (
            "truncated",
            with_images(whole.images[..5000].to_vec()),
            "invalid_file",
            "announces 30",
        ),
        (
            "too long",
            with_images([whole.images.as_slice(), &[0]].concat()),
            "invalid_file",
            "announces 30",
        ),
        (
            "other size",
            with_images(idx::header(0x0803, &[1, 32, 32])),
            "invalid_file",
            "32 x 32",
        ),
        (
            "huge header",
            with_images(huge.clone()),
            "limit_exceeded",
            "4294967295",
        ),
        (
            "huge header, gzipped",
            with_images(gzip(&huge)),
            "limit_exceeded",
            "4294967295",
        ),
        (
            "not gzip",
            with_images([&[0x1f, 0x8b][..], &whole.images].concat()),
            "invalid_file",
            "gzip",
        ),
        (
            "gzip cut off",
            with_images(gzip(&whole.images)[..40].to_vec()),
            "invalid_file",
            "gzip",
        ),
        ("empty", with_labels(vec![]), "invalid_file", "empty"),
        (
            "nothing in it",
            Split {
                images: idx::header(0x0803, &[0, 28, 28]),
                labels: idx::header(0x0801, &[0]),
            },
            "invalid_file",
            "holds no",
        ),
    ];
    let mut sets: Vec<Value> = cases
        .iter()
        .map(|(name, split, code, words)| json!({ "case": name, "train": files(split), "code": code, "words": words }))
        .collect();
    let none = json!({ "images": lab::blob(&whole.images), "labels": null });
    sets.push(json!({ "case": "no labels", "train": none, "code": "missing_parameter", "words": "labels" }));
    sets.push(json!({ "case": "no files", "train": null, "code": "missing_parameter", "words": "images" }));
    let half = json!({ "images": lab::blob(&whole.images), "labels": lab::blob(&[0, 0, 8, 1]) });
    sets.push(json!({ "case": "test broken", "train": files(&whole), "test": half, "code": "invalid_file", "words": "test" }));

    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let script = "
                const wrong = [];
                for (const set of args) {
                  const error = await use(set).then(() => 'accepted', (error) => error);
                  const right = error instanceof DigitlabError && error.code === set.code
                    && error.message.includes(set.words);
                  if (!right) wrong.push(`${set.case}: ${error} ${error.code}`);
                }
                const { bucket } = await lab.info();
                const { digits } = await lab.generate({ number: '042', fit: 'natural', seed: 7 });
                return { wrong, url: bucket.url, digits: digits.length };";
            let result = in_own_data(lab, &json!(sets), script).await;
            assert_eq!(
                result,
                json!({ "wrong": [], "url": site.url("mnist/"), "digits": 3 })
            );
        })
        .await;
}

#[tokio::test]
async fn a_digit_that_the_data_set_lacks_is_named() {
    let site = Site::built().start().await;
    let args = json!({ "name": "Ones and sevens", "train": files(&idx::split(&[1, 7, 7, 1])) });
    Visit::new()
        .run_lab(&site, async |lab| {
            let script = "
                await use(args);
                const failures = [];
                for (const request of [{ number: '173' }, { number: '17', split: 'test' }]) {
                  const asked = lab.generate({ ...request, fit: 'natural' });
                  failures.push(await asked.then(() => null, tools.failure));
                }
                const { digits } = await lab.generate({ number: '1771', fit: 'natural', seed: 2 });
                return { failures, splits: digits.map(({ split }) => split) };";
            let result = in_own_data(lab, &args, script).await;
            for (failure, words) in result["failures"]
                .as_array()
                .expect("failures")
                .iter()
                .zip(["3", "test"])
            {
                assert_eq!(
                    (&failure["code"], &failure["detail"]["field"]),
                    (&json!("no_samples"), &json!("split"))
                );
                let message = failure["message"].as_str().unwrap_or_default();
                assert!(
                    message.contains(words) && message.contains("Ones and sevens"),
                    "{message}"
                );
            }
            assert_eq!(
                result["splits"],
                json!(["train", "train", "train", "train"])
            );
        })
        .await;
}

#[tokio::test]
async fn a_series_stays_with_the_data_set_it_began_with() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            // So wide that only a few images are made ahead: most are made after the change.
            let script = "
                const request = { number: '3', image_width: 16384, seed: 5 };
                const series = lab.generateMany(request, { count: 60 });
                await series.next();
                await use(args);
                const later = [];
                for await (const { digits } of series) later.push(digits[0].index);
                const now = (await lab.generate(request)).digits[0].index;
                return { later, now };";
            let result = in_own_data(lab, &json!({ "train": files(&thirty()) }), script).await;
            let later = result["later"].as_array().expect("a list");
            assert_eq!(later.len(), 59);
            // The own files end at 29; so many of MNIST's threes do not all stand before that.
            let of_mnist =
                |indices: &[Value]| indices.iter().any(|index| index.as_u64() > Some(29));
            assert!(of_mnist(&later[..20]) && of_mnist(&later[39..]), "{result}");
            assert!(result["now"].as_u64() < Some(30), "{result}");
        })
        .await;
}

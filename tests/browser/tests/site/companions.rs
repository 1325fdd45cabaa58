//! Masks and boxes that go along with a picture: through the ES module, and in the parts of the page that take and draw them.

use digitlab::augment::{BoxFormat, BoxRules, Boxes, Companions, Pipeline};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::{Raster, Shape};
use digitlab_browser::lab::bytes;
use digitlab_browser::{Failure, Site, Visit};
use serde_json::{Value, json};

const SHAPE: Shape = Shape {
    width: 40,
    height: 30,
    channels: 3,
};

fn pipeline() -> Value {
    json!([
        { "transform": "Affine", "rotate": [-20, 20], "translate_percent": [-0.2, 0.2], "p": 1 },
        { "transform": "ElasticTransform", "alpha": 60, "sigma": 4, "p": 1 },
        { "transform": "RandomCrop", "height": 24, "width": 30 },
        { "transform": "CoarseDropout", "p": 1 },
        { "transform": "Blur", "p": 1 },
    ])
}

/// What the scripts make, too: a picture, and a mask of class numbers.
fn pattern(shape: Shape, most: usize) -> Raster {
    let data = (0..shape.len()).map(|at| (at * 7919 % most) as u8);
    Raster::new(shape, data.collect()).expect("a picture")
}

/// A number without a point where it is whole.
fn as_a_script_writes(number: f64) -> Value {
    serde_json::from_str(&number.to_string()).expect("a number")
}

const SCRIPT: &str = "
    const filled = (channels, most) => Uint8Array.from({ length: 40 * 30 * channels }, (_, at) => (at * 7919) % most);
    const picture = { width: 40, height: 30, channels: 3, data: filled(3, 256) };
    const mask = { width: 40, height: 30, channels: 1, data: filled(1, 5) };";

#[tokio::test]
async fn masks_and_boxes_follow_as_they_do_natively() {
    let list = [
        [2.0, 3.0, 20.0, 15.0],
        [10.0, 8.0, 25.0, 20.0],
        [0.0, 0.0, 6.0, 5.0],
    ];
    let rules = BoxRules {
        min_area: 10.0,
        min_visibility: 0.1,
        clip: false,
    };
    let companions = Companions {
        mask: Some(pattern(
            Shape {
                channels: 1,
                ..SHAPE
            },
            5,
        )),
        boxes: Some(Boxes::new(BoxFormat::Coco, &list, SHAPE, rules).expect("boxes")),
    };
    let pipeline_read = Pipeline::from_json(&pipeline()).expect("a pipeline");
    let mut stream = Stream::new(7, 3, Purpose::Augment);
    let (picture, after, _) = pipeline_read
        .run_with(pattern(SHAPE, 256), companions, &mut stream)
        .expect("a picture");
    let (mask, boxes) = (after.mask.expect("a mask"), after.boxes.expect("boxes"));
    assert!(boxes.list().len() >= 2, "{boxes:?}");
    let labels = [json!("cat"), json!({ "id": 9 }), Value::Null];
    let expected: Vec<Value> = boxes
        .list()
        .iter()
        .zip(boxes.written())
        .map(|(boxed, numbers)| {
            let numbers = numbers.map(as_a_script_writes);
            let mut followed = json!({ "box": numbers, "from": boxed.from });
            if !labels[boxed.from].is_null() {
                followed["label"] = labels[boxed.from].clone();
            }
            followed
        })
        .collect();

    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let script = format!(
                "{SCRIPT}
                const lab = await Digitlab.open({{ workers: 1 }});
                const labels = [{{ label: 'cat' }}, {{ label: {{ id: 9 }} }}, {{}}];
                const list = args.list.map((box, at) => ({{ box, ...labels[at] }}));
                const boxes = {{ format: 'coco', list: [...list], min_area: 10, min_visibility: 0.1 }};
                const made = lab.augment(picture, args.pipeline, {{ seed: 7, index: 3, mask, boxes }});
                // What the caller does to its list meanwhile does not matter.
                boxes.list.length = 0;
                const answer = await made;
                boxes.list = list;
                const replayed = await lab.replay(picture, answer.record, {{ mask, boxes }});
                const alone = await lab.augment(picture, args.pipeline, {{ seed: 7, index: 3 }});
                const none = await lab.augment(picture, args.pipeline, {{ seed: 7, index: 3, mask: null, boxes: {{ format: 'yolo', list: [] }} }});
                lab.close();
                const plain = ({{ mask, boxes }}) => ({{ mask: {{ ...mask, data: tools.bytes(mask.data) }}, boxes }});
                return {{
                  ...plain(answer),
                  replayed: JSON.stringify(plain(replayed)) === JSON.stringify(plain(answer)),
                  pixels: [answer, replayed, alone, none].map(({{ data }}) => tools.bytes(data)),
                  keys: Object.keys(alone).sort(),
                  none: none.boxes,
                  kept: mask.data[1] === 7919 % 5,
                }};"
            );
            let list: Vec<_> = list.to_vec();
            let answer = lab.get(&script, json!({ "pipeline": pipeline(), "list": list })).await;
            for pixels in answer["pixels"].as_array().expect("pictures") {
                assert_eq!(bytes(pixels), picture.data());
            }
            let found = &answer["mask"];
            assert_eq!([&found["width"], &found["height"], &found["channels"]], [30, 24, 1]);
            assert_eq!(bytes(&found["data"]), mask.data());
            assert_eq!(answer["boxes"]["format"], "coco");
            assert_eq!(answer["boxes"]["list"], json!(expected));
            assert_eq!(answer["replayed"], true);
            assert_eq!(answer["kept"], true);
            assert_eq!(answer["none"], json!({ "format": "yolo", "list": [] }));
            assert_eq!(
                answer["keys"],
                json!(["channels", "data", "height", "index", "record", "seed", "width"])
            );
        })
        .await;
}

#[tokio::test]
async fn what_cannot_go_along_is_refused_by_name() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let boxes =
                |given: &str| format!("{{ boxes: {{ format: 'pascal_voc', list: [], {given} }} }}");
            let one = |numbers: &str| {
                boxes(&format!(
                    "list: [{{ box: [0, 0, 1, 1] }}, {{ box: {numbers} }}]"
                ))
            };
            let cases = [
                ("{ mask: 7 }".to_owned(), "invalid_parameter", "mask"),
                (
                    "{ mask: { ...mask, width: 41 } }".to_owned(),
                    "invalid_parameter",
                    "mask.number of values",
                ),
                (
                    "{ mask: { ...mask, width: 30, height: 40 } }".to_owned(),
                    "invalid_parameter",
                    "mask",
                ),
                (boxes("format: 'voc'"), "invalid_parameter", "boxes.format"),
                (boxes("list: 'cat'"), "invalid_parameter", "boxes.list"),
                (boxes("min_area: -1"), "invalid_parameter", "boxes.min_area"),
                (
                    boxes("min_area: '1'"),
                    "invalid_parameter",
                    "boxes.min_area",
                ),
                (
                    boxes("min_visibility: 2"),
                    "invalid_parameter",
                    "boxes.min_visibility",
                ),
                (boxes("clip: 1"), "invalid_parameter", "boxes.clip"),
                (
                    boxes("list: Array(10001).fill({ box: [0, 0, 1, 1] })"),
                    "limit_exceeded",
                    "boxes",
                ),
                (one("[0, 0, 1]"), "invalid_parameter", "boxes.list[1].box"),
                (
                    one("[0, 0, 1, '1']"),
                    "invalid_parameter",
                    "boxes.list[1].box",
                ),
                (
                    one("[0, 0, 1, NaN]"),
                    "invalid_parameter",
                    "boxes.list[1].box",
                ),
                (
                    one("[0, 0, 1, Infinity]"),
                    "invalid_parameter",
                    "boxes.list[1].box",
                ),
                (
                    one("[5, 5, 4, 6]"),
                    "invalid_parameter",
                    "boxes.list[1].box",
                ),
                (
                    one("[5, 5, 41, 6]"),
                    "invalid_parameter",
                    "boxes.list[1].box",
                ),
                (
                    boxes("list: [null]"),
                    "invalid_parameter",
                    "boxes.list[0].box",
                ),
            ];
            for (given, code, field) in cases {
                for call in ["augment(picture, []", "replay(picture, []"] {
                    let body = format!(
                        "{SCRIPT}
                        const lab = await Digitlab.open({{ workers: 1 }});
                        try {{
                          return await lab.{call}, {given}).then(() => 'accepted', tools.failure);
                        }} finally {{
                          lab.close();
                        }}"
                    );
                    let failure = Failure::from_json(&lab.get(&body, Value::Null).await);
                    assert_eq!(failure.code, code, "{given}: {failure}");
                    let found = failure.detail["field"].as_str().unwrap_or_default();
                    assert_eq!(found, field, "{given}: {failure}");
                }
            }
        })
        .await;
}

/// The form alone, with its markup from the fragment of the page.
const FORM: &str = "
    const here = (path) => new URL(path, address).href;
    const { ownPage } = await import(here('js/lab/trusted.js'));
    const page = await ownPage('views/augment.html');
    document.body.replaceChildren(document.adoptNode(page.getElementById('augment-companions')));
    document.getElementById('augment-companions').open = true;
    const { CompanionsField } = await import(here('js/augment/companions_field.js'));
    const { Settings } = await import(here('js/ui/settings.js'));
    const lab = await Digitlab.open({ workers: 1 });
    const said = [];
    let changes = 0;
    const ending = new AbortController();
    const field = new CompanionsField(
      { lab, settings: new Settings(), status: { say: (text) => said.push(text) }, changed: () => changes++ },
      ending.signal,
    );
    const one = (id) => document.getElementById(id);
    const settled = async (right) => {
      for (let turn = 0; turn < 200 && !right(); turn++) await new Promise((done) => setTimeout(done, 20));
      return right();
    };
    const choose = (id, file) => {
      const files = new DataTransfer();
      files.items.add(file);
      one(id).files = files.files;
      one(id).dispatchEvent(new Event('change'));
    };
    const write = (text) => {
      one('companions-boxes').value = text;
      one('companions-boxes').dispatchEvent(new Event('change'));
    };
    const error = () => one('companions-boxes-error').textContent;
    field.picture = { width: 40, height: 30, name: 'cat.png' };";

#[tokio::test]
async fn the_form_takes_lines_and_files_and_names_the_line_that_is_wrong() {
    let site = Site::built().start().await;
    Visit::new()
        // The browser's own page about XML that it cannot read has a style, which the policy blocks.
        .expecting("Applying inline style")
        .run_lab(&site, async |lab| {
            let script = format!(
                "{FORM}
                const result = {{}};
                write('cat 3 5 20 17\\n\\n# a comment\\ntraffic light, 1, 2, 3.5, 4\\n1 1 9 9');
                await settled(() => field.value.boxes);
                result.lines = field.value.boxes;
                result.summary = one('companions-summary').textContent;
                const errors = [];
                for (const text of ['cat 3 5 20', 'a 1 2 3 4\\nb 1 2 3 x', 'a 1 2 3 4\\n\\nb 5 5 50 9', 'a 9 9 9 9', '1 2 3 4 5 6']) {{
                  const before = error();
                  write(text);
                  await settled(() => error() && error() !== before);
                  errors.push([error(), field.value.boxes === undefined]);
                }}
                result.errors = errors;
                result.invalid = one('companions-boxes').getAttribute('aria-invalid');
                const coco = {{ images: [{{ id: 1, file_name: 'x/dog.png' }}, {{ id: 2, file_name: 'x/cat.png', width: 40, height: 30 }}],
                  categories: [{{ id: 7, name: 'small cat' }}],
                  annotations: [{{ image_id: 1, bbox: [0, 0, 99, 99], category_id: 7 }}, {{ image_id: 2, bbox: [1, 2, 3, 4], category_id: 7 }}] }};
                const xml = (size) => `<annotation><size><width>${{size}}</width><height>30</height></size>
                  <object><name>cat</name><part><bndbox><xmin>9</xmin></bndbox></part>
                  <bndbox><xmin>2</xmin><ymin>3</ymin><xmax>10</xmax><ymax>11</ymax></bndbox></object></annotation>`;
                const files = [
                  ['a.json', JSON.stringify(coco)], ['a.xml', xml(40)], ['a.txt', '0 0.5 0.5 0.2 0.4\\n3 0.25 0.25 0.5 0.5\\n'],
                ];
                result.files = [];
                for (const [name, text] of files) {{
                  const before = field.value.boxes;
                  choose('companions-boxes-file', new File([text], name));
                  await settled(() => field.value.boxes && field.value.boxes !== before);
                  result.files.push([field.value.boxes, one('companions-boxes').value]);
                }}
                result.refused = [];
                for (const [name, text] of [['b.xml', xml(41)], ['b.xml', '<a'], ['b.json', '{{'], ['b.json', '{{}}'], ['b.json', '[{{}}]'], ['b.txt', 'cat\\n']]) {{
                  const before = error();
                  choose('companions-boxes-file', new File([text], name));
                  await settled(() => error() && error() !== before);
                  result.refused.push(error());
                }}
                result.afterRefusal = one('companions-boxes').value;
                one('companions-boxes-remove').focus();
                one('companions-boxes-remove').click();
                await settled(() => !field.value.boxes);
                result.removed = [error(), one('companions-boxes-remove').hidden, document.activeElement.id, field.value];
                result.said = said.length > 0;
                ending.abort();
                lab.close();
                return result;"
            );
            let result = lab.get(&script, Value::Null).await;
            assert_eq!(
                result["lines"],
                json!({ "format": "pascal_voc", "list": [
                    { "box": [3, 5, 20, 17], "label": "cat" },
                    { "box": [1, 2, 3.5, 4], "label": "traffic light" },
                    { "box": [1, 1, 9, 9] },
                ] })
            );
            assert_eq!(result["summary"], "3 boxes");
            for (found, line) in result["errors"].as_array().expect("errors").iter().zip([1, 2, 3, 1, 1]) {
                let text = found[0].as_str().expect("an error");
                assert!(text.starts_with(&format!("Line {line} is ")) && text.ends_with('.'), "{text}");
                assert_eq!(found[1], true, "{text}");
            }
            assert_eq!(result["invalid"], "true");
            assert_eq!(
                result["files"],
                json!([
                    [{ "format": "coco", "list": [{ "box": [1, 2, 3, 4], "label": "small cat" }] }, "small cat 1 2 3 4"],
                    [{ "format": "pascal_voc", "list": [{ "box": [2, 3, 10, 11], "label": "cat" }] }, "cat 2 3 10 11"],
                    [
                        { "format": "yolo", "list": [
                            { "box": [0.5, 0.5, 0.2, 0.4], "label": "0" },
                            { "box": [0.25, 0.25, 0.5, 0.5], "label": "3" },
                        ] },
                        "0 0.5 0.5 0.2 0.4\n3 0.25 0.25 0.5 0.5",
                    ],
                ])
            );
            let refused = result["refused"].as_array().expect("refusals");
            for (found, part) in refused.iter().zip(["41 × 30", "no XML", "no JSON", "annotations", "Annotation 1", "Line 1"]) {
                let text = found.as_str().expect("a sentence");
                assert!(text.contains(part) && text.ends_with('.'), "{text}");
            }
            assert_eq!(result["afterRefusal"], "0 0.5 0.5 0.2 0.4\n3 0.25 0.25 0.5 0.5");
            assert_eq!(result["removed"], json!(["", true, "companions-boxes", {}]));
            assert_eq!(result["said"], true);
        })
        .await;
}

#[tokio::test]
async fn a_mask_is_taken_from_a_file_if_it_has_the_pictures_size() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let script = format!(
                "{FORM}
                const png = async (width) => {{
                  const data = Uint8Array.from({{ length: width * 30 }}, (_, at) => at % 3);
                  return lab.encode({{ width, height: 30, channels: 1, data }}, {{ format: 'png' }});
                }};
                const problem = () => one('companions-mask-error').textContent;
                const result = {{}};
                choose('companions-mask', new File([await png(40)], 'mask.png'));
                await settled(() => field.value.mask);
                const {{ width, height, channels, data }} = field.value.mask;
                result.mask = [width, height, channels, [...data.slice(0, 4)]];
                result.facts = one('companions-mask-facts').textContent;
                result.summary = one('companions-summary').textContent;
                field.picture = {{ width: 41, height: 30, name: 'dog.png' }};
                await settled(() => !field.value.mask);
                result.other = problem();
                field.picture = {{ width: 40, height: 30, name: 'cat.png' }};
                await settled(() => field.value.mask);
                result.again = [problem(), field.value.mask === undefined];
                choose('companions-mask', new File(['no picture'], 'mask.txt'));
                await settled(() => problem());
                result.broken = problem();
                one('companions-mask-remove').click();
                await settled(() => one('companions-mask-remove').hidden);
                result.removed = [problem(), one('companions-mask-preview').hidden, field.value];
                result.changes = changes;
                lab.close();
                return result;"
            );
            let result = lab.get(&script, Value::Null).await;
            assert_eq!(result["mask"], json!([40, 30, 1, [0, 1, 2, 0]]));
            assert_eq!(result["facts"], "Mask of 40 × 30 pixels with 2 class numbers besides 0.");
            assert_eq!(result["summary"], "mask");
            let other = result["other"].as_str().expect("a sentence");
            assert!(other.starts_with("mask.png has 40 × 30 pixels, and the picture 41 × 30"), "{other}");
            assert_eq!(result["again"], json!(["", false]));
            let broken = result["broken"].as_str().expect("a sentence");
            assert!(broken.starts_with("mask.txt cannot be a mask."), "{broken}");
            assert_eq!(result["removed"], json!(["", true, {}]));
            assert_eq!(result["changes"], 4);
        })
        .await;
}

#[tokio::test]
async fn the_overlay_draws_the_mask_and_the_boxes_and_says_so() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const { Overlay } = await import(new URL('js/augment/overlay.js', address).href);
                    const root = document.body.appendChild(document.createElement('div'));
                    const overlay = new Overlay(root);
                    const before = root.hidden;
                    const mask = { width: 3, height: 1, channels: 1, data: Uint8Array.of(0, 1, 2) };
                    const list = [{ box: [0.5, 0.5, 1, 0.5], label: '<b>cat</b>', from: 0 }, { box: [0.25, 0.5, 0.5, 1], from: 1 }];
                    overlay.fit(10);
                    overlay.show({ width: 3, height: 1, mask, boxes: { format: 'yolo', list } });
                    const canvas = root.querySelector('canvas');
                    const read = (width) => {
                      const copy = new OffscreenCanvas(width, 1).getContext('2d');
                      copy.drawImage(canvas, 0, 0);
                      return [...copy.getImageData(0, 0, width, 1).data];
                    };
                    const pixels = read(3);
                    const number = (element, name) => Number(element.getAttribute(name));
                    const frames = [...root.querySelectorAll('rect.overlay__box')].map((rect) => ['x', 'y', 'width', 'height'].map((name) => number(rect, name)));
                    const labels = [...root.querySelectorAll('text')].map((text) => text.textContent);
                    const shown = [root.hidden, root.getAttribute('role'), root.getAttribute('aria-label'), overlay.description];
                    overlay.fit(20);
                    const larger = number(root.querySelector('rect.overlay__box'), 'width');
                    const colour = { width: 2, height: 1, channels: 3, data: Uint8Array.of(0, 0, 0, 255, 0, 255) };
                    overlay.show({ width: 2, height: 1, mask: colour });
                    const coloured = read(2);
                    const words = overlay.description;
                    overlay.clear();
                    return { before, pixels, frames, labels, shown, larger, coloured, words, after: root.hidden };",
                    Value::Null,
                )
                .await;
            assert_eq!(result["before"], true);
            let pixels: Vec<u64> = result["pixels"].as_array().expect("pixels").iter().filter_map(Value::as_u64).collect();
            assert_eq!(pixels[3], 0, "0 is clear");
            assert_eq!([pixels[7], pixels[11]], [128, 128]);
            assert_ne!(pixels[4..7], pixels[8..11], "each number has its colour");
            assert_eq!(result["frames"], json!([[0, 2.5, 30, 5], [0, 0, 15, 10]]));
            assert_eq!(result["labels"], json!(["<b>cat</b>"]));
            let words = "Mask of 3 × 1 pixels with 2 class numbers besides 0. 2 boxes: <b>cat</b> from 0, 0 to 3, 1; box from 0, 0 to 2, 1.";
            assert_eq!(result["shown"], json!([false, "img", words, words]));
            assert_eq!(result["larger"], 60);
            assert_eq!(result["coloured"], json!([0, 0, 0, 0, 255, 0, 255, 128]));
            assert_eq!(result["words"], "Mask of 2 × 1 pixels in colour.");
            assert_eq!(result["after"], true);
        })
        .await;
}

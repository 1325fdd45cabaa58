//! What the ES module refuses: each refusal has a code, a field, and a sentence.

use digitlab_browser::{Site, Visit};
use serde_json::{Value, json};

/// What is put over a request that is fine; the code; the field named in the detail.
const REFUSED: &str = "[
    [{ number: '12a' }, 'invalid_parameter', 'number'],
    [{ number: '' }, 'invalid_parameter', 'number'],
    [{ number: -1 }, 'invalid_parameter', 'number'],
    [{ number: NaN }, 'invalid_parameter', 'number'],
    [{ number: 2 ** 53 }, 'invalid_parameter', 'number'],
    [{ number: undefined }, 'missing_parameter', 'number'],
    [{ digits: [1] }, 'invalid_parameter', 'digits'],
    [{ number: undefined, digits: [1, 10] }, 'invalid_parameter', 'digits'],
    [{ spacing_min: -1 }, 'invalid_parameter', 'spacing_min'],
    [{ spacing_min: 9, spacing_max: 8 }, 'invalid_parameter', 'spacing_min'],
    [{ spacing_max: 1001 }, 'invalid_parameter', 'spacing_max'],
    [{ image_width: 0 }, 'invalid_parameter', 'image_width'],
    [{ image_width: 16385 }, 'invalid_parameter', 'image_width'],
    [{ image_width: 'wide' }, 'invalid_parameter', 'image_width'],
    [{ image_width: Infinity }, 'invalid_parameter', 'image_width'],
    [{ image_width: undefined }, 'missing_parameter', 'image_width'],
    [{ image_width: 10, fit: 'pad' }, 'invalid_parameter', 'image_width'],
    [{ fit: 'squeeze' }, 'invalid_parameter', 'fit'],
    [{ split: 'validation' }, 'invalid_parameter', 'split'],
    [{ ink: 'blue' }, 'invalid_parameter', 'ink'],
    [{ margin: 0.5 }, 'invalid_parameter', 'margin'],
    [{ tight: 'maybe' }, 'invalid_parameter', 'tight'],
    [{ seed: -1 }, 'invalid_parameter', 'seed'],
    [{ seed: 9007199254740993 }, 'invalid_parameter', 'seed'],
    [{ seed: 18446744073709551616n }, 'invalid_parameter', 'seed'],
    [{ index: -1 }, 'invalid_parameter', 'index'],
    [{ pipeline: 'mild' }, 'invalid_parameter', 'pipeline'],
    [{ augment: true, pipeline: [{ transform: 'Blur', blur_limit: -1 }] }, 'invalid_parameter', 'pipeline.transforms[0].Blur.blur_limit'],
    [{ spacing: 3 }, 'unknown_parameter', 'spacing'],
]";

#[tokio::test]
async fn what_is_refused_names_its_field() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let body = format!(
                "const lab = await Digitlab.open({{ workers: 1 }});
                const wrong = [];
                let tried = 0;
                for (const [change, code, field] of {REFUSED}) {{
                  const request = {{ number: '042', image_width: 84, seed: 1, ...change }};
                  const one = () => lab.generate(request);
                  const series = () => lab.generateMany(request, {{ count: 2 }});
                  const many = async () => {{ for await (const _ of series()); }};
                  for (const call of [one, many]) {{
                    tried += 1;
                    const error = await call().then(() => 'accepted', (error) => error);
                    const right = error instanceof DigitlabError && error instanceof Error
                      && error.name === 'DigitlabError' && error.code === code
                      && error.detail.field === field && error.detail.allowed.length > 2
                      && error.message.includes(field) && error.message.length < 400;
                    const detail = JSON.stringify(error.detail);
                    if (!right) wrong.push(`${{field}} ${{call.name}}: ${{error}} ${{detail}}`);
                  }}
                }}
                lab.close();
                return {{ wrong, tried }};"
            );
            assert_eq!(
                lab.get(&body, Value::Null).await,
                json!({ "wrong": [], "tried": 58 })
            );

            for (call, field) in [
                ("Digitlab.open({ workers: 0 })", "workers"),
                ("Digitlab.open({ bucket: 'file:///etc' })", "bucket"),
                ("lab.useBucket('mailto:nobody')", "bucket"),
                ("lab.generate('042')", "request"),
                ("lab.generate(Object.assign(cycle, { cycle }))", "request"),
                ("lab.generateMany(request, { count: -1 }).next()", "count"),
                (
                    "lab.generateMany(request, { count: 1, first: 0.5 }).next()",
                    "first",
                ),
                ("lab.generateMany(request).next()", "count"),
                ("lab.encode(null)", "sequence"),
                (
                    "lab.encode(await lab.generate(request), { format: 'bmp' })",
                    "format",
                ),
            ] {
                let body = format!(
                    "const lab = await Digitlab.open();
                    const [request, cycle] = [{{ number: 1, fit: 'natural' }}, {{}}];
                    await {call};"
                );
                let failure = lab.run(&body, Value::Null).await.expect_err(call);
                let found = (failure.code.as_str(), &failure.detail["field"]);
                assert_eq!(found, ("invalid_parameter", &json!(field)), "{failure}");
            }
        })
        .await;
}

#[tokio::test]
async fn what_the_fields_say_is_what_is_accepted() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let wrong = lab
                .get(
                    "const lab = await Digitlab.open();
                    const fields = await lab.fields();
                    const wrong = [];
                    const spacing = { spacing_min: 0, spacing_max: 1000 };
                    const base = { number: '1', image_width: 60, ...spacing, seed: 1 };
                    const accepted = (name, value) =>
                      lab.generate({ ...base, [name]: value }).then(() => true, () => false);
                    const names = fields.map(({ name }) => name);
                    for (const { name, kind, label, help, min, max, values } of fields) {
                      if (!label || !help) wrong.push(`${name} has no words`);
                      if (kind === 'integer') {
                        for (const value of [min - 1, min, max, max + 1]) {
                          const fine = await accepted(name, value);
                          const right = value >= min && value <= max;
                          if (fine !== right) wrong.push(`${name} ${value}: ${fine}`);
                        }
                      }
                      for (const value of kind === 'choice' ? values : []) {
                        if (!await accepted(name, value)) wrong.push(`${name} ${value} refused`);
                      }
                    }
                    lab.close();
                    return { wrong, names: names.sort() };",
                    Value::Null,
                )
                .await;
            assert_eq!(
                wrong,
                json!({
                    "wrong": [],
                    "names": [
                        "augment", "digits", "fit", "image_width", "index", "ink", "margin", "number",
                        "pipeline", "seed", "spacing_max", "spacing_min", "split", "tight",
                    ],
                })
            );
        })
        .await;
}

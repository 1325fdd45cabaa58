//! Picture files through the ES module: read, written, refused.

use digitlab::raster::codec::{self, Limits};
use digitlab_browser::{Site, Visit, environment, lab};
use serde_json::{Value, json};

/// A picture file of the core's tests.
fn file(name: &str) -> Vec<u8> {
    let path = environment::workspace()
        .join("tests/reference/pictures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test]
async fn files_are_read_as_the_core_reads_them() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let names = [
                "rgba-16-bit.png",
                "orientation-6.jpeg",
                "animated.gif",
                "lossy-alpha.webp",
                "palette.bmp",
                "cmyk.tiff",
            ];
            let files: Vec<Vec<u8>> = names.iter().map(|name| file(name)).collect();
            let args: Vec<Value> = files.iter().map(|bytes| lab::blob(bytes)).collect();
            let results = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 2 });
                    const results = [];
                    for (const text of args) {
                      const blob = tools.blob(text);
                      const bytes = new Uint8Array(await blob.arrayBuffer());
                      // Bytes that begin in the middle of their buffer.
                      const inside = new Uint8Array([0, ...bytes, 0]).subarray(1, -1);
                      const [one, ...others] = await Promise.all([blob, bytes, bytes.buffer, inside].map((file) => lab.decode(file)));
                      const same = others.every((other) => String(other.data) === String(one.data));
                      results.push({ ...one, data: tools.bytes(one.data), same, kept: bytes.length });
                    }
                    lab.close();
                    return results;",
                    json!(args),
                )
                .await;
            for (k, (name, bytes)) in names.iter().zip(&files).enumerate() {
                let expected = codec::decode(bytes, &Limits::default()).expect(name);
                let result = &results[k];
                let shape = expected.picture.shape();
                let size = json!([shape.width, shape.height, shape.channels]);
                assert_eq!(json!([result["width"], result["height"], result["channels"]]), size, "{name}");
                assert!(lab::bytes(&result["data"]) == expected.picture.data(), "{name}");
                assert_eq!(result["found"], json!(expected.found), "{name}");
                assert_eq!(result["same"], true, "{name}");
                assert_eq!(result["kept"], bytes.len(), "{name} is not left to its owner");
            }
        })
        .await;
}

#[tokio::test]
async fn pictures_become_files() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let results = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const picture = await lab.decode(tools.blob(args));
                    const files = {};
                    const kinds = [['png'], ['webp'], ['jpeg'], ['jpeg', 30]];
                    for (const [format, quality] of kinds) {
                      const blob = await lab.encode(picture, { format, quality });
                      const again = await lab.decode(blob);
                      // The browser's own reading.
                      const bitmap = await createImageBitmap(blob);
                      files[[format, quality].join('')] = {
                        type: blob.type, bytes: tools.base64(await blob.arrayBuffer()), size: [bitmap.width, bitmap.height],
                        kept: String(again.data) === String(picture.data),
                      };
                    }
                    const canvas = new ImageData(3, 2);
                    canvas.data.fill(200);
                    const { width, height, channels, data } = await lab.decode(await lab.encode(canvas));
                    lab.close();
                    const owned = picture.data.length;
                    return { files, owned, canvas: [width, height, channels, ...new Set(data)] };",
                    lab::blob(&file("rgba.png")),
                )
                .await;
            let picture = codec::decode(&file("rgba.png"), &Limits::default()).expect("a picture").picture;
            assert_eq!(results["owned"], picture.data().len());
            assert_eq!(results["canvas"], json!([3, 2, 4, 200]));
            for (name, format, quality, kept) in [
                ("png", "png", None, true),
                ("webp", "webp", None, true),
                ("jpeg", "jpeg", Some(90.0), false),
                ("jpeg30", "jpeg", Some(30.0), false),
            ] {
                let made = &results["files"][name];
                let format_of = codec::Format::of(format, quality).expect("a format");
                let expected = codec::encode(&picture, format_of).expect("a file");
                assert!(lab::bytes(&made["bytes"]) == expected, "{name}");
                assert_eq!(made["type"], format!("image/{format}"));
                assert_eq!(made["size"], json!([19, 13]));
                assert_eq!(made["kept"], kept, "{name}");
            }
        })
        .await;
}

#[tokio::test]
async fn what_cannot_be_read_or_written_is_refused_in_a_sentence() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let cases = [
                ("lab.decode(null)", "invalid_parameter", "field", "file"),
                ("lab.decode('photo.png')", "invalid_parameter", "field", "file"),
                ("lab.decode(new Blob([]))", "invalid_file", "file", "The picture"),
                ("lab.decode(new Blob(['<svg>']))", "unsupported", "value", "an SVG drawing"),
                ("lab.decode(photo.slice(0, 300))", "invalid_file", "file", "The JPEG file"),
                ("lab.decode(photo, { limits: { bytes: 100 } })", "limit_exceeded", "field", "JPEG file"),
                ("lab.decode(photo, { limits: { pixels: 100 } })", "limit_exceeded", "field", "JPEG picture"),
                ("lab.decode(photo, { limits: { pixels: 1.5 } })", "invalid_parameter", "field", "limits.pixels"),
                ("lab.decode(photo, { limits: { bytes: 0 } })", "invalid_parameter", "field", "limits.bytes"),
                ("lab.encode(picture, { format: 'gif' })", "invalid_parameter", "field", "format"),
                ("lab.encode(picture, { format: 'jpeg', quality: 101 })", "invalid_parameter", "field", "quality"),
                ("lab.encode(picture, { format: 'jpeg', quality: 'best' })", "invalid_parameter", "field", "quality"),
                ("lab.encode(picture, { format: 'png', quality: 90 })", "invalid_parameter", "field", "quality"),
                ("lab.encode({ ...picture, width: 20 })", "invalid_parameter", "field", "number of values"),
                ("lab.encode({ ...picture, width: 0 })", "invalid_parameter", "field", "width"),
                ("lab.encode({ ...picture, channels: 2 })", "invalid_parameter", "field", "picture"),
                ("lab.encode({ ...picture, data: [1, 2] })", "invalid_parameter", "field", "sequence"),
            ];
            let calls: Vec<String> = cases.iter().map(|case| format!("() => {}", case.0)).collect();
            let script = format!(
                "const lab = await Digitlab.open({{ workers: 1 }});
                const photo = tools.blob(args);
                const picture = await lab.decode(photo);
                const results = [];
                for (const call of [{}]) {{
                  const error = await call().then(() => ({{ message: 'accepted' }}), (error) => error);
                  results.push(tools.failure(error));
                }}
                lab.close();
                return results;",
                calls.join(", ")
            );
            let results = lab.get(&script, lab::blob(&file("rgb.jpeg"))).await;
            for (k, (call, code, key, value)) in cases.iter().enumerate() {
                let error = &results[k];
                assert_eq!(error["code"], *code, "{call}: {error}");
                assert_eq!(error["detail"][key], *value, "{call}: {error}");
                assert_eq!(error["name"], "DigitlabError", "{call}: {error}");
                let sentence = error["message"].as_str().expect("a sentence");
                assert!(sentence.ends_with('.') && sentence.len() < 300, "{call}: {error}");
            }
        })
        .await;
}

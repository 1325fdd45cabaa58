//! Picture files as JavaScript reads and writes them, in a real browser.

#![cfg(target_arch = "wasm32")]

use digitlab::raster::codec::{Format, Limits, decode, encode};
use digitlab::raster::{Raster, Shape};
use digitlab::web::picture::{decode_picture, encode_picture};
use js_sys::JSON;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A JavaScript value as JSON, as any program would see it.
fn plain(value: &JsValue) -> Value {
    let text = JSON::stringify(value).expect("plain data");
    serde_json::from_str(&String::from(text)).expect("JSON")
}

fn refusal<T>(result: Result<T, JsValue>) -> Value {
    plain(&result.err().expect("a refusal"))
}

const PHOTO: &[u8] = include_bytes!("reference/pictures/orientation-6.jpeg");

#[wasm_bindgen_test]
fn a_photo_comes_over_upright_with_what_was_found() {
    let decoded = decode_picture(PHOTO, None, None).expect("a photo");
    let expected = decode(PHOTO, &Limits::default()).expect("a photo");
    let shape = (decoded.width(), decoded.height(), decoded.channels());
    assert_eq!(shape, (19, 13, 3));
    assert_eq!(decoded.data().to_vec(), expected.picture.data());
    assert_eq!(
        plain(&decoded.found()),
        json!({
            "format": "JPEG", "width": 13, "height": 19, "bits": 8, "colours": "rgb", "orientation": 6, "frames": 1,
            "notes": ["It was turned clockwise by 90°, as its orientation (6) says."],
        })
    );
}

#[wasm_bindgen_test]
fn every_kind_of_file_is_read() {
    for file in [
        &include_bytes!("reference/pictures/rgba-16-bit.png")[..],
        include_bytes!("reference/pictures/cmyk.jpeg"),
        include_bytes!("reference/pictures/animated.gif"),
        include_bytes!("reference/pictures/lossy-alpha.webp"),
        include_bytes!("reference/pictures/palette.bmp"),
        include_bytes!("reference/pictures/rgb-lzw.tiff"),
    ] {
        let expected = decode(file, &Limits::default()).expect("a picture");
        let decoded = decode_picture(file, None, None).expect("a picture");
        assert_eq!(decoded.data().to_vec(), expected.picture.data());
        assert_eq!(
            plain(&decoded.found()),
            serde_json::to_value(&expected.found).unwrap()
        );
    }
}

#[wasm_bindgen_test]
fn limits_may_be_changed() {
    assert!(decode_picture(PHOTO, Some(PHOTO.len() as f64), Some(19.0 * 13.0)).is_ok());
    let error = refusal(decode_picture(PHOTO, Some(PHOTO.len() as f64 - 1.0), None));
    assert_eq!(error["code"], "limit_exceeded");
    assert_eq!(error["detail"]["field"], "JPEG file");
    let error = refusal(decode_picture(PHOTO, None, Some(246.0)));
    assert_eq!(error["code"], "limit_exceeded");
    assert_eq!(error["detail"]["field"], "JPEG picture");
    for odd in [0.0, -1.0, 1.5, f64::NAN, f64::INFINITY, 1e300] {
        let error = refusal(decode_picture(PHOTO, Some(odd), None));
        assert_eq!(error["detail"]["field"], "limits.bytes", "{odd}");
        let error = refusal(decode_picture(PHOTO, None, Some(odd)));
        assert_eq!(error["detail"]["field"], "limits.pixels", "{odd}");
    }
}

#[wasm_bindgen_test]
fn pictures_become_the_cores_files() {
    let data: Vec<u8> = (0..96).collect();
    let shape = Shape {
        width: 6,
        height: 4,
        channels: 4,
    };
    let picture = Raster::new(shape, data.clone()).unwrap();
    for (name, quality, format) in [
        ("png", None, Format::Png),
        ("jpeg", Some(70.0), Format::Jpeg { quality: 70 }),
        ("webp", None, Format::WebP),
    ] {
        let file = encode_picture(data.clone(), 6, 4, 4, name, quality).expect(name);
        assert_eq!(file, encode(&picture, format).unwrap(), "{name}");
    }
    for (width, channels, format, quality, field) in [
        (5, 4, "png", None, "number of values"),
        (12, 2, "png", None, "picture"),
        (0, 4, "png", None, "picture"),
        (6, 4, "tiff", None, "format"),
        (6, 4, "jpeg", Some(0.0), "quality"),
        (6, 4, "webp", Some(50.0), "quality"),
    ] {
        let error = refusal(encode_picture(
            data.clone(),
            width,
            4,
            channels,
            format,
            quality,
        ));
        assert_eq!(error["detail"]["field"], field);
    }
}

#[wasm_bindgen_test]
fn what_is_no_picture_is_refused_as_a_plain_object() {
    let error = refusal(decode_picture(
        b"<svg xmlns=\"http://www.w3.org/2000/svg\">",
        None,
        None,
    ));
    assert_eq!(error["code"], "unsupported");
    assert_eq!(error["detail"]["value"], "an SVG drawing");
    let error = refusal(decode_picture(&PHOTO[..100], None, None));
    assert_eq!(error["code"], "invalid_file");
    assert_eq!(error["detail"]["file"], "The JPEG file");
    assert_eq!(
        refusal(decode_picture(&[], None, None))["code"],
        "invalid_file"
    );
}

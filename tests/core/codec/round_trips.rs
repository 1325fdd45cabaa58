//! What is written is read.

use digitlab::raster::codec::{Colours, Format, Kind, Limits, decode, encode, to_png};
use digitlab::raster::{Raster, Shape};
use proptest::prelude::*;

/// Smooth ramps, which JPEG keeps well; alpha is opaque.
fn ramps(width: usize, height: usize, channels: usize) -> Raster {
    let values = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let data = values.flat_map(|(x, y)| {
        let ramp = [
            x * 200 / width + 20,
            y * 200 / height + 30,
            (x + y) * 200 / (width + height),
        ];
        [ramp[0] as u8, ramp[1] as u8, ramp[2] as u8, 255]
            .into_iter()
            .take(channels)
    });
    let data = data.collect();
    Raster::new(
        Shape {
            width,
            height,
            channels,
        },
        data,
    )
    .expect("a picture")
}

fn pictures() -> impl Strategy<Value = Raster> {
    let shapes = (
        1..40_usize,
        1..40_usize,
        prop::sample::select(vec![1_usize, 3, 4]),
    );
    shapes.prop_flat_map(|(width, height, channels)| {
        prop::collection::vec(any::<u8>(), width * height * channels).prop_map(move |data| {
            Raster::new(
                Shape {
                    width,
                    height,
                    channels,
                },
                data,
            )
            .expect("a picture")
        })
    })
}

fn read(file: &[u8]) -> digitlab::raster::codec::Decoded {
    decode(file, &Limits::default()).expect("our own file")
}

proptest! {
    #[test]
    fn png_keeps_every_value_and_channel(picture in pictures()) {
        let file = to_png(&picture).unwrap();
        let decoded = read(&file);
        prop_assert_eq!(decoded.found.format, Kind::Png);
        prop_assert_eq!(decoded.found.notes, Vec::<String>::new());
        prop_assert_eq!(decoded.picture, picture);
    }

    #[test]
    fn webp_keeps_every_value_and_makes_grey_coloured(picture in pictures()) {
        let file = encode(&picture, Format::WebP).unwrap();
        let decoded = read(&file);
        prop_assert_eq!(decoded.found.format, Kind::WebP);
        if picture.channels() == 1 {
            prop_assert_eq!(decoded.picture.channels(), 3);
            let expected: Vec<u8> = picture.data().iter().flat_map(|&grey| [grey; 3]).collect();
            prop_assert_eq!(decoded.picture.data(), &expected);
        } else {
            prop_assert_eq!(decoded.picture, picture);
        }
    }

    #[test]
    fn jpeg_keeps_shape_and_colours_of_any_picture(picture in pictures(), quality in 1..=100_u8) {
        let file = encode(&picture, Format::Jpeg { quality }).unwrap();
        let decoded = read(&file);
        prop_assert_eq!(decoded.found.format, Kind::Jpeg);
        let colours = if picture.channels() == 1 { Colours::Grey } else { Colours::Rgb };
        prop_assert_eq!(decoded.found.colours, colours);
        let expected = Shape { channels: picture.channels().min(3), ..picture.shape() };
        prop_assert_eq!(decoded.picture.shape(), expected);
    }
}

#[test]
fn jpeg_is_close_and_closer_with_more_quality() {
    for channels in [1, 3, 4] {
        let picture = ramps(61, 37, channels);
        let colours = channels.min(3);
        let errors: Vec<f64> = [20, 60, 95]
            .into_iter()
            .map(|quality| {
                let file = encode(&picture, Format::Jpeg { quality }).unwrap();
                let decoded = read(&file).picture;
                let before = picture
                    .data()
                    .chunks_exact(channels)
                    .flat_map(|p| &p[..colours]);
                let sum: f64 = before
                    .zip(decoded.data())
                    .map(|(a, b)| f64::from(a.abs_diff(*b)))
                    .sum();
                sum / decoded.data().len() as f64
            })
            .collect();
        assert!(errors[0] > errors[1] && errors[1] > errors[2], "{errors:?}");
        assert!(errors[2] < 2.0, "{errors:?}");
    }
}

#[test]
fn jpeg_lays_a_transparent_picture_on_white() {
    let shape = Shape {
        width: 16,
        height: 16,
        channels: 4,
    };
    let clear = encode(&Raster::black(shape).unwrap(), Format::Jpeg { quality: 90 }).unwrap();
    assert!(
        read(&clear)
            .picture
            .data()
            .iter()
            .all(|&value| value >= 254)
    );
}

#[test]
fn sides_that_a_format_cannot_have_are_refused() {
    for (side, format, allowed) in [
        (16_384, Format::WebP, "16383 pixels per side in a WebP file"),
        (
            65_536,
            Format::Jpeg { quality: 50 },
            "65535 pixels per side in a JPEG file",
        ),
    ] {
        for (width, height) in [(side, 1), (1, side)] {
            let wide = Raster::black(Shape {
                width,
                height,
                channels: 1,
            })
            .unwrap();
            let error = encode(&wide, format).expect_err(allowed);
            assert_eq!(error.code(), "limit_exceeded");
            assert!(error.to_string().contains(allowed), "{error}");
            assert!(encode(&wide, Format::Png).is_ok());
        }
        let longest = Raster::black(Shape {
            width: side - 1,
            height: 1,
            channels: 1,
        })
        .unwrap();
        let file = encode(&longest, format).expect(allowed);
        assert_eq!(read(&file).picture.width(), side - 1);
    }
    let pixel = Raster::grey(1, 1, vec![0]);
    for quality in [0, 101, 255] {
        let error = encode(&pixel, Format::Jpeg { quality }).expect_err("no quality");
        assert_eq!(error.detail().field.as_deref(), Some("quality"));
    }
}

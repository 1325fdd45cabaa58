//! Every kind of picture that people bring, each of all ten digits.

use super::canvas::{BLACK, Canvas, Colour, WHITE, extent};
use super::pen::{Style, Way, write};
use digitlab::classify::{Digit, read, see, stages};
use digitlab::mnist::{PIXELS, SIDE};
use digitlab::random::Stream;
use digitlab::raster::codec::{Format, Limits, decode, encode};
use digitlab::raster::{Raster, Shape};
use proptest::prelude::*;
use std::time::Instant;

/// Makes a picture of strokes.
type Make = fn(&[Way], &mut Stream) -> Canvas;

const SIDE_OF_PICTURE: usize = 240;

fn sheet(colour: Colour) -> Canvas {
    Canvas::new(SIDE_OF_PICTURE, SIDE_OF_PICTURE, colour)
}

/// What is told of a digit in plain black on white, with a pen of usual width.
fn plain(digit: usize, hand: usize) -> Digit {
    let ways = strokes(digit, hand, [120.0, 120.0, 150.0], 0.11);
    let mut canvas = sheet([1.0; 3]);
    canvas.draw(&ways, [0.0; 3]);
    see(&canvas.picture()).expect("a digit").digit
}

fn strokes(digit: usize, hand: usize, place: [f64; 3], pen: f64) -> Vec<Way> {
    let style = Style {
        pen,
        ..Style::STEADY
    };
    write(digit, hand, style, place, &mut Stream::of_field(1))
}

/// The mean difference of two digits, as a part of the mean of their ink.
fn difference(a: &Digit, b: &Digit) -> f32 {
    let apart: f32 = a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum();
    let ink: f32 = a.iter().sum::<f32>() + b.iter().sum::<f32>();
    2.0 * apart / ink
}

/// How many pixels two digits are apart when one may be moved by a pixel.
fn shape_difference(a: &Digit, b: &Digit) -> f32 {
    let mut best = f32::MAX;
    for dy in -1..=1_isize {
        for dx in -1..=1_isize {
            let mut moved = [0.0; PIXELS];
            for (at, value) in moved.iter_mut().enumerate() {
                let (x, y) = ((at % SIDE) as isize + dx, (at / SIDE) as isize + dy);
                if (0..SIDE as isize).contains(&x) && (0..SIDE as isize).contains(&y) {
                    *value = b[y as usize * SIDE + x as usize];
                }
            }
            best = best.min(difference(a, &moved));
        }
    }
    best
}

/// Each kind: its name, where the digit stands (column, row, height), the pen's width as
/// a part of the height, and how the picture is made.
const KINDS: [(&str, [f64; 3], f64, Make); 18] = [
    ("thin", [120.0, 120.0, 150.0], 0.02, |ways, _| {
        let mut canvas = sheet([1.0; 3]);
        canvas.draw(ways, [0.0; 3]);
        canvas
    }),
    ("thick", [120.0, 120.0, 150.0], 0.19, |ways, _| {
        let mut canvas = sheet([1.0; 3]);
        canvas.draw(ways, [0.0; 3]);
        canvas
    }),
    ("white on black", [120.0, 120.0, 150.0], 0.11, |ways, _| {
        let mut canvas = sheet([0.0; 3]);
        canvas.draw(ways, [1.0; 3]);
        canvas
    }),
    (
        "red on green of one brightness",
        [120.0, 120.0, 150.0],
        0.11,
        |ways, stream| {
            let mut canvas = sheet([0.35, 0.66, 0.35]);
            canvas.draw(ways, [0.95, 0.355, 0.35]);
            canvas.noise(0.01, stream);
            canvas
        },
    ),
    ("yellow on white", [120.0, 120.0, 150.0], 0.11, |ways, _| {
        let mut canvas = sheet([1.0; 3]);
        canvas.draw(ways, [1.0, 0.95, 0.1]);
        canvas
    }),
    (
        "grey on grey",
        [120.0, 120.0, 150.0],
        0.11,
        |ways, stream| {
            let mut canvas = sheet([0.5; 3]);
            canvas.draw(ways, [0.38; 3]);
            canvas.noise(0.01, stream);
            canvas
        },
    ),
    (
        "a strong slope of light",
        [120.0, 120.0, 150.0],
        0.11,
        |ways, _| {
            let mut canvas = sheet(WHITE);
            canvas.draw(ways, BLACK);
            canvas.light(|x, y| 0.6 + 0.3 * x - 0.1 * y);
            canvas
        },
    ),
    ("ruled", [120.0, 120.0, 110.0], 0.1, |ways, stream| {
        let mut canvas = sheet(WHITE);
        canvas.tilt = [0.08, -0.1];
        canvas.rule(31.0, 2.0, [0.45, 0.55, 0.75], false);
        canvas.draw(ways, BLACK);
        canvas.noise(0.01, stream);
        canvas
    }),
    ("squared", [110.0, 125.0, 120.0], 0.1, |ways, stream| {
        let mut canvas = sheet(WHITE);
        canvas.rule(23.0, 1.5, [0.45, 0.55, 0.75], true);
        canvas.draw(ways, BLACK);
        canvas.noise(0.01, stream);
        canvas
    }),
    (
        "a hard shadow",
        [120.0, 120.0, 130.0],
        0.11,
        |ways, stream| {
            let mut canvas = sheet(WHITE);
            canvas.draw(ways, BLACK);
            canvas.shade(0.05, 0.4, 0.01, 0.5);
            canvas.noise(0.01, stream);
            canvas
        },
    ),
    (
        "a soft shadow",
        [120.0, 120.0, 130.0],
        0.11,
        |ways, stream| {
            let mut canvas = sheet(WHITE);
            canvas.draw(ways, BLACK);
            canvas.shade(-0.2, -0.6, 0.5, 0.45);
            canvas.noise(0.01, stream);
            canvas
        },
    ),
    ("much noise", [120.0, 120.0, 150.0], 0.11, |ways, stream| {
        let mut canvas = sheet([0.55; 3]);
        canvas.draw(ways, [0.2; 3]);
        canvas.noise(0.08, stream);
        canvas
    }),
    ("in a corner", [32.0, 205.0, 50.0], 0.11, |ways, _| {
        let mut canvas = sheet([1.0; 3]);
        canvas.draw(ways, [0.0; 3]);
        canvas
    }),
    ("tiny", [100.0, 60.0, 24.0], 0.11, |ways, _| {
        let mut canvas = sheet([1.0; 3]);
        canvas.draw(ways, [0.0; 3]);
        canvas
    }),
    (
        "over all of the picture",
        [120.0, 120.0, 222.0],
        0.07,
        |ways, _| {
            let mut canvas = sheet([1.0; 3]);
            canvas.draw(ways, [0.0; 3]);
            canvas
        },
    ),
    ("in a frame", [120.0, 120.0, 100.0], 0.11, |ways, _| {
        let mut canvas = sheet([1.0; 3]);
        canvas.draw(ways, [0.0; 3]);
        let corners = [
            [30.0, 35.0],
            [212.0, 30.0],
            [208.0, 210.0],
            [32.0, 206.0],
            [30.0, 35.0],
        ];
        canvas.draw(&[corners.map(|[x, y]| [x, y, 2.0]).to_vec()], [0.0; 3]);
        canvas
    }),
    (
        "above a caption",
        [120.0, 95.0, 120.0],
        0.11,
        |ways, stream| {
            let mut canvas = sheet([1.0; 3]);
            canvas.draw(ways, [0.0; 3]);
            for (k, digit) in [3, 1, 4, 1, 5, 9, 2, 6].into_iter().enumerate() {
                let place = [70.0 + 14.0 * k as f64, 205.0, 16.0];
                canvas.draw(&write(digit, k % 3, Style::STEADY, place, stream), [0.0; 3]);
            }
            canvas
        },
    ),
    (
        "over a watermark",
        [120.0, 120.0, 140.0],
        0.11,
        |ways, stream| {
            let mut canvas = sheet([1.0; 3]);
            let style = Style {
                slant: 0.4,
                ..Style::STEADY
            };
            for (digit, x) in [(8, 40.0), (0, 120.0), (8, 200.0)] {
                let mark = write(digit, 0, style, [x, 240.0 - x, 90.0], stream);
                canvas.draw(&mark, [0.82; 3]);
            }
            canvas.draw(ways, [0.0; 3]);
            canvas
        },
    ),
];

#[test]
fn every_kind_of_picture_shows_the_same_digit() {
    let mut failed = Vec::new();
    for (number, (name, place, pen, make)) in KINDS.into_iter().enumerate() {
        let mut sum = 0.0;
        for digit in 0..10 {
            let hand = (digit + number) % 3;
            let ways = strokes(digit, hand, place, pen);
            let canvas = make(&ways, &mut Stream::of_field(digit as u64));
            match see(&canvas.picture()) {
                Err(error) => failed.push(format!("{name}, {digit}: {error}")),
                Ok(seen) => {
                    let apart = shape_difference(&plain(digit, hand), &seen.digit);
                    sum += apart;
                    let most = if matches!(name, "thin" | "thick" | "tiny") {
                        1.1
                    } else {
                        0.6
                    };
                    if apart > most || seen.figures != 1 {
                        let what = (apart, seen.figures, seen.area, seen.notes);
                        failed.push(format!("{name}, {digit} in hand {hand}: {what:?}"));
                    }
                    let expected = extent(&canvas.coverage(&ways), canvas.width);
                    let [left, top, right, bottom] = expected.expect("a digit");
                    let area = seen.area;
                    let off = area.x.abs_diff(left)
                        + area.y.abs_diff(top)
                        + (area.x + area.width).abs_diff(right)
                        + (area.y + area.height).abs_diff(bottom);
                    if off > 16 {
                        let found = [area.x, area.y, area.width, area.height];
                        failed.push(format!("{name}, {digit}: {found:?}, not {expected:?}"));
                    }
                }
            }
        }
        println!("{name}: {:.2}", sum / 10.0);
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn jpeg_artefacts_leave_the_digit() {
    let mut failed = Vec::new();
    for quality in [10, 30, 70] {
        for digit in 0..10 {
            let ways = strokes(digit, digit % 3, [120.0, 110.0, 140.0], 0.1);
            let mut canvas = sheet([0.6, 0.55, 0.5]);
            canvas.draw(&ways, [0.2, 0.2, 0.3]);
            let file = encode(&canvas.picture(), Format::Jpeg { quality }).expect("a file");
            let picture = decode(&file, &Limits::default())
                .expect("a picture")
                .picture;
            let seen = see(&picture).expect("a digit");
            let apart = shape_difference(&plain(digit, digit % 3), &seen.digit);
            if apart > 0.5 {
                failed.push(format!("{digit} at {quality}: {apart} {:?}", seen.notes));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn transparent_pictures_show_dark_and_light_ink() {
    for level in [0_u8, 90, 200, 255] {
        let ways = strokes(5, 0, [120.0, 120.0, 150.0], 0.11);
        let covered = sheet([1.0; 3]).coverage(&ways);
        let data = covered.iter().flat_map(|share| {
            let alpha = (share * 255.0).round() as u8;
            [level, level, level, alpha]
        });
        let shape = Shape {
            width: SIDE_OF_PICTURE,
            height: SIDE_OF_PICTURE,
            channels: 4,
        };
        let picture = Raster::new(shape, data.collect()).expect("a picture");
        let seen = see(&picture).expect("a digit");
        assert!(difference(&plain(5, 0), &seen.digit) < 0.1, "{level}");
    }
}

#[test]
fn a_picture_of_twelve_megapixels_is_reduced_first() {
    let (width, height) = (4000, 3000);
    let mut canvas = Canvas::new(width, height, WHITE);
    let ways = strokes(3, 0, [2600.0, 1700.0, 420.0], 0.1);
    canvas.draw(&ways, BLACK);
    let picture = canvas.picture();
    let begun = Instant::now();
    let (seen, stages) = stages(&picture).expect("a digit");
    println!("12 megapixels: {:?}", begun.elapsed());
    assert!(difference(&plain(3, 0), &seen.digit) < 0.2);
    assert!(
        seen.area.x.abs_diff(2477) < 40 && seen.area.y.abs_diff(1490) < 40,
        "{:?}",
        seen.area
    );
    assert!(stages.iter().all(|stage| stage.picture.width() <= 160));
}

/// `cargo test --test core classify_speed -- --ignored --nocapture`
#[test]
#[ignore = "it measures time"]
fn classify_speed() {
    speed("the pad, 300 x 300", &{
        let mut canvas = Canvas::new(300, 300, [1.0; 3]);
        canvas.draw(&strokes(3, 0, [150.0, 150.0, 200.0], 0.08), [0.0; 3]);
        canvas.picture()
    });
    speed("a photo, 12 megapixels", &{
        let mut canvas = Canvas::new(4000, 3000, WHITE);
        canvas.draw(&strokes(3, 0, [2600.0, 1700.0, 420.0], 0.1), BLACK);
        canvas.picture()
    });
    let mut canvas = Canvas::new(512, 512, WHITE);
    canvas.rule(40.0, 2.0, [0.6, 0.7, 0.85], true);
    canvas.draw(&strokes(3, 0, [260.0, 250.0, 300.0], 0.1), BLACK);
    canvas.noise(0.01, &mut Stream::of_field(3));
    speed("squared paper, 512 x 512", &canvas.picture());
}

fn speed(name: &str, picture: &Raster) {
    let mut times: Vec<f64> = (0..40)
        .map(|_| {
            let begun = Instant::now();
            let seen = see(picture).expect("a digit");
            assert_eq!(seen.figures, 1);
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{name}: best {:.2} ms, median {:.2} ms",
        times[0], times[20]
    );
}

#[test]
fn no_picture_makes_it_crash() {
    let mut stream = Stream::of_field(11);
    for width in [1, 2, 3, 5, 29, 64, 700] {
        for height in [1, 2, 4, 28, 90, 500] {
            for channels in [1, 3, 4] {
                let shape = Shape {
                    width,
                    height,
                    channels,
                };
                let kind = stream.below(3);
                let level = stream.below(256) as u8;
                let data = (0..shape.len()).map(|at| match kind {
                    0 => stream.below(256) as u8,
                    1 => {
                        if at / channels % 7 < 3 {
                            255
                        } else {
                            0
                        }
                    }
                    _ => level,
                });
                let picture = Raster::new(shape, data.collect()).expect("a picture");
                if let Ok((seen, _)) = stages(&picture) {
                    assert!(seen.digit.iter().all(|v| (0.0..=1.001).contains(v)));
                }
                if let Ok(reading) = read(&picture, |_| [0.1; 10]) {
                    assert_eq!(reading.text.len(), reading.digits.len());
                    for digit in reading.digits {
                        let area = digit.area;
                        assert!(area.width > 0 && area.x + area.width <= width);
                        assert!(area.height > 0 && area.y + area.height <= height);
                    }
                }
            }
        }
    }
}

/// Pixels of any kind: noise, stripes, one level, a few levels, or noise over a digit.
fn any_pixels(shape: Shape, kind: u8, seed: u64) -> Raster {
    let mut stream = Stream::of_field(seed);
    let [a, b] = [(); 2].map(|()| stream.below(256) as u8);
    let period = 1 + stream.below(40) as usize;
    let data = (0..shape.len()).map(|at| {
        let pixel = at / shape.channels;
        match kind {
            0 => stream.below(256) as u8,
            1 if pixel % period < period / 2 => a,
            1 => b,
            2 => a,
            3 if stream.chance(0.02) => b,
            3 => a,
            _ => {
                let [x, y] = [pixel % shape.width, pixel / shape.width];
                let far = (2 * x).abs_diff(shape.width) + (2 * y).abs_diff(shape.height);
                let ring = (far / period).is_multiple_of(2);
                if ring { a } else { b }.saturating_add(stream.below(9) as u8)
            }
        }
    });
    Raster::new(shape, data.collect()).expect("a picture")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    /// Whatever the size and the pixels, there is an answer with boxes inside, or an
    /// error that says that there is no ink.
    #[test]
    fn any_picture_has_an_answer_or_no_ink(
        width in 1_usize..420, height in 1_usize..420, channels in 0_usize..3, kind in 0_u8..5,
        seed in any::<u64>(),
    ) {
        let channels = [1, 3, 4][channels];
        let shape = Shape { width, height, channels };
        let picture = any_pixels(shape, kind, seed);
        let inside = |area: digitlab::classify::read::Box| {
            area.width > 0
                && area.height > 0
                && area.x + area.width <= width
                && area.y + area.height <= height
        };
        match stages(&picture) {
            Ok((seen, _)) => {
                prop_assert!(seen.digit.iter().all(|v| (0.0..=1.001).contains(v)));
                prop_assert!(seen.figures >= 1 && inside(seen.area));
            }
            Err(error) => prop_assert_eq!(error.code(), "no_ink"),
        }
        match read(&picture, |_| [0.1; 10]) {
            Ok(reading) => {
                prop_assert!(!reading.digits.is_empty());
                prop_assert!(reading.digits.iter().all(|digit| inside(digit.area)));
            }
            Err(error) => prop_assert_eq!(error.code(), "no_ink"),
        }
    }
}

#[test]
fn long_and_large_pictures_are_bounded() {
    for (width, height, channels) in [(8000, 5000, 1), (40_000, 3, 3), (1, 60_000, 4)] {
        let shape = Shape {
            width,
            height,
            channels,
        };
        for kind in [1, 3] {
            let begun = Instant::now();
            let picture = any_pixels(shape, kind, 5);
            let made = begun.elapsed();
            let light = digitlab::classify::shrink::light(&picture);
            let worked_on = light.planes[0].values().len();
            assert!(worked_on <= digitlab::classify::shrink::WORKABLE);
            let _ = (see(&picture), read(&picture, |_| [0.1; 10]));
            println!("{width} x {height}: {:?}", begun.elapsed() - made);
        }
    }
}

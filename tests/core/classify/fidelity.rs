//! MNIST's own digits, enlarged and put on paper, come out as they were.

use super::stand_in::{load, sample};
use crate::support::mnist;
use digitlab::classify::see;
use digitlab::mnist::{PIXELS, SIDE, Split};
use digitlab::random::Stream;
use digitlab::raster::{Raster, Shape, to_unit};
use image::imageops::{FilterType, resize};

/// By how much the digits are enlarged.
const TIMES: usize = 18;

/// Digits of each kind.
const EACH: u32 = 12;

fn enlarged(levels: &[u8], filter: FilterType) -> Vec<u8> {
    let small = image::GrayImage::from_raw(SIDE as u32, SIDE as u32, levels.to_vec());
    let side = (SIDE * TIMES) as u32;
    resize(&small.expect("784 levels"), side, side, filter).into_raw()
}

/// Dark ink of this coverage on textured, warm paper.
fn on_paper(ink: &[u8], stream: &mut Stream) -> Raster {
    let side = SIDE * TIMES;
    let [a, b] = [stream.between([2.0, 9.0]), stream.between([2.0, 9.0])];
    let mut data = Vec::new();
    for (at, &level) in ink.iter().enumerate() {
        let [x, y] = [at % side, at / side].map(|v| v as f64 / side as f64);
        let tone = 0.85 + 0.05 * libm::sin(a * x + b * y) + 0.015 * stream.normal();
        let strength = f64::from(level) / 255.0;
        for (paper, pen) in [(1.0, 0.14), (0.97, 0.13), (0.9, 0.25)] {
            let value = tone * (paper + strength * (pen - paper));
            data.push((value.clamp(0.0, 1.0) * 255.0).round() as u8);
        }
    }
    let shape = Shape {
        width: side,
        height: side,
        channels: 3,
    };
    Raster::new(shape, data).expect("an allowed picture")
}

/// The mean error in levels of a picture of `ink`, over all pixels of all samples, and
/// that of the worst sample.
fn errors(filter: FilterType, paper: bool) -> (f32, f32) {
    let mut pool = mnist();
    load(&mut pool, Split::Test, EACH);
    let mut stream = Stream::of_field(5);
    let (mut sum, mut worst) = (0.0_f32, 0.0_f32);
    for digit in 0..10 {
        for rank in 0..EACH {
            let levels = sample(&pool, Split::Test, digit, rank);
            let ink = enlarged(&levels, filter);
            let picture = if paper {
                on_paper(&ink, &mut stream)
            } else {
                Raster::grey(SIDE * TIMES, SIDE * TIMES, ink)
            };
            let seen = see(&picture).expect("a digit");
            let differences = levels.iter().zip(&seen.digit);
            let error: f32 = differences.map(|(&a, b)| (to_unit(a) - b).abs()).sum();
            let error = error * 255.0 / PIXELS as f32;
            sum += error;
            worst = worst.max(error);
            assert_eq!(seen.figures, 1, "{digit} {rank}");
        }
    }
    (sum / (10 * EACH) as f32, worst)
}

#[test]
fn enlarged_mnist_digits_come_out_as_they_were() {
    // Where the middle lies between two pixels, a digit may come out one pixel aside.
    let cases = [
        ("bicubic", FilterType::CatmullRom, false),
        ("bicubic on paper", FilterType::CatmullRom, true),
        ("area", FilterType::Nearest, false),
        ("area on paper", FilterType::Nearest, true),
    ];
    let mut failed = Vec::new();
    for (name, filter, paper) in cases {
        let (mean, worst) = errors(filter, paper);
        println!("{name}: mean error {mean:.2} levels of 255, worst sample {worst:.2}");
        if mean > 8.5 || worst > 30.0 {
            failed.push(format!("{name}: {mean} {worst}"));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

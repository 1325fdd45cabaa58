//! The pictures of `tests/handwriting/`: which digit, by whom, on what.

mod kinds;

use self::kinds::{BLUE, GREEN, Hand, IN_THE_MIDDLE, KINDS, Kind, RED, RULE, Strokes, pick};
use super::canvas::{BLACK, Canvas, WHITE, extent};
use super::hands::HANDS;
use super::pen::{Style, write};
use super::stand_in::sample;
use super::stroke::Sample;
use digitlab::mnist::{Pool, Split};
use digitlab::random::Stream;
use digitlab::raster::{Raster, Shape};

/// A set of pictures: those that the preprocessing was tuned on are not those that it is
/// measured on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Set {
    /// What its random numbers are drawn from.
    pub(crate) seed: u64,
    /// Where the digits of MNIST in it come from.
    pub(crate) split: Split,
    /// How many pictures there are of each kind.
    pub(crate) each: usize,
    /// How many pictures show a number.
    pub(crate) numbers: usize,
}

impl Set {
    /// What is kept in `tests/handwriting/`, and measured.
    pub(crate) const MEASURED: Self = Self {
        seed: 2_026_000,
        split: Split::Test,
        each: 4,
        numbers: 16,
    };

    /// What the preprocessing was tuned on; it is made when it is needed.
    pub(crate) const TUNED: Self = Self {
        seed: 1000,
        split: Split::Train,
        each: 24,
        numbers: 96,
    };
}

/// A picture with what is known of it.
pub(crate) struct Scene {
    /// The file's name without its ending.
    pub(crate) name: String,
    /// What is written.
    pub(crate) label: String,
    /// How it was made, in words.
    pub(crate) about: String,
    /// The picture.
    pub(crate) picture: Raster,
    /// The smallest area that holds the digits: left, top, right, bottom.
    pub(crate) ink: [usize; 4],
    /// The file that it becomes.
    pub(crate) file: File,
}

/// The file that a picture becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum File {
    Png,
    /// JPEG of this quality.
    Jpeg(u8),
    /// JPEG of this quality, as a camera writes it that was held upright: lying, with a
    /// note that says so.
    Turned(u8),
    /// PNG in which only the ink is opaque.
    CutOut,
}

/// MNIST's digits that are printed.
const PRINTED: usize = 10;

/// How many samples of each digit the pool must hold.
pub(crate) const KNOWN: u32 = 200;

/// A digit of MNIST: its levels, any of the first ones of its kind.
fn any_sample(pool: &Pool, split: Split, digit: usize, stream: &mut Stream) -> Vec<u8> {
    sample(pool, split, digit as u8, stream.below(KNOWN))
}

/// Every picture of a set. `pool` holds the first digits of its split.
pub(crate) fn scenes(pool: &Pool, set: Set) -> Vec<Scene> {
    let mut scenes = Vec::new();
    for (number, kind) in KINDS.iter().enumerate() {
        scenes.extend((0..set.each).map(|copy| single(pool, set, number, kind, copy)));
    }
    scenes.extend((0..PRINTED).map(|k| printed(pool, set, k)));
    scenes.extend((0..set.numbers).map(|index| number(pool, set, index)));
    scenes
}

/// One digit: every other one is written by a person.
fn single(pool: &Pool, set: Set, number: usize, kind: &Kind, copy: usize) -> Scene {
    let mut stream = Stream::of_field(set.seed + (number * 64 + copy) as u64);
    let digit = (number * set.each + copy) * 7 % 10;
    let [width, height] = [(); 2].map(|()| stream.within(kind.side[0]..=kind.side[1]) as usize);
    let tall = height.min(width * 5 / 4) as f64 * stream.between(kind.size);
    let style = {
        let pen = stream.between(kind.pen);
        Style::human(&mut stream, pen)
    };
    let starts = |begin: &&str| kind.about.starts_with(*begin);
    let middle = IN_THE_MIDDLE.iter().any(starts);
    let up = if starts(&"a frame") { 0.05 } else { 0.0 };
    // Anywhere, as long as all of it is on the picture.
    let mut place = |length: usize| {
        let room = (length as f64 / 2.0 - tall * 0.62).max(0.0);
        let room = room * if middle { 0.1 } else { 0.8 };
        length as f64 * (0.5 - up) + room * stream.between([-1.0, 1.0])
    };
    let [x, y] = [place(width), place(height)];
    let by_a_person = copy % 2 == 1;
    let strokes = if by_a_person {
        let levels = any_sample(pool, set.split, digit, &mut stream);
        Strokes::Sample(Sample::new(&levels, [x, y, tall], kind.pen, &mut stream))
    } else {
        let hand = (number + copy / 2) % HANDS.len();
        Strokes::Pen(write(digit, hand, style, [x, y, tall], &mut stream))
    };
    let hand = Hand {
        strokes: &strokes,
        width,
        height,
    };
    let canvas = (kind.make)(&hand, &mut stream);
    let covered = hand.coverage(&canvas);
    let picture = match kind.file {
        File::CutOut => cut_out(&canvas.picture(), &covered),
        _ => canvas.picture(),
    };
    let by = if by_a_person {
        "the strokes of a digit of MNIST"
    } else {
        "strokes of the program's pen"
    };
    Scene {
        name: format!("pen-{number:02}-{copy}"),
        label: digit.to_string(),
        about: format!("{}; {by}", kind.about),
        picture,
        ink: extent(&covered, width).expect("a digit on the picture"),
        file: kind.file,
    }
}

/// The picture where it is covered, and nothing elsewhere.
fn cut_out(picture: &Raster, covered: &[f64]) -> Raster {
    let (pixels, _) = picture.data().as_chunks::<3>();
    let pixels = pixels.iter().zip(covered);
    let data = pixels.flat_map(|(&[red, green, blue], share)| {
        // Where nothing is opaque, the colour says nothing.
        match (share * 255.0).round() as u8 {
            0 => [0; 4],
            alpha => [red, green, blue, alpha],
        }
    });
    let shape = Shape {
        channels: 4,
        ..picture.shape()
    };
    Raster::new(shape, data.collect()).expect("a picture")
}

/// A digit of MNIST, enlarged and printed onto paper as it is, pixels and all.
fn printed(pool: &Pool, set: Set, digit: usize) -> Scene {
    let mut stream = Stream::of_field(set.seed + 50_000 + digit as u64);
    let levels = any_sample(pool, set.split, digit, &mut stream);
    let side = 224;
    let times = stream.between([4.0, 6.5]);
    let [left, top] = [(); 2].map(|()| stream.between([0.0, side as f64 - 28.0 * times]));
    let mut canvas = Canvas::new(side, side, [0.88, 0.84, 0.74]);
    let covered = Sample::pixels(&levels, [left, top, times], &canvas);
    canvas.texture(0.06, &mut stream);
    canvas.lay(&covered, *pick(&[BLACK, BLUE, RED, GREEN], &mut stream));
    canvas.light(|x, y| 0.9 - 0.1 * x + 0.06 * y);
    canvas.noise(0.02, &mut stream);
    Scene {
        name: format!("printed-{digit}"),
        label: digit.to_string(),
        about: "a digit of MNIST, enlarged and printed onto brownish paper".into(),
        ink: extent(&covered, side).expect("a digit"),
        picture: canvas.picture(),
        file: File::Jpeg(75),
    }
}

/// Several digits side by side, by one hand; in every other picture those of MNIST.
fn number(pool: &Pool, set: Set, index: usize) -> Scene {
    let mut stream = Stream::of_field(set.seed + 90_000 + index as u64);
    let count = 2 + index / 2 % 4;
    let tall = stream.between([60.0, 90.0]);
    let digits: Vec<usize> = (0..count).map(|_| stream.below(10) as usize).collect();
    let (width, height) = (
        (tall * (0.9 * count as f64 + 0.8)) as usize,
        (tall * 1.8) as usize,
    );
    let pen = stream.between([0.07, 0.12]);
    let style = Style::human(&mut stream, pen);
    let by_a_person = index % 2 == 1;
    let light_ink = index % 8 >= 6;
    let paper = if light_ink { [0.15, 0.2, 0.2] } else { WHITE };
    let mut canvas = Canvas::new(width, height, paper);
    let mut covered = vec![0.0_f64; width * height];
    for (k, &digit) in digits.iter().enumerate() {
        let x = tall * (0.85 + 0.9 * k as f64) + stream.between([-0.03, 0.03]) * tall;
        let y = height as f64 / 2.0 + stream.between([-0.06, 0.06]) * tall;
        let own = tall * stream.between([0.92, 1.05]);
        let strokes = if by_a_person {
            let levels = any_sample(pool, set.split, digit, &mut stream);
            Sample::new(&levels, [x, y, own], [0.07, 0.12], &mut stream).coverage(&canvas)
        } else {
            let hand = index / 2 % HANDS.len();
            canvas.coverage(&write(digit, hand, style, [x, y, own], &mut stream))
        };
        let both = covered.iter_mut().zip(strokes);
        both.for_each(|(all, own)| *all = all.max(own));
    }
    canvas.texture(0.03, &mut stream);
    if index % 8 >= 4 {
        canvas.rule(tall * 0.45, 1.5, RULE, false);
    }
    let ink = if light_ink {
        WHITE
    } else {
        *pick(&[BLACK, BLUE], &mut stream)
    };
    canvas.lay(&covered, ink);
    canvas.light(|x, y| 0.9 - 0.08 * x - 0.05 * y * y);
    canvas.noise(0.015, &mut stream);
    let by = if by_a_person {
        "digits of MNIST"
    } else {
        "the program's pen"
    };
    Scene {
        name: format!("number-{index:02}"),
        label: digits.iter().map(usize::to_string).collect(),
        about: format!("several digits side by side, photographed; {by}"),
        ink: extent(&covered, width).expect("digits"),
        picture: canvas.picture(),
        file: File::Jpeg(75),
    }
}

//! R3, R4 and R5: what a model is shown, and what is counted. The tests hold the figures
//! to their bars, and `cargo xtask bench` prints them.

use super::canvas::Canvas;
use super::hands::HANDS;
use super::pen::{Style, Way, write};
use digitlab::Result;
use digitlab::classify::{Digit, read, see};
use digitlab::mnist::Pool;
use digitlab::random::Stream;
use digitlab::raster::Raster;
use digitlab::raster::codec::{Limits, decode};
use digitlab::sequence::{Generator, Request};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::thread;

/// A model: from 28 x 28 to the probability of each digit.
pub(crate) type Model<'a> = &'a (dyn Fn(&Digit) -> [f32; 10] + Sync);

/// How many were right, and what became of the others.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How many there were.
    pub(crate) count: usize,
    /// How many were read right when it is known whether a picture shows one digit.
    pub(crate) right: usize,
    /// How many were read right when the picture has to tell that.
    pub(crate) unaided: usize,
    /// The others, a line for each.
    pub(crate) wrong: Vec<String>,
}

impl Tally {
    /// The share that was right.
    pub(crate) fn share(&self) -> f64 {
        self.right as f64 / self.count as f64
    }

    /// The share that was right when the picture has to tell whether it shows one digit.
    pub(crate) fn unaided_share(&self) -> f64 {
        self.unaided as f64 / self.count as f64
    }

    /// Shows a picture to a model and notes what it made of it.
    fn show(&mut self, name: &str, expected: &str, picture: &Raster, model: Model<'_>) {
        let (alone, figures) = match see(picture) {
            Ok(seen) => (Ok(most_probable(&model(&seen.digit))), seen.figures),
            Err(error) => (Err(error), 0),
        };
        // A number is read only where it may be one.
        let number = (expected.len() > 1 || figures > 1)
            .then(|| read(picture, model).map(|reading| reading.text));
        let aided = match &number {
            Some(number) if expected.len() > 1 => number,
            _ => &alone,
        };
        let unaided = match &number {
            Some(number) if figures > 1 => number,
            _ => &alone,
        };
        let is_right = |found: &Result<String>| matches!(found, Ok(text) if text == expected);
        self.count += 1;
        self.right += usize::from(is_right(aided));
        self.unaided += usize::from(is_right(unaided));
        if !is_right(aided) || !is_right(unaided) {
            let text = |found: &Result<String>| match found {
                Ok(text) => text.clone(),
                Err(error) => error.to_string(),
            };
            let known = if is_right(aided) { "if not told" } else { "" };
            self.wrong.push(format!(
                "{name}: {expected} was read as {} {known} ({figures} figures)",
                text(if is_right(aided) { unaided } else { aided }),
            ));
        }
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.right += other.right;
        self.unaided += other.unaided;
        self.wrong.extend(other.wrong);
    }
}

fn most_probable(probabilities: &[f32; 10]) -> String {
    let better = |&a: &usize, &b: &usize| probabilities[a].total_cmp(&probabilities[b]);
    (0..10).max_by(better).unwrap_or(0).to_string()
}

/// Shows pictures to a model in two threads. `make` makes the picture of a number from 0
/// on: its name, what it shows, and itself.
pub(crate) fn tally(
    count: usize,
    model: Model<'_>,
    make: impl Fn(usize) -> (String, String, Raster) + Sync,
) -> Tally {
    let half = |first: usize| {
        let mut tally = Tally::default();
        for at in (first..count).step_by(2) {
            let (name, expected, picture) = make(at);
            tally.show(&name, &expected, &picture, model);
        }
        tally
    };
    let mut halves = thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        [half(0), other.join().expect("a tally")]
    });
    let other = std::mem::take(&mut halves[1]);
    halves[0].add(other);
    std::mem::take(&mut halves[0])
}

/// R3: the pictures of a folder with its `labels.json`.
pub(crate) fn handwriting(folder: &Path, model: Model<'_>) -> Tally {
    let text = fs::read_to_string(folder.join("labels.json")).expect("the labels");
    let labels: Vec<Value> = serde_json::from_str(&text).expect("a list");
    tally(labels.len(), model, |at| {
        let text = |key: &str| labels[at][key].as_str().expect("a text");
        let bytes = fs::read(folder.join(text("file"))).expect("a picture");
        let decoded = decode(&bytes, &Limits::default()).expect("a picture");
        let name = format!("{} ({})", text("file"), text("about"));
        (name, text("label").to_owned(), decoded.picture)
    })
}

/// R4: numbers of six digits, of natural width and with the usual gaps, as `generate`
/// makes them of `split`. All shards that they need must be in the pool.
pub(crate) fn numbers(pool: &Pool, split: &str, seed: u64, count: u64, model: Model<'_>) -> Tally {
    let made = |index: u64| {
        let mut stream = Stream::of_field(seed.wrapping_mul(1_000_003).wrapping_add(index));
        let number = format!("{:06}", stream.below(1_000_000));
        let request = json!({
            "number": number, "fit": "natural", "split": split, "seed": seed, "index": index,
        });
        let request = Request::from_json(&request, seed).expect("an allowed request");
        let sequence = Generator::default().generate(&request, pool);
        let sequence = sequence.expect("all shards are loaded");
        (format!("number {index}"), number, sequence.image)
    };
    tally(count as usize, model, |at| made(at as u64))
}

/// How a digit is put on the pad.
const PLACES: [(&str, [f64; 2], f64); 8] = [
    ("in the middle", [0.5, 0.5], 0.6),
    ("large", [0.5, 0.5], 0.85),
    ("small", [0.5, 0.5], 0.22),
    ("upper left", [0.2, 0.2], 0.28),
    ("upper right", [0.8, 0.2], 0.28),
    ("lower left", [0.2, 0.8], 0.28),
    ("lower right", [0.8, 0.8], 0.28),
    ("to one side", [0.3, 0.6], 0.45),
];

/// The widths of the pad's pen, in pixels.
const PENS: [f64; 4] = [4.0, 8.0, 14.0, 22.0];

/// R5: digits as they are drawn on the pad: each in every hand, at every place, each time
/// with another of the pens, and a few numbers.
pub(crate) fn pad(seed: u64, model: Model<'_>) -> Tally {
    let digits = 10 * HANDS.len() * PLACES.len();
    let several = 10 * HANDS.len();
    tally(digits + several, model, |at| {
        let mut stream = Stream::of_field(seed.wrapping_add(at as u64));
        let [digit, hand] = [at % 10, at / 10 % HANDS.len()];
        if at < digits {
            let place = at / 10 / HANDS.len();
            drawn_digit(digit, hand, place, &mut stream)
        } else {
            drawn_number(digit, hand, &mut stream)
        }
    })
}

fn style(pen: f64, tall: f64, stream: &mut Stream) -> Style {
    // However wide the pen, a digit is drawn so that its lines stay apart.
    Style::human(stream, (pen / tall).min(0.16))
}

fn drawn_digit(
    digit: usize,
    hand: usize,
    place: usize,
    stream: &mut Stream,
) -> (String, String, Raster) {
    let side = stream.between([280.0, 400.0]);
    let pen = PENS[stream.below(PENS.len() as u32) as usize];
    let (about, [x, y], height) = PLACES[place];
    let tall = side * height * stream.between([0.9, 1.1]);
    let style = style(pen, tall, stream);
    let ways = write(digit, hand, style, [x * side, y * side, tall], stream);
    let name = format!("{digit} in hand {hand} {about}, pen {pen} of {tall:.0}");
    let picture = drawn(side as usize, side as usize, &ways, stream);
    (name, digit.to_string(), picture)
}

fn drawn_number(first: usize, hand: usize, stream: &mut Stream) -> (String, String, Raster) {
    let side = stream.between([280.0, 400.0]);
    let digits: Vec<usize> = std::iter::once(first)
        .chain((0..stream.within(1..=3)).map(|_| stream.below(10) as usize))
        .collect();
    let count = digits.len() as f64;
    let apart = (side / (count + 0.3)).min(0.55 * side);
    let tall = apart / stream.between([0.75, 0.9]);
    let pen = PENS[stream.below(2) as usize + 1];
    let style = style(pen.min(0.12 * tall), tall, stream);
    let mut ways: Vec<Way> = Vec::new();
    for (k, &digit) in digits.iter().enumerate() {
        let x = side / 2.0 + apart * (k as f64 - (count - 1.0) / 2.0);
        let y = side / 2.0 + tall * stream.between([-0.08, 0.08]);
        let own = tall * stream.between([0.92, 1.08]);
        ways.extend(write(digit, hand, style, [x, y, own], stream));
    }
    let text: String = digits.iter().map(usize::to_string).collect();
    let picture = drawn(side as usize, side as usize, &ways, stream);
    (format!("{text} in hand {hand}"), text, picture)
}

/// The pad: dark on light, or light on dark.
fn drawn(width: usize, height: usize, ways: &[Way], stream: &mut Stream) -> Raster {
    let dark = stream.chance(0.5);
    let [paper, ink] = if dark { [0.0, 1.0] } else { [1.0, 0.0] };
    let mut canvas = Canvas::new(width, height, [paper; 3]);
    canvas.draw(ways, [ink; 3]);
    canvas.picture()
}

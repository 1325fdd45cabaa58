//! The pictures of `tests/handwriting/`: which digit, in which hand, on what.

use super::canvas::{BLACK, Canvas, Colour, WHITE, extent};
use super::pen::{Style, Way, write};
use super::stand_in::sample;
use digitlab::mnist::{Pool, SIDE, Split};
use digitlab::random::Stream;
use digitlab::raster::Raster;

const BLUE: Colour = [0.10, 0.16, 0.55];
const RED: Colour = [0.75, 0.10, 0.12];
const GREEN: Colour = [0.05, 0.42, 0.20];
const PENCIL: Colour = [0.36, 0.36, 0.38];
const RULE: Colour = [0.66, 0.74, 0.86];

/// A picture with what is known of it.
pub(crate) struct Scene {
    /// The file's name without its ending.
    pub(crate) name: String,
    /// What is written.
    pub(crate) label: String,
    /// How it was made, in words.
    pub(crate) about: &'static str,
    /// The picture.
    pub(crate) picture: Raster,
    /// The smallest area that holds the digits: left, top, right, bottom.
    pub(crate) ink: [usize; 4],
    /// The quality of its JPEG file, or none for PNG.
    pub(crate) quality: Option<u8>,
}

/// What a digit is drawn on and how.
struct Kind {
    about: &'static str,
    make: fn(&Hand<'_>, &mut Stream) -> Canvas,
    /// The height of the digit as a part of the picture's, and the width of the pen as a
    /// part of the digit's height.
    size: [f64; 2],
    pen: [f64; 2],
    quality: Option<u8>,
}

/// The strokes to draw, and the size of the picture.
struct Hand<'a> {
    ways: &'a [Way],
    width: usize,
    height: usize,
}

impl Hand<'_> {
    fn canvas(&self, colour: Colour) -> Canvas {
        Canvas::new(self.width, self.height, colour)
    }
}

fn tilt(canvas: &mut Canvas, stream: &mut Stream) {
    canvas.tilt = [stream.between([-0.12, 0.12]), stream.between([-0.15, 0.15])];
}

const KINDS: [Kind; 18] = [
    Kind {
        about: "blue ballpoint on white paper, phone photo with a vignette",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.texture(0.03, stream);
            canvas.draw(hand.ways, BLUE);
            canvas.light(|x, y| 0.9 - 0.18 * (x * x + y * y));
            canvas.noise(0.02, stream);
            canvas
        },
        size: [0.4, 0.7],
        pen: [0.045, 0.07],
        quality: Some(72),
    },
    Kind {
        about: "black pen on ruled paper, phone photo",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.rule(38.0, 1.6, RULE, false);
            canvas.draw(hand.ways, BLACK);
            canvas.light(|x, y| 0.85 + 0.08 * x - 0.06 * y);
            canvas.noise(0.02, stream);
            canvas
        },
        size: [0.3, 0.6],
        pen: [0.05, 0.09],
        quality: Some(75),
    },
    Kind {
        about: "blue pen on squared paper, phone photo",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.rule(24.0, 1.4, RULE, true);
            canvas.draw(hand.ways, BLUE);
            canvas.light(|x, y| 0.82 - 0.1 * x * y);
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.35, 0.6],
        pen: [0.06, 0.1],
        quality: Some(75),
    },
    Kind {
        about: "dark lines on squared paper, black pen, scanned",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            canvas.rule(30.0, 1.5, [0.45, 0.5, 0.6], true);
            canvas.draw(hand.ways, BLACK);
            canvas.noise(0.01, stream);
            canvas
        },
        size: [0.35, 0.6],
        pen: [0.07, 0.11],
        quality: Some(80),
    },
    Kind {
        about: "pencil on rough paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.90, 0.88, 0.82]);
            canvas.texture(0.05, stream);
            canvas.draw_grainy(hand.ways, PENCIL, stream);
            canvas.noise(0.012, stream);
            canvas
        },
        size: [0.4, 0.7],
        pen: [0.05, 0.08],
        quality: Some(75),
    },
    Kind {
        about: "a hard shadow across the paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            canvas.draw(hand.ways, BLACK);
            let edge = stream.between([-0.4, 0.4]);
            canvas.shade(edge, stream.between([-0.5, 0.5]), 0.02, 0.55);
            canvas.noise(0.02, stream);
            canvas
        },
        size: [0.4, 0.65],
        pen: [0.07, 0.12],
        quality: Some(75),
    },
    Kind {
        about: "a soft shadow over half of the paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.93, 0.90, 0.84]);
            tilt(&mut canvas, stream);
            canvas.draw(hand.ways, BLUE);
            let edge = stream.between([-0.5, 0.5]);
            canvas.shade(edge, stream.between([-0.8, 0.8]), 0.6, 0.5);
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.4, 0.65],
        pen: [0.06, 0.1],
        quality: Some(70),
    },
    Kind {
        about: "chalk on a green board",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.16, 0.28, 0.22]);
            canvas.texture(0.16, stream);
            canvas.draw_grainy(hand.ways, [0.92, 0.93, 0.88], stream);
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.4, 0.7],
        pen: [0.07, 0.12],
        quality: Some(72),
    },
    Kind {
        about: "marker on a whiteboard with a reflection",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.80, 0.82, 0.84]);
            canvas.draw(hand.ways, *pick(&[BLACK, RED, BLUE, GREEN], stream));
            let [gx, gy] = [stream.between([-1.0, 1.0]), stream.between([-1.0, 1.0])];
            canvas.light(|x, y| {
                let square = (x - gx) * (x - gx) + (y - gy) * (y - gy);
                0.92 + 0.25 * libm::exp(-2.0 * square)
            });
            canvas.noise(0.012, stream);
            canvas
        },
        size: [0.4, 0.75],
        pen: [0.1, 0.16],
        quality: Some(75),
    },
    Kind {
        about: "coloured pen on coloured paper of the same brightness",
        make: |hand, stream| {
            let (paper, pen): (Colour, Colour) = *pick(
                &[
                    ([0.40, 0.68, 0.42], [0.95, 0.42, 0.40]),
                    ([0.55, 0.60, 0.92], [0.90, 0.52, 0.25]),
                    ([0.95, 0.62, 0.70], [0.45, 0.78, 0.65]),
                ],
                stream,
            );
            let mut canvas = hand.canvas(paper);
            canvas.draw(hand.ways, pen);
            canvas.noise(0.01, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.09, 0.14],
        quality: Some(85),
    },
    Kind {
        about: "yellow pen on white paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.97, 0.97, 0.96]);
            canvas.draw(hand.ways, [0.96, 0.85, 0.12]);
            canvas.noise(0.008, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.09, 0.14],
        quality: Some(85),
    },
    Kind {
        about: "drawn on a touch screen, white on black, very thick",
        make: |hand, _| {
            let mut canvas = hand.canvas([0.0; 3]);
            canvas.draw(hand.ways, [1.0; 3]);
            canvas
        },
        size: [0.5, 0.7],
        pen: [0.18, 0.26],
        quality: None,
    },
    Kind {
        about: "drawn with a mouse in a hairline, black on white",
        make: |hand, _| {
            let mut canvas = hand.canvas([1.0; 3]);
            canvas.draw(hand.ways, [0.0; 3]);
            canvas
        },
        size: [0.2, 0.8],
        pen: [0.012, 0.025],
        quality: None,
    },
    Kind {
        about: "a frame around the digit and words below it",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            canvas.draw(hand.ways, BLACK);
            let (width, height) = (hand.width as f64, hand.height as f64);
            let [left, top, right, bottom] = [0.08, 0.06, 0.92, 0.84];
            let corners = [
                [left, top],
                [right, top],
                [right, bottom],
                [left, bottom],
                [left, top],
            ];
            let frame = corners.map(|[x, y]| [x * width, y * height, 1.3]);
            canvas.draw(&[frame.to_vec()], BLACK);
            let letters: Vec<Way> = (0..9)
                .flat_map(|k| {
                    let x = width * (0.3 + 0.045 * f64::from(k));
                    let style = Style {
                        pen: 0.12,
                        ..Style::STEADY
                    };
                    let place = [x, height * 0.92, height * 0.055];
                    write(
                        (k as usize * 7 + 3) % 10,
                        k as usize % 3,
                        style,
                        place,
                        stream,
                    )
                })
                .collect();
            canvas.draw(&letters, BLACK);
            canvas.noise(0.008, stream);
            canvas
        },
        size: [0.38, 0.5],
        pen: [0.08, 0.12],
        quality: Some(80),
    },
    Kind {
        about: "a faint watermark across the paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            let (width, height) = (hand.width as f64, hand.height as f64);
            let marks: Vec<Way> = (0..5)
                .flat_map(|k| {
                    let t = 0.1 + 0.2 * f64::from(k);
                    let style = Style {
                        pen: 0.13,
                        slant: 0.3,
                        ..Style::STEADY
                    };
                    let place = [width * t, height * (0.95 - 0.9 * t), height * 0.24];
                    write((k as usize * 3 + 8) % 10, 1, style, place, stream)
                })
                .collect();
            canvas.draw(&marks, [0.84, 0.84, 0.85]);
            canvas.draw(hand.ways, BLACK);
            canvas.noise(0.012, stream);
            canvas
        },
        size: [0.45, 0.65],
        pen: [0.08, 0.12],
        quality: Some(78),
    },
    Kind {
        about: "out of focus in bad light, with much noise",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.62, 0.58, 0.52]);
            canvas.draw(hand.ways, [0.28, 0.27, 0.28]);
            canvas.blur(2);
            canvas.light(|x, y| 0.75 + 0.15 * x + 0.1 * y);
            canvas.noise(0.04, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.09, 0.13],
        quality: Some(60),
    },
    Kind {
        about: "small, in a corner of a large sheet",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            canvas.draw(hand.ways, BLACK);
            canvas.light(|x, y| 0.92 - 0.05 * x + 0.03 * y);
            canvas.noise(0.006, stream);
            canvas
        },
        size: [0.10, 0.16],
        pen: [0.09, 0.13],
        quality: Some(70),
    },
    Kind {
        about: "a photo of ruled paper on a dark table, with pens lying beside it",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.rule(34.0, 1.5, RULE, false);
            canvas.draw(hand.ways, BLUE);
            let (width, height) = (hand.width as f64, hand.height as f64);
            let edge = width * 0.05;
            let table: Way = vec![
                [-edge, -height, edge * 2.0],
                [-edge, 2.0 * height, edge * 2.0],
            ];
            canvas.draw(&[table], [0.22, 0.15, 0.10]);
            canvas.light(|x, y| 0.86 - 0.1 * (x * x + y * y) + 0.05 * y);
            canvas.noise(0.02, stream);
            canvas
        },
        size: [0.35, 0.55],
        pen: [0.06, 0.1],
        quality: Some(72),
    },
];

/// How many pictures there are of each kind.
const EACH: usize = 3;

/// MNIST's test digits that are printed.
const PRINTED: usize = 10;

/// How many pictures show a number.
const NUMBERS: usize = 8;

fn pick<'a, T>(items: &'a [T], stream: &mut Stream) -> &'a T {
    &items[stream.below(items.len() as u32) as usize]
}

/// Every picture. `pool` holds the first test digits.
pub(crate) fn scenes(pool: &Pool) -> Vec<Scene> {
    let mut scenes = Vec::new();
    for (number, kind) in KINDS.iter().enumerate() {
        for copy in 0..EACH {
            let seed = (number * 16 + copy) as u64;
            let mut stream = Stream::of_field(seed + 1000);
            let digit = (number * EACH + copy) * 7 % 10;
            let small = kind.size[1] < 0.2;
            let width = if small {
                640
            } else {
                200 + stream.below(90) as usize
            };
            let height = if small {
                480
            } else {
                210 + stream.below(90) as usize
            };
            let tall = height as f64 * stream.between(kind.size);
            let style = {
                let pen = stream.between(kind.pen);
                Style::human(&mut stream, pen)
            };
            // Anywhere, as long as all of it is on the picture.
            let mut place = |length: usize| {
                let room = (length as f64 / 2.0 - tall * 0.62).max(0.0);
                let room = if kind.about.starts_with("a frame") {
                    room * 0.1
                } else {
                    room * 0.8
                };
                let up = if kind.about.starts_with("a frame") {
                    0.05
                } else {
                    0.0
                };
                length as f64 * (0.5 - up) + room * stream.between([-1.0, 1.0])
            };
            let [x, y] = [place(width), place(height)];
            let ways = write(digit, (number + copy) % 3, style, [x, y, tall], &mut stream);
            let hand = Hand {
                ways: &ways,
                width,
                height,
            };
            let canvas = (kind.make)(&hand, &mut stream);
            let ink = extent(&canvas.coverage(&ways), width).expect("a digit on the picture");
            scenes.push(Scene {
                name: format!("pen-{number:02}-{copy}"),
                label: digit.to_string(),
                about: kind.about,
                picture: canvas.picture(),
                ink,
                quality: kind.quality,
            });
        }
    }
    scenes.extend((0..PRINTED).map(|k| printed(pool, k)));
    scenes.extend((0..NUMBERS).map(number));
    scenes
}

/// A test digit of MNIST, enlarged and printed onto paper.
fn printed(pool: &Pool, digit: usize) -> Scene {
    let mut stream = Stream::of_field(5000 + digit as u64);
    let levels = sample(pool, Split::Test, digit as u8, 17);
    let side = 224;
    let times = stream.between([4.0, 6.5]);
    let [left, top] = [(); 2].map(|()| stream.between([0.0, side as f64 - 28.0 * times]));
    let at = |x: f64, y: f64| {
        let inner = (0.0..SIDE as f64).contains(&x) && (0.0..SIDE as f64).contains(&y);
        if inner {
            f64::from(levels[y as usize * SIDE + x as usize]) / 255.0
        } else {
            0.0
        }
    };
    let covered: Vec<f64> = (0..side * side)
        .map(|place| {
            let x = ((place % side) as f64 + 0.5 - left) / times - 0.5;
            let y = ((place / side) as f64 + 0.5 - top) / times - 0.5;
            let (fx, fy) = (x - x.floor(), y - y.floor());
            let (x, y) = (x.floor(), y.floor());
            let upper = at(x, y) * (1.0 - fx) + at(x + 1.0, y) * fx;
            let lower = at(x, y + 1.0) * (1.0 - fx) + at(x + 1.0, y + 1.0) * fx;
            upper * (1.0 - fy) + lower * fy
        })
        .collect();
    let mut canvas = Canvas::new(side, side, [0.88, 0.84, 0.74]);
    canvas.texture(0.06, &mut stream);
    canvas.lay(&covered, *pick(&[BLACK, BLUE, RED, GREEN], &mut stream));
    canvas.light(|x, y| 0.9 - 0.1 * x + 0.06 * y);
    canvas.noise(0.02, &mut stream);
    Scene {
        name: format!("printed-{digit}"),
        label: digit.to_string(),
        about: "a test digit of MNIST, enlarged and printed onto brownish paper",
        ink: extent(&covered, side).expect("a digit"),
        picture: canvas.picture(),
        quality: Some(75),
    }
}

/// Several digits side by side.
fn number(index: usize) -> Scene {
    let mut stream = Stream::of_field(9000 + index as u64);
    let count = 2 + index % 4;
    let tall = stream.between([60.0, 90.0]);
    let digits: Vec<usize> = (0..count).map(|_| stream.below(10) as usize).collect();
    let hand = index % 3;
    let (width, height) = (
        (tall * (0.9 * count as f64 + 0.8)) as usize,
        (tall * 1.8) as usize,
    );
    let pen = stream.between([0.07, 0.12]);
    let style = Style::human(&mut stream, pen);
    let mut ways: Vec<Way> = Vec::new();
    for (k, &digit) in digits.iter().enumerate() {
        let x = tall * (0.85 + 0.9 * k as f64) + stream.between([-0.03, 0.03]) * tall;
        let y = height as f64 / 2.0 + stream.between([-0.06, 0.06]) * tall;
        let own = tall * stream.between([0.92, 1.05]);
        ways.extend(write(digit, hand, style, [x, y, own], &mut stream));
    }
    let light_ink = index % 4 == 3;
    let paper = if light_ink { [0.15, 0.2, 0.2] } else { WHITE };
    let mut canvas = Canvas::new(width, height, paper);
    canvas.texture(0.03, &mut stream);
    if index % 4 == 1 {
        canvas.rule(tall * 0.45, 1.5, RULE, false);
    }
    let ink = if light_ink {
        WHITE
    } else {
        *pick(&[BLACK, BLUE], &mut stream)
    };
    canvas.draw(&ways, ink);
    canvas.light(|x, y| 0.9 - 0.08 * x - 0.05 * y * y);
    canvas.noise(0.015, &mut stream);
    let text = digits.iter().map(usize::to_string).collect();
    Scene {
        name: format!("number-{index}"),
        label: text,
        about: "several digits side by side, photographed",
        ink: extent(&canvas.coverage(&ways), width).expect("digits"),
        picture: canvas.picture(),
        quality: Some(75),
    }
}

//! The pictures of `tests/handwriting/`: which digit, by whom, on what.

use super::canvas::{BLACK, Canvas, Colour, WHITE, extent};
use super::hands::HANDS;
use super::pen::{Style, Way, write};
use super::stand_in::sample;
use super::stroke::Sample;
use digitlab::mnist::{Pool, Split};
use digitlab::random::Stream;
use digitlab::raster::{Raster, Shape};

const BLUE: Colour = [0.10, 0.16, 0.55];
const RED: Colour = [0.75, 0.10, 0.12];
const GREEN: Colour = [0.05, 0.42, 0.20];
const PENCIL: Colour = [0.36, 0.36, 0.38];
const RULE: Colour = [0.66, 0.74, 0.86];

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

/// What a digit is drawn on and how.
struct Kind {
    about: &'static str,
    make: fn(&Hand<'_>, &mut Stream) -> Canvas,
    /// The height of the digit as a part of the picture's, and the width of the pen as a
    /// part of the digit's height.
    size: [f64; 2],
    pen: [f64; 2],
    /// The shortest and the longest side of the picture.
    side: [u32; 2],
    file: File,
}

/// Who wrote the digit.
enum Strokes {
    /// The program, with a pen.
    Pen(Vec<Way>),
    /// A person, for MNIST.
    Sample(Sample),
}

/// The strokes to draw, and the size of the picture.
struct Hand<'a> {
    strokes: &'a Strokes,
    width: usize,
    height: usize,
}

impl Hand<'_> {
    fn canvas(&self, colour: Colour) -> Canvas {
        Canvas::new(self.width, self.height, colour)
    }

    fn coverage(&self, canvas: &Canvas) -> Vec<f64> {
        match self.strokes {
            Strokes::Pen(ways) => canvas.coverage(ways),
            Strokes::Sample(sample) => sample.coverage(canvas),
        }
    }

    fn draw(&self, canvas: &mut Canvas, colour: Colour) {
        let covered = self.coverage(canvas);
        canvas.lay(&covered, colour);
    }

    fn draw_grainy(&self, canvas: &mut Canvas, colour: Colour, stream: &mut Stream) {
        let covered = self.coverage(canvas);
        canvas.lay_grainy(covered, colour, stream);
    }
}

fn tilt(canvas: &mut Canvas, stream: &mut Stream) {
    canvas.tilt = [stream.between([-0.12, 0.12]), stream.between([-0.15, 0.15])];
}

/// The sides of most pictures.
const USUAL: [u32; 2] = [180, 260];

const KINDS: [Kind; 30] = [
    Kind {
        about: "blue ballpoint on white paper, phone photo with a vignette",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.texture(0.03, stream);
            hand.draw(&mut canvas, BLUE);
            canvas.light(|x, y| 0.9 - 0.18 * (x * x + y * y));
            canvas.noise(0.02, stream);
            canvas
        },
        size: [0.4, 0.7],
        pen: [0.045, 0.07],
        side: USUAL,
        file: File::Jpeg(72),
    },
    Kind {
        about: "black pen on ruled paper, phone photo",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.rule(38.0, 1.6, RULE, false);
            hand.draw(&mut canvas, BLACK);
            canvas.light(|x, y| 0.85 + 0.08 * x - 0.06 * y);
            canvas.noise(0.02, stream);
            canvas
        },
        size: [0.3, 0.6],
        pen: [0.05, 0.09],
        side: USUAL,
        file: File::Jpeg(75),
    },
    Kind {
        about: "blue pen on squared paper, phone photo",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.rule(24.0, 1.4, RULE, true);
            hand.draw(&mut canvas, BLUE);
            canvas.light(|x, y| 0.82 - 0.1 * x * y);
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.35, 0.6],
        pen: [0.06, 0.1],
        side: USUAL,
        file: File::Jpeg(75),
    },
    Kind {
        about: "dark lines on squared paper, black pen, scanned",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            canvas.rule(30.0, 1.5, [0.45, 0.5, 0.6], true);
            hand.draw(&mut canvas, BLACK);
            canvas.noise(0.01, stream);
            canvas
        },
        size: [0.35, 0.6],
        pen: [0.07, 0.11],
        side: USUAL,
        file: File::Jpeg(80),
    },
    Kind {
        about: "pencil on rough paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.90, 0.88, 0.82]);
            canvas.texture(0.05, stream);
            hand.draw_grainy(&mut canvas, PENCIL, stream);
            canvas.noise(0.012, stream);
            canvas
        },
        size: [0.4, 0.7],
        pen: [0.05, 0.08],
        side: USUAL,
        file: File::Jpeg(75),
    },
    Kind {
        about: "a hard shadow across the paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            hand.draw(&mut canvas, BLACK);
            let edge = stream.between([-0.4, 0.4]);
            canvas.shade(edge, stream.between([-0.5, 0.5]), 0.02, 0.55);
            canvas.noise(0.02, stream);
            canvas
        },
        size: [0.4, 0.65],
        pen: [0.07, 0.12],
        side: USUAL,
        file: File::Jpeg(75),
    },
    Kind {
        about: "a soft shadow over half of the paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.93, 0.90, 0.84]);
            tilt(&mut canvas, stream);
            hand.draw(&mut canvas, BLUE);
            let edge = stream.between([-0.5, 0.5]);
            canvas.shade(edge, stream.between([-0.8, 0.8]), 0.6, 0.5);
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.4, 0.65],
        pen: [0.06, 0.1],
        side: USUAL,
        file: File::Jpeg(70),
    },
    Kind {
        about: "chalk on a green board",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.16, 0.28, 0.22]);
            canvas.texture(0.16, stream);
            hand.draw_grainy(&mut canvas, [0.92, 0.93, 0.88], stream);
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.4, 0.7],
        pen: [0.07, 0.12],
        side: USUAL,
        file: File::Jpeg(55),
    },
    Kind {
        about: "marker on a whiteboard with a reflection",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.80, 0.82, 0.84]);
            hand.draw(&mut canvas, *pick(&[BLACK, RED, BLUE, GREEN], stream));
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
        side: USUAL,
        file: File::Jpeg(75),
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
            hand.draw(&mut canvas, pen);
            canvas.noise(0.01, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.09, 0.14],
        side: USUAL,
        file: File::Jpeg(85),
    },
    Kind {
        about: "yellow pen on white paper",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.97, 0.97, 0.96]);
            hand.draw(&mut canvas, [0.96, 0.85, 0.12]);
            canvas.noise(0.008, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.09, 0.14],
        side: USUAL,
        file: File::Jpeg(85),
    },
    Kind {
        about: "drawn on a touch screen, white on black, very thick",
        make: |hand, _| {
            let mut canvas = hand.canvas([0.0; 3]);
            hand.draw(&mut canvas, [1.0; 3]);
            canvas
        },
        size: [0.5, 0.7],
        pen: [0.18, 0.26],
        side: USUAL,
        file: File::Png,
    },
    Kind {
        about: "drawn with a mouse in a hairline, black on white",
        make: |hand, _| {
            let mut canvas = hand.canvas([1.0; 3]);
            hand.draw(&mut canvas, [0.0; 3]);
            canvas
        },
        size: [0.2, 0.8],
        pen: [0.012, 0.025],
        side: USUAL,
        file: File::Png,
    },
    Kind {
        about: "a frame around the digit and words below it",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            hand.draw(&mut canvas, BLACK);
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
        side: USUAL,
        file: File::Jpeg(80),
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
            hand.draw(&mut canvas, BLACK);
            canvas.noise(0.012, stream);
            canvas
        },
        size: [0.45, 0.65],
        pen: [0.08, 0.12],
        side: USUAL,
        file: File::Jpeg(78),
    },
    Kind {
        about: "out of focus in bad light, with much noise",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.62, 0.58, 0.52]);
            hand.draw(&mut canvas, [0.28, 0.27, 0.28]);
            canvas.blur(2);
            canvas.light(|x, y| 0.75 + 0.15 * x + 0.1 * y);
            canvas.noise(0.04, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.09, 0.13],
        side: USUAL,
        file: File::Jpeg(60),
    },
    Kind {
        about: "small, in a corner of a large sheet",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            hand.draw(&mut canvas, BLACK);
            canvas.light(|x, y| 0.92 - 0.05 * x + 0.03 * y);
            canvas.noise(0.006, stream);
            canvas
        },
        size: [0.10, 0.16],
        pen: [0.09, 0.13],
        side: [480, 640],
        file: File::Jpeg(70),
    },
    Kind {
        about: "a photo of ruled paper on a dark table, with pens lying beside it",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.rule(34.0, 1.5, RULE, false);
            hand.draw(&mut canvas, BLUE);
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
        side: USUAL,
        file: File::Jpeg(72),
    },
    Kind {
        about: "paper that was folded twice, in the light of a lamp",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.94, 0.93, 0.90]);
            tilt(&mut canvas, stream);
            canvas.texture(0.03, stream);
            hand.draw(&mut canvas, *pick(&[BLACK, BLUE], stream));
            let folds = [0.0, 1.0].map(|across| {
                let at = stream.between([-0.6, 0.6]);
                [across, at, stream.between([-0.12, 0.12])]
            });
            canvas.light(|x, y| {
                let fold = |[across, at, by]: [f64; 3]| {
                    let along = if across > 0.0 { x } else { y };
                    let crease = libm::exp(-2000.0 * (along - at) * (along - at));
                    let lean = if along > at { by } else { 0.0 };
                    lean - 0.12 * crease
                };
                0.88 + fold(folds[0]) + fold(folds[1])
            });
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.4, 0.65],
        pen: [0.06, 0.1],
        side: USUAL,
        file: File::Jpeg(72),
    },
    Kind {
        about: "squared paper seen from far aside, light from one side",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            let side = if stream.chance(0.5) { 1.0 } else { -1.0 };
            canvas.tilt = [
                side * stream.between([0.15, 0.25]),
                stream.between([-0.25, 0.1]),
            ];
            canvas.rule(22.0, 1.3, RULE, true);
            hand.draw(&mut canvas, *pick(&[BLACK, BLUE, PENCIL], stream));
            canvas.light(|x, y| 0.74 + 0.2 * side * x - 0.08 * y);
            canvas.noise(0.012, stream);
            canvas
        },
        size: [0.4, 0.6],
        pen: [0.06, 0.1],
        side: USUAL,
        file: File::Jpeg(75),
    },
    Kind {
        about: "chalk on a blackboard that was wiped, with streaks",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.15, 0.16, 0.17]);
            let streaks: Vec<[f64; 4]> = (0..5)
                .map(|_| {
                    [
                        stream.between([-1.0, 1.0]),
                        stream.between([-0.8, 0.8]),
                        stream.between([0.15, 0.4]),
                        stream.between([0.2, 0.6]),
                    ]
                })
                .collect();
            canvas.light(|x, y| {
                let streak = |[at, slope, wide, strength]: &[f64; 4]| {
                    let far = (y - at - slope * x) / wide;
                    strength * libm::exp(-far * far)
                };
                1.0 + streaks.iter().map(streak).sum::<f64>()
            });
            canvas.texture(0.1, stream);
            hand.draw_grainy(&mut canvas, [0.9, 0.9, 0.86], stream);
            canvas.noise(0.01, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.07, 0.12],
        side: USUAL,
        file: File::Jpeg(50),
    },
    Kind {
        about: "a page of a notebook: ruled, with a red margin and punched holes",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            canvas.tilt = [stream.between([-0.06, 0.06]), stream.between([-0.08, 0.08])];
            canvas.rule(30.0, 1.6, [0.55, 0.66, 0.84], false);
            let (width, height) = (hand.width as f64, hand.height as f64);
            let x = width * 0.13;
            let margin = vec![[x, -height, 0.9], [x, 2.0 * height, 0.9]];
            canvas.draw(&[margin], [0.85, 0.35, 0.38]);
            for y in [0.22, 0.78] {
                let hole = [width * 0.05, height * y, width * 0.022];
                canvas.draw(&[vec![hole, hole]], [0.3, 0.27, 0.25]);
            }
            hand.draw(&mut canvas, *pick(&[BLACK, BLUE], stream));
            canvas.light(|x, y| 0.88 + 0.06 * x - 0.05 * y);
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.35, 0.55],
        pen: [0.07, 0.11],
        side: USUAL,
        file: File::Jpeg(75),
    },
    Kind {
        about: "the shadow of the hand that holds the camera",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.95, 0.94, 0.92]);
            canvas.texture(0.02, stream);
            hand.draw(&mut canvas, *pick(&[BLACK, BLUE, RED], stream));
            let [cx, cy] = [stream.between([-0.8, 0.8]), stream.between([0.4, 1.1])];
            let wide = stream.between([0.5, 0.9]);
            canvas.light(|x, y| {
                let [dx, dy] = [(x - cx) / wide, (y - cy) / 1.1];
                let far = (dx * dx + dy * dy).sqrt();
                0.92 - 0.42 / (1.0 + libm::exp(14.0 * (far - 1.0)))
            });
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.4, 0.65],
        pen: [0.06, 0.1],
        side: USUAL,
        file: File::Jpeg(72),
    },
    Kind {
        about: "a light pen on coloured cardboard",
        make: |hand, stream| {
            let (paper, pen): (Colour, Colour) = *pick(
                &[
                    ([0.10, 0.16, 0.38], [0.86, 0.84, 0.40]),
                    ([0.32, 0.08, 0.12], [0.92, 0.88, 0.84]),
                    ([0.12, 0.12, 0.13], [0.30, 0.85, 0.55]),
                ],
                stream,
            );
            let mut canvas = hand.canvas(paper);
            canvas.texture(0.08, stream);
            hand.draw(&mut canvas, pen);
            canvas.light(|x, y| 0.9 + 0.1 * x - 0.08 * y);
            canvas.noise(0.012, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.07, 0.12],
        side: USUAL,
        file: File::Jpeg(75),
    },
    Kind {
        about: "pencil on paper with dark lines",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.95, 0.95, 0.93]);
            canvas.tilt = [stream.between([-0.05, 0.05]), stream.between([-0.05, 0.05])];
            canvas.rule(46.0, 1.8, [0.42, 0.44, 0.5], false);
            hand.draw_grainy(&mut canvas, PENCIL, stream);
            canvas.light(|x, _| 0.9 + 0.06 * x);
            canvas.noise(0.012, stream);
            canvas
        },
        size: [0.45, 0.7],
        pen: [0.06, 0.09],
        side: USUAL,
        file: File::Jpeg(75),
    },
    Kind {
        about: "a thumbnail of a webcam",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.82, 0.80, 0.78]);
            hand.draw(&mut canvas, [0.16, 0.16, 0.2]);
            canvas.light(|x, y| 0.9 + 0.08 * x - 0.1 * y);
            canvas.noise(0.02, stream);
            canvas
        },
        size: [0.55, 0.75],
        pen: [0.08, 0.13],
        side: [40, 60],
        file: File::Jpeg(80),
    },
    Kind {
        about: "ink alone on a transparent ground",
        make: |hand, stream| {
            let mut canvas = hand.canvas([1.0; 3]);
            let ink = *pick(&[BLACK, WHITE, BLUE, [0.95, 0.75, 0.2]], stream);
            hand.draw(&mut canvas, ink);
            canvas
        },
        size: [0.4, 0.8],
        pen: [0.05, 0.13],
        side: USUAL,
        file: File::CutOut,
    },
    Kind {
        about: "a photo that a phone took upright and stored lying",
        make: |hand, stream| {
            let mut canvas = hand.canvas(WHITE);
            tilt(&mut canvas, stream);
            canvas.texture(0.03, stream);
            hand.draw(&mut canvas, *pick(&[BLACK, BLUE], stream));
            canvas.light(|x, y| 0.85 - 0.12 * (x * x + y * y) + 0.05 * x);
            canvas.noise(0.015, stream);
            canvas
        },
        size: [0.35, 0.6],
        pen: [0.06, 0.1],
        side: [200, 330],
        file: File::Turned(75),
    },
    Kind {
        about: "a large photo of a small note",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.96, 0.94, 0.86]);
            hand.draw(&mut canvas, *pick(&[BLACK, BLUE], stream));
            canvas.blur(1);
            canvas.light(|x, y| 0.86 + 0.1 * x - 0.07 * y * y);
            canvas
        },
        size: [0.12, 0.3],
        pen: [0.07, 0.1],
        side: [800, 1000],
        file: File::Jpeg(45),
    },
    Kind {
        about: "a receipt: lines of small print above and below the digit",
        make: |hand, stream| {
            let mut canvas = hand.canvas([0.93, 0.92, 0.90]);
            let (width, height) = (hand.width as f64, hand.height as f64);
            let style = Style {
                pen: 0.13,
                ..Style::STEADY
            };
            let mut print: Vec<Way> = Vec::new();
            for row in [0.06, 0.13, 0.87, 0.94] {
                let count = 8 + stream.below(8) as usize;
                for k in 0..count {
                    let x = width * (0.1 + 0.05 * k as f64);
                    let place = [x, height * row, height * 0.04];
                    let digit = stream.below(10) as usize;
                    print.extend(write(digit, 4, style, place, stream));
                }
            }
            canvas.draw(&print, [0.3, 0.3, 0.32]);
            hand.draw(&mut canvas, *pick(&[BLACK, BLUE], stream));
            canvas.noise(0.01, stream);
            canvas
        },
        size: [0.35, 0.5],
        pen: [0.08, 0.12],
        side: USUAL,
        file: File::Jpeg(78),
    },
];

/// Kinds whose digit stands in the middle, since other things stand around it.
const IN_THE_MIDDLE: [&str; 3] = ["a frame", "a receipt", "a page"];

/// MNIST's digits that are printed.
const PRINTED: usize = 10;

/// How many samples of each digit the pool must hold.
pub(crate) const KNOWN: u32 = 200;

fn pick<'a, T>(items: &'a [T], stream: &mut Stream) -> &'a T {
    &items[stream.below(items.len() as u32) as usize]
}

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

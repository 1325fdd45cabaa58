//! What a digit of a scene is drawn on and how.

use super::File;
use crate::classify::canvas::{BLACK, Canvas, Colour, WHITE};
use crate::classify::pen::{Style, Way, write};
use crate::classify::stroke::Sample;
use digitlab::random::Stream;

pub(super) const BLUE: Colour = [0.10, 0.16, 0.55];
pub(super) const RED: Colour = [0.75, 0.10, 0.12];
pub(super) const GREEN: Colour = [0.05, 0.42, 0.20];
pub(super) const PENCIL: Colour = [0.36, 0.36, 0.38];
pub(super) const RULE: Colour = [0.66, 0.74, 0.86];

/// What a digit is drawn on and how.
pub(super) struct Kind {
    pub(super) about: &'static str,
    pub(super) make: fn(&Hand<'_>, &mut Stream) -> Canvas,
    /// The height of the digit as a part of the picture's, and the width of the pen as a
    /// part of the digit's height.
    pub(super) size: [f64; 2],
    pub(super) pen: [f64; 2],
    /// The shortest and the longest side of the picture.
    pub(super) side: [u32; 2],
    pub(super) file: File,
}

/// Who wrote the digit.
pub(super) enum Strokes {
    /// The program, with a pen.
    Pen(Vec<Way>),
    /// A person, for MNIST.
    Sample(Sample),
}

/// The strokes to draw, and the size of the picture.
pub(super) struct Hand<'a> {
    pub(super) strokes: &'a Strokes,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Hand<'_> {
    fn canvas(&self, colour: Colour) -> Canvas {
        Canvas::new(self.width, self.height, colour)
    }

    pub(super) fn coverage(&self, canvas: &Canvas) -> Vec<f64> {
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

pub(super) const KINDS: [Kind; 30] = [
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
pub(super) const IN_THE_MIDDLE: [&str; 3] = ["a frame", "a receipt", "a page"];

pub(super) fn pick<'a, T>(items: &'a [T], stream: &mut Stream) -> &'a T {
    &items[stream.below(items.len() as u32) as usize]
}

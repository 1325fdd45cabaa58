//! Digits as strokes of a pen: drawn by hand as numbers, in several hands, and varied
//! from a seed as a person's digits vary.

use digitlab::random::Stream;

/// A stroke's control points: from left to right and from top to bottom, 0..=1.
type Points = &'static [[f64; 2]];

/// The strokes of the digits in one hand. A stroke is a smooth curve through its points;
/// a corner is where one stroke ends and the next begins.
type Hand = [&'static [Points]; 10];

/// Plain digits as taught at school.
const PLAIN: Hand = [
    &[&[
        [0.50, 0.00],
        [0.22, 0.13],
        [0.10, 0.50],
        [0.22, 0.87],
        [0.50, 1.00],
        [0.78, 0.87],
        [0.90, 0.50],
        [0.78, 0.13],
        [0.50, 0.00],
    ]],
    &[&[[0.52, 0.00], [0.50, 0.50], [0.49, 1.00]]],
    &[
        &[
            [0.14, 0.24],
            [0.30, 0.04],
            [0.62, 0.01],
            [0.83, 0.20],
            [0.72, 0.48],
            [0.40, 0.78],
            [0.10, 1.00],
        ],
        &[[0.10, 1.00], [0.50, 0.97], [0.90, 0.99]],
    ],
    &[
        &[
            [0.15, 0.13],
            [0.45, 0.00],
            [0.78, 0.14],
            [0.74, 0.37],
            [0.42, 0.48],
        ],
        &[
            [0.42, 0.48],
            [0.78, 0.56],
            [0.86, 0.80],
            [0.52, 1.00],
            [0.12, 0.89],
        ],
    ],
    &[
        &[[0.60, 0.00], [0.34, 0.34], [0.08, 0.66]],
        &[[0.08, 0.66], [0.50, 0.66], [0.92, 0.64]],
        &[[0.68, 0.32], [0.66, 0.66], [0.64, 1.00]],
    ],
    &[
        &[[0.84, 0.01], [0.55, 0.02], [0.26, 0.02]],
        &[[0.26, 0.02], [0.23, 0.25], [0.20, 0.46]],
        &[
            [0.20, 0.46],
            [0.50, 0.38],
            [0.82, 0.55],
            [0.80, 0.84],
            [0.48, 1.00],
            [0.12, 0.91],
        ],
    ],
    &[&[
        [0.72, 0.01],
        [0.40, 0.20],
        [0.18, 0.55],
        [0.20, 0.87],
        [0.50, 1.00],
        [0.80, 0.85],
        [0.77, 0.61],
        [0.48, 0.53],
        [0.20, 0.72],
    ]],
    &[
        &[[0.10, 0.03], [0.50, 0.02], [0.88, 0.02]],
        &[[0.88, 0.02], [0.62, 0.48], [0.40, 1.00]],
    ],
    &[&[
        [0.76, 0.13],
        [0.50, 0.00],
        [0.22, 0.15],
        [0.36, 0.40],
        [0.68, 0.58],
        [0.82, 0.82],
        [0.50, 1.00],
        [0.18, 0.82],
        [0.32, 0.58],
        [0.66, 0.40],
        [0.79, 0.22],
        [0.76, 0.13],
    ]],
    &[
        &[
            [0.80, 0.22],
            [0.56, 0.01],
            [0.25, 0.11],
            [0.20, 0.37],
            [0.44, 0.50],
            [0.71, 0.40],
            [0.80, 0.22],
        ],
        &[[0.80, 0.20], [0.76, 0.60], [0.62, 1.00]],
    ],
];

/// Digits as written in much of Europe: a 1 with a flag, an open 4, a 7 with a bar.
const CONTINENTAL: Hand = [
    &[&[
        [0.56, 0.01],
        [0.28, 0.12],
        [0.16, 0.48],
        [0.26, 0.88],
        [0.50, 0.99],
        [0.76, 0.84],
        [0.84, 0.46],
        [0.74, 0.10],
        [0.52, 0.02],
    ]],
    &[
        &[[0.24, 0.30], [0.42, 0.15], [0.58, 0.00]],
        &[[0.58, 0.00], [0.57, 0.50], [0.55, 1.00]],
    ],
    &[&[
        [0.16, 0.20],
        [0.40, 0.00],
        [0.74, 0.12],
        [0.68, 0.45],
        [0.34, 0.82],
        [0.16, 0.94],
        [0.24, 0.80],
        [0.50, 0.92],
        [0.90, 0.97],
    ]],
    &[
        &[[0.15, 0.03], [0.50, 0.02], [0.80, 0.02]],
        &[[0.80, 0.02], [0.60, 0.22], [0.44, 0.41]],
        &[
            [0.44, 0.41],
            [0.76, 0.50],
            [0.84, 0.80],
            [0.48, 1.00],
            [0.10, 0.89],
        ],
    ],
    &[
        &[[0.26, 0.00], [0.20, 0.32], [0.14, 0.60]],
        &[[0.14, 0.60], [0.50, 0.60], [0.90, 0.57]],
        &[[0.70, 0.18], [0.66, 0.58], [0.62, 1.00]],
    ],
    &[
        &[
            [0.30, 0.06],
            [0.22, 0.44],
            [0.55, 0.40],
            [0.81, 0.62],
            [0.72, 0.91],
            [0.42, 1.00],
            [0.12, 0.89],
        ],
        &[[0.30, 0.04], [0.56, 0.03], [0.86, 0.00]],
    ],
    &[&[
        [0.62, 0.00],
        [0.34, 0.28],
        [0.20, 0.66],
        [0.34, 0.96],
        [0.62, 0.97],
        [0.78, 0.74],
        [0.60, 0.55],
        [0.34, 0.62],
        [0.24, 0.82],
    ]],
    &[
        &[[0.12, 0.04], [0.50, 0.03], [0.86, 0.02]],
        &[[0.86, 0.02], [0.60, 0.50], [0.44, 1.00]],
        &[[0.28, 0.50], [0.54, 0.49], [0.80, 0.47]],
    ],
    &[
        &[
            [0.50, 0.47],
            [0.24, 0.30],
            [0.34, 0.04],
            [0.64, 0.03],
            [0.76, 0.26],
            [0.50, 0.47],
        ],
        &[
            [0.50, 0.47],
            [0.18, 0.66],
            [0.24, 0.93],
            [0.54, 1.00],
            [0.82, 0.86],
            [0.76, 0.60],
            [0.50, 0.47],
        ],
    ],
    &[
        &[
            [0.78, 0.24],
            [0.52, 0.02],
            [0.22, 0.16],
            [0.24, 0.42],
            [0.52, 0.50],
            [0.78, 0.26],
        ],
        &[[0.79, 0.16], [0.82, 0.58], [0.62, 0.94], [0.22, 0.93]],
    ],
];

/// Quick, angular digits: a closed 4, straight stems, a 1 with a base.
const ANGULAR: Hand = [
    &[&[
        [0.62, 0.03],
        [0.30, 0.08],
        [0.08, 0.42],
        [0.14, 0.82],
        [0.42, 1.00],
        [0.80, 0.80],
        [0.94, 0.42],
        [0.80, 0.10],
        [0.54, 0.00],
    ]],
    &[
        &[[0.30, 0.22], [0.42, 0.12], [0.54, 0.00]],
        &[[0.54, 0.00], [0.53, 0.50], [0.52, 1.00]],
        &[[0.24, 1.00], [0.50, 0.99], [0.80, 1.00]],
    ],
    &[
        &[
            [0.16, 0.16],
            [0.44, 0.00],
            [0.76, 0.10],
            [0.76, 0.34],
            [0.46, 0.68],
            [0.12, 0.99],
        ],
        &[[0.12, 0.99], [0.48, 0.98], [0.88, 0.96]],
    ],
    &[
        &[
            [0.20, 0.06],
            [0.56, 0.00],
            [0.78, 0.18],
            [0.62, 0.40],
            [0.36, 0.46],
        ],
        &[
            [0.36, 0.46],
            [0.70, 0.50],
            [0.80, 0.76],
            [0.56, 0.98],
            [0.16, 0.97],
        ],
    ],
    &[
        &[[0.70, 1.00], [0.70, 0.50], [0.72, 0.00]],
        &[[0.72, 0.00], [0.40, 0.34], [0.08, 0.68]],
        &[[0.08, 0.68], [0.50, 0.67], [0.96, 0.68]],
    ],
    &[
        &[[0.80, 0.04], [0.54, 0.02], [0.28, 0.00]],
        &[[0.28, 0.00], [0.24, 0.20], [0.20, 0.42]],
        &[
            [0.20, 0.42],
            [0.56, 0.40],
            [0.78, 0.62],
            [0.66, 0.92],
            [0.34, 1.00],
            [0.14, 0.94],
        ],
    ],
    &[&[
        [0.46, 0.00],
        [0.28, 0.36],
        [0.20, 0.76],
        [0.40, 0.99],
        [0.72, 0.90],
        [0.76, 0.62],
        [0.50, 0.52],
        [0.24, 0.68],
    ]],
    &[
        &[[0.12, 0.06], [0.46, 0.01], [0.84, 0.04]],
        &[[0.84, 0.04], [0.62, 0.44], [0.48, 1.00]],
    ],
    &[&[
        [0.70, 0.06],
        [0.36, 0.02],
        [0.26, 0.24],
        [0.50, 0.46],
        [0.78, 0.72],
        [0.64, 0.97],
        [0.30, 0.96],
        [0.20, 0.74],
        [0.46, 0.48],
        [0.74, 0.22],
        [0.70, 0.06],
    ]],
    &[
        &[
            [0.74, 0.06],
            [0.44, 0.00],
            [0.22, 0.20],
            [0.34, 0.44],
            [0.62, 0.40],
            [0.76, 0.10],
        ],
        &[[0.77, 0.04], [0.76, 0.50], [0.74, 1.00]],
    ],
];

/// All hands.
pub(crate) const HANDS: [&Hand; 3] = [&PLAIN, &CONTINENTAL, &ANGULAR];

/// Points of a pen's way: column, row and half the width of the ink.
pub(crate) type Way = Vec<[f64; 3]>;

/// How a digit is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Columns to the right per row upwards.
    pub(crate) slant: f64,
    /// Width against that of the hand.
    pub(crate) aspect: f64,
    /// By how many radians it is turned.
    pub(crate) turn: f64,
    /// By how much each point is off, as a part of the height.
    pub(crate) unsteady: f64,
    /// The width of the pen, as a part of the height.
    pub(crate) pen: f64,
    /// By how much pressure changes the width, as a part of it.
    pub(crate) pressure: f64,
}

impl Style {
    /// A steady upright digit.
    pub(crate) const STEADY: Self = Self {
        slant: 0.0,
        aspect: 1.0,
        turn: 0.0,
        unsteady: 0.0,
        pen: 0.1,
        pressure: 0.0,
    };

    /// A person's digit with a pen of this width.
    pub(crate) fn human(stream: &mut Stream, pen: f64) -> Self {
        Self {
            slant: stream.between([-0.12, 0.32]),
            aspect: stream.between([0.8, 1.12]),
            turn: stream.between([-0.07, 0.07]),
            unsteady: stream.between([0.006, 0.02]),
            pen,
            pressure: stream.between([0.0, 0.3]),
        }
    }
}

/// Writes a digit: its middle is at `[x, y]`, it is `height` pixels high.
pub(crate) fn write(
    digit: usize,
    hand: usize,
    style: Style,
    [x, y, height]: [f64; 3],
    stream: &mut Stream,
) -> Vec<Way> {
    let (sin, cos) = (libm::sin(style.turn), libm::cos(style.turn));
    let place = |[px, py]: [f64; 2]| {
        let down = py - 0.5;
        let right = (px - 0.5) * 0.72 * style.aspect - style.slant * down;
        [
            x + height * (right * cos - down * sin),
            y + height * (right * sin + down * cos),
        ]
    };
    let [phase, pace] = [stream.between([0.0, 6.0]), stream.between([0.5, 1.5])];
    let mut ways: Vec<Way> = Vec::new();
    let mut end: Option<([f64; 2], [f64; 2])> = None;
    for points in HANDS[hand][digit] {
        let mut shifted: Vec<[f64; 2]> = Vec::new();
        for &point in *points {
            let off = [(); 2].map(|()| stream.normal() * style.unsteady);
            let place = match end {
                // Strokes that meet in a corner go on meeting there.
                Some((before, shown)) if before == point && shifted.is_empty() => shown,
                _ => [point[0] + off[0], point[1] + off[1]],
            };
            shifted.push(place);
        }
        end = points.last().copied().zip(shifted.last().copied());
        let curve = curve(&shifted);
        let count = curve.len() as f64;
        let way = curve.into_iter().enumerate().map(|(at, point)| {
            let [x, y] = place(point);
            let along = at as f64 / count;
            let wave = libm::sin(phase + along * 6.0 * pace);
            let width = style.pen * height * (1.0 + style.pressure * wave);
            [x, y, width / 2.0]
        });
        ways.push(way.collect());
    }
    ways
}

/// A smooth curve through points: Catmull and Rom's.
fn curve(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    const STEPS: usize = 10;
    let at = |k: isize| points[k.clamp(0, points.len() as isize - 1) as usize];
    let mut curve = Vec::new();
    for k in 0..points.len() as isize - 1 {
        let [a, b, c, d] = [at(k - 1), at(k), at(k + 1), at(k + 2)];
        for step in 0..STEPS {
            let t = step as f64 / STEPS as f64;
            curve.push([0, 1].map(|i| {
                let [a, b, c, d] = [a[i], b[i], c[i], d[i]];
                let square = 2.0 * a - 5.0 * b + 4.0 * c - d;
                let cube = 3.0 * b - a - 3.0 * c + d;
                0.5 * (2.0 * b + t * (c - a + t * (square + t * cube)))
            }));
        }
    }
    curve.push(points[points.len() - 1]);
    curve
}

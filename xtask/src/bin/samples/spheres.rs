//! Balls on a chequered floor, traced with soft shadows and reflections, so that it looks
//! like a photograph.

use crate::noise::{at, fractal};
use crate::paint::{Colour, level, mix, picture, scaled, step};
use anyhow::Result;
use digitlab::raster::Raster;

const WIDTH: usize = 512;
const HEIGHT: usize = 384;
/// Rays per pixel, along each side of it.
const RAYS: u32 = 3;
/// Places of the lamp that are looked at for a shadow, along each side of it.
const LAMP_PLACES: u32 = 4;
const LAMP: [f64; 3] = [-4.5, 7.5, -3.5];
const LAMP_SIDE: f64 = 2.6;
const BOUNCES: u32 = 3;

type Vector = [f64; 3];

#[derive(Clone, Copy)]
enum Surface {
    Paint(Colour),
    Mirror,
    Marble,
    Rings,
    Orange,
}

struct Ball {
    middle: Vector,
    radius: f64,
    surface: Surface,
}

const BALLS: [Ball; 7] = [
    Ball {
        middle: [-1.55, 1.0, 0.6],
        radius: 1.0,
        surface: Surface::Paint([0.72, 0.07, 0.06]),
    },
    Ball {
        middle: [0.75, 1.25, 1.5],
        radius: 1.25,
        surface: Surface::Mirror,
    },
    Ball {
        middle: [0.15, 0.55, -0.85],
        radius: 0.55,
        surface: Surface::Orange,
    },
    Ball {
        middle: [2.35, 0.7, -0.1],
        radius: 0.7,
        surface: Surface::Marble,
    },
    Ball {
        middle: [-2.5, 0.45, -0.95],
        radius: 0.45,
        surface: Surface::Rings,
    },
    Ball {
        middle: [1.35, 0.3, -1.55],
        radius: 0.3,
        surface: Surface::Paint([0.05, 0.3, 0.55]),
    },
    Ball {
        middle: [-0.75, 0.26, -1.75],
        radius: 0.26,
        surface: Surface::Paint([0.1, 0.42, 0.16]),
    },
];

pub(crate) fn draw() -> Result<Raster> {
    picture(WIDTH, HEIGHT, |x, y| {
        let mut sum = [0.0; 3];
        for k in 0..RAYS * RAYS {
            let part = |n: u32| (f64::from(n) + 0.5) / f64::from(RAYS);
            let (px, py) = (x as f64 + part(k % RAYS), y as f64 + part(k / RAYS));
            let colour = through(px, py, (x as i64, y as i64, k));
            sum = [0, 1, 2].map(|c| sum[c] + colour[c] / f64::from(RAYS * RAYS));
        }
        // The corners of a lens are darker.
        let (u, v) = (
            x as f64 / WIDTH as f64 - 0.5,
            y as f64 / HEIGHT as f64 - 0.5,
        );
        let corner = 1.0 - 0.5 * (u * u + v * v);
        let grain = (at(x as i64, y as i64, 7) - 0.5) * 0.018;
        sum.map(|value| level(developed(value * corner) + grain))
    })
}

/// Light as a film shows it: highlights are soft, and the values are those of a screen.
fn developed(light: f64) -> f64 {
    let soft = light * (1.0 + light / 9.0) / (1.0 + light * 0.55);
    libm::pow(soft.max(0.0), 1.0 / 2.2)
}

/// The light that comes through a place of the picture.
fn through(px: f64, py: f64, place: (i64, i64, u32)) -> Colour {
    let eye = [0.1, 2.25, -6.6];
    let ahead = unit([0.0, -0.23, 1.0]);
    let right = [1.0, 0.0, 0.0];
    let up = cross(ahead, right);
    let (u, v) = (
        (px - WIDTH as f64 / 2.0) / 480.0,
        (HEIGHT as f64 / 2.0 - py) / 480.0,
    );
    let way = unit(add(ahead, add(times(right, u), times(up, v))));
    light(eye, way, BOUNCES, place)
}

fn light(from: Vector, way: Vector, bounces: u32, place: (i64, i64, u32)) -> Colour {
    let ball = BALLS
        .iter()
        .filter_map(|ball| Some((meet(ball, from, way)?, ball)))
        .min_by(|(a, _), (b, _)| a.total_cmp(b));
    let floor = (way[1] < -1e-6).then(|| -from[1] / way[1]);
    match (ball, floor) {
        (Some((far, ball)), floor) if floor.is_none_or(|floor| far < floor) => {
            let hit = add(from, times(way, far));
            let normal = unit(sub(hit, ball.middle));
            of_ball(ball, hit, normal, way, bounces, place)
        }
        (_, Some(far)) => {
            let hit = add(from, times(way, far));
            let own = lit(floor_colour(hit), hit, [0.0, 1.0, 0.0], place);
            let gloss = 0.04 + 0.5 * libm::pow(1.0 + way[1].max(-1.0), 5.0);
            let mirrored = if bounces > 0 && far < 24.0 {
                let up = [way[0], -way[1], way[2]];
                light(add(hit, times(up, 1e-4)), up, bounces - 1, place)
            } else {
                sky(way)
            };
            // What is far away fades into the sky.
            mix(
                mix(own, mirrored, gloss),
                sky([way[0], 0.02, way[2]]),
                step(9.0, 34.0, far),
            )
        }
        _ => sky(way),
    }
}

fn of_ball(
    ball: &Ball,
    hit: Vector,
    normal: Vector,
    way: Vector,
    bounces: u32,
    place: (i64, i64, u32),
) -> Colour {
    let (normal, own) = match ball.surface {
        Surface::Paint(colour) => (normal, colour),
        Surface::Mirror => (normal, [0.02, 0.025, 0.03]),
        Surface::Marble => (normal, marble(hit)),
        Surface::Rings => (normal, rings(normal)),
        Surface::Orange => (pitted(normal), [0.85, 0.33, 0.03]),
    };
    let back = times(normal, -2.0 * dot(way, normal));
    let bounced = unit(add(way, back));
    let facing = (1.0 + dot(way, normal)).clamp(0.0, 1.0);
    let gloss = match ball.surface {
        Surface::Mirror => 0.86,
        Surface::Orange => 0.02 + 0.2 * libm::pow(facing, 5.0),
        _ => 0.04 + 0.6 * libm::pow(facing, 5.0),
    };
    let mirrored = if bounces > 0 {
        light(add(hit, times(bounced, 1e-4)), bounced, bounces - 1, place)
    } else {
        sky(bounced)
    };
    let to_lamp = unit(sub(LAMP, hit));
    let shine = match ball.surface {
        Surface::Orange => 0.35 * libm::pow(dot(bounced, to_lamp).max(0.0), 22.0),
        _ => 2.2 * libm::pow(dot(bounced, to_lamp).max(0.0), 180.0),
    };
    let seen = mix(lit(own, hit, normal, place), mirrored, gloss);
    seen.map(|value| value + shine)
}

/// A surface under the lamp and the sky.
fn lit(own: Colour, hit: Vector, normal: Vector, place: (i64, i64, u32)) -> Colour {
    let mut open = 0.0;
    for k in 0..LAMP_PLACES * LAMP_PLACES {
        let shift = |n: u32, seed: u32| {
            let random = at(
                place.0 * 31 + i64::from(k),
                place.1 * 17 + i64::from(place.2),
                seed,
            );
            ((f64::from(n) + random) / f64::from(LAMP_PLACES) - 0.5) * LAMP_SIDE
        };
        let lamp = add(
            LAMP,
            [shift(k % LAMP_PLACES, 1), 0.0, shift(k / LAMP_PLACES, 2)],
        );
        let to_lamp = sub(lamp, hit);
        let far = dot(to_lamp, to_lamp).sqrt();
        let way = times(to_lamp, 1.0 / far);
        let cosine = dot(way, normal);
        let start = add(hit, times(normal, 1e-4));
        let hidden = |ball: &Ball| meet(ball, start, way).is_some_and(|met| met < far);
        if cosine > 0.0 && !BALLS.iter().any(hidden) {
            open += cosine * 70.0 / (far * far);
        }
    }
    open /= f64::from(LAMP_PLACES * LAMP_PLACES);
    // Near the feet of the balls little of the sky is seen.
    let mut sky_open = 0.5 + 0.5 * normal[1];
    for ball in &BALLS {
        let away = sub(hit, ball.middle);
        let far = (dot(away, away).sqrt() - ball.radius).max(0.0);
        if far > 1e-3 {
            sky_open *= 1.0 - 0.55 * libm::exp(-far / (0.4 * ball.radius));
        }
    }
    let bounce = 0.14 * (0.5 - 0.5 * normal[1]);
    let lamp = [1.0, 0.93, 0.82];
    let blue = [0.3, 0.36, 0.45];
    [0, 1, 2].map(|k| own[k] * (lamp[k] * open + blue[k] * sky_open + bounce))
}

fn floor_colour(hit: Vector) -> Colour {
    let (x, z) = (hit[0] / 0.9 + 40.2, hit[2] / 0.9 + 40.4);
    let dark = (x.floor() as i64 + z.floor() as i64) % 2 == 0;
    let vein = fractal(hit[0] * 1.7 + 9.0, hit[2] * 1.7, 5, 21);
    let own = if dark {
        mix([0.05, 0.06, 0.075], [0.12, 0.13, 0.15], vein)
    } else {
        mix([0.46, 0.42, 0.36], [0.78, 0.74, 0.68], vein)
    };
    // The joints between the tiles.
    let edge = |v: f64| (v - v.round()).abs();
    mix(
        [0.16, 0.15, 0.14],
        own,
        step(0.008, 0.022, edge(x).min(edge(z))),
    )
}

fn marble(hit: Vector) -> Colour {
    let cloud = fractal(hit[0] * 2.0 + hit[2], hit[1] * 2.0 - hit[2] * 0.7, 6, 33);
    let vein = libm::sin(hit[0] * 4.0 + hit[1] * 6.0 + 11.0 * cloud).abs();
    mix([0.12, 0.26, 0.3], [0.85, 0.87, 0.82], step(0.0, 0.5, vein))
}

fn rings(normal: Vector) -> Colour {
    let band = libm::sin(12.0 * (normal[1] + 0.25 * normal[0]));
    mix([0.9, 0.72, 0.14], [0.16, 0.1, 0.32], step(-0.1, 0.1, band))
}

/// The skin of an orange: its normal wavers.
fn pitted(normal: Vector) -> Vector {
    let u = libm::atan2(normal[2], normal[0]) * 9.0;
    let v = normal[1] * 11.0;
    let height = |du: f64, dv: f64| fractal(u * 1.6 + du, v * 1.6 + dv, 2, 55);
    let (du, dv) = (
        height(0.1, 0.0) - height(-0.1, 0.0),
        height(0.0, 0.1) - height(0.0, -0.1),
    );
    unit(add(normal, [0.35 * du, 0.35 * dv, -0.35 * du]))
}

/// A room with a wide window: what is met where there is nothing else.
fn sky(way: Vector) -> Colour {
    let base = mix(
        [0.62, 0.6, 0.56],
        [0.2, 0.27, 0.36],
        step(-0.1, 0.75, way[1]),
    );
    let window = step(0.3, 0.36, way[1])
        * step(0.72, 0.66, way[1])
        * step(-0.75, -0.7, way[0])
        * step(-0.05, -0.1, way[0])
        * step(0.1, -0.1, way[2]);
    let bar = step(0.012, 0.02, (way[0] + 0.4).abs());
    mix(base, [3.2, 3.1, 2.9], window * bar)
}

/// How far away a ball is met, if it is.
fn meet(ball: &Ball, from: Vector, way: Vector) -> Option<f64> {
    let to = sub(ball.middle, from);
    let along = dot(to, way);
    let rest = ball.radius * ball.radius - (dot(to, to) - along * along);
    if rest < 0.0 {
        return None;
    }
    let half = rest.sqrt();
    [along - half, along + half]
        .into_iter()
        .find(|&far| far > 1e-4)
}

fn add(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

fn sub(a: Vector, b: Vector) -> Vector {
    add(a, times(b, -1.0))
}

fn times(a: Vector, by: f64) -> Vector {
    scaled(a, by)
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn unit(a: Vector) -> Vector {
    times(a, 1.0 / dot(a, a).sqrt())
}

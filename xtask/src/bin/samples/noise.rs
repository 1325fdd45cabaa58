//! Noise that is the same everywhere: whole numbers are scrambled, and what lies between
//! them is smoothed.

/// A value from 0 to 1 that belongs to a place of a grid.
pub(crate) fn at(x: i64, y: i64, seed: u32) -> f64 {
    let mut h = (x as u32).wrapping_mul(0x9E37_79B1)
        ^ (y as u32).wrapping_mul(0x85EB_CA77)
        ^ seed.wrapping_mul(0xC2B2_AE3D);
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    f64::from(h ^ (h >> 15)) / f64::from(u32::MAX)
}

/// Smooth noise from 0 to 1 with one hill or valley per unit.
pub(crate) fn smooth(x: f64, y: f64, seed: u32) -> f64 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f64| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let (u, v) = (ease(x - left), ease(y - top));
    let (left, top) = (left as i64, top as i64);
    let row = |y| at(left, y, seed) * (1.0 - u) + at(left + 1, y, seed) * u;
    row(top) * (1.0 - v) + row(top + 1) * v
}

/// Noise of ever finer octaves, from 0 to 1.
pub(crate) fn fractal(x: f64, y: f64, octaves: u32, seed: u32) -> f64 {
    let (mut sum, mut weight, mut all, mut scale) = (0.0, 1.0, 0.0, 1.0);
    for octave in 0..octaves {
        // Turned and shifted, so that the grids of the octaves do not lie on each other.
        let (u, v) = (0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y);
        let (u, v) = if octave % 2 == 0 { (x, y) } else { (u, v) };
        sum += weight * smooth(u * scale + 17.3, v * scale + 5.7, seed + octave);
        all += weight;
        weight *= 0.5;
        scale *= 2.03;
    }
    sum / all
}

//! The kernels of cubic and Lanczos interpolation, as OpenCV computes them: the weight of each pixel, by how far a place
//! is beyond the last pixel before it.

/// Keys' cubic kernel with a = -0.75, for the pixels from one before to two after.
pub(super) fn cubic(share: f32) -> [f32; 4] {
    const A: f32 = -0.75;
    let inner = |x: f32| ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0;
    let far = share + 1.0;
    let first = ((A * far - 5.0 * A) * far + 8.0 * A) * far - 4.0 * A;
    let [second, third] = [inner(share), inner(1.0 - share)];
    [first, second, third, 1.0 - first - second - third]
}

/// Lanczos' kernel of four lobes, for the pixels from three before to four after.
pub(super) fn lanczos(share: f32) -> [f32; 8] {
    if share < f32::EPSILON {
        return [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    }
    // sin(y) for the angles of all eight, which are 45 degrees apart, from one.
    const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;
    const TURNS: [[f64; 2]; 8] = [
        [1.0, 0.0],
        [-HALF, -HALF],
        [0.0, 1.0],
        [HALF, -HALF],
        [-1.0, 0.0],
        [HALF, HALF],
        [0.0, -1.0],
        [-HALF, HALF],
    ];
    let angle =
        |index: usize| -(f64::from(share) + 3.0 - index as f64) * std::f64::consts::FRAC_PI_4;
    let [sine, cosine] = [libm::sin(angle(0)), libm::cos(angle(0))];
    let weights: [f32; 8] = std::array::from_fn(|index| {
        let [a, b] = TURNS[index];
        ((a * sine + b * cosine) / (angle(index) * angle(index))) as f32
    });
    let factor = 1.0 / weights.iter().sum::<f32>();
    weights.map(|weight| weight * factor)
}

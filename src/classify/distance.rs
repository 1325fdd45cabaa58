//! How far each pixel is from the other side of a border.

/// The distance of each pixel that is `inside` to the nearest one that is not, measured
/// between their middles; what lies beyond the picture is outside.
///
/// Borgefors, "Distance transformations in digital images", 1986: steps to the 16 nearest
/// places with weights 5, 7 and 11, which errs by 2 % at most.
pub fn distances(width: usize, height: usize, inside: impl Fn(usize) -> bool) -> Vec<f32> {
    const FAR: i32 = 1 << 24;
    const EDGE: usize = 2;
    let stride = width + 2 * EDGE;
    let mut steps = vec![0_i32; stride * (height + 2 * EDGE)];
    let place = |x: usize, y: usize| (y + EDGE) * stride + x + EDGE;
    for y in 0..height {
        for x in 0..width {
            if inside(y * width + x) {
                steps[place(x, y)] = FAR;
            }
        }
    }
    let stride = stride as isize;
    let neighbours = [
        (-1, 5),
        (-stride - 1, 7),
        (-stride, 5),
        (-stride + 1, 7),
        (-stride - 2, 11),
        (-stride + 2, 11),
        (-2 * stride - 1, 11),
        (-2 * stride + 1, 11),
    ];
    let relax = |steps: &mut [i32], at: usize, sign: isize| {
        if steps[at] > 0 {
            let ways = neighbours.iter().map(|&(by, cost)| {
                let from = at.wrapping_add_signed(sign * by);
                steps[from] + cost
            });
            steps[at] = ways.fold(steps[at], i32::min);
        }
    };
    for y in 0..height {
        (0..width).for_each(|x| relax(&mut steps, place(x, y), 1));
    }
    for y in (0..height).rev() {
        (0..width)
            .rev()
            .for_each(|x| relax(&mut steps, place(x, y), -1));
    }
    let mut distances = Vec::with_capacity(width * height);
    for y in 0..height {
        let row = &steps[place(0, y)..][..width];
        distances.extend(row.iter().map(|&steps| steps as f32 / 5.0));
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::distances;

    #[test]
    fn distances_are_euclid_s_within_two_per_cent() {
        let (width, height) = (31, 23);
        let outside = [(3_usize, 4_usize), (20, 11), (28, 2)];
        let found = distances(width, height, |at| {
            !outside.contains(&(at % width, at / width))
        });
        for y in 0..height {
            for x in 0..width {
                let to = |px: f64, py: f64| (px - x as f64).hypot(py - y as f64);
                let points = outside.iter().map(|&(px, py)| to(px as f64, py as f64));
                let border = [x + 1, y + 1, width - x, height - y];
                let nearest = border.iter().map(|&d| d as f64).chain(points);
                let expected = nearest.fold(f64::MAX, f64::min);
                let found = f64::from(found[y * width + x]);
                assert!((found - expected).abs() <= 0.03 * expected, "{x} {y}");
            }
        }
    }
}

//! What is ink and what is paper: Otsu's threshold over what stands out.

use super::plane::Plane;

const BINS: usize = 256;

/// The least strength by which ink must stand out from paper.
const FAINTEST: f32 = 0.05;

/// How many standard deviations of the paper's noise ink must stand out.
const ABOVE_NOISE: f32 = 4.0;

/// How far below the threshold, towards the paper, ink goes on that is part of a stroke.
const CONTINUES: f32 = 0.5;

/// The strengths that part ink from paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// The strength that most of the paper has.
    pub paper: f32,
    /// The standard deviation of the paper.
    pub noise: f32,
    /// A stroke has a place at least this strong.
    pub strong: f32,
    /// Every place of a stroke is at least this strong.
    pub weak: f32,
}

/// The levels of an ink plane; `None` when nothing stands out from the paper.
///
/// The paper's strength is the median, its noise the median distance from it. Otsu's
/// threshold is taken over what stands out alone: over all pixels, a small digit on a
/// large sheet would count less than the noise.
pub fn levels(ink: &Plane) -> Option<Levels> {
    let counts = histogram(ink);
    let paper = middle(&counts, ink.values().len());
    let mut distances = [0_usize; BINS];
    for (bin, &count) in counts.iter().enumerate() {
        distances[bin.abs_diff(paper)] += count;
    }
    let noise = 1.4826 * middle(&distances, ink.values().len()) as f32 / (BINS - 1) as f32;
    let paper_level = paper as f32 / (BINS - 1) as f32;
    let floor = paper_level + (ABOVE_NOISE * noise).max(FAINTEST);
    let first = ((floor * (BINS - 1) as f32) as usize + 1).min(BINS);
    let strong = otsu(&counts, first)?;
    Some(Levels {
        paper: paper_level,
        noise,
        strong,
        weak: paper_level + CONTINUES * (strong - paper_level),
    })
}

fn histogram(ink: &Plane) -> [usize; BINS] {
    let mut counts = [0; BINS];
    for value in ink.values() {
        counts[((value * (BINS - 1) as f32 + 0.5) as usize).min(BINS - 1)] += 1;
    }
    counts
}

/// The bin that holds the median of `total` values.
fn middle(counts: &[usize; BINS], total: usize) -> usize {
    let mut below = 0;
    let middle = counts.iter().position(|count| {
        below += count;
        2 * below >= total
    });
    middle.unwrap_or(0)
}

/// Otsu, "A threshold selection method from gray-level histograms", 1979, over the bins
/// from `first` on: the strength that parts them into the two classes whose means lie
/// farthest apart, weighed by their sizes. A single class lies above it as a whole.
fn otsu(counts: &[usize; BINS], first: usize) -> Option<f32> {
    let level = |bin: usize| bin as f64 / (BINS - 1) as f64;
    let bins = || (first..BINS).map(|bin| (bin, counts[bin] as f64));
    let total: f64 = bins().map(|(_, count)| count).sum();
    if total == 0.0 {
        return None;
    }
    let sum: f64 = bins().map(|(bin, count)| count * level(bin)).sum();
    let (mut below, mut sum_below) = (0.0, 0.0);
    let (mut best, mut threshold) = (-1.0, level(first));
    for (bin, count) in bins() {
        if below > 0.0 && below < total {
            let apart = sum_below / below - (sum - sum_below) / (total - below);
            let between = below * (total - below) * apart * apart;
            if between > best {
                (best, threshold) = (between, level(bin) - 0.5 / (BINS - 1) as f64);
            }
        }
        below += count;
        sum_below += count * level(bin);
    }
    Some(threshold as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10,000 pixels, of which `count` have the strength `ink`, on slightly noisy paper.
    fn sheet(parts: &[(usize, f32)]) -> Plane {
        let mut values: Vec<f32> = (0..10_000).map(|k| (k * 7 % 5) as f32 * 0.004).collect();
        let mut at = 0;
        for &(count, ink) in parts {
            values[at..at + count].fill(ink);
            at += count;
        }
        Plane::new(100, 100, values)
    }

    #[test]
    fn a_little_ink_on_a_large_sheet_is_found() {
        for count in [8, 80, 800, 3_000] {
            let levels = levels(&sheet(&[(count, 0.7)])).expect("ink");
            assert!(levels.strong > 0.05 && levels.strong < 0.7, "{levels:?}");
            assert!(levels.paper < 0.02 && levels.weak < levels.strong);
        }
    }

    #[test]
    fn faint_lines_lie_below_strong_ink() {
        let levels = levels(&sheet(&[(900, 0.25), (500, 0.8)])).expect("ink");
        assert!(levels.strong > 0.25 && levels.strong < 0.8, "{levels:?}");
        assert!(levels.weak > 0.1);
    }

    #[test]
    fn bare_paper_has_no_levels() {
        assert_eq!(levels(&sheet(&[])), None);
        assert_eq!(levels(&Plane::new(3, 1, vec![0.0; 3])), None);
        // The same everywhere is paper, however dark.
        assert_eq!(levels(&Plane::new(3, 1, vec![0.9; 3])), None);
    }
}

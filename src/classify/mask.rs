//! Yes or no for each pixel, and the connected parts of it.

use super::plane::{Area, Plane, transpose};

/// Which pixels are ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    width: usize,
    height: usize,
    set: Vec<bool>,
}

/// A connected part of a mask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// Its number in [`Components::labels`], from 1.
    pub label: u32,
    /// The smallest area that holds it.
    pub area: Area,
    /// How many pixels it has.
    pub pixels: usize,
    /// The strength of its ink, summed up.
    pub mass: f32,
    /// Its strongest ink.
    pub strongest: f32,
}

impl Component {
    /// The mean strength of its ink.
    pub fn mean(&self) -> f32 {
        self.mass / self.pixels as f32
    }
}

/// The connected parts of a mask, and which pixel belongs to which.
#[derive(Clone, Debug)]
pub struct Components {
    /// For each pixel the label of its component, or 0.
    pub labels: Vec<u32>,
    /// The components, in the order of their labels.
    pub list: Vec<Component>,
}

impl Mask {
    /// The pixels of a plane that are at least as strong as `threshold`.
    pub fn of(plane: &Plane, threshold: f32) -> Self {
        Self {
            width: plane.width(),
            height: plane.height(),
            set: plane.values().iter().map(|&v| v >= threshold).collect(),
        }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// For each pixel, whether it is set.
    pub fn set(&self) -> &[bool] {
        &self.set
    }

    /// Whether a pixel is set.
    pub fn at(&self, x: usize, y: usize) -> bool {
        self.set[y * self.width + x]
    }

    /// Takes a pixel out.
    pub fn clear(&mut self, x: usize, y: usize) {
        self.set[y * self.width + x] = false;
    }

    /// Takes out every pixel that `keep` refuses.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let pixels = self.set.iter_mut().enumerate();
        pixels.for_each(|(at, set)| *set = *set && keep(at));
    }

    /// Rows as columns.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut set = vec![false; self.set.len()];
        transpose(&self.set, self.width, &mut set);
        Self {
            width: self.height,
            height: self.width,
            set,
        }
    }

    /// The runs of set pixels of a row, each as its first and the one after its last.
    pub fn runs(&self, y: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let row = &self.set[y * self.width..][..self.width];
        let mut at = 0;
        std::iter::from_fn(move || {
            let first = at + row[at..].iter().position(|&set| set)?;
            let length = row[first..].iter().position(|&set| !set);
            at = length.map_or(row.len(), |length| first + length);
            Some((first, at))
        })
    }

    /// The connected parts, pixels that touch at a corner included, with the mass of
    /// their ink.
    pub fn components(&self, ink: &Plane) -> Components {
        let mut parents: Vec<u32> = vec![0];
        let mut labels = vec![0_u32; self.set.len()];
        let mut above: Vec<(usize, usize, u32)> = Vec::new();
        let mut here = Vec::new();
        for y in 0..self.height {
            here.clear();
            let mut next = 0;
            for (first, end) in self.runs(y) {
                let mut label = 0;
                while next < above.len() && above[next].1 < first {
                    next += 1;
                }
                for &(_, _, other) in above[next..].iter().take_while(|run| run.0 <= end) {
                    let root = root(&mut parents, other);
                    if label == 0 {
                        label = root;
                    } else if root != label {
                        // The smaller number stays, so that roots come first.
                        let (low, high) = (label.min(root), label.max(root));
                        parents[high as usize] = low;
                        label = low;
                    }
                }
                if label == 0 {
                    label = parents.len() as u32;
                    parents.push(label);
                }
                here.push((first, end, label));
                labels[y * self.width..][first..end].fill(label);
            }
            std::mem::swap(&mut above, &mut here);
        }
        let mut list: Vec<Component> = Vec::new();
        let mut numbers = vec![0_u32; parents.len()];
        for at in 1..parents.len() as u32 {
            let root = root(&mut parents, at);
            if root == at {
                numbers[at as usize] = list.len() as u32 + 1;
                list.push(Component {
                    label: list.len() as u32 + 1,
                    area: Area {
                        left: usize::MAX,
                        top: usize::MAX,
                        right: 0,
                        bottom: 0,
                    },
                    pixels: 0,
                    mass: 0.0,
                    strongest: 0.0,
                });
            } else {
                numbers[at as usize] = numbers[root as usize];
            }
        }
        for (at, label) in labels.iter_mut().enumerate() {
            if *label == 0 {
                continue;
            }
            *label = numbers[*label as usize];
            let component = &mut list[*label as usize - 1];
            let (x, y) = (at % self.width, at / self.width);
            component.area = component.area.with(Area {
                left: x,
                top: y,
                right: x + 1,
                bottom: y + 1,
            });
            let strength = ink.values()[at];
            component.pixels += 1;
            component.mass += strength;
            component.strongest = component.strongest.max(strength);
        }
        Components { labels, list }
    }
}

/// The number that stands for a part, with the way to it made shorter.
fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        let parent = parents[at as usize];
        parents[at as usize] = parents[parent as usize];
        at = parent;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(rows: &[&str]) -> (Mask, Plane) {
        let plane = Plane::of(rows[0].len(), rows.len(), |x, y| {
            f32::from(u8::from(rows[y].as_bytes()[x] == b'#'))
        });
        (Mask::of(&plane, 0.5), plane)
    }

    #[test]
    fn parts_that_meet_late_are_one() {
        let (mask, ink) = mask(&[
            "#.#.#..#", //
            "#.#.#..#", //
            "#.###..#", //
            "#.....#.", //
            ".#####.#", //
        ]);
        let parts = mask.components(&ink);
        assert_eq!(parts.list.len(), 2);
        assert_eq!(parts.list[0].pixels, 4 + 5 + 4 + 1);
        assert_eq!(parts.list[1].pixels, 7);
        let area = parts.list[1].area;
        assert_eq!((area.left, area.top, area.right, area.bottom), (2, 0, 5, 3));
        assert_eq!(parts.list[1].mean(), 1.0);
    }

    #[test]
    fn labels_tell_what_the_list_says() {
        let plane = Plane::of(60, 40, |x, y| ((x * x + 3 * y * y + x * y) % 7) as f32);
        let mask = Mask::of(&plane, 4.0);
        let parts = mask.components(&plane);
        for part in &parts.list {
            let pixels = parts.labels.iter().filter(|&&label| label == part.label);
            assert_eq!(pixels.count(), part.pixels);
        }
        let set = mask.set().iter().filter(|&&set| set).count();
        assert_eq!(
            parts.list.iter().map(|part| part.pixels).sum::<usize>(),
            set
        );
        // Neighbours have one label.
        for y in 1..40 {
            for x in 1..60 {
                let [a, b] = [(y - 1) * 60 + x - 1, y * 60 + x];
                if mask.set()[a] && mask.set()[b] {
                    assert_eq!(parts.labels[a], parts.labels[b]);
                }
            }
        }
    }

    #[test]
    fn an_empty_mask_has_no_parts() {
        let (mask, ink) = mask(&["....", "...."]);
        assert!(mask.components(&ink).list.is_empty());
        assert_eq!(mask.runs(0).count(), 0);
        assert_eq!(mask.transposed().height(), 4);
    }
}

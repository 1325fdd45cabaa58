//! One direction of a resize: which pixels of the picture a pixel of the result comes from.

/// One direction of a resize.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Pixels of the result for each pixel of the picture.
    factor: f64,
    /// Pixels of the picture for each pixel of the result.
    pub(super) step: f64,
}

impl Axis {
    /// From one length to another; `factor` is theirs where nothing else is given.
    pub(crate) fn new(from: usize, to: usize, factor: Option<f64>) -> Self {
        let factor = factor.unwrap_or(to as f64 / from as f64);
        Self {
            from,
            to,
            factor,
            step: 1.0 / factor,
        }
    }

    /// Where a pixel's centre lies: the pixel before it, and how far it is from that.
    pub(crate) fn place(self, at: usize) -> (isize, f32) {
        let place = ((at as f64 + 0.5) * self.step - 0.5) as f32;
        let before = place.floor();
        (before as isize, place - before)
    }

    /// The same for enlarging by area: blends only where a pixel covers two.
    pub(super) fn covered(self, at: usize) -> (isize, f32) {
        let before = (at as f64 * self.step).floor();
        let share = ((at + 1) as f64 - (before + 1.0) * self.factor) as f32;
        let share = if share <= 0.0 {
            0.0
        } else {
            share - share.floor()
        };
        (before as isize, share)
    }

    /// The pixel that a pixel's upper left corner lies in.
    pub(super) fn corner(self, at: usize) -> usize {
        let place = (at as f64 * self.step).floor();
        (place as usize).min(self.from - 1)
    }

    /// The pixel whose centre is nearest to a pixel's, in steps of 16 bits after the
    /// point; these do not hang on `factor`.
    pub(super) fn centre(self, at: usize) -> usize {
        let (from, to) = (self.from as u64, self.to as u64);
        let step = ((from << 16) + to / 2) / to;
        // A step of an odd number of pixels starts one unit earlier.
        let place = (step * at as u64 + step / 2).saturating_sub(from % 2) >> 16;
        (place as usize).min(self.from - 1)
    }

    /// The step when it is a whole number.
    pub(super) fn whole(self) -> Option<usize> {
        let whole = self.step.round_ties_even();
        ((self.step - whole).abs() < f64::EPSILON).then_some(whole as usize)
    }

    /// The two pixels that are blended there, and the share of the second: beyond the
    /// outermost centres there is nothing to blend.
    pub(crate) fn blended(self, before: isize, share: f32) -> ([usize; 2], f32) {
        if (0..self.from as isize - 1).contains(&before) {
            ([before as usize, before as usize + 1], share)
        } else {
            ([self.clamp(before); 2], 0.0)
        }
    }

    pub(super) fn clamp(self, at: isize) -> usize {
        at.clamp(0, self.from as isize - 1) as usize
    }
}

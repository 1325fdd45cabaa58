//! The chain from a picture to clean ink: everything before single digits are made.

use super::cleaning::{Reason, Sorted, sort};
use super::ink::{Axis, Ink, Polarity, ink};
use super::lines::{Lines, remove_lines};
use super::mask::{Component, Components, Mask};
use super::plane::{Area, Plane};
use super::shrink::{Light, light};
use super::threshold::{Levels, levels};
use crate::error::{Error, Result};
use crate::raster::{Raster, Shape};

/// How far the soft edge of a stroke reaches beyond its mask, in pixels.
const SOFT: usize = 2;

/// The paper's noise from which on the ink is smoothed.
const NOISY: f32 = 0.025;

/// Pictures of fewer pixels are never smoothed: a stroke there is a few pixels wide.
const SMOOTHED_FROM: usize = 96 * 96;

/// A digit of fewer pixels of height is looked at again, closer, if the picture has more.
const CLOSER_BELOW: usize = 72;

/// The least mean strength of the ink of digits.
const FAINTEST: f32 = 0.075;

/// A picture is small whose shorter side has fewer pixels.
const SMALL: usize = 64;

/// How far below the threshold, towards the paper, ink goes on in a small picture.
const CONTINUES_SMALL: f32 = 0.25;

/// What is large covers at least one of so many pixels.
const LARGE: usize = 50;

/// The least height of a figure, in pixels.
const LEAST: usize = 5;

/// The ink of a picture without all that belongs to no digit.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The light of the picture, as it was worked on.
    pub light: Light,
    /// The ink as it was found.
    pub found: Ink,
    /// The ink of digits alone, scaled so that strokes are 1 and paper is 0.
    pub ink: Plane,
    /// For each pixel with ink the label of its component, or 0.
    pub owners: Vec<u32>,
    /// The components of digits.
    pub parts: Vec<Component>,
    /// How much larger the picture is than the planes.
    pub scale: f64,
    /// Where in the picture the planes begin.
    pub origin: [usize; 2],
    /// The picture's size.
    pub size: [usize; 2],
    /// What was done and left out, in sentences.
    pub notes: Vec<String>,
}

impl Sheet {
    /// Finds the ink of a picture.
    ///
    /// # Errors
    /// [`Error::NoInk`] when nothing in it can be a digit.
    pub fn of(picture: &Raster) -> Result<Self> {
        let far = Self::at_once(picture)?;
        let all = far.area();
        if far.scale < 1.25 || all.height() >= CLOSER_BELOW || all.longer() >= 4 * CLOSER_BELOW {
            return Ok(far);
        }
        // The digit is small in a large picture: its surroundings alone are enlarged less.
        let around = far.in_picture(all);
        let around = around.grown(around.longer(), picture.width(), picture.height());
        let Ok(mut near) = Self::at_once(&crop(picture, around)) else {
            return Ok(far);
        };
        // Closer, but not another one.
        let (there, here) = (far.in_picture(all), near.in_picture(near.area()));
        let moved = Area {
            left: here.left + around.left,
            top: here.top + around.top,
            right: here.right + around.left,
            bottom: here.bottom + around.top,
        };
        let common = moved.shared_columns(there) * moved.shared_rows(there);
        let both = there.with(moved);
        if 2 * common < both.width() * both.height() {
            return Ok(far);
        }
        near.origin = [around.left, around.top];
        near.size = far.size;
        near.notes = far.notes;
        Ok(near)
    }

    fn at_once(picture: &Raster) -> Result<Self> {
        let light = light(picture);
        let mut found = ink(&light);
        let mut levels = levels(&found.strength).ok_or_else(nothing)?;
        for _ in 0..2 {
            if levels.noise > NOISY && found.strength.values().len() >= SMOOTHED_FROM {
                found.strength = found.strength.blurred(1);
                levels = self::levels(&found.strength).ok_or_else(nothing)?;
            }
        }
        let (width, height) = (found.strength.width(), found.strength.height());
        let mut parted = part(&found.strength, levels);
        let beside = besides(&parted, width, height);
        if !beside.is_empty() {
            // A table beside the sheet would set the level that ink has to reach.
            for (value, &besides) in found.strength.values_mut().iter_mut().zip(&beside) {
                *value = if besides { levels.paper } else { *value };
            }
            levels = self::levels(&found.strength).ok_or_else(nothing)?;
            let dropped = std::mem::take(&mut parted.sorted.dropped);
            parted = part(&found.strength, levels);
            let border = dropped.into_iter().filter(|drop| drop.1 == Reason::Border);
            parted.sorted.dropped.extend(border);
        }
        let Parted {
            levels,
            mask,
            lines,
            parts,
            sorted: Sorted { kept, dropped },
        } = parted;
        let tallest = kept.iter().map(|part| part.area.longer()).max();
        if tallest.is_none_or(|tallest| tallest < LEAST) {
            return Err(Error::NoInk {
                found: "what stands out from the background is too small, or only lines".into(),
            });
        }
        let (mass, pixels) = kept.iter().fold((0.0, 0), |(mass, pixels), part| {
            (mass + part.mass, pixels + part.pixels)
        });
        let contrast = mass / pixels as f32 - levels.paper;
        if contrast < FAINTEST.max(5.0 * levels.noise) {
            return Err(too_faint());
        }
        let mut is_kept = vec![false; parts.list.len() + 1];
        kept.iter()
            .for_each(|part| is_kept[part.label as usize] = true);
        let area = kept.iter().map(|part| part.area).reduce(Area::with);
        let area = area.expect("there is a tallest");
        let owners = owners(&parts.labels, &is_kept, area, width);
        let ink = clean(&found.strength, &owners, &mask, levels);
        let notes = notes(&found, lines, &dropped);
        Ok(Self {
            scale: light.scale,
            light,
            found,
            ink,
            owners,
            parts: kept,
            origin: [0, 0],
            size: [picture.width(), picture.height()],
            notes,
        })
    }

    /// The area of all digits together, in pixels of the planes.
    pub fn area(&self) -> Area {
        let areas = self.parts.iter().map(|part| part.area);
        areas.reduce(Area::with).expect("a sheet has a figure")
    }

    /// An area of the planes, in pixels of the picture.
    pub fn in_picture(&self, area: Area) -> Area {
        let [width, height] = self.size;
        let [left, top] = self.origin;
        let low = |v: usize, from: usize| (v as f64 * self.scale) as usize + from;
        let high = |v: usize, from: usize| (v as f64 * self.scale).ceil() as usize + from;
        Area {
            left: low(area.left, left).min(width - 1),
            top: low(area.top, top).min(height - 1),
            right: high(area.right, left).min(width),
            bottom: high(area.bottom, top).min(height),
        }
    }
}

/// A picture of ink, parted into components.
struct Parted {
    levels: Levels,
    mask: Mask,
    lines: Lines,
    parts: Components,
    sorted: Sorted,
}

/// Parts ink from paper, and digits from everything else.
fn part(strength: &Plane, mut levels: Levels) -> Parted {
    let (width, height) = (strength.width(), strength.height());
    // In a strip of digits every pixel counts, and nothing else is in it.
    let weak = if width.min(height) < SMALL {
        levels.paper + CONTINUES_SMALL * (levels.strong - levels.paper)
    } else {
        levels.weak
    };
    levels.weak = weak.max(levels.paper + 3.0 * levels.noise);
    let mut mask = Mask::of(strength, levels.weak);
    let lines = remove_lines(&mut mask);
    let parts = mask.components(strength);
    let sorted = sort(&parts, width, height, levels.strong);
    Parted {
        levels,
        mask,
        lines,
        parts,
        sorted,
    }
}

/// For each pixel whether it belongs to something large at the border, or lies at its
/// edge; empty when there is nothing of the kind.
fn besides(parted: &Parted, width: usize, height: usize) -> Vec<bool> {
    let large = |part: &Component| part.pixels * LARGE >= width * height;
    let dropped = parted.sorted.dropped.iter();
    let labels: Vec<u32> = dropped
        .filter(|(part, reason)| *reason == Reason::Border && large(part))
        .map(|(part, _)| part.label)
        .collect();
    if labels.is_empty() {
        return Vec::new();
    }
    let mut is_large = vec![false; parted.parts.list.len() + 1];
    labels
        .iter()
        .for_each(|&label| is_large[label as usize] = true);
    let area = Area {
        left: 0,
        top: 0,
        right: width,
        bottom: height,
    };
    let owners = owners(&parted.parts.labels, &is_large, area, width);
    owners.into_iter().map(|owner| owner != 0).collect()
}

fn nothing() -> Error {
    Error::NoInk {
        found: "nothing stands out from the background".into(),
    }
}

pub(super) fn too_faint() -> Error {
    Error::NoInk {
        found: "what stands out from the background is too faint".into(),
    }
}

/// A part of a picture.
fn crop(picture: &Raster, area: Area) -> Raster {
    let channels = picture.channels();
    let mut data = Vec::with_capacity(area.width() * area.height() * channels);
    for y in area.top..area.bottom {
        data.extend_from_slice(&picture.row(y)[area.left * channels..area.right * channels]);
    }
    let shape = Shape {
        width: area.width(),
        height: area.height(),
        channels,
    };
    Raster::new(shape, data).expect("a part of a picture is one")
}

/// The labels of what is kept, each grown over the soft edge of its strokes.
fn owners(labels: &[u32], is_kept: &[bool], area: Area, width: usize) -> Vec<u32> {
    let mut owners = vec![0_u32; labels.len()];
    let height = labels.len() / width;
    let around = area.grown(SOFT, width, height);
    for y in area.top..area.bottom {
        for at in y * width + area.left..y * width + area.right {
            if is_kept[labels[at] as usize] {
                owners[at] = labels[at];
            }
        }
    }
    let mut grown = Vec::new();
    for _ in 0..SOFT {
        for y in around.top..around.bottom {
            for x in around.left..around.right {
                let at = y * width + x;
                // What was dropped stays dropped.
                if owners[at] != 0 || labels[at] != 0 {
                    continue;
                }
                let left = if x > 0 { owners[at - 1] } else { 0 };
                let right = if x + 1 < width { owners[at + 1] } else { 0 };
                let above = if y > 0 { owners[at - width] } else { 0 };
                let below = if y + 1 < height {
                    owners[at + width]
                } else {
                    0
                };
                let owner = left.max(right).max(above).max(below);
                if owner != 0 {
                    grown.push((at, owner));
                }
            }
        }
        grown.drain(..).for_each(|(at, owner)| owners[at] = owner);
    }
    owners
}

/// The ink where it has an owner, from paper at 0 to strokes at 1.
fn clean(strength: &Plane, owners: &[u32], mask: &Mask, levels: Levels) -> Plane {
    let pairs = || strength.values().iter().zip(owners);
    let mut strokes: Vec<f32> = pairs()
        .filter(|&(&v, &owner)| owner != 0 && v >= levels.strong)
        .map(|(&v, _)| v)
        .collect();
    let low = levels.paper + 2.5 * levels.noise;
    let high = if strokes.is_empty() {
        1.0
    } else {
        // Most of a stroke is as strong as it gets; its edges are not.
        let place = strokes.len() * 7 / 10;
        *strokes.select_nth_unstable_by(place, f32::total_cmp).1
    };
    let range = (high - low).max(0.01);
    let values = pairs().zip(mask.set()).map(|((&v, &owner), &set)| {
        // Where a line was taken out, it would show beside the strokes that cross it.
        let line = !set && v >= levels.weak;
        if owner == 0 || line {
            0.0
        } else {
            ((v - low) / range).clamp(0.0, 1.0)
        }
    });
    Plane::new(strength.width(), strength.height(), values.collect())
}

fn notes(found: &Ink, lines: Lines, dropped: &[(Component, Reason)]) -> Vec<String> {
    let mut notes = Vec::new();
    if found.polarity == Polarity::Light && found.axis == Axis::Luminance {
        notes.push("The ink is lighter than its background.".into());
    }
    if matches!(found.axis, Axis::Colour(_)) {
        notes.push("The ink was told from the background by its colour.".into());
    }
    let count = lines.across + lines.down;
    if count > 0 {
        let word = if count == 1 { "line" } else { "lines" };
        notes.push(format!(
            "{count} straight {word} across the picture left out."
        ));
    }
    let mut left_out = Vec::new();
    for reason in [
        Reason::Frame,
        Reason::Border,
        Reason::Watermark,
        Reason::Speck,
        Reason::Caption,
    ] {
        let count = dropped.iter().filter(|drop| drop.1 == reason).count();
        if count > 0 {
            left_out.push(reason.describe(count));
        }
    }
    if !left_out.is_empty() {
        notes.push(format!("Left out: {}.", left_out.join(", ")));
    }
    notes
}

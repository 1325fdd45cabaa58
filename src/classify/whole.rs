//! Pictures that are 28 x 28 already.

use super::plane::Area;
use super::read::Seen;
use crate::error::{Error, Result};
use crate::mnist::{PIXELS, SIDE};
use crate::raster::{Raster, to_unit};

/// The least difference of the darkest and the lightest pixel, in levels.
const LEAST_CONTRAST: u8 = 20;

/// What a model is shown of a picture of MNIST's size: the picture as it is. `None` for
/// pictures of another size, with colours, or with transparent places.
///
/// Black ink on white, told by the picture's edge, is turned into white on black.
///
/// # Errors
/// [`Error::NoInk`] when all its pixels are nearly the same.
pub fn whole(picture: &Raster) -> Result<Option<Seen>> {
    if (picture.width(), picture.height()) != (SIDE, SIDE) {
        return Ok(None);
    }
    let pixels = picture.data().chunks_exact(picture.channels());
    let grey = pixels.map(|pixel| match *pixel {
        [level] => Some(level),
        [red, green, blue] if red == green && green == blue => Some(red),
        [red, green, blue, 255] if red == green && green == blue => Some(red),
        _ => None,
    });
    let Some(levels) = grey.collect::<Option<Vec<u8>>>() else {
        return Ok(None);
    };
    let least = levels.iter().copied().min().unwrap_or(0);
    let most = levels.iter().copied().max().unwrap_or(0);
    if most - least < LEAST_CONTRAST {
        return Err(Error::NoInk {
            found: "nothing stands out from the background".into(),
        });
    }
    let edge = (0..PIXELS).filter(|at| {
        let (x, y) = (at % SIDE, at / SIDE);
        x == 0 || y == 0 || x == SIDE - 1 || y == SIDE - 1
    });
    let mut edge: Vec<u8> = edge.map(|at| levels[at]).collect();
    edge.sort_unstable();
    let turned = edge[edge.len() / 2] >= 128;
    let flip = if turned { 255 } else { 0 };
    let mut digit = [0.0; PIXELS];
    for (value, level) in digit.iter_mut().zip(levels) {
        *value = to_unit(level ^ flip);
    }
    let mut notes = vec!["The picture is 28 x 28 and was used as it is.".to_owned()];
    if turned {
        notes.push("Black on white was turned into white on black.".into());
    }
    let all = Area {
        left: 0,
        top: 0,
        right: SIDE,
        bottom: SIDE,
    };
    Ok(Some(Seen {
        digit,
        area: all.into(),
        figures: 1,
        notes,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels() -> Vec<u8> {
        let inner = |at: usize| (6..22).contains(&(at % SIDE)) && (4..24).contains(&(at / SIDE));
        (0..PIXELS)
            .map(|at| if inner(at) { (at % 256) as u8 } else { 0 })
            .collect()
    }

    #[test]
    fn a_picture_of_mnist_is_shown_as_it_is() {
        let picture = Raster::grey(SIDE, SIDE, levels());
        let seen = whole(&picture).expect("ink").expect("28 x 28");
        let back: Vec<u8> = seen
            .digit
            .iter()
            .map(|v| (v * 255.0).round() as u8)
            .collect();
        assert_eq!(back, levels());
        let turned = levels().into_iter().map(|level| 255 - level).collect();
        let turned = whole(&Raster::grey(SIDE, SIDE, turned))
            .expect("ink")
            .expect("28 x 28");
        assert_eq!(turned.digit, seen.digit);
        assert_eq!(turned.notes.len(), 2);
    }

    #[test]
    fn other_sizes_and_blank_ones_are_not() {
        assert!(
            whole(&Raster::grey(28, 29, vec![7; 28 * 29]))
                .expect("no error")
                .is_none()
        );
        let blank = whole(&Raster::grey(SIDE, SIDE, vec![7; PIXELS]));
        assert_eq!(blank.expect_err("no ink").code(), "no_ink");
    }
}

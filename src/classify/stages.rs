//! Every stage from a picture to 28 x 28 as a small picture, for people to look at.

use super::figure::figure;
use super::plane::Plane;
use super::read::{Seen, see_sheet};
use super::sheet::Sheet;
use super::whole::whole;
use crate::error::Result;
use crate::mnist::SIDE;
use crate::raster::Raster;

/// The longer side of a stage's picture, at most.
const LONGEST: usize = 160;

/// One stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its name, for programs.
    pub name: &'static str,
    /// What is to be seen.
    pub title: &'static str,
    /// The picture, grey.
    pub picture: Raster,
}

/// What a model is shown of a picture, and the stages that led there.
///
/// # Errors
/// Those of [`see`](super::see).
pub fn stages(picture: &Raster) -> Result<(Seen, Vec<Stage>)> {
    let shown = |seen: &Seen| Stage {
        name: "seen",
        title: "What the model sees",
        picture: Plane::new(SIDE, SIDE, seen.digit.to_vec()).to_raster(),
    };
    if let Some(seen) = whole(picture)? {
        let stage = shown(&seen);
        return Ok((seen, vec![stage]));
    }
    let sheet = Sheet::of(picture)?;
    let seen = see_sheet(&sheet)?;
    let stage = |name, title, plane: &Plane| Stage {
        name,
        title,
        picture: small(plane).to_raster(),
    };
    let mut stages = vec![
        stage("light", "The picture", &brightness(&sheet)),
        stage("paper", "The paper without ink", &sheet.found.paper),
        stage(
            "contrast",
            "What stands out",
            &stretched(&sheet.found.strength),
        ),
        stage("ink", "The ink of digits", &sheet.ink),
    ];
    let area = sheet.area();
    if figure(&sheet.ink, area, |at| sheet.owners[at] != 0).is_some() {
        stages.push(stage("figure", "The figure", &sheet.ink.part(area)));
    }
    stages.push(shown(&seen));
    Ok((seen, stages))
}

/// The mean of the colours.
fn brightness(sheet: &Sheet) -> Plane {
    let planes = &sheet.light.planes;
    let [red, green, blue] = &planes[..] else {
        return planes[0].clone();
    };
    Plane::of(red.width(), red.height(), |x, y| {
        (red.at(x, y) + green.at(x, y) + blue.at(x, y)) / 3.0
    })
}

/// Scaled so that the strongest is white.
fn stretched(plane: &Plane) -> Plane {
    let most = plane.values().iter().copied().fold(0.01, f32::max);
    plane.clone().map(|v| v / most)
}

/// Reduced to the size of a stage; what is smaller stays as it is.
fn small(plane: &Plane) -> Plane {
    let longer = plane.width().max(plane.height());
    if longer <= LONGEST {
        return plane.clone();
    }
    let side = |length: usize| (length * LONGEST / longer).max(1);
    plane.resized(side(plane.width()), side(plane.height()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_is_a_small_picture() {
        let plane = Plane::of(400, 300, |x, y| {
            let inked = (180..210).contains(&x) && (40..260).contains(&y);
            if inked { 0.1 } else { 0.9 }
        });
        let (seen, stages) = stages(&plane.to_raster()).expect("a digit");
        let names: Vec<&str> = stages.iter().map(|stage| stage.name).collect();
        assert_eq!(
            names,
            ["light", "paper", "contrast", "ink", "figure", "seen"]
        );
        for stage in &stages {
            assert!(stage.picture.width() <= LONGEST && stage.picture.height() <= LONGEST);
            let levels = stage.picture.data();
            let most = levels.iter().max().copied().unwrap_or(0);
            assert!(most > 200, "{}", stage.name);
        }
        assert_eq!((seen.area.x, seen.area.width), (180, 30));
        assert_eq!(stages[5].picture.width(), 28);
    }
}

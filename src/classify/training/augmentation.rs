//! How pictures are changed before a network sees them.

use crate::augment::Pipeline;
use crate::error::Result;
use crate::mnist::{PIXELS, SIDE};
use crate::random::Stream;
use crate::raster::Raster;
use serde_json::{Value, json};

/// How often a picture is changed anew when its ink is gone, before it is left plain.
const TRIES: usize = 4;

/// The share of a picture's ink that must be left.
const LEFT: u32 = 4;

/// What pens, hands, scanners and an imperfect cut do to a digit: slant, size and place,
/// strokes thinner or thicker than those of MNIST, bends, soft or rough ink, a bit of noise.
/// Widths of strokes change by less than a pixel because they do so at twice the size.
pub fn pens() -> Value {
    json!([
        { "transform": "Affine", "p": 0.9, "scale": [0.82, 1.15], "rotate": [-13, 13], "shear": [-11, 11],
          "translate_px": [-2, 2] },
        { "transform": "OneOf", "p": 0.5, "transforms": [
            { "transform": "ElasticTransform", "p": 1, "alpha": 14, "sigma": 4 },
            { "transform": "ElasticTransform", "p": 1, "alpha": 8, "sigma": 3 },
            { "transform": "GridDistortion", "p": 1, "num_steps": 3, "distort_limit": [-0.2, 0.2] },
        ]},
        { "transform": "OneOf", "p": 0.35, "transforms": [
            { "transform": "Sequential", "p": 1, "transforms": [
                { "transform": "Resize", "p": 1, "height": 2 * SIDE, "width": 2 * SIDE, "interpolation": "cubic" },
                { "transform": "OneOf", "p": 1, "transforms": [
                    { "transform": "Morphological", "p": 1, "scale": [2, 2], "operation": "erosion" },
                    { "transform": "Morphological", "p": 1, "scale": [3, 3], "operation": "erosion" },
                    { "transform": "Morphological", "p": 1, "scale": [2, 2], "operation": "dilation" },
                    { "transform": "Morphological", "p": 1, "scale": [3, 3], "operation": "dilation" },
                ]},
                { "transform": "Resize", "p": 1, "height": SIDE, "width": SIDE, "interpolation": "area" },
            ]},
            { "transform": "Morphological", "p": 0.4, "scale": [2, 2], "operation": "dilation" },
        ]},
        { "transform": "OneOf", "p": 0.2, "transforms": [
            { "transform": "GaussianBlur", "p": 1, "blur_limit": 0, "sigma_limit": [0.3, 0.8] },
            { "transform": "Downscale", "p": 0.5, "scale_range": [0.6, 0.8] },
        ]},
        { "transform": "RandomGamma", "p": 0.2, "gamma_limit": [60, 170] },
        { "transform": "OneOf", "p": 0.1, "transforms": [
            { "transform": "GaussNoise", "p": 1, "std_range": [0.01, 0.06] },
            { "transform": "CoarseDropout", "p": 0.5, "num_holes_range": [1, 2], "hole_height_range": [0.07, 0.14],
              "hole_width_range": [0.07, 0.14] },
        ]},
    ])
}

/// Changes a digit. One that has lost its ink is begun again, with further draws.
///
/// # Errors
/// What a step refuses.
pub fn change(
    pipeline: &Pipeline,
    picture: &[u8; PIXELS],
    stream: &mut Stream,
) -> Result<[u8; PIXELS]> {
    let ink = |levels: &[u8]| levels.iter().map(|level| u32::from(*level)).sum::<u32>();
    let needed = ink(picture) / LEFT;
    for _ in 0..TRIES {
        let (made, _) = pipeline.run(Raster::grey(SIDE, SIDE, picture.to_vec()), stream)?;
        if let Some(levels) = made.data().first_chunk()
            && made.data().len() == PIXELS
            && ink(levels) >= needed
        {
            return Ok(*levels);
        }
    }
    Ok(*picture)
}

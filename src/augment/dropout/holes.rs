//! Rectangles that are filled: what coarse and grid dropout have in common.

use super::inpaint::{Method, inpaint};
use super::sight::look;
use crate::augment::{Boxes, Drawn, Value};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use serde_json::{Map, Value as Json};

/// The most holes of one picture.
const MOST: usize = 1 << 16;

/// What holes are filled with.
pub(super) const FILL: Field = Field {
    name: "fill",
    label: "Fill",
    help: "The colour of the holes: a number for all channels, or one for each; \"random\" for noise, \"random_uniform\" for one random colour per hole, \"inpaint_telea\" or \"inpaint_ns\" for what is around them; these two do not take alpha.",
    kind: Kind::Paint {
        values: &["random", "random_uniform", "inpaint_telea", "inpaint_ns"],
        default: 0.0,
        nullable: false,
    },
};

/// A hole's left, top, right and bottom end; the last two are outside of it.
pub(super) type Hole = [usize; 4];

#[derive(Clone, Debug)]
pub(super) enum Fill {
    Colour(Vec<f64>),
    Noise,
    Colours,
    Around(Method),
}

impl Fill {
    pub(super) fn of(options: &Map<String, Json>) -> Result<Self> {
        match options.get(FILL.name).and_then(Json::as_str) {
            Some("random") => Ok(Self::Noise),
            Some("random_uniform") => Ok(Self::Colours),
            Some("inpaint_telea") => Ok(Self::Around(Method::Telea)),
            Some("inpaint_ns") => Ok(Self::Around(Method::NavierStokes)),
            _ => Ok(Self::Colour(FILL.fill(options)?)),
        }
    }
}

/// The levels of a colour in each channel: fractions are cut off, as the reference does.
///
/// # Errors
/// [`Error::Unsupported`] for a list of another length than the number of channels.
pub(super) fn levels(name: &str, colour: &[f64], channels: usize) -> Result<[u8; 4]> {
    match colour {
        [one] => Ok([*one as u8; 4]),
        list if list.len() == channels => Ok(std::array::from_fn(|channel| {
            list.get(channel).copied().unwrap_or_default() as u8
        })),
        list => Err(Error::Unsupported {
            field: name.into(),
            value: format!("a list of {} numbers", list.len()),
            allowed: format!("one number, or {channels} for this picture"),
        }),
    }
}

/// Holes as they are written down, with what a random fill needs.
pub(super) fn drawn(holes: &[Hole], fill: &Fill, stream: &mut Stream) -> Drawn {
    let ends = holes.iter().flatten().map(|&end| end as f64).collect();
    let drawn = Drawn::nothing().numbers("holes", ends);
    match fill {
        Fill::Colour(_) | Fill::Around(_) => drawn,
        Fill::Noise | Fill::Colours => drawn.seed("seed", stream.seed()),
    }
}

/// Fills the holes that were drawn. A random fill comes from `seed`, or from the list
/// `fill_values`: hole by hole the values of its rows, or of its one colour.
///
/// # Errors
/// [`Error::InvalidParameter`] for holes that are not within the picture.
pub(super) fn apply(mut picture: Raster, fill: &Fill, drawn: &Drawn) -> Result<Raster> {
    let shape = picture.shape();
    let channels = shape.channels;
    let holes = read(drawn, shape)?;
    if let Fill::Colour(colour) = fill {
        let colour = levels(FILL.name, colour, channels)?;
        for hole in &holes {
            paint(&mut picture, *hole, &colour[..channels]);
        }
        return Ok(picture);
    }
    if let Fill::Around(method) = fill {
        if channels == 4 {
            return Err(Error::Unsupported {
                field: "channels".into(),
                value: "4".into(),
                allowed: "1 or 3 channels where holes are filled with what is around them".into(),
            });
        }
        if !holes.is_empty() {
            inpaint(&mut picture, &holes, *method);
        }
        return Ok(picture);
    }
    let each = matches!(fill, Fill::Noise);
    let amount = |[left, top, right, bottom]: Hole| match each {
        true => (right - left) * (bottom - top) * channels,
        false => channels,
    };
    let mut values = match drawn.get("fill_values") {
        Some(Value::Numbers(_)) => {
            let needed = holes.iter().map(|hole| amount(*hole)).sum();
            Values::Given(drawn.exactly("fill_values", needed)?.iter())
        }
        _ => Values::Made(Box::new(Stream::of_field(drawn.seed_of("seed")?)), 0, 0),
    };
    for hole in &holes {
        if each {
            let [left, top, right, bottom] = *hole;
            let stride = shape.stride();
            let data = picture.data_mut();
            for y in top..bottom {
                for value in &mut data[y * stride..][left * channels..right * channels] {
                    *value = values.next();
                }
            }
        } else {
            let mut colour = [0; 4];
            colour[..channels].fill_with(|| values.next());
            paint(&mut picture, *hole, &colour[..channels]);
        }
    }
    Ok(picture)
}

/// Shrinks the boxes of a picture to what the holes leave of them, and drops those of
/// which too little is left. As in the reference, fractions of pixels are cut off first.
///
/// # Errors
/// [`Error::InvalidParameter`] for holes that are not within the picture.
pub(super) fn apply_to_boxes(boxes: &mut Boxes, shape: Shape, drawn: &Drawn) -> Result<()> {
    let holes = read(drawn, shape)?;
    if holes.is_empty() {
        return Ok(());
    }
    let mut starts: Vec<usize> = (0..holes.len()).collect();
    starts.sort_by_key(|&at| holes[at][1]);
    let mut starts = starts.into_iter().peekable();
    let mut open: Vec<Hole> = Vec::new();
    let pixels: Vec<Hole> = boxes
        .list()
        .iter()
        .map(|boxed| boxed.ends.map(|end| end as usize))
        .collect();
    let mut seen = look(&pixels, shape, &mut |y, hidden| {
        while let Some(at) = starts.next_if(|&at| holes[at][1] <= y) {
            open.push(holes[at]);
        }
        open.retain(|[_, _, _, bottom]| y < *bottom);
        hidden.fill(false);
        for [left, _, right, _] in &open {
            hidden[*left..*right].fill(true);
        }
    })
    .into_iter();
    let rules = boxes.rules();
    boxes.retain(|boxed| {
        let [left, top, right, bottom] = boxed.ends.map(f64::trunc);
        let Some((pixels, ends)) = seen.next().flatten() else {
            return false;
        };
        boxed.ends = ends.map(|end| end as f64);
        let pixels = pixels as f64;
        let area = (right - left) * (bottom - top);
        pixels >= rules.min_area && pixels / area >= rules.min_visibility
    });
    Ok(())
}

/// Levels that were handed in, or made four at a time.
enum Values<'a> {
    Given(std::slice::Iter<'a, f64>),
    Made(Box<Stream>, u32, u8),
}

impl Values<'_> {
    fn next(&mut self) -> u8 {
        match self {
            Self::Given(list) => list.next().copied().unwrap_or_default() as u8,
            Self::Made(stream, bits, left) => {
                if *left == 0 {
                    (*bits, *left) = (stream.bits(), 4);
                }
                let level = *bits as u8;
                (*bits, *left) = (*bits >> 8, *left - 1);
                level
            }
        }
    }
}

fn read(drawn: &Drawn, shape: Shape) -> Result<Vec<Hole>> {
    let ends = drawn.numbers_of("holes")?;
    let (holes, rest) = ends.as_chunks::<4>();
    let within = |start: f64, end: f64, length: usize| {
        start.fract() == 0.0
            && end.fract() == 0.0
            && (0.0..=end).contains(&start)
            && end <= length as f64
    };
    let good = holes.iter().all(|[left, top, right, bottom]| {
        within(*left, *right, shape.width) && within(*top, *bottom, shape.height)
    });
    if !good || !rest.is_empty() || holes.len() > MOST {
        return Err(Error::invalid(
            "holes",
            format!("a list of {} numbers", ends.len()),
            format!(
                "left, top, right, bottom of up to {MOST} holes, within {} x {} pixels",
                shape.width, shape.height
            ),
        ));
    }
    Ok(holes
        .iter()
        .map(|hole| hole.map(|end| end as usize))
        .collect())
}

fn paint(picture: &mut Raster, [left, top, right, bottom]: Hole, colour: &[u8]) {
    let channels = colour.len();
    let stride = picture.shape().stride();
    let plain = colour.iter().all(|&level| level == colour[0]);
    for row in picture
        .data_mut()
        .chunks_exact_mut(stride)
        .take(bottom)
        .skip(top)
    {
        let part = &mut row[left * channels..right * channels];
        if plain {
            part.fill(colour[0]);
        } else {
            for pixel in part.chunks_exact_mut(channels) {
                pixel.copy_from_slice(colour);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_has_one_colour_or_noise() {
        let picture = Raster::grey(8, 8, vec![7; 64]);
        let record = Drawn::nothing()
            .numbers("holes", vec![2.0, 1.0, 6.0, 5.0])
            .seed("seed", 5);
        let inside = |made: &Raster| -> Vec<u8> {
            (1..5).flat_map(|y| made.row(y)[2..6].to_vec()).collect()
        };
        let made = apply(picture.clone(), &Fill::Colours, &record).expect("a picture");
        let colours = inside(&made);
        assert!(colours.iter().all(|&level| level == colours[0]));
        assert_eq!(made.data().iter().filter(|&&level| level == 7).count(), 48);
        let noise = inside(&apply(picture, &Fill::Noise, &record).expect("a picture"));
        assert!(noise.iter().any(|&level| level != noise[0]));
    }
}

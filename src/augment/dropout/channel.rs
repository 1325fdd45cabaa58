//! Whole channels are taken away.

use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const CHANNEL_DROP_RANGE: Field = Field {
    name: "channel_drop_range",
    label: "Channels",
    help: "How many channels are taken away; at least one is left.",
    kind: Kind::Range {
        min: 1.0,
        max: 3.0,
        step: 1.0,
        whole: true,
        default: Some([1.0, 1.0]),
        unit: "",
        single: Single::Refused,
    },
};

const FILL: Field = Field {
    name: "fill",
    label: "Fill",
    help: "The level in their place; fractions are cut off.",
    kind: Kind::Number {
        min: 0.0,
        max: 255.0,
        step: 1.0,
        default: Some(0.0),
        unit: "levels",
    },
};

pub(super) const CHANNEL_DROPOUT: Definition = Definition {
    name: "ChannelDropout",
    family: Family::Dropout,
    help: "Fills whole channels, alpha among them. Pictures of one channel are refused.",
    p: 0.5,
    fields: &[CHANNEL_DROP_RANGE, FILL],
    build: |options| {
        Ok(Box::new(ChannelDropout {
            count: CHANNEL_DROP_RANGE
                .range(options)?
                .unwrap_or_default()
                .map(|count| count as usize),
            level: FILL.number(options)?.unwrap_or_default() as u8,
        }))
    },
};

#[derive(Debug)]
struct ChannelDropout {
    count: [usize; 2],
    level: u8,
}

impl Transform for ChannelDropout {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let [low, high] = self.count.map(|count| count.min(shape.channels) as u32);
        let count = stream.within(low..=high) as usize;
        let mut channels: Vec<f64> = (0..shape.channels).map(|channel| channel as f64).collect();
        stream.shuffle(&mut channels);
        channels.truncate(count);
        Drawn::nothing().numbers("channels_to_drop", channels)
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let channels = picture.channels();
        let unsupported = |field: &str, value: usize, allowed: String| Error::Unsupported {
            field: field.into(),
            value: value.to_string(),
            allowed,
        };
        if channels == 1 {
            return Err(unsupported("channels", 1, "3 or 4 channels".into()));
        }
        if self.count[1] >= channels {
            let allowed = format!("at most {} for this picture", channels - 1);
            return Err(unsupported(CHANNEL_DROP_RANGE.name, self.count[1], allowed));
        }
        let mut dropped = [false; 4];
        for &channel in drawn.numbers_of("channels_to_drop")? {
            if channel.fract() != 0.0 || !(0.0..channels as f64).contains(&channel) {
                let allowed = format!("whole numbers from 0, below {channels}");
                return Err(Error::invalid("channels_to_drop", channel, allowed));
            }
            dropped[channel as usize] = true;
        }
        match channels {
            3 => fill::<3>(picture.data_mut(), dropped, self.level),
            _ => fill::<4>(picture.data_mut(), dropped, self.level),
        }
        Ok(picture)
    }
}

/// Sixteen pixels at a time, so that it is done by masks.
fn fill<const C: usize>(data: &mut [u8], dropped: [bool; 4], level: u8) {
    let keep: [u8; 48] = std::array::from_fn(|at| if dropped[at % C] { 0 } else { 255 });
    for block in data.chunks_mut(48) {
        for (value, keep) in block.iter_mut().zip(keep) {
            *value = (*value & keep) | (level & !keep);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_filled() {
        let mut data: Vec<u8> = (0..60).map(|value| value % 3 + 1).collect();
        fill::<3>(&mut data, [false, true, false, false], 9);
        assert!(data.chunks(3).all(|pixel| pixel == [1, 9, 3]));
    }
}

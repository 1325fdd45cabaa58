//! Which layers a network has.

use super::{LANES, Plane};
use crate::classify::CLASSES;
use crate::error::{Error, Result, shorten};
use crate::mnist::SIDE;
use std::fmt;

/// More stages than any network that is worth it has.
const MOST_STAGES: usize = 24;

/// A step of a network before its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A 3 x 3 convolution to so many channels, normalised, negative values cut off.
    Convolution(usize),
    /// The largest of each 2 x 2 pixels.
    Pool,
}

/// How the last pixels become one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Every value of every pixel has a weight for each class.
    Flatten,
    /// The mean of each channel has a weight for each class.
    Average,
}

/// The layers of a network: stages, a head, and a dense layer to ten classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Architecture {
    stages: Vec<Stage>,
    head: Head,
}

impl Architecture {
    /// A network of these layers.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for no layers at all, channels that vectors do not divide, and pictures
    /// that are pooled below 7 x 7 pixels.
    pub fn new(stages: &[Stage], head: Head) -> Result<Self> {
        let pools = stages.iter().filter(|stage| **stage == Stage::Pool).count();
        if pools > 2 {
            return Err(Error::invalid("number of pools", pools, "0 to 2"));
        }
        if !matches!(stages.first(), Some(Stage::Convolution(_))) {
            let found = if stages.is_empty() { "none" } else { "a pool" };
            return Err(Error::invalid("first stage", found, "a convolution"));
        }
        for stage in stages {
            if let Stage::Convolution(channels) = stage
                && (*channels == 0 || channels % LANES != 0 || *channels > 512)
            {
                let allowed = "multiples of 16 up to 512";
                return Err(Error::invalid("channels", channels, allowed));
            }
        }
        Ok(Self {
            stages: stages.to_vec(),
            head,
        })
    }

    /// The network of a text as its `Display` writes it: `16-pool-32-average-10`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for another text, and what [`new`](Self::new) refuses.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            let allowed =
                "channels and pools with hyphens between them, then average-10 or flatten-10";
            Error::invalid("architecture", shorten(text), allowed)
        };
        let body = text.strip_suffix("-10").ok_or_else(wrong)?;
        let (stages, head) = match (body.strip_suffix("-average"), body.strip_suffix("-flatten")) {
            (Some(stages), _) => (stages, Head::Average),
            (_, Some(stages)) => (stages, Head::Flatten),
            _ => return Err(wrong()),
        };
        let stage = |part: &str| match part {
            "pool" => Ok(Stage::Pool),
            channels => channels
                .parse()
                .map(Stage::Convolution)
                .map_err(|_| wrong()),
        };
        let stages: Vec<Stage> = stages.split('-').map(stage).collect::<Result<_>>()?;
        if stages.len() > MOST_STAGES {
            return Err(wrong());
        }
        Self::new(&stages, head)
    }

    /// What goes in.
    pub const INPUT: Plane = Plane {
        side: SIDE,
        channels: 1,
    };

    /// Each stage with what goes into it and what comes out of it.
    pub fn steps(&self) -> impl Iterator<Item = (Stage, Plane, Plane)> {
        let mut plane = Self::INPUT;
        self.stages.iter().map(move |&stage| {
            let from = plane;
            plane = match stage {
                Stage::Convolution(channels) => from.with_channels(channels),
                Stage::Pool => Plane {
                    side: from.side / 2,
                    ..from
                },
            };
            (stage, from, plane)
        })
    }

    /// What the head is given.
    pub fn last(&self) -> Plane {
        self.steps().last().map_or(Self::INPUT, |(_, _, to)| to)
    }

    /// How the last pixels become one answer.
    pub fn head(&self) -> Head {
        self.head
    }

    /// How many features the dense layer weighs.
    pub fn features(&self) -> usize {
        match self.head {
            Head::Flatten => self.last().inner(),
            Head::Average => self.last().channels,
        }
    }

    /// How many numbers a trained network consists of, its normalisations folded into
    /// its convolutions.
    pub fn parameters(&self) -> usize {
        let convolutions = self.steps().map(|(stage, from, to)| match stage {
            Stage::Convolution(_) => (9 * from.channels + 1) * to.channels,
            Stage::Pool => 0,
        });
        convolutions.sum::<usize>() + (self.features() + 1) * CLASSES
    }

    /// How many multiplications with addition one answer takes.
    pub fn multiplications(&self) -> usize {
        let convolutions = self.steps().map(|(stage, from, to)| match stage {
            Stage::Convolution(_) => 9 * from.channels * to.inner(),
            Stage::Pool => 0,
        });
        convolutions.sum::<usize>() + self.features() * CLASSES
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for stage in &self.stages {
            match stage {
                Stage::Convolution(channels) => write!(f, "{channels}-")?,
                Stage::Pool => f.write_str("pool-")?,
            }
        }
        f.write_str(match self.head {
            Head::Flatten => "flatten-",
            Head::Average => "average-",
        })?;
        write!(f, "{CLASSES}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_counted() {
        let stages = [
            Stage::Convolution(16),
            Stage::Pool,
            Stage::Convolution(32),
            Stage::Pool,
        ];
        let network = Architecture::new(&stages, Head::Flatten).unwrap();
        assert_eq!(network.to_string(), "16-pool-32-pool-flatten-10");
        assert_eq!(
            network.last(),
            Plane {
                side: 7,
                channels: 32
            }
        );
        assert_eq!(
            network.parameters(),
            (9 + 1) * 16 + (9 * 16 + 1) * 32 + (7 * 7 * 32 + 1) * 10
        );
        assert_eq!(
            network.multiplications(),
            784 * 9 * 16 + 196 * 9 * 16 * 32 + 7 * 7 * 32 * 10
        );
        let network = Architecture::new(&stages, Head::Average).unwrap();
        assert_eq!(network.features(), 32);
    }

    #[test]
    fn what_it_is_called_is_read_back() {
        for text in ["16-pool-32-pool-flatten-10", "16-16-pool-64-average-10"] {
            assert_eq!(Architecture::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "16",
            "16-average",
            "16-max-average-10",
            "-1-average-10",
            "average-10",
            "20-average-10",
        ] {
            let error = Architecture::parse(text).unwrap_err();
            assert_eq!(error.code(), "invalid_parameter", "{text}");
        }
    }

    #[test]
    fn what_cannot_be_computed_is_refused() {
        use Stage::{Convolution, Pool};
        let cases: [(&[Stage], &str); 5] = [
            (&[], "first stage is none"),
            (&[Pool], "first stage is a pool"),
            (&[Convolution(20)], "channels is 20"),
            (&[Convolution(0)], "channels is 0"),
            (&[Convolution(16), Pool, Pool, Pool], "number of pools is 3"),
        ];
        for (stages, expected) in cases {
            let error = Architecture::new(stages, Head::Average)
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}

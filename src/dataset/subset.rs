//! What an item is for: training, validation or testing.

use super::weights::{self, MOST_WEIGHT};
use crate::error::{Error, Result};
use crate::parameter::describe;
use serde::Serialize;
use serde_json::{Map, Value};

/// What an item is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subset {
    /// For training.
    Train,
    /// For validation.
    Validation,
    /// For testing.
    Test,
}

impl Subset {
    /// All, in the order in which their files are listed.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// Its name in recipes and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

/// How items are divided into subsets: by weight, and by a hash of seed and index, never by runs of indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subsets {
    weights: [u32; 3],
}

impl Default for Subsets {
    fn default() -> Self {
        Self { weights: [1, 0, 0] }
    }
}

impl Subsets {
    /// Reads weights by subset; a subset that is left out has none.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] and [`Error::UnknownParameter`].
    pub fn from_json(value: &Value) -> Result<Self> {
        let allowed = format!(
            "an object with whole weights from 0 for train, validation and test, which add up to 1 to {MOST_WEIGHT}"
        );
        let refuse = |found: String| Error::invalid("subsets", found, allowed.clone());
        let object = value.as_object().ok_or_else(|| refuse(describe(value)))?;
        let known = |name: &String| Subset::ALL.iter().any(|subset| subset.name() == name);
        if let Some(unknown) = object.keys().find(|name| !known(name)) {
            return Err(Error::UnknownParameter {
                field: crate::error::shorten(unknown),
                allowed: "train, validation, test".into(),
            }
            .within("subsets"));
        }
        let mut weights = [0; 3];
        for (subset, weight) in Subset::ALL.into_iter().zip(&mut weights) {
            if let Some(given) = object.get(subset.name()) {
                *weight = match given.as_u64() {
                    Some(whole @ 0..=MOST_WEIGHT) => whole as u32,
                    _ => {
                        return Err(Error::invalid(
                            subset.name(),
                            describe(given),
                            format!("whole numbers from 0 to {MOST_WEIGHT}"),
                        )
                        .within("subsets"));
                    }
                };
            }
        }
        let sum: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
        match sum {
            1..=MOST_WEIGHT => Ok(Self { weights }),
            sum => Err(refuse(format!(
                "an object with weights that add up to {sum}"
            ))),
        }
    }

    /// The weights as an object, those that are 0 included.
    pub fn to_json(&self) -> Map<String, Value> {
        let subsets = Subset::ALL.into_iter().zip(self.weights);
        subsets
            .map(|(subset, weight)| (subset.name().to_owned(), weight.into()))
            .collect()
    }

    /// The subsets that can get items, in order: those that have a weight.
    pub fn used(&self) -> impl Iterator<Item = Subset> + Clone + use<> {
        let weights = self.weights;
        Subset::ALL
            .into_iter()
            .filter(move |&subset| weights[subset as usize] > 0)
    }

    /// The position of a subset among those that are [`used`](Self::used).
    pub fn position(&self, subset: Subset) -> Option<usize> {
        self.used().position(|used| used == subset)
    }

    /// The subset of item `index` under `seed`.
    ///
    /// The seed and the index are mixed to 64 bits, which are a fraction of 2^64: it falls to the subset in whose range of
    /// weights it lies. Never change this: every data set hangs on it.
    pub fn of(&self, seed: u64, index: u64) -> Subset {
        let choices = self.weights.into_iter().zip(Subset::ALL);
        weights::choose(choices, |sum| {
            let place = u128::from(mix(seed, index)) * u128::from(sum);
            (place >> 64) as u32
        })
    }
}

/// 64 bits of a seed and an index: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014) over the seed, then over the
/// sum of that and the index times the golden ratio.
fn mix(seed: u64, index: u64) -> u64 {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let finalize = |mut word: u64| {
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    };
    let seed = finalize(seed.wrapping_add(GOLDEN));
    finalize(seed.wrapping_add(index.wrapping_add(1).wrapping_mul(GOLDEN)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn subsets(json: Value) -> Subsets {
        Subsets::from_json(&json).expect("subsets")
    }

    // From an implementation of the mix in another language. They never change.
    #[test]
    fn the_subsets_of_a_seed_never_change() {
        assert_eq!(mix(7, 0), 0xb8b4_c297_7eab_ce45);
        assert_eq!(mix(7, 1), 0xa653_05fd_338e_c8fe);
        assert_eq!(mix(7, u64::MAX), 0x74b5_abcc_66b8_bdc1);
        assert_eq!(mix(0, 0), 0xa706_dd2f_4d19_7e6f);
        let subsets = subsets(json!({"train": 80, "validation": 10, "test": 10}));
        let first: String = (0..60)
            .map(|index| match subsets.of(7, index) {
                Subset::Train => 't',
                Subset::Validation => 'v',
                Subset::Test => 's',
            })
            .collect();
        let expected = "ttttttssvtstttvvsttsttttttsstststtsttvtsvtttttttttsvtttttvtt";
        assert_eq!(first, expected);
    }

    #[test]
    fn weights_are_shares() {
        let subsets = subsets(json!({"train": 80, "validation": 10, "test": 10}));
        let mut counts = [0; 3];
        for index in 0..10_000 {
            counts[subsets.of(7, index) as usize] += 1;
        }
        assert_eq!(counts, [8053, 990, 957]);
    }

    #[test]
    fn a_subset_without_weight_gets_nothing() {
        let only = subsets(json!({"test": 1}));
        assert!((0..1000).all(|index| only.of(index, index) == Subset::Test));
        assert_eq!(only.used().collect::<Vec<_>>(), [Subset::Test]);
        assert_eq!(only.position(Subset::Test), Some(0));
        assert_eq!(only.position(Subset::Train), None);
        let default = Subsets::default();
        assert!((0..1000).all(|index| default.of(1, index) == Subset::Train));
        let whole = json!({"train": 0, "validation": 0, "test": 1});
        assert_eq!(Value::Object(only.to_json()), whole);
    }

    #[test]
    fn other_weights_are_refused() {
        for (json, sentence) in [
            (
                json!([1]),
                "subsets is a list of 1 items; allowed: an object with whole weights",
            ),
            (
                json!({}),
                "subsets is an object with weights that add up to 0; allowed:",
            ),
            (json!({"train": 0}), "add up to 0"),
            (json!({"train": 1_000_000, "test": 1}), "add up to 1000001"),
            (
                json!({"train": 0.5}),
                "subsets.train is 0.5; allowed: whole numbers from 0 to 1000000.",
            ),
            (json!({"test": -1}), "subsets.test is -1;"),
            (json!({"test": 1_000_001}), "subsets.test is 1000001;"),
            (
                json!({"training": 1}),
                "subsets.training is not a known field; allowed: train, validation, test.",
            ),
        ] {
            let error = Subsets::from_json(&json).expect_err("refused").to_string();
            assert!(error.contains(sentence), "{error}");
        }
    }
}

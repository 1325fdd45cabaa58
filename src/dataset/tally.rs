//! The size and the hash of a file: of one that is whole, and of one on its way.

use serde_json::{Value, json};
use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest, Sha256};

/// A file that is whole, or a folder of such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFile {
    /// Its path in the data set; that of a folder ends with `/`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in lower-case hex; of a folder, that of its files one after the other in the order of their names.
    pub sha256: String,
    /// How many items are in it.
    pub items: u64,
}

impl MadeFile {
    /// As `recipe.json` lists it.
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "items": self.items,
        })
    }
}

/// Counts and hashes what is added, and can be kept and taken up again.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// How often something was added.
    count: u64,
    bytes: u64,
    hash: Sha256,
}

/// What no count reaches: adding to what is read never wraps around.
const MOST: u64 = 1 << 60;

impl Tally {
    /// Adds bytes.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.count += 1;
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    /// How often bytes were added.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// How many bytes were added.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What was added, as a file.
    pub(super) fn made(&self, name: String, items: u64) -> MadeFile {
        MadeFile {
            name,
            bytes: self.bytes,
            sha256: to_hex(&self.hash.clone().finalize()),
            items,
        }
    }

    /// Everything that is needed to go on.
    pub(super) fn to_json(&self) -> Value {
        let hash = to_hex(&self.hash.serialize());
        json!({ "count": self.count, "bytes": self.bytes, "hash": hash })
    }

    /// Takes up what [`to_json`](Self::to_json) gave; none for anything else.
    pub(super) fn from_json(value: &Value) -> Option<Self> {
        let hash = from_hex(value.get("hash")?.as_str()?)?;
        let state = SerializedState::<Sha256>::try_from(hash.as_slice()).ok()?;
        let number = |name: &str| value.get(name)?.as_u64().filter(|&number| number < MOST);
        Some(Self {
            count: number("count")?,
            bytes: number("bytes")?,
            hash: Sha256::deserialize(&state).ok()?,
        })
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes = pairs
        .iter()
        .map(|&[high, low]| Some((digit(high)? * 16 + digit(low)?) as u8));
    rest.is_empty().then(|| bytes.collect())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mnist::bucket::sha256;

    #[test]
    fn a_tally_goes_on_where_it_was_kept() {
        let bytes: Vec<u8> = (0..1000_u32).map(|k| (k * k) as u8).collect();
        for cut in [0, 1, 63, 64, 65, 500, 1000] {
            let mut tally = Tally::default();
            tally.add(&bytes[..cut]);
            let mut again = Tally::from_json(&tally.to_json()).expect("its own");
            again.add(&bytes[cut..]);
            let made = again.made("a".into(), 7);
            assert_eq!((made.bytes, made.items, again.count()), (1000, 7, 2));
            assert_eq!(made.sha256, sha256(&bytes), "{cut}");
        }
    }

    #[test]
    fn other_states_are_refused() {
        let good = Tally::default().to_json();
        let hash = good["hash"].as_str().expect("hex").to_owned();
        for (field, value) in [
            ("count", json!(-1)),
            ("bytes", json!("0")),
            ("hash", json!("")),
            ("hash", json!(hash[1..])),
            ("hash", json!(format!("{hash}00"))),
            ("hash", json!(hash.replace('0', "z"))),
            ("hash", json!("f".repeat(hash.len()))),
        ] {
            let mut broken = good.clone();
            broken[field] = value;
            assert!(Tally::from_json(&broken).is_none(), "{broken}");
        }
        assert!(Tally::from_json(&json!([])).is_none());
    }
}

//! Parts, blocks, shards and the names of files.

use super::boxes::Boxes;
use super::format_name::FormatName;
use super::formats::{self, Format};
use super::recipe::Recipe;
use super::subset::Subset;
use crate::error::{Error, Result, shorten};
use crate::mnist::Manifest;
use crate::mnist::SIDE;
use crate::mnist::bucket::sha256;
use crate::sequence::Fit;
use serde_json::{Map, Value, json};
use std::fmt;
use std::ops::Range;

/// Raw pixels of a block, if its pictures are as wide as they can be.
const BLOCK_PIXELS: u64 = 4_000_000;

/// The most items of a block.
const BLOCK_ITEMS: u64 = 1_000;

/// How many numbers are looked at to tell how long they are.
const SAMPLED: u64 = 100;

/// The most shards.
const MOST_SHARDS: u64 = 1_000_000;

/// Which of the parts are made: those whose number is `index` modulo `count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    count: u64,
}

impl Shard {
    /// All parts.
    pub const WHOLE: Self = Self { index: 0, count: 1 };

    /// Reads `i/n`, such as `0/4`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse::<u64>().ok(),
            false => None,
        };
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(index, count)| number(index).zip(number(count)));
        match numbers {
            Some((index, count)) if index < count && count <= MOST_SHARDS => {
                Ok(Self { index, count })
            }
            _ => Err(Error::invalid(
                "shard",
                format!("\"{}\"", shorten(text)),
                format!("i/n such as 0/4, with n from 1 to {MOST_SHARDS} and i from 0 to n-1"),
            )),
        }
    }

    /// Its number, from 0.
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many there are.
    pub fn count(self) -> u64 {
        self.count
    }

    /// Whether it is all there is.
    pub fn is_whole(self) -> bool {
        self.count == 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// A range of indices whose items go into files of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number among all parts of the data set, from 0.
    pub number: u64,
    /// Its items.
    pub indices: Range<u64>,
}

/// A file of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartFile {
    /// Its position among the part's files, from 0.
    pub number: usize,
    /// Its path in the data set, with `/` between folders.
    pub name: String,
    /// The only subset whose items are in it, if there is only one.
    pub subset: Option<Subset>,
    /// How many items are in it.
    pub items: u64,
}

impl PartFile {
    /// A file whose items are not counted yet.
    pub fn new(number: usize, name: String, subset: Option<Subset>) -> Self {
        Self {
            number,
            name,
            subset,
            items: 0,
        }
    }
}

/// A recipe on a bucket, and the shard of it that is made.
pub struct Plan {
    recipe: Recipe,
    manifest: Manifest,
    manifest_sha256: String,
    shard: Shard,
    format: Box<dyn Format>,
    sha256: String,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("recipe", &self.recipe)
            .field("shard", &self.shard)
            .finish_non_exhaustive()
    }
}

impl Plan {
    /// A plan for a recipe on the bucket of a manifest, which is given as the text of its file.
    ///
    /// # Errors
    /// [`Error::MissingParameter`] when the recipe still needs its file of numbers, [`Error::InvalidFile`] for a manifest
    /// that is none, [`Error::InvalidParameter`] when the recipe belongs to another bucket, and [`Error::NoSamples`] when
    /// the bucket lacks a digit that the recipe can show, and what the kind of files refuses.
    pub fn new(recipe: Recipe, manifest: &str, shard: Shard) -> Result<Self> {
        let manifest_sha256 = sha256(manifest.as_bytes());
        let manifest = Manifest::parse(manifest)?;
        if let Some(file) = recipe.needs_file() {
            let name = shorten(&file.name);
            return Err(Error::MissingParameter {
                field: "numbers.file".into(),
                allowed: format!("the text of {name}, whose SHA-256 is {}", file.sha256),
            });
        }
        let format = formats::of(recipe.format());
        let text = format!("{}\n{manifest_sha256}", recipe.to_text());
        let sha256 = sha256(text.as_bytes());
        recipe.check_origin(&manifest_sha256, &sha256)?;
        let possible = recipe.numbers().possible();
        for subset in recipe.subsets().used() {
            let splits = recipe.splits(subset);
            for (digit, _) in (0..).zip(possible).filter(|(_, possible)| *possible) {
                let counts = splits.as_slice().iter();
                if counts
                    .map(|&split| manifest.count(split, digit))
                    .all(|count| count == 0)
                {
                    return Err(Error::NoSamples {
                        digit,
                        split: splits.name().into(),
                        dataset: manifest.name.clone(),
                    });
                }
            }
        }
        let plan = Self {
            recipe,
            manifest,
            manifest_sha256,
            shard,
            format,
            sha256,
        };
        plan.format.check(&plan)?;
        Ok(plan)
    }

    /// The recipe.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The bucket's table of contents.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The shard that is made.
    pub fn shard(&self) -> Shard {
        self.shard
    }

    /// The kind of files.
    pub fn format(&self) -> &dyn Format {
        &*self.format
    }

    /// SHA-256 of the recipe's canonical text, a line feed, and the SHA-256 of the bucket's manifest, in lower-case hex:
    /// data sets of the same hash have the same items.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What is told of the data set as JSON beside its files: version, recipe, hash and bucket.
    pub fn to_json(&self) -> Map<String, Value> {
        let fields = [
            ("digitlab", json!(env!("CARGO_PKG_VERSION"))),
            ("recipe", Value::Object(self.recipe.to_json())),
            ("sha256", json!(self.sha256)),
            (
                "bucket",
                json!({ "name": self.manifest.name, "sha256": self.manifest_sha256 }),
            ),
        ];
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// How many parts the data set has, those of other shards included.
    pub fn part_count(&self) -> u64 {
        self.recipe.count().div_ceil(self.recipe.items_per_file())
    }

    /// Part `number` of the data set.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there are not that many.
    pub fn part(&self, number: u64) -> Result<Part> {
        let parts = self.part_count();
        if number >= parts {
            let allowed = format!("whole numbers from 0 to {}", parts - 1);
            return Err(Error::invalid("part", number, allowed));
        }
        let start = number * self.recipe.items_per_file();
        let end = (start + self.recipe.items_per_file()).min(self.recipe.count());
        Ok(Part {
            number,
            indices: start..end,
        })
    }

    /// The parts of this shard, in order.
    pub fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        let numbers = (self.shard.index..self.part_count()).step_by(self.shard.count as usize);
        numbers.map(|number| self.part(number).expect("a number below the count"))
    }

    /// How many items a block has; the last one of a part may have fewer. A function of the recipe alone.
    pub fn block_items(&self) -> u64 {
        let pixels = self.recipe.widest() as u64 * SIDE as u64;
        (BLOCK_PIXELS / pixels).clamp(1, BLOCK_ITEMS)
    }

    /// How many blocks a part has.
    pub fn block_count(&self, part: &Part) -> u64 {
        (part.indices.end - part.indices.start).div_ceil(self.block_items())
    }

    /// The indices of block `number` of a part.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there are not that many.
    pub fn block(&self, part: &Part, number: u64) -> Result<Range<u64>> {
        let blocks = self.block_count(part);
        if number >= blocks {
            let allowed = format!("whole numbers from 0 to {}", blocks.saturating_sub(1));
            return Err(Error::invalid("block", number, allowed));
        }
        let start = part.indices.start + number * self.block_items();
        Ok(start..(start + self.block_items()).min(part.indices.end))
    }

    /// The blocks of a part, in order.
    pub fn blocks(&self, part: &Part) -> impl Iterator<Item = Range<u64>> + use<'_> {
        let part = part.clone();
        (0..self.block_count(&part))
            .map(move |number| self.block(&part, number).expect("a number below the count"))
    }

    /// The files of a part, with the number of items in each. This asks for the subset of each of the part's items: not
    /// for use in a loop.
    pub fn files(&self, part: &Part) -> Vec<PartFile> {
        let subsets = self.recipe.subsets();
        let mut counts = [0; Subset::ALL.len()];
        for index in part.indices.clone() {
            counts[subsets.of(self.recipe.seed(), index) as usize] += 1;
        }
        let mut files = self.format.files(self, part);
        for file in &mut files {
            file.items = match file.subset {
                Some(subset) => counts[subset as usize],
                None => counts.iter().sum(),
            };
        }
        files
    }

    /// The name of one file of a part: `stem.ending`, or `stem-00003.ending` when the data set has several parts.
    pub fn file_name(&self, stem: &str, part: &Part, ending: &str) -> String {
        match self.part_count() {
            1 => format!("{stem}{ending}"),
            _ => format!("{stem}-{}{ending}", self.part_number(part.number)),
        }
    }

    /// A part's number as five digits, or as many as the last part's number has.
    fn part_number(&self, number: u64) -> String {
        let digits = (self.part_count() - 1).to_string().len().max(5);
        format!("{number:0digits$}")
    }

    /// How many items this shard has.
    pub fn items(&self) -> u64 {
        let parts = self.part_count();
        let (each, last) = (self.recipe.items_per_file(), parts - 1);
        let own = match self.shard.index < parts {
            true => (parts - 1 - self.shard.index) / self.shard.count + 1,
            false => 0,
        };
        let has_last = own > 0 && last % self.shard.count == self.shard.index;
        let lacking = match has_last {
            true => parts * each - self.recipe.count(),
            false => 0,
        };
        own * each - lacking
    }

    /// About how many bytes the files of this shard will have, for people to decide by: an estimate from the recipe, as
    /// plain digits pack, so that noise and other augmentation make more of it. The arrays are told of more exactly.
    pub fn estimate(&self) -> u64 {
        let recipe = &self.recipe;
        let longest = recipe.numbers().longest() as f64;
        let sampled = recipe.count().min(SAMPLED);
        let digits = (0..sampled).map(|index| recipe.numbers().of(recipe.seed(), index).len());
        let digits = digits.sum::<usize>() as f64 / sampled as f64;
        let wide = recipe.widest() as f64;
        // Of a picture as wide as usual, a digit takes about 210 bytes.
        let stretched = match recipe.fit() {
            Fit::Stretch(_) => (wide / (26.0 * digits)).clamp(0.2, 4.0),
            Fit::Pad(_) | Fit::Natural => 1.0,
        };
        let picture = 90.0 + 210.0 * digits * stretched;
        let row = 50.0 + 40.0 * digits;
        let boxes = match recipe.boxes() {
            Boxes::None => 0.0,
            Boxes::Coco => 80.0 + 130.0 * digits,
            Boxes::Yolo => 30.0 * digits,
        };
        let array = 4.0 * longest + 2.0 + longest + 32.0 * longest + 8.0;
        let each = match recipe.format() {
            FormatName::PngZip => {
                let entries = if recipe.boxes() == Boxes::Yolo {
                    2.0
                } else {
                    1.0
                };
                130.0 * entries + picture + row + boxes
            }
            FormatName::PngFolder => picture + row + boxes,
            // Three headers, and each file up to a multiple of 512 bytes.
            FormatName::WebDataset => 3.0 * 512.0 + 3.0 * 256.0 + picture + 100.0 + 130.0 * digits,
            FormatName::Parquet => picture + 40.0 + 37.0 * digits,
            FormatName::Npz | FormatName::Npy => SIDE as f64 * wide + array,
            FormatName::Idx => SIDE as f64 * wide + longest,
        };
        (self.items() as f64 * each) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const MANIFEST: &str = include_str!("../../www/mnist/manifest.json");

    fn plan(changes: Value, shard: &str) -> Plan {
        let mut json =
            json!({"count": 25, "numbers": {"random": 6}, "image_width": 168, "seed": 7});
        for (name, value) in changes.as_object().expect("changes") {
            json[name] = value.clone();
        }
        let recipe = Recipe::from_json(&json, 0).expect("a recipe");
        Plan::new(recipe, MANIFEST, Shard::parse(shard).expect("a shard")).expect("a plan")
    }

    #[test]
    fn parts_and_blocks_cover_all_items_once_in_order() {
        for (per_file, shard, expected) in [
            (25, "0/1", &[(0, 25)][..]),
            (10, "0/1", &[(0, 10), (10, 20), (20, 25)]),
            (10, "0/2", &[(0, 10), (20, 25)]),
            (10, "1/2", &[(10, 20)]),
            (10, "3/4", &[]),
        ] {
            let plan = plan(json!({"items_per_file": per_file}), shard);
            let ends = |part: Part| (part.indices.start, part.indices.end);
            let parts: Vec<_> = plan.parts().map(ends).collect();
            assert_eq!(parts, expected);
            let items: u64 = expected.iter().map(|(start, end)| end - start).sum();
            assert_eq!(plan.items(), items);
        }
        let plan = plan(json!({"count": 2500}), "0/1");
        let part = plan.part(0).unwrap();
        assert_eq!(plan.block_items(), 850);
        let blocks: Vec<_> = plan.blocks(&part).collect();
        assert_eq!(blocks, [0..850, 850..1700, 1700..2500]);
        assert_eq!(plan.block(&part, 2), Ok(1700..2500));
        assert_eq!(
            plan.block(&part, 3).unwrap_err().code(),
            "invalid_parameter"
        );
        assert_eq!(plan.part(1).unwrap_err().code(), "invalid_parameter");
    }

    #[test]
    fn blocks_are_of_about_four_megabytes() {
        for (width, items) in [(28, 1000), (168, 850), (16_384, 8)] {
            assert_eq!(
                plan(json!({"image_width": width}), "0/1").block_items(),
                items
            );
        }
        // A picture that is wider than any image may be asked for.
        let wide = json!({"fit": "natural", "spacing_max": 1000, "numbers": {"random": 256}});
        assert_eq!(plan(wide, "0/1").block_items(), 1);
    }

    #[test]
    fn files_have_names_and_counts() {
        let subsets = json!({"train": 8, "validation": 1, "test": 1});
        let plan = plan(
            json!({"format": "png-folder", "boxes": "yolo", "items_per_file": 20, "subsets": subsets}),
            "0/1",
        );
        let files: Vec<Vec<_>> = plan
            .parts()
            .map(|part| {
                let files = plan.files(&part).into_iter();
                files.map(|file| (file.name, file.items)).collect()
            })
            .collect();
        let counts = |range: Range<u64>, subset| {
            let subsets = plan.recipe().subsets();
            range
                .filter(|&index| subsets.of(7, index) == subset)
                .count() as u64
        };
        let name = |name: &str| name.to_owned();
        assert_eq!(
            files,
            [
                vec![
                    (name("train/labels-00000.csv"), counts(0..20, Subset::Train)),
                    (
                        name("validation/labels-00000.csv"),
                        counts(0..20, Subset::Validation)
                    ),
                    (name("test/labels-00000.csv"), counts(0..20, Subset::Test)),
                    (name("data.yaml"), 20),
                ],
                vec![
                    (
                        name("train/labels-00001.csv"),
                        counts(20..25, Subset::Train)
                    ),
                    (
                        name("validation/labels-00001.csv"),
                        counts(20..25, Subset::Validation)
                    ),
                    (name("test/labels-00001.csv"), counts(20..25, Subset::Test)),
                ],
            ]
        );
    }

    #[test]
    fn shards_are_two_whole_numbers() {
        assert_eq!(Shard::parse("0/1"), Ok(Shard::WHOLE));
        assert_eq!(Shard::parse("3/4").unwrap().to_string(), "3/4");
        for wrong in [
            "",
            "1",
            "/",
            "1/1",
            "-1/2",
            "+0/2",
            "0/0",
            "0/1000001",
            "0 / 2",
            "1/2/3",
            "99999999999999999999/2",
        ] {
            let error = Shard::parse(wrong).unwrap_err().to_string();
            assert!(error.contains("allowed: i/n such as 0/4"), "{error}");
        }
    }

    #[test]
    fn a_recipe_that_was_written_for_something_else_is_refused() {
        let plan = plan(json!({}), "0/1");
        let told = Value::Object(plan.to_json());
        let again = Recipe::from_json(&told, 0).unwrap();
        let same = Plan::new(again.clone(), MANIFEST, Shard::WHOLE).unwrap();
        assert_eq!(same.sha256(), plan.sha256());
        // The same shards, another text.
        let other = MANIFEST.replacen("\"name\": \"MNIST\"", "\"name\": \"Mine\"", 1);
        assert_ne!(other, MANIFEST);
        let error = Plan::new(again, &other, Shard::WHOLE)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("bucket is \"MNIST\"; allowed: "),
            "{error}"
        );
        let mut changed = told.clone();
        changed["recipe"]["count"] = json!(26);
        let changed = Recipe::from_json(&changed, 0).unwrap();
        let error = Plan::new(changed, MANIFEST, Shard::WHOLE)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("sha256 is ") && error.contains("one of them was changed"),
            "{error}"
        );
    }

    #[test]
    fn a_plan_needs_its_file_and_its_digits() {
        let hash = sha256(b"12\n");
        let file = json!({"count": 5, "image_width": 28, "numbers": {"file": {"name": "n.txt", "sha256": hash, "lines": 1}}});
        let recipe = Recipe::from_json(&file, 0).unwrap();
        let error = Plan::new(recipe.clone(), MANIFEST, Shard::WHOLE)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("numbers.file is missing; give the text of n.txt"),
            "{error}"
        );
        Plan::new(recipe.with_file("12\n").unwrap(), MANIFEST, Shard::WHOLE).unwrap();

        let mut lacking: Value = serde_json::from_str(MANIFEST).unwrap();
        lacking["splits"]["test"]["digits"][3] = json!([]);
        let lacking = lacking.to_string();
        let recipe = |numbers: Value, split: &str, subsets: Value| {
            let json = json!({"count": 5, "image_width": 28, "numbers": numbers, "split": split, "subsets": subsets});
            Recipe::from_json(&json, 0).unwrap()
        };
        let one = json!({"train": 1});
        let two = json!({"train": 1, "test": 1});
        for (numbers, split, subsets, refused) in [
            (json!({"random": 3}), "test", &one, true),
            (json!({"random": 3}), "all", &one, false),
            (json!({"random": 3}), "matching", &one, false),
            (json!({"random": 3}), "matching", &two, true),
            (json!({"list": ["124"]}), "matching", &two, false),
        ] {
            let made = Plan::new(
                recipe(numbers, split, subsets.clone()),
                &lacking,
                Shard::WHOLE,
            );
            assert_eq!(
                made.err().map(|error| error.code()),
                refused.then_some("no_samples")
            );
        }
    }
}

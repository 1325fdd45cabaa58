//! What is made: the recipe, its fields, and how it is read from JSON.

mod fields;

use super::boxes::Boxes;
use super::format_name::FormatName;
use super::numbers::{FileOfNumbers, Numbers};
use super::origin::Origin;
use super::plan::Shard;
use super::subset::{Subset, Subsets};
use crate::error::{Error, Result, shorten};
use crate::mnist::{SIDE, Split};
use crate::parameter::{Field, describe};
use crate::sequence::fields::{
    AUGMENT, FIT, IMAGE_WIDTH, INK, MARGIN, PIPELINE, SEED, SPACING_MAX, SPACING_MIN, TIGHT,
};
use crate::sequence::{Fit, Request, Splits};
use fields::{BOXES, COUNT, FORMAT, ITEMS_PER_FILE, SPLIT};
use serde_json::{Map, Value, json};

pub use fields::FIELDS;

/// The most items of a data set.
pub const MOST_ITEMS: u64 = 10_000_000;

/// The name of a data set that is given none.
const NAME: &str = "digits";

/// The longest name.
const LONGEST_NAME: usize = 40;

/// The most parts: all are listed in `recipe.json`.
const MOST_PARTS: u64 = 100_000;

/// The fields that are not plain ones: what they take is said by the modules that read them.
const OTHERS: [&str; 3] = ["name", "numbers", "subsets"];

/// A recipe that has been checked: every value is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    name: String,
    count: u64,
    numbers: Numbers,
    /// How pictures look; its number and index are those of no item.
    picture: Request,
    /// Whether the test subset shows test digits, and the others train digits.
    matching: bool,
    subsets: Subsets,
    format: FormatName,
    boxes: Boxes,
    items_per_file: u64,
    origin: Option<Origin>,
}

impl Recipe {
    /// Reads a recipe, or the `recipe.json` of a data set. `drawn_seed` is what holds when it names no seed.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], [`Error::MissingParameter`], [`Error::UnknownParameter`] or, for a pipeline,
    /// [`Error::LimitExceeded`] for the first field that is not as it must be. Unknown fields come first.
    pub fn from_json(value: &Value, drawn_seed: u64) -> Result<Self> {
        let object = value.as_object().ok_or_else(|| {
            let allowed = "an object with the fields count and numbers";
            Error::invalid("recipe", describe(value), allowed)
        })?;
        if let Some(recipe) = object.get("recipe") {
            let origin = Origin::from_json(object)?;
            let mut read = Self::from_json_of(recipe, drawn_seed)?;
            read.origin = Some(origin);
            return Ok(read);
        }
        Self::from_json_of(value, drawn_seed)
    }

    fn from_json_of(value: &Value, drawn_seed: u64) -> Result<Self> {
        let object = value.as_object().ok_or_else(|| {
            let allowed = "an object with the fields count and numbers";
            Error::invalid("recipe", describe(value), allowed)
        })?;
        let known = || {
            OTHERS
                .into_iter()
                .chain(FIELDS.iter().map(|field| field.name))
        };
        if let Some(unknown) = object
            .keys()
            .find(|key| known().all(|name| name != key.as_str()))
        {
            return Err(Error::UnknownParameter {
                field: shorten(unknown),
                allowed: known().collect::<Vec<_>>().join(", "),
            });
        }
        let name = name(object.get("name"))?;
        let count = whole(&COUNT, object)?.ok_or_else(|| COUNT.missing())?;
        let numbers = Numbers::from_json(object.get("numbers"), object.get("order"))?;
        let split = SPLIT.choice(object)?;
        let picture = picture(object, split, drawn_seed)?;
        let subsets = match object.get("subsets") {
            None => Subsets::default(),
            Some(given) => Subsets::from_json(given)?,
        };
        let format = FormatName::named(FORMAT.choice(object)?).expect("a name of the field");
        if format.is_array() && picture.fit() == Fit::Natural {
            let allowed = format!(
                "stretch, pad with the format {}, whose pictures are all equally wide",
                format.name()
            );
            return Err(Error::invalid("fit", "natural", allowed));
        }
        let boxes = match BOXES.choice(object)? {
            "coco" => Boxes::Coco,
            "yolo" => Boxes::Yolo,
            _ => Boxes::None,
        };
        if boxes != Boxes::None && !format.takes_boxes() {
            let allowed = format!(
                "none with the format {}; only png-zip and png-folder have such files",
                format.name()
            );
            return Err(Error::invalid("boxes", boxes.name(), allowed));
        }
        let items_per_file =
            whole(&ITEMS_PER_FILE, object)?.unwrap_or_else(|| format.items_per_file());
        let parts = count.div_ceil(items_per_file);
        if parts > MOST_PARTS {
            let found = format!("{items_per_file}, which makes {parts} parts of {count} items");
            let allowed = format!(
                "whole numbers from {} to {MOST_ITEMS}, which make at most {MOST_PARTS} parts",
                count.div_ceil(MOST_PARTS)
            );
            return Err(Error::invalid(ITEMS_PER_FILE.name, found, allowed));
        }
        Ok(Self {
            name,
            count,
            numbers,
            picture,
            matching: split == "matching",
            subsets,
            format,
            boxes,
            items_per_file,
            origin: None,
        })
    }

    /// The recipe with its defaults filled in, always in the same order; read again, it gives the same.
    pub fn to_json(&self) -> Map<String, Value> {
        let mut recipe = Map::new();
        recipe.insert("name".into(), json!(self.name));
        recipe.insert("count".into(), json!(self.count));
        recipe.extend(self.numbers.to_json());
        let picture = self.picture.to_json().into_iter();
        recipe.extend(picture.filter(|(name, _)| !matches!(name.as_str(), "number" | "index")));
        if self.matching {
            recipe.insert("split".into(), json!("matching"));
        }
        recipe.insert("subsets".into(), Value::Object(self.subsets.to_json()));
        recipe.insert("format".into(), json!(self.format.name()));
        if self.format.takes_boxes() {
            recipe.insert("boxes".into(), json!(self.boxes.name()));
        }
        recipe.insert("items_per_file".into(), json!(self.items_per_file));
        recipe
    }

    /// The recipe as canonical text: [`to_json`](Self::to_json) without spaces.
    pub fn to_text(&self) -> String {
        Value::Object(self.to_json()).to_string()
    }

    /// The base of file names.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many items there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Which numbers are shown.
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// The file that must be handed in beside the recipe, if that is still to be done.
    pub fn needs_file(&self) -> Option<&FileOfNumbers> {
        self.numbers.needs_file()
    }

    /// The recipe with the text of its file of numbers.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] when it is not the file that the recipe means, [`Error::InvalidParameter`] when the recipe
    /// means none.
    pub fn with_file(mut self, text: &str) -> Result<Self> {
        self.numbers.set_file(text)?;
        Ok(self)
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.picture.seed()
    }

    /// How pictures get their width.
    pub fn fit(&self) -> Fit {
        self.picture.fit()
    }

    /// How many columns the widest picture can have.
    pub fn widest(&self) -> usize {
        match self.picture.fit() {
            Fit::Stretch(width) | Fit::Pad(width) => width,
            Fit::Natural => self.picture.widest(self.numbers.longest(), SIDE),
        }
    }

    /// How items are divided into subsets.
    pub fn subsets(&self) -> &Subsets {
        &self.subsets
    }

    /// The kind of files.
    pub fn format(&self) -> FormatName {
        self.format
    }

    /// The files of boxes beside `labels.csv`.
    pub fn boxes(&self) -> Boxes {
        self.boxes
    }

    /// How many indices a part spans.
    pub fn items_per_file(&self) -> u64 {
        self.items_per_file
    }

    /// The shard that the `recipe.json` was written for, if it was read from one of a shard.
    pub fn shard(&self) -> Option<Shard> {
        self.origin.as_ref().and_then(|origin| origin.shard)
    }

    /// Refuses to make something else than what a `recipe.json` told of.
    pub(super) fn check_origin(&self, manifest_sha256: &str, own_sha256: &str) -> Result<()> {
        match &self.origin {
            Some(origin) => origin.check(manifest_sha256, own_sha256),
            None => Ok(()),
        }
    }

    /// Which splits the items of a subset show digits of.
    pub fn splits(&self, subset: Subset) -> Splits {
        match (self.matching, subset) {
            (false, _) => self.picture.splits(),
            (true, Subset::Test) => Splits::One(Split::Test),
            (true, _) => Splits::One(Split::Train),
        }
    }

    /// The request of an item, which gives its picture.
    pub fn request(&self, index: u64) -> Request {
        let mut request = self.picture.clone();
        self.ask(index, &mut request);
        request
    }

    /// Turns the request of an item, any of this recipe, into that of another, whose subset it tells.
    pub fn ask(&self, index: u64, request: &mut Request) -> Subset {
        let subset = self.subsets.of(self.seed(), index);
        request.set_index(index);
        request.set_splits(self.splits(subset));
        request.set_digits(|digits| self.numbers.append(self.seed(), index, digits));
        subset
    }
}

/// A whole number that may be left out but not be `null`.
fn whole(field: &Field, object: &Map<String, Value>) -> Result<Option<u64>> {
    match object.get(field.name) {
        Some(null @ Value::Null) => Err(field.refuse(null)),
        _ => field.integer(object),
    }
}

fn name(value: Option<&Value>) -> Result<String> {
    let Some(value) = value else {
        return Ok(NAME.into());
    };
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    match value.as_str() {
        Some(text) if (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(plain) => {
            Ok(text.into())
        }
        _ => {
            let allowed = format!("1 to {LONGEST_NAME} of the characters a-z, 0-9, _ and -");
            Err(Error::invalid("name", describe(value), allowed))
        }
    }
}

/// The request that says how pictures look.
fn picture(object: &Map<String, Value>, split: &str, drawn_seed: u64) -> Result<Request> {
    let own = [
        SPACING_MIN,
        SPACING_MAX,
        IMAGE_WIDTH,
        FIT,
        AUGMENT,
        PIPELINE,
        INK,
        MARGIN,
        TIGHT,
        SEED,
    ];
    let mut request = Map::new();
    request.insert("number".into(), json!("0"));
    if split != "matching" {
        request.insert("split".into(), json!(split));
    }
    for field in own {
        if let Some(given) = object.get(field.name) {
            request.insert(field.name.into(), given.clone());
        }
    }
    Request::from_json(&Value::Object(request), drawn_seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(field: &str, value: Value) -> Value {
        let mut json = json!({"count": 10, "numbers": {"random": 6}, "image_width": 168});
        json[field] = value;
        json
    }

    fn recipe(json: &Value) -> Recipe {
        Recipe::from_json(json, 7).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    #[test]
    fn defaults_are_filled_in_and_read_again() {
        let read = recipe(&json!({"count": 10, "numbers": {"random": 6}, "image_width": 168}));
        let expected = json!({
            "name": "digits",
            "count": 10,
            "numbers": {"random": 6},
            "spacing_min": 5,
            "spacing_max": 10,
            "image_width": 168,
            "fit": "stretch",
            "augment": false,
            "split": "all",
            "ink": "white-on-black",
            "margin": 4,
            "tight": true,
            "seed": "7",
            "subsets": {"train": 1, "validation": 0, "test": 0},
            "format": "png-zip",
            "boxes": "none",
            "items_per_file": 10_000_000,
        });
        // As text, because the order matters.
        assert_eq!(read.to_text(), expected.to_string());
        assert_eq!(recipe(&expected), read);
        assert_eq!(Recipe::from_json(&expected, 99), Ok(read));
    }

    #[test]
    fn every_recipe_is_read_as_it_is_written() {
        for (field, value) in [
            ("name", json!("my-digits_2")),
            ("order", json!("shuffled")),
            ("split", json!("matching")),
            ("split", json!("test")),
            ("seed", json!("18446744073709551615")),
            ("augment", json!(true)),
            ("pipeline", json!("strong")),
            ("fit", json!("natural")),
            ("subsets", json!({"train": 8, "test": 2})),
            ("format", json!("webdataset")),
            ("format", json!("idx")),
            ("boxes", json!("coco")),
            ("items_per_file", json!(3)),
        ] {
            let mut json = with(field, value);
            if field == "order" {
                json["numbers"] = json!({"range": [0, 9]});
            }
            let read = recipe(&json);
            let again = Recipe::from_json(&Value::Object(read.to_json()), 0);
            assert_eq!(again, Ok(read), "{json}");
        }
    }

    #[test]
    fn a_seed_is_drawn_only_when_none_is_given() {
        assert_eq!(recipe(&with("ink", json!("white-on-black"))).seed(), 7);
        assert_eq!(recipe(&with("seed", json!(5))).seed(), 5);
    }

    #[test]
    fn every_field_is_refused_with_field_value_and_what_is_allowed() {
        for (field, value, sentence) in [
            (
                "colour",
                json!(1),
                "colour is not a known field; allowed: name, numbers, subsets, count, order,",
            ),
            ("number", json!("5"), "number is not a known field;"),
            ("index", json!(1), "index is not a known field;"),
            (
                "name",
                json!(""),
                "name is empty text; allowed: 1 to 40 of the characters a-z, 0-9, _ and -.",
            ),
            ("name", json!("../x"), "name is the text \"../x\";"),
            ("name", json!("A"), "name is the text \"A\";"),
            ("name", json!("a".repeat(41)), "name is the text"),
            ("name", json!(5), "name is 5;"),
            (
                "count",
                json!(0),
                "count is 0; allowed: whole numbers from 1 to 10000000.",
            ),
            ("count", json!(10_000_001), "count is 10000001;"),
            ("count", json!(null), "count is null;"),
            ("count", json!(1.5), "count is 1.5;"),
            (
                "numbers",
                json!({"list": []}),
                "numbers.list is a list of 0 items;",
            ),
            (
                "order",
                json!("shuffled"),
                "order is the text \"shuffled\"; allowed: nothing with numbers that are random",
            ),
            (
                "spacing_min",
                json!(11),
                "spacing_min is 11; allowed: whole numbers up to spacing_max",
            ),
            (
                "spacing_max",
                json!(-1),
                "spacing_max is -1; allowed: whole numbers from 0 to 1000 (pixels).",
            ),
            ("image_width", json!(0), "image_width is 0;"),
            (
                "fit",
                json!("crop"),
                "fit is the text \"crop\"; allowed: stretch, pad, natural.",
            ),
            ("augment", json!("yes"), "augment is the text \"yes\";"),
            (
                "pipeline",
                json!("other"),
                "pipeline is the text \"other\";",
            ),
            (
                "split",
                json!("validation"),
                "split is the text \"validation\"; allowed: all, train, test, matching.",
            ),
            ("ink", json!("red"), "ink is the text \"red\";"),
            ("margin", json!(1001), "margin is 1001;"),
            ("tight", json!(2), "tight is 2;"),
            ("seed", json!(-1), "seed is -1;"),
            (
                "subsets",
                json!({"train": 0}),
                "subsets is an object with weights that add up to 0;",
            ),
            (
                "format",
                json!("tfrecord"),
                "format is the text \"tfrecord\"; allowed: png-zip, png-folder, webdataset, parquet, npz, npy, idx.",
            ),
            (
                "boxes",
                json!("voc"),
                "boxes is the text \"voc\"; allowed: none, coco, yolo.",
            ),
            (
                "items_per_file",
                json!(0),
                "items_per_file is 0; allowed: whole numbers from 1 to 10000000.",
            ),
            ("items_per_file", json!(null), "items_per_file is null;"),
        ] {
            let error = Recipe::from_json(&with(field, value.clone()), 7);
            let error = error.expect_err(&format!("{field}: {value}")).to_string();
            assert!(error.contains(sentence), "{field}: {value}: {error}");
            assert!(error.ends_with('.'), "{error}");
        }
    }

    #[test]
    fn fields_that_do_not_go_together_are_refused() {
        for (json, sentence) in [
            (
                json!({"numbers": {"random": 1}}),
                "count is missing; give whole numbers from 1 to 10000000.",
            ),
            (
                json!({"count": 1}),
                "numbers is missing; give an object with exactly one of list,",
            ),
            (
                json!({"count": 1, "numbers": {"random": 1}}),
                "image_width is missing;",
            ),
            (
                json!({"count": 1, "numbers": {"range": [0, 1]}, "order": "sorted", "image_width": 28}),
                "order is the text \"sorted\"; allowed: in-turn, shuffled.",
            ),
            (
                json!({"count": 1, "numbers": {"random": 1}, "fit": "natural", "format": "npz"}),
                "fit is natural; allowed: stretch, pad with the format npz, whose pictures are all equally wide.",
            ),
            (
                json!({"count": 1, "numbers": {"random": 1}, "image_width": 28, "boxes": "yolo", "format": "parquet"}),
                "boxes is yolo; allowed: none with the format parquet; only png-zip and png-folder have such files.",
            ),
            (
                json!({"count": 1_000_000, "numbers": {"random": 1}, "image_width": 28, "items_per_file": 9}),
                "items_per_file is 9, which makes 111112 parts of 1000000 items; allowed: whole numbers from 10 to 10000000,",
            ),
            (
                json!([1]),
                "recipe is a list of 1 items; allowed: an object with the fields count and numbers.",
            ),
            (json!({"recipe": 5}), "recipe is 5;"),
            (
                json!({"recipe": {}, "colour": 5}),
                "colour is not a known field; allowed: digitlab, recipe,",
            ),
            (
                json!({"recipe": {}, "shard": "4/4"}),
                "shard is \"4/4\"; allowed: i/n such as 0/4,",
            ),
            (
                json!({"recipe": {}, "shard": 4}),
                "shard is 4; allowed: text.",
            ),
            (
                json!({"recipe": {}, "bucket": {"name": "x"}}),
                "bucket.sha256 is null; allowed: text.",
            ),
        ] {
            let error = Recipe::from_json(&json, 7)
                .expect_err("refused")
                .to_string();
            assert!(error.contains(sentence), "{json}: {error}");
        }
    }

    #[test]
    fn an_item_is_asked_for_as_a_request() {
        let mut json = with("split", json!("matching"));
        json["subsets"] = json!({"train": 1, "test": 1});
        let recipe = recipe(&json);
        let mut tests = 0;
        for index in 0..20 {
            let request = recipe.request(index);
            let subset = recipe.subsets().of(7, index);
            let split = if subset == Subset::Test {
                "test"
            } else {
                "train"
            };
            tests += u32::from(subset == Subset::Test);
            let expected = json!({
                "number": request.label(), "seed": 7, "index": index, "split": split, "image_width": 168,
            });
            assert_eq!(Request::from_json(&expected, 0), Ok(request), "{index}");
        }
        assert!((1..20).contains(&tests));
    }

    #[test]
    fn the_widest_picture_is_known() {
        assert_eq!(recipe(&with("fit", json!("pad"))).widest(), 168);
        // Two margins, six digits and five gaps.
        assert_eq!(
            recipe(&with("fit", json!("natural"))).widest(),
            8 + 6 * 28 + 5 * 10
        );
    }
}

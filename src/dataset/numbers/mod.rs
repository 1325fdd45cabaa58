//! Which number an item shows.

mod file;
mod lengths;
mod lines;
mod pattern;
pub mod phones;
mod source;

use super::weights;
use crate::error::{Error, Result};
use crate::parameter::describe;
use crate::random::{Purpose, Stream};
use serde_json::{Map, Value};
use source::Source;
use std::sync::Arc;

pub use file::{FileOfNumbers, LARGEST_FILE};

/// Which number every item shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    source: Source,
    /// Whether numbers are drawn from a list, a range or a file, instead of taken in turn.
    shuffled: bool,
}

impl Numbers {
    /// Reads the recipe's fields `numbers` and `order`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], [`Error::MissingParameter`] and [`Error::UnknownParameter`].
    pub fn from_json(numbers: Option<&Value>, order: Option<&Value>) -> Result<Self> {
        let source = Source::from_json(numbers)?;
        let ordered = source.is_ordered();
        let shuffled = match order {
            None => false,
            Some(Value::String(word)) if ordered && word == "in-turn" => false,
            Some(Value::String(word)) if ordered && word == "shuffled" => true,
            Some(other) => {
                let allowed = match ordered {
                    true => "in-turn, shuffled",
                    false => {
                        "nothing with numbers that are random, of a pattern or of a phone plan, which have no order"
                    }
                };
                return Err(Error::invalid("order", describe(other), allowed));
            }
        };
        Ok(Self { source, shuffled })
    }

    /// The recipe's fields `numbers` and, where there is one, `order`.
    pub fn to_json(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("numbers".into(), self.source.to_json());
        if self.source.is_ordered() {
            let order = if self.shuffled { "shuffled" } else { "in-turn" };
            fields.insert("order".into(), order.into());
        }
        fields
    }

    /// The file that must be handed in before numbers can be had; none when there is nothing missing.
    pub fn needs_file(&self) -> Option<&FileOfNumbers> {
        match &self.source {
            Source::File(file, None) => Some(file),
            _ => None,
        }
    }

    /// Takes in the text of the file, if one is needed.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] when it is not the file that the recipe means, [`Error::InvalidParameter`] when the recipe
    /// means none.
    pub fn set_file(&mut self, text: &str) -> Result<()> {
        let Source::File(file, lines) = &mut self.source else {
            let allowed = "none, because the recipe's numbers come from no file";
            return Err(Error::invalid("the file of numbers", "given", allowed));
        };
        *lines = Some(Arc::new(file.lines(text)?));
        Ok(())
    }

    /// The digits of the longest number that an item can show, 0 while the file is missing.
    pub fn longest(&self) -> usize {
        match &self.source {
            Source::List(lines) => lines.longest(),
            Source::Range { last, digits, .. } => last.to_string().len().max(*digits),
            Source::Random(lengths) => lengths.longest(),
            Source::Pattern(_, pattern) => pattern.len(),
            Source::Phone(_, patterns) => {
                let lengths = patterns.iter().map(|(_, pattern)| pattern.len());
                lengths.max().unwrap_or_default()
            }
            Source::File(_, lines) => lines.as_ref().map_or(0, |lines| lines.longest()),
        }
    }

    /// The digits of item `index` under `seed`, 0 to 9 each; none while the file is missing.
    pub fn of(&self, seed: u64, index: u64) -> Vec<u8> {
        let mut digits = Vec::new();
        self.append(seed, index, &mut digits);
        digits
    }

    /// Appends the digits of item `index` under `seed`.
    pub fn append(&self, seed: u64, index: u64, digits: &mut Vec<u8>) {
        // Only made where something is drawn.
        let stream = || Stream::new(seed, index, Purpose::Numbers);
        let choose = |count: u64| match self.shuffled {
            true => stream().below_u64(count),
            false => index % count,
        };
        match &self.source {
            Source::List(lines) | Source::File(_, Some(lines)) => {
                let at = choose(lines.len() as u64);
                digits.extend_from_slice(lines.number(at as usize));
            }
            Source::File(_, None) => {}
            Source::Range {
                first,
                last,
                digits: width,
            } => {
                let number = first + choose(last - first + 1);
                let text = format!("{number:0width$}");
                digits.extend(text.bytes().map(|byte| byte - b'0'));
            }
            Source::Random(lengths) => {
                let mut stream = stream();
                let length = lengths.draw(&mut stream);
                digits.extend((0..length).map(|_| stream.below(10) as u8));
            }
            Source::Pattern(_, pattern) => pattern.append(&mut stream(), digits),
            Source::Phone(_, patterns) => {
                let mut stream = stream();
                let pattern = match patterns.as_slice() {
                    [(_, only)] => only,
                    several => {
                        let choices = several.iter().map(|(weight, pattern)| (*weight, pattern));
                        weights::choose(choices, |sum| stream.below(sum))
                    }
                };
                pattern.append(&mut stream, digits);
            }
        }
    }

    /// Which digits can be shown.
    pub fn possible(&self) -> [bool; 10] {
        let mut possible = [false; 10];
        let mut mark = |digits: &[u8]| {
            for &digit in digits {
                possible[usize::from(digit)] = true;
            }
        };
        match &self.source {
            Source::List(lines) | Source::File(_, Some(lines)) => mark(lines.digits()),
            Source::File(_, None) => {}
            Source::Range { first, last, .. } => {
                // Longer ranges show every digit somewhere in their last place.
                for number in (*first..=*last).take(1_000) {
                    let text = number.to_string();
                    let digits: Vec<u8> = text.bytes().map(|byte| byte - b'0').collect();
                    mark(&digits);
                }
                if self.longest() > first.to_string().len() {
                    mark(&[0]);
                }
            }
            Source::Random(_) => possible = [true; 10],
            Source::Pattern(_, pattern) => {
                pattern.positions().iter().for_each(|digits| mark(digits))
            }
            Source::Phone(_, patterns) => {
                let positions = patterns.iter().flat_map(|(_, pattern)| pattern.positions());
                positions.for_each(|digits| mark(digits));
            }
        }
        possible
    }
}

#[cfg(test)]
mod tests {
    use super::pattern::Pattern;
    use super::phones::PHONES;
    use super::*;
    use crate::parameter::LARGEST_EXACT;
    use serde_json::json;

    fn numbers(json: Value) -> Numbers {
        Numbers::from_json(Some(&json), None).expect("numbers")
    }

    fn shuffled(json: Value) -> Numbers {
        Numbers::from_json(Some(&json), Some(&json!("shuffled"))).expect("numbers")
    }

    fn shown(numbers: &Numbers, seed: u64, count: u64) -> Vec<String> {
        (0..count)
            .map(|index| text(&numbers.of(seed, index)))
            .collect()
    }

    fn text(digits: &[u8]) -> String {
        digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect()
    }

    // From an implementation of ChaCha with 8 rounds and of the draws in another language. They never change.
    #[test]
    fn the_numbers_of_a_seed_never_change() {
        let cases = [
            (numbers(json!({"random": 6})), "081795 892072 356773 006565"),
            (numbers(json!({"random": [1, 6]})), "8 92072 567 0"),
            (
                numbers(json!({"random": {"6": 3, "4": 1}})),
                "8179 920729 567739 0656 712439 191669",
            ),
            (
                numbers(json!({"pattern": "0[789]0########"})),
                "07081795003 09092072945 08056773907",
            ),
            (
                numbers(json!({"phone": "us"})),
                "8279500362 9307139457 6577390766",
            ),
            (
                shuffled(json!({"range": [0, 999], "digits": 3})),
                "037 830 393 015",
            ),
            (
                shuffled(json!({"range": [5, LARGEST_EXACT]})),
                "7632116049327632 8780819044405826 5333641618823840 699176088271860",
            ),
            (shuffled(json!({"list": ["042", 7, "99"]})), "042 99 7 042"),
        ];
        for (numbers, expected) in cases {
            let expected: Vec<&str> = expected.split(' ').collect();
            assert_eq!(shown(&numbers, 7, expected.len() as u64), expected);
        }
    }

    #[test]
    fn numbers_in_turn_begin_anew_after_the_last() {
        let list = numbers(json!({"list": ["042", 7]}));
        assert_eq!(shown(&list, 1, 3), ["042", "7", "042"]);
        let range = numbers(json!({"range": [98, 100]}));
        assert_eq!(shown(&range, 1, 4), ["98", "99", "100", "98"]);
        let padded = numbers(json!({"range": [9, 10], "digits": 4}));
        assert_eq!(shown(&padded, 1, 2), ["0009", "0010"]);
        assert_eq!(text(&range.of(1, u64::MAX)), "98");
    }

    #[test]
    fn phone_numbers_are_those_of_their_plans() {
        for phone in PHONES {
            let numbers = numbers(json!({ "phone": phone.name }));
            for index in 0..500 {
                let number = text(&numbers.of(3, index));
                let length = phone
                    .patterns()
                    .map(|pattern| Pattern::parse(pattern).unwrap().len());
                assert!(
                    length.into_iter().any(|length| length == number.len()),
                    "{number}"
                );
                match phone.name {
                    "us" => {
                        assert!(!number.starts_with(['0', '1']) && &number[1..3] != "11");
                        assert!(&number[4..6] != "11" && &number[1..2] != "9", "{number}");
                    }
                    "uk-mobile" => assert!(number.starts_with("07") && &number[2..3] != "6"),
                    "fr" => assert!(number.starts_with('0') && !number.starts_with("08")),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn the_longest_and_the_possible_digits_are_known() {
        let cases = [
            (json!({"list": ["12", "0034"]}), 4, "01234"),
            (json!({"range": [7, 12]}), 2, "012789"),
            (json!({"range": [7, 8], "digits": 3}), 3, "078"),
            (json!({"range": [1_000, 1_000_000]}), 7, "0123456789"),
            (json!({"random": [2, 9]}), 9, "0123456789"),
            (json!({"random": {"3": 1, "200": 0}}), 3, "0123456789"),
            (json!({"pattern": "1[2-4]7"}), 3, "12347"),
            (json!({"phone": "de-mobile"}), 12, "0123456789"),
        ];
        for (json, longest, digits) in cases {
            let numbers = numbers(json.clone());
            assert_eq!(numbers.longest(), longest, "{json}");
            let possible = numbers.possible();
            let possible = (0..10_u8).filter(|&digit| possible[usize::from(digit)]);
            assert_eq!(text(&possible.collect::<Vec<_>>()), digits, "{json}");
        }
    }

    #[test]
    fn a_file_is_taken_only_if_it_is_the_one_that_is_meant() {
        let content = "\u{feff}007\r\n\n 12 \n999";
        let file = FileOfNumbers::of("mine.txt", content).unwrap();
        assert_eq!(file.lines, 3);
        let mut read = numbers(json!({ "file": file.to_json() }));
        assert_eq!(read.needs_file(), Some(&file));
        assert_eq!(read.of(1, 0), [0_u8; 0]);
        let error = read.set_file("007\n12\n998").unwrap_err().to_string();
        assert!(
            error.contains("mine.txt cannot be read: it is not the file of the recipe"),
            "{error}"
        );
        read.set_file(content).unwrap();
        assert_eq!(read.needs_file(), None);
        assert_eq!(shown(&read, 1, 4), ["007", "12", "999", "007"]);
        assert_eq!(read.longest(), 3);
        assert_eq!(read.to_json()["numbers"], json!({ "file": file.to_json() }));

        let wrong_count = json!({"name": "a", "sha256": file.sha256, "lines": 4});
        let error = numbers(json!({ "file": wrong_count }))
            .set_file(content)
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("it has 3 numbers, the recipe says 4"),
            "{error}"
        );
        let error = numbers(json!({"random": 1})).set_file("1").unwrap_err();
        assert_eq!(error.code(), "invalid_parameter");
    }

    #[test]
    fn every_kind_is_refused_with_field_value_and_what_is_allowed() {
        let hash = "0".repeat(64);
        for (json, sentence) in [
            (
                json!(5),
                "numbers is 5; allowed: an object with exactly one of list, range, random, pattern, phone, file.",
            ),
            (json!({}), "numbers is an empty object;"),
            (
                json!({"list": [1], "random": 3}),
                "numbers is an object with list and random;",
            ),
            (
                json!({"digits": 3, "random": 3}),
                "numbers.digits is not a known field;",
            ),
            (json!({"liste": [1]}), "numbers.liste is not a known field;"),
            (
                json!({"list": []}),
                "numbers.list is a list of 0 items; allowed: a list of 1 to 100000 numbers",
            ),
            (
                json!({"list": ["1", "x"]}),
                "numbers.list is a list with the text \"x\" at position 1;",
            ),
            (
                json!({"list": [-1]}),
                "numbers.list is a list with -1 at position 0;",
            ),
            (json!({"list": "12"}), "numbers.list is the text \"12\";"),
            (json!({"list": ["1".repeat(257)]}), "(257 characters)"),
            (
                json!({"range": [5, 4]}),
                "numbers.range is [5,4]; allowed: two whole numbers from 0 to 9007199254740991, the lower first.",
            ),
            (
                json!({"range": [0, 9_007_199_254_740_992_u64]}),
                "numbers.range is [0,9007199254740992];",
            ),
            (json!({"range": 5}), "numbers.range is 5;"),
            (
                json!({"range": [0, 5], "digits": 0}),
                "numbers.digits is 0; allowed: whole numbers from 1 to 256.",
            ),
            (
                json!({"range": [0, 5], "digits": 257}),
                "numbers.digits is 257;",
            ),
            (
                json!({"random": 0}),
                "numbers.random is 0; allowed: a number of digits from 1 to 256,",
            ),
            (json!({"random": 257}), "numbers.random is 257;"),
            (json!({"random": [3, 2]}), "numbers.random is [3,2];"),
            (json!({"random": [1, 2, 3]}), "numbers.random is [1,2,3];"),
            (
                json!({"random": {}}),
                "numbers.random is an object with weights that add up to 0;",
            ),
            (
                json!({"random": {"04": 1}}),
                "numbers.random is an object with \"04\": 1;",
            ),
            (
                json!({"random": {"4": -1}}),
                "numbers.random is an object with \"4\": -1;",
            ),
            (
                json!({"random": {"4": 1_000_000, "5": 1}}),
                "add up to 1000001",
            ),
            (
                json!({"pattern": ""}),
                "numbers.pattern is \"\"; allowed: 1 to 256 positions",
            ),
            (
                json!({"pattern": "12-"}),
                "numbers.pattern is \"12-\", with '-' in it;",
            ),
            (
                json!({"pattern": "1[23"}),
                "numbers.pattern is \"1[23\", where a [ has no ];",
            ),
            (json!({"pattern": "1[]"}), "where [] names no digits;"),
            (json!({"pattern": "#".repeat(257)}), "which has more;"),
            (
                json!({"pattern": 5}),
                "numbers.pattern is 5; allowed: text such as",
            ),
            (
                json!({"phone": "mars"}),
                "numbers.phone is the text \"mars\"; allowed: us, uk-mobile, de-mobile, fr, jp-mobile, in-mobile, br-mobile, au-mobile.",
            ),
            (
                json!({"file": "a.txt"}),
                "numbers.file is the text \"a.txt\"; allowed: an object with name, sha256 and lines.",
            ),
            (
                json!({"file": {"name": "a", "sha256": hash}}),
                "numbers.file.lines is missing;",
            ),
            (
                json!({"file": {"name": "", "sha256": hash, "lines": 1}}),
                "numbers.file.name is empty text;",
            ),
            (
                json!({"file": {"name": "a", "sha256": "AB", "lines": 1}}),
                "numbers.file.sha256 is the text \"AB\";",
            ),
            (
                json!({"file": {"name": "a", "sha256": hash, "lines": 0}}),
                "numbers.file.lines is 0;",
            ),
            (
                json!({"file": {"name": "a", "sha256": hash, "lines": 1, "x": 1}}),
                "numbers.file.x is not a known field;",
            ),
        ] {
            let error = Numbers::from_json(Some(&json), None);
            let error = error.expect_err(&format!("{json}")).to_string();
            assert!(error.contains(sentence), "{json}: {error}");
            assert!(error.ends_with('.'), "{error}");
        }
    }

    #[test]
    fn what_is_read_is_written_and_read_again() {
        for json in [
            json!({"list": ["042", "7"]}),
            json!({"range": [0, 999], "digits": 3}),
            json!({"range": [3, 3]}),
            json!({"random": 6}),
            json!({"random": [1, 6]}),
            json!({"random": {"4": 1, "6": 3}}),
            json!({"pattern": "0[789]0########"}),
            json!({"phone": "jp-mobile"}),
        ] {
            let read = numbers(json.clone());
            let written = read.to_json();
            assert_eq!(written["numbers"], json);
            let again = Numbers::from_json(written.get("numbers"), written.get("order"));
            assert_eq!(again, Ok(read));
        }
        let written = shuffled(json!({"list": [12]})).to_json();
        assert_eq!(
            Value::Object(written),
            json!({"numbers": {"list": ["12"]}, "order": "shuffled"})
        );
        // The lengths stand in ascending order, however they were given.
        let weights = numbers(json!({"random": {"10": 1, "9": 2}})).to_json();
        assert_eq!(
            weights["numbers"].to_string(),
            r#"{"random":{"9":2,"10":1}}"#
        );
    }
}

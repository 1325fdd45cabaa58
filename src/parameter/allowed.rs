//! What a field allows, in words.

use super::{Field, Kind, Lists, Single};

impl Field {
    /// What is allowed, in words.
    pub fn allowed(&self) -> String {
        match self.kind {
            Kind::Digits { max } => {
                format!("1 to {max} digits 0-9 as text, or a non-negative whole number")
            }
            Kind::Number {
                min,
                max,
                unit,
                default,
                ..
            } => {
                let none = if default.is_none() { ", or null" } else { "" };
                format!("numbers from {min} to {max}{}{none}", in_unit(unit))
            }
            Kind::Range {
                min,
                max,
                unit,
                whole,
                default,
                single,
                ..
            } => {
                let numbers = if whole { "whole numbers" } else { "numbers" };
                let one = match single {
                    Single::Refused => "",
                    _ => ", or one number",
                };
                let none = if default.is_none() { ", or null" } else { "" };
                format!(
                    "two {numbers} from {min} to {max}{}, the lower first{one}{none}",
                    in_unit(unit)
                )
            }
            Kind::Axes {
                min,
                max,
                unit,
                whole,
                default,
                ..
            } => {
                let numbers = if whole { "whole numbers" } else { "numbers" };
                let none = if default.is_none() { ", or null" } else { "" };
                format!(
                    "two {numbers} from {min} to {max}{}, the lower first, or one number, or an object with these for x, y or both{none}",
                    in_unit(unit)
                )
            }
            Kind::Ranges {
                min,
                max,
                unit,
                whole,
                default,
                lists,
                ..
            } => {
                let numbers = if whole { "whole numbers" } else { "numbers" };
                let none = if default.is_none() { ", or null" } else { "" };
                let lists = match lists {
                    Lists::Channels => "a list of two such numbers for red, green and blue each",
                    Lists::Sides => {
                        "for top, right, bottom and left each a number, for each two, or for each a list of one or more than two"
                    }
                    Lists::Items => "a list of one or more than two",
                };
                format!(
                    "two {numbers} from {min} to {max}{}, the lower first, or one number, or {lists}{none}",
                    in_unit(unit)
                )
            }
            Kind::Fill { .. } => {
                "a number from 0 to 255, or a list with one for each channel".into()
            }
            Kind::Paint {
                values, nullable, ..
            } => {
                let words: String = values.iter().map(|word| format!(", or {word}")).collect();
                let none = if nullable { ", or null" } else { "" };
                format!("a number from 0 to 255, or a list with one for each channel{words}{none}")
            }
            Kind::Rgb { .. } => "three whole numbers from 0 to 255: red, green and blue".into(),
            Kind::Pair {
                min,
                max,
                unit,
                default,
            } => {
                let none = if default.is_none() { ", or null" } else { "" };
                format!(
                    "two whole numbers from {min} to {max}{}{none}",
                    in_unit(unit)
                )
            }
            Kind::Choices { names, values, .. } => format!(
                "an object with {}, each one of {}",
                names.join(" and "),
                values.join(", ")
            ),
            Kind::Region { .. } => "four numbers from 0 to 1: left, top, and not less than \
                                    those, right and bottom"
                .into(),
            Kind::Integer {
                min, max, unit: "", ..
            } => format!("whole numbers from {min} to {max}"),
            Kind::Integer { min, max, unit, .. } => {
                format!("whole numbers from {min} to {max} ({unit})")
            }
            Kind::Choice { values, .. } => values.join(", "),
            Kind::Boolean { .. } => "true, false, 1 or 0".into(),
            Kind::Pipeline { values, .. } => {
                format!("{}, or a list of transforms", values.join(", "))
            }
            Kind::Seed => {
                "whole numbers from 0 to 18446744073709551615 (as text when above 2^53)".into()
            }
        }
    }
}

fn in_unit(unit: &str) -> String {
    match unit {
        "" => String::new(),
        unit => format!(" ({unit})"),
    }
}

//! Values as they are understood: checked, in one form, defaults filled in.

use super::{Field, Kind, Lists, Ranges};
use crate::error::Result;
use serde_json::{Map, Value, json};

impl Field {
    /// The value that `object` gives this field as it is understood, or its default;
    /// `None` when there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for a value that is not allowed.
    pub fn understood(&self, object: &Map<String, Value>) -> Result<Option<Value>> {
        let tidy = |number: f64| {
            if number.fract() == 0.0 && number.abs() < 1e15 {
                json!(number as i64)
            } else {
                json!(number)
            }
        };
        Ok(match self.kind {
            Kind::Number { .. } => self.number(object)?.map(tidy),
            Kind::Range { .. } => self.range(object)?.map(|ends| json!(ends.map(tidy))),
            Kind::Axes { .. } => self.axes(object)?.map(|[x, y]| match x == y {
                true => json!(x.map(tidy)),
                false => json!({ "x": x.map(tidy), "y": y.map(tidy) }),
            }),
            Kind::Ranges { lists, .. } => self.ranges(object)?.map(|ranges| match ranges {
                Ranges::One(ends) => json!(ends.map(tidy)),
                Ranges::Each(sides)
                    if lists == Lists::Sides && sides.iter().all(|[low, high]| low == high) =>
                {
                    sides.iter().map(|side| tidy(side[0])).collect()
                }
                Ranges::Each(each) => each.iter().map(|ends| json!(ends.map(tidy))).collect(),
                Ranges::Items(lists_of) => {
                    let list = |items: &Vec<f64>| items.iter().copied().map(tidy).collect();
                    match lists {
                        Lists::Items => list(&lists_of[0]),
                        _ => lists_of.iter().map(list).collect(),
                    }
                }
            }),
            Kind::Paint {
                values, nullable, ..
            } if object.get(self.name).is_some_and(|value| match value {
                Value::String(word) => values.contains(&word.as_str()),
                other => nullable && other.is_null(),
            }) =>
            {
                object.get(self.name).cloned()
            }
            Kind::Pair { .. } => self.pair(object)?.map(|pair| json!(pair)),
            Kind::Choices { names, .. } => {
                let words = self.choices(object)?.into_iter().map(Value::from);
                let names = names.iter().map(|name| (*name).to_owned());
                Some(Value::Object(names.zip(words).collect()))
            }
            Kind::Fill { .. } | Kind::Paint { .. } => Some(match self.fill(object)?.as_slice() {
                [one] => tidy(*one),
                // As it was given: that all other channels are 0 goes without saying.
                [first, _]
                    if object[self.name]
                        .as_array()
                        .is_some_and(|list| list.len() == 1) =>
                {
                    json!([tidy(*first)])
                }
                list => list.iter().copied().map(tidy).collect(),
            }),
            Kind::Rgb { .. } => Some(json!(self.rgb(object)?)),
            Kind::Region { .. } => Some(json!(self.region(object)?.map(tidy))),
            Kind::Integer { .. } => self.integer(object)?.map(Value::from),
            Kind::Choice { .. } => Some(self.choice(object)?.into()),
            Kind::Boolean { .. } => Some(self.boolean(object)?.into()),
            Kind::Digits { .. } | Kind::Pipeline { .. } | Kind::Seed => {
                object.get(self.name).cloned()
            }
        })
    }
}

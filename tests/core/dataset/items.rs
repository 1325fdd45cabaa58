//! Item k is what a single request for it gives.

use super::support::{Kitchen, plan, recipe};
use crate::support::{generate, request};
use digitlab::dataset::Job;
use serde_json::{Value, json};

#[test]
fn an_item_is_what_a_single_request_gives() {
    for (changes, splits) in [
        (json!({}), ["all", "all"]),
        (
            json!({"split": "matching", "ink": "black-on-white"}),
            ["train", "test"],
        ),
        (
            json!({"fit": "natural", "margin": 0, "tight": false, "split": "test", "spacing_max": 30}),
            ["test", "test"],
        ),
        (
            json!({"fit": "pad", "image_width": 200, "augment": true, "pipeline": "visible"}),
            ["all", "all"],
        ),
    ] {
        let recipe = recipe(changes);
        let plan = plan(&recipe, "0/1");
        let mut kitchen = Kitchen::new();
        let job = Job {
            part: 0,
            block: 0,
            indices: 0..40,
        };
        kitchen.make(&plan, &job).expect("a block");
        let (maker, pool) = (&mut kitchen.maker, &kitchen.pool);
        let items = maker.items(&plan, 7..40, pool).expect("items").to_vec();
        assert_eq!(items.len(), 33);
        let mut pool = pool.clone();
        for (index, item) in (7..).zip(items) {
            let numbers = plan.recipe().numbers().of(11, index);
            let number: String = numbers
                .iter()
                .map(|digit| char::from(b'0' + digit))
                .collect();
            let subset = plan.recipe().subsets().of(11, index);
            let mut single = recipe.clone();
            let fields = single.as_object_mut().expect("an object");
            for name in ["count", "numbers", "subsets"] {
                fields.remove(name);
            }
            let split = splits[usize::from(subset.name() == "test")];
            fields.insert("number".into(), Value::from(number));
            fields.insert("index".into(), index.into());
            fields.insert("split".into(), split.into());
            let request = request(single).expect("a request");
            let made = generate(&request, &mut pool).expect("a sequence");
            assert_eq!(item.index, index);
            assert_eq!(item.subset, subset);
            assert_eq!(item.label, made.label);
            assert_eq!(item.digits, made.digits);
            assert_eq!(item.image, made.image);
        }
    }
}

#[test]
fn what_a_request_refuses_is_refused_with_its_item() {
    // The first numbers fit, a later one does not.
    let recipe = recipe(
        json!({"numbers": {"list": ["1", "1", "88888888"]}, "fit": "pad", "image_width": 84}),
    );
    let plan = plan(&recipe, "0/1");
    let job = Job {
        part: 0,
        block: 0,
        indices: 0..40,
    };
    let error = Kitchen::new().make(&plan, &job).expect_err("too wide");
    let sentence = error.to_string();
    let start = "image_width is 84, for item 2 with the number 88888888; allowed: at least ";
    assert!(sentence.starts_with(start), "{sentence}");
    assert_eq!(error.code(), "invalid_parameter");
}

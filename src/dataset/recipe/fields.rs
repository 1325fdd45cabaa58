//! The simple fields of a recipe, as the one that describes, checks and explains them.

use super::MOST_ITEMS;
use crate::parameter::{Field, Kind};
use crate::sequence::fields::{
    AUGMENT, FIT, IMAGE_WIDTH, INK, MARGIN, PIPELINE, SEED, SPACING_MAX, SPACING_MIN, TIGHT,
};

pub(super) const COUNT: Field = Field {
    name: "count",
    label: "Items",
    help: "How many labelled pictures the data set has.",
    kind: Kind::Integer {
        min: 1,
        max: MOST_ITEMS,
        default: None,
        unit: "",
    },
};
pub(super) const ORDER: Field = Field {
    name: "order",
    label: "Order",
    help: "Whether numbers of a list, a range or a file are taken in turn or drawn.",
    kind: Kind::Choice {
        values: &["in-turn", "shuffled"],
        default: "in-turn",
    },
};
pub(super) const SPLIT: Field = Field {
    name: "split",
    label: "Digits from",
    help: "Which of MNIST's digits are shown; with matching, the test subset shows its test digits and the others its train digits.",
    kind: Kind::Choice {
        values: &["all", "train", "test", "matching"],
        default: "all",
    },
};
pub(super) const FORMAT: Field = Field {
    name: "format",
    label: "Format",
    help: "The kind of files.",
    kind: Kind::Choice {
        values: &[
            "png-zip",
            "png-folder",
            "webdataset",
            "parquet",
            "npz",
            "npy",
            "idx",
        ],
        default: "png-zip",
    },
};
pub(super) const BOXES: Field = Field {
    name: "boxes",
    label: "Boxes",
    help: "Where each digit stands, in files beside labels.csv, for PNG pictures: as COCO's JSON or as YOLO's text.",
    kind: Kind::Choice {
        values: &["none", "coco", "yolo"],
        default: "none",
    },
};
pub(super) const ITEMS_PER_FILE: Field = Field {
    name: "items_per_file",
    label: "Items per file",
    help: "After how many items new files begin. Left out, it is 10000 for webdataset and parquet; the others then have all in one.",
    kind: Kind::Integer {
        min: 1,
        max: MOST_ITEMS,
        default: None,
        unit: "",
    },
};

/// The simple fields of a recipe, for forms. Beside them a recipe has `name`, `numbers` and `subsets`.
pub static FIELDS: &[Field] = &[
    COUNT,
    ORDER,
    SPACING_MIN,
    SPACING_MAX,
    IMAGE_WIDTH,
    FIT,
    AUGMENT,
    PIPELINE,
    SPLIT,
    INK,
    MARGIN,
    TIGHT,
    SEED,
    FORMAT,
    BOXES,
    ITEMS_PER_FILE,
];

//! All routes: what each is called, takes and answers. Requests are told apart by it, and the OpenAPI document is made
//! of it.

use super::parameter::{AUGMENT, AUGMENT_URL, FRAME, IMPORT, Parameter, RECORDS};
use percent_encoding::percent_decode_str;

/// A path and what can be done there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    /// Below the site's base; `{id}` stands for any one segment.
    pub(super) path: &'static str,
    pub(super) operations: &'static [Operation],
}

/// Something that can be done at a path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    /// Methods, and the operation's id for each.
    pub(super) methods: &'static [(&'static str, &'static str)],
    pub(super) action: Action,
    pub(super) summary: &'static str,
    pub(super) help: &'static str,
    pub(super) query: &'static [Parameter],
    /// The bodies that it takes; none for most.
    pub(super) takes: &'static [Takes],
    pub(super) answers: &'static [Answered],
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Health,
    Generate,
    Augment,
    AugmentUrl,
    Classify,
    Recognize,
    Records,
    Frame,
    Images,
    Import,
    OpenApi,
}

/// A body that an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// A request for a sequence as JSON.
    Sequence,
    /// A digit as a list of numbers, as JSON.
    Digit,
    /// A picture file.
    Picture,
    /// A form with a picture in a field of this name, or of the other ones.
    PictureForm(&'static [&'static str]),
    /// A form with a picture in `file`, and perhaps a pipeline in `pipeline`.
    AugmentForm,
    /// A table.
    Table,
    /// A form with a table in `file`.
    TableForm,
}

/// A status, what it means, and what comes with it.
pub(super) type Answered = (u16, &'static str, &'static [Sends]);

/// What comes with a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sends {
    Health,
    Sequence,
    SequenceRefusal,
    Refusal,
    Classification,
    Image,
    Images,
    Frame,
    FrameRefusal,
    WrongParameters,
    Picture,
    RecordsJson,
    RecordsCsv,
    /// Plain text such as this.
    Text(&'static str),
    OpenApi,
}

const TOO_LARGE: Answered = (413, "The body has more than 16 MiB.", &[Sends::Refusal]);
const WRONG_TYPE: Answered = (
    415,
    "The content type is none that the route takes.",
    &[Sends::Refusal],
);
const NOT_NOW: Answered = (
    503,
    "Something that is needed cannot be had now: a file of the data set or of the model, or the storage.",
    &[Sends::Refusal],
);

const HEALTH: Operation = Operation {
    methods: &[("GET", "getHealth")],
    action: Action::Health,
    summary: "Say that the routes answer",
    help: "",
    query: &[],
    takes: &[],
    answers: &[(200, "They do.", &[Sends::Health])],
};

const GENERATE: Operation = Operation {
    methods: &[("POST", "generate"), ("PUT", "generateByPut")],
    action: Action::Generate,
    summary: "Make a labelled image of a number in MNIST handwriting",
    help: "The same request with the same seed gives the same pixels, here, on the page and on the command line.",
    query: &[],
    takes: &[Takes::Sequence],
    answers: &[
        (
            200,
            "The request, with what it leaves out filled in, the pixels, and where each digit is.",
            &[Sends::Sequence],
        ),
        (
            400,
            "The content type is not JSON, a key is missing or null, or a value is not allowed.",
            &[
                Sends::SequenceRefusal,
                Sends::Text("Request content type should be application/json."),
            ],
        ),
        TOO_LARGE,
        (
            503,
            "The files of the data set cannot be had now.",
            &[Sends::SequenceRefusal],
        ),
    ],
};

const AUGMENT_SENT: Operation = Operation {
    methods: &[("POST", "augment")],
    action: Action::Augment,
    summary: "Change a picture by a pipeline",
    help: "A pipeline is the name of a preset, our JSON, or what Albumentations' `to_dict` gives. Without one, the seed chooses one transform.",
    query: AUGMENT,
    takes: &[Takes::AugmentForm, Takes::Picture],
    answers: &[
        (200, "The changed picture.", &[Sends::Picture]),
        (
            400,
            "The picture, the pipeline or the seed is not allowed.",
            &[Sends::Refusal],
        ),
        TOO_LARGE,
        WRONG_TYPE,
    ],
};

const AUGMENT_FETCHED: Operation = Operation {
    methods: &[("GET", "augmentFromAddress")],
    action: Action::AugmentUrl,
    summary: "Change the picture behind an address by one random transform",
    help: "",
    query: AUGMENT_URL,
    takes: &[],
    answers: &[
        (200, "The changed picture.", &[Sends::Picture]),
        (
            400,
            "The address or the seed is not allowed, or there is no picture that can be read.",
            &[Sends::Refusal],
        ),
        (
            502,
            "The other server does not answer, refuses, or does not allow its pictures to be read.",
            &[Sends::Refusal],
        ),
    ],
};

const CLASSIFY: Operation = Operation {
    methods: &[("POST", "classify")],
    action: Action::Classify,
    summary: "Say which digit a picture shows",
    help: "A picture of exactly 28 x 28 pixels is looked at as it is; in any other the digit is looked for.",
    query: &[],
    takes: &[
        Takes::Digit,
        Takes::PictureForm(&["image", "file"]),
        Takes::Picture,
    ],
    answers: &[
        (200, "The digit.", &[Sends::Classification]),
        (
            404,
            "What was sent shows no digit: it is no picture, or there is no ink in it.",
            &[Sends::Refusal],
        ),
        TOO_LARGE,
        NOT_NOW,
    ],
};

const RECOGNIZE: Operation = Operation {
    methods: &[("POST", "recognizeV10")],
    action: Action::Recognize,
    summary: "Say which digit a picture file shows, in a sentence",
    help: "The answer is kept in the record log.",
    query: &[],
    takes: &[Takes::PictureForm(&["file"])],
    answers: &[
        (
            200,
            "The digit.",
            &[Sends::Text("The digit is recognized as : 7.\n")],
        ),
        (
            400,
            "The file is missing, has no name or a name with another ending, or shows no digit.",
            &[Sends::Text(
                "The form has no file: give one in the field file.\n",
            )],
        ),
        (
            413,
            "The body has more than 16 MiB.",
            &[Sends::Text(
                "The request's body has more than 16777216 bytes; the limit is 16 MiB.\n",
            )],
        ),
        (
            503,
            "The model cannot be had now.",
            &[Sends::Text("The model could not be loaded.\n")],
        ),
    ],
};

const RECORD_LOG: Operation = Operation {
    methods: &[("GET", "getRecords")],
    action: Action::Records,
    summary: "The record log",
    help: "Every answer of a model, on the page and by the routes, is kept there unless the log is switched off.",
    query: RECORDS,
    takes: &[],
    answers: &[
        (
            200,
            "All records, the oldest first.",
            &[Sends::RecordsJson, Sends::RecordsCsv],
        ),
        (400, "The format is not known.", &[Sends::Refusal]),
        NOT_NOW,
    ],
};

const GET_FRAME: Operation = Operation {
    methods: &[("GET", "getFrame")],
    action: Action::Frame,
    summary: "Draw a range of depths of an image log in false colour",
    help: "The address can be the source of an `<img>`.",
    query: FRAME,
    takes: &[],
    answers: &[
        (200, "The frame.", &[Sends::Frame]),
        (
            400,
            "No row lies within the range, or the picture would be too large.",
            &[Sends::FrameRefusal],
        ),
        (404, "There is no such image.", &[Sends::FrameRefusal]),
        (
            422,
            "The id or a parameter is not as it must be.",
            &[Sends::WrongParameters],
        ),
        (503, "The storage cannot be used.", &[Sends::FrameRefusal]),
    ],
};

const LIST_IMAGES: Operation = Operation {
    methods: &[("GET", "listImages")],
    action: Action::Images,
    summary: "The stored image logs",
    help: "",
    query: &[],
    takes: &[],
    answers: &[
        (200, "All of them, by their ids.", &[Sends::Images]),
        (503, "The storage cannot be used.", &[Sends::FrameRefusal]),
    ],
};

const IMPORT_IMAGE: Operation = Operation {
    methods: &[("POST", "importImage")],
    action: Action::Import,
    summary: "Import an image log",
    help: "CSV with a depth and the pixels of that depth in each row, plain or gzipped, of any length. It is either kept as a whole or not at all.",
    query: IMPORT,
    takes: &[Takes::TableForm, Takes::Table],
    answers: &[
        (
            201,
            "The image, with the report of its import.",
            &[Sends::Image],
        ),
        (400, "The file cannot be read.", &[Sends::FrameRefusal]),
        (
            415,
            "The content type is none that the route takes.",
            &[Sends::FrameRefusal],
        ),
        (
            422,
            "A parameter is not as it must be.",
            &[Sends::WrongParameters],
        ),
        (503, "The storage cannot be used.", &[Sends::FrameRefusal]),
        (507, "The storage is full.", &[Sends::FrameRefusal]),
    ],
};

const DESCRIBE: Operation = Operation {
    methods: &[("GET", "getOpenApi")],
    action: Action::OpenApi,
    summary: "This document",
    help: "",
    query: &[],
    takes: &[],
    answers: &[(200, "OpenAPI 3.1.", &[Sends::OpenApi])],
};

/// Every route.
pub(super) static ROUTES: &[Route] = &[
    Route {
        path: "health",
        operations: &[HEALTH],
    },
    Route {
        path: "generate",
        operations: &[GENERATE],
    },
    Route {
        path: "augment",
        operations: &[AUGMENT_SENT, AUGMENT_FETCHED],
    },
    Route {
        path: "mnist/classify",
        operations: &[CLASSIFY],
    },
    Route {
        path: "digitRecognition/localService/v1.0",
        operations: &[RECOGNIZE],
    },
    Route {
        path: "digitRecognition/localService/v1.1",
        operations: &[Operation {
            methods: &[("POST", "recognizeV11")],
            ..RECOGNIZE
        }],
    },
    Route {
        path: "digitRecognition/records",
        operations: &[RECORD_LOG],
    },
    Route {
        path: "image",
        operations: &[LIST_IMAGES, IMPORT_IMAGE],
    },
    Route {
        path: "image/{id}",
        operations: &[GET_FRAME],
    },
    Route {
        path: "openapi.json",
        operations: &[DESCRIBE],
    },
];

impl Route {
    /// What is done for a method; what is got can be asked for its headers alone, too.
    pub(super) fn operation(&self, method: &str) -> Option<&'static Operation> {
        let method = if method == "HEAD" { "GET" } else { method };
        self.operations
            .iter()
            .find(|operation| operation.methods.iter().any(|(name, _)| *name == method))
    }

    /// The methods that it has, for the header `Allow`.
    pub(super) fn allow(&self) -> String {
        let mut names = vec![];
        for operation in self.operations {
            for (name, _) in operation.methods {
                names.push(*name);
                if *name == "GET" {
                    names.push("HEAD");
                }
            }
        }
        names.push("OPTIONS");
        names.join(", ")
    }
}

/// The route of a path, and what stands in the place of its `{id}`.
pub(super) fn find(path: &str) -> Option<(&'static Route, String)> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8().map(String::from))
        .collect::<Result<_, _>>()
        .ok()?;
    ROUTES.iter().find_map(|route| {
        let mut id = String::new();
        let mut names = route.path.split('/');
        let same = segments.iter().all(|segment| match names.next() {
            Some("{id}") => {
                id.clone_from(segment);
                !segment.is_empty()
            }
            name => name == Some(segment.as_str()),
        });
        (same && names.next().is_none()).then_some((route, id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_routes() {
        let path = |path| find(path).map(|(route, id)| (route.path, id));
        let plain = |name: &'static str| Some((name, String::new()));
        assert_eq!(path("health"), plain("health"));
        assert_eq!(path("health/"), plain("health"));
        assert_eq!(path("he%61lth"), plain("health"));
        assert_eq!(path("image"), plain("image"));
        assert_eq!(path("image/7"), Some(("image/{id}", "7".into())));
        assert_eq!(path("image/%C3%A9/"), Some(("image/{id}", "é".into())));
        for none in [
            "",
            "/",
            "health//",
            "/health",
            "Health",
            "image//",
            "image/1/2",
            "image/%FF",
            "mnist",
            "mnist%2Fclassify",
            "index.html",
        ] {
            assert_eq!(path(none), None, "{none:?}");
        }
    }

    #[test]
    fn a_method_has_one_operation_and_ids_are_unique() {
        let mut ids = std::collections::BTreeSet::new();
        for route in ROUTES {
            let mut methods = std::collections::BTreeSet::new();
            for (method, id) in route
                .operations
                .iter()
                .flat_map(|operation| operation.methods)
            {
                assert!(methods.insert(method), "{method} {}", route.path);
                assert!(ids.insert(id), "{id}");
            }
        }
        assert_eq!(find("generate").unwrap().0.allow(), "POST, PUT, OPTIONS");
        assert_eq!(find("image").unwrap().0.allow(), "GET, HEAD, POST, OPTIONS");
    }
}

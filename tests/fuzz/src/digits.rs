//! A small data set in a bucket of its own, with all of its shards loaded.

use digitlab::mnist::bucket::{Source, build};
use digitlab::mnist::idx::{Images, Labels};
use digitlab::mnist::manifest::Licence;
use digitlab::mnist::{Manifest, Pool, Split};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Samples of each digit.
const SAMPLES: u32 = 2;

/// The bucket: its manifest as text, and its files by name.
pub(crate) struct Bucket {
    pub(crate) manifest: String,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// An IDX file of unsigned bytes.
pub(crate) fn idx(dimensions: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, dimensions.len() as u8];
    for dimension in dimensions {
        file.extend(dimension.to_be_bytes());
    }
    file.extend(bytes);
    file
}

/// Pictures with a stroke each, and their labels, as IDX files.
pub(crate) fn files() -> [Vec<u8>; 2] {
    let count = 10 * SAMPLES;
    let mut pixels = vec![0; 784 * count as usize];
    for (at, picture) in pixels.chunks_exact_mut(784).enumerate() {
        for y in 4..24 {
            picture[28 * y + (at + y) % 20 + 4] = 255;
        }
    }
    let labels: Vec<u8> = (0..count).map(|at| (at % 10) as u8).collect();
    [idx(&[count, 28, 28], &pixels), idx(&[count], &labels)]
}

/// The bucket of these pictures.
pub(crate) static BUCKET: LazyLock<Bucket> = LazyLock::new(|| {
    let [pictures, labels] = files();
    let pictures = Images::parse("pictures", &pictures).expect("pictures");
    let labels = Labels::parse("labels", &labels).expect("labels");
    let source = Source {
        name: "strokes".into(),
        source: "made here".into(),
        licence: Licence {
            name: "none".into(),
            url: "https://example.org/".into(),
            attribution: "nobody".into(),
        },
        splits: Split::ALL
            .map(|split| (split, (pictures.clone(), labels.clone())))
            .into(),
    };
    let (manifest, files) = build(&source).expect("a bucket");
    Bucket {
        manifest: manifest.to_text(),
        files: files.into_iter().collect(),
    }
});

thread_local! {
    static POOL: RefCell<Option<Pool>> = const { RefCell::new(None) };
}

/// The pool of the bucket, with everything loaded.
pub(crate) fn pool() -> Pool {
    POOL.with_borrow_mut(|pool| {
        let made = || {
            let manifest = Manifest::parse(&BUCKET.manifest).expect("a manifest");
            let mut pool = Pool::new(manifest);
            for (name, file) in &BUCKET.files {
                pool.load(name, file).expect("a shard");
            }
            pool
        };
        pool.get_or_insert_with(made).clone()
    })
}

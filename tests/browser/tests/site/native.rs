//! What the engine makes of a request when it is compiled for this machine.

use std::fs;

use digitlab::Error;
use digitlab::mnist::{Manifest, Pool};
use digitlab::sequence::{Generator, Request, Sequence};
use digitlab_browser::{Picture, environment};
use serde_json::Value;

/// The picture of a request, from the digits of the built site, and all that is known of it.
pub(crate) fn natively(request: &Value) -> (Picture, Sequence) {
    let bucket = environment::site().join("mnist");
    let manifest =
        fs::read_to_string(bucket.join("manifest.json")).expect("the site has its bucket");
    let mut pool = Pool::new(Manifest::parse(&manifest).expect("a manifest"));
    let request = Request::from_json(request, 0).expect("a request that is allowed");
    let mut generator = Generator::default();
    if let Err(Error::ShardsNotLoaded { files }) = generator.generate(&request, &pool) {
        for file in files {
            let bytes = fs::read(bucket.join(&file)).expect("a shard");
            pool.load(&file, &bytes).expect("a shard that is whole");
        }
    }
    let sequence = generator.generate(&request, &pool).expect("a sequence");
    let image = &sequence.image;
    let picture = Picture {
        width: image.width(),
        height: image.height(),
        grey: image.data().to_vec(),
    };
    (picture, sequence)
}

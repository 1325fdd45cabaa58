//! The MNIST bucket in a folder.

use anyhow::{Context, Result, bail};
use digitlab::mnist::{Manifest, Pool};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a bucket lies in a checkout, and beside a program that was installed with it.
const PLACES: [&str; 2] = ["mnist", "www/mnist"];
const MANIFEST: &str = "manifest.json";

/// A bucket's folder and what was read of it.
#[derive(Debug)]
pub(crate) struct Bucket {
    folder: PathBuf,
    /// The text of its manifest.
    pub(crate) manifest: String,
    pub(crate) pool: Pool,
}

impl Bucket {
    /// Opens the bucket in a folder, or the one that lies near.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => nearest()?,
        };
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("the bucket's manifest {} cannot be read", path.display()))?;
        let pool = Pool::new(Manifest::parse(&text)?);
        Ok(Self {
            folder,
            manifest: text,
            pool,
        })
    }

    /// Reads shards, which are verified.
    pub(crate) fn load(&mut self, files: &[String]) -> Result<()> {
        for file in files {
            let path = self.folder.join(file);
            let stored = fs::read(&path)
                .with_context(|| format!("the bucket's shard {} cannot be read", path.display()))?;
            self.pool.load(file, &stored)?;
        }
        Ok(())
    }
}

fn nearest() -> Result<PathBuf> {
    let program = env::current_exe().ok();
    let starts = [
        env::current_dir().ok(),
        program.and_then(|program| program.parent().map(Path::to_owned)),
    ];
    let folders = starts.iter().flatten().flat_map(|start| start.ancestors());
    let mut candidates = folders.flat_map(|folder| PLACES.map(|place| folder.join(place)));
    match candidates.find(|folder| folder.join(MANIFEST).is_file()) {
        Some(folder) => Ok(folder),
        None => bail!(
            "no MNIST bucket was found near the program or in the folders above this one; name its folder with \
             --bucket or DIGITLAB_BUCKET (in a checkout it is www/mnist)"
        ),
    }
}

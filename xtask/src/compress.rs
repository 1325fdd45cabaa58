//! The files of a release build once more, compressed, for hosts that send such copies instead of compressing by themselves.

use crate::{cache, files, workspace::Workspace};
use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
    time::Instant,
};

/// The way in which a copy is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Brotli,
    Gzip,
}

impl Format {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// What is added to the name of a file.
    fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// All that the bytes hang on, beside the file.
    fn settings(self) -> &'static str {
        match self {
            Self::Brotli => "brotli 11, window 22",
            Self::Gzip => "gzip 9",
        }
    }

    fn compress(self, bytes: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Brotli => {
                let parameters = BrotliEncoderParams {
                    quality: 11,
                    lgwin: 22,
                    size_hint: bytes.len(),
                    ..BrotliEncoderParams::default()
                };
                let mut packed = Vec::new();
                brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters)?;
                Ok(packed)
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
                encoder.write_all(bytes)?;
                Ok(encoder.finish()?)
            }
        }
    }
}

/// What has been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    files: usize,
    raw: u64,
    brotli: u64,
    gzip: u64,
}

/// Writes the copies beside the files, and says how large they are. Those that were made before are taken from the build
/// folder, by the hash of what is in the file.
pub(crate) fn compress(workspace: &Workspace, site: &Path) -> Result<()> {
    let started = Instant::now();
    let sum = compress_with(&workspace.target().join("compressed"), site)?;
    println!(
        "Compressed {} files of {:.2} MB: {:.2} MB with brotli, {:.2} MB with gzip, in {:.1} s",
        sum.files,
        sum.raw as f64 / 1e6,
        sum.brotli as f64 / 1e6,
        sum.gzip as f64 / 1e6,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Whether a path is that of a copy, and not that of a file which is compressed by itself.
pub(crate) fn is_copy(path: &str, has: impl Fn(&str) -> bool) -> bool {
    Format::ALL
        .iter()
        .any(|format| path.strip_suffix(format.ending()).is_some_and(&has))
}

/// The size of the copy for the newest hosts and browsers, if there is one.
pub(crate) fn size_with_brotli(file: &Path) -> Option<u64> {
    let copy = beside(file, Format::Brotli);
    fs::metadata(copy).ok().map(|meta| meta.len())
}

fn compress_with(kept: &Path, site: &Path) -> Result<Sum> {
    fs::create_dir_all(kept).with_context(|| format!("cannot create {}", kept.display()))?;
    let mut files = Vec::new();
    for path in files::below(site)?.iter().filter(|path| is_worth(path)) {
        let file = site.join(path);
        let size = fs::metadata(&file)?.len();
        files.push((size, file));
    }
    // The largest comes first, so that no core is left with it at the end.
    files.sort();
    let waiting = Mutex::new(files);
    let work = || -> Result<Sum> {
        let mut sum = Sum::default();
        loop {
            let next = waiting.lock().expect("nobody panics with it").pop();
            let Some((_, file)) = next else {
                return Ok(sum);
            };
            let bytes =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let [brotli, gzip] = Format::ALL.map(|format| copy(kept, &file, &bytes, format));
            let (brotli, gzip) = (brotli?, gzip?);
            if brotli.or(gzip).is_some() {
                let raw = bytes.len() as u64;
                sum.files += 1;
                sum.raw += raw;
                sum.brotli += brotli.unwrap_or(raw);
                sum.gzip += gzip.unwrap_or(raw);
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let sums = workers
            .into_iter()
            .map(|worker| worker.join().expect("it does not panic"));
        sums.reduce(|all, one| {
            let (all, one) = (all?, one?);
            Ok(Sum {
                files: all.files + one.files,
                raw: all.raw + one.raw,
                brotli: all.brotli + one.brotli,
                gzip: all.gzip + one.gzip,
            })
        })
        .expect("there is a core")
    })
}

/// Writes one copy of a file, unless it would not be smaller, and returns its size.
fn copy(kept: &Path, file: &Path, bytes: &[u8], format: Format) -> Result<Option<u64>> {
    let key = cache::key_of(&[bytes, format.settings().as_bytes()]);
    let done = kept.join(format!("{key}{}", format.ending()));
    if !done.is_file() {
        let mut packed = format.compress(bytes)?;
        if packed.len() >= bytes.len() {
            // An empty one says that it was tried.
            packed.clear();
        }
        // Two files may have the same bytes, and then are compressed at the same time.
        let staging = kept.join(format!(
            "{key}.{}.{:?}",
            std::process::id(),
            thread::current().id()
        ));
        fs::write(&staging, packed)
            .with_context(|| format!("cannot write {}", staging.display()))?;
        fs::rename(&staging, &done)?;
    }
    let target = beside(file, format);
    let size = fs::metadata(&done)?.len();
    if size == 0 {
        // Nothing older may stay there: a host would send it.
        return match fs::remove_file(&target) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(None),
        };
    }
    fs::copy(&done, &target).with_context(|| format!("cannot write {}", target.display()))?;
    Ok(Some(size))
}

fn beside(file: &Path, format: Format) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format.ending());
    name.into()
}

/// Whether a file may become smaller, and stays as it is.
fn is_worth(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let packed = ["br", "gz", "jpeg", "jpg", "png", "webp"];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    // A host edits its settings in place, and reads its own instructions itself.
    path != "config.js" && !name.starts_with(['.', '_']) && !packed.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use std::io::Read;

    /// Text that becomes much smaller.
    const TEXT: &str = "the same again, the same again, the same again, the same again";

    fn unpacked(file: &Path, format: Format) -> Vec<u8> {
        let packed = fs::read(beside(file, format)).expect("a copy");
        let mut bytes = Vec::new();
        let read = match format {
            Format::Brotli => brotli::Decompressor::new(&packed[..], 4096).read_to_end(&mut bytes),
            Format::Gzip => flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut bytes),
        };
        read.expect("it can be read");
        bytes
    }

    #[test]
    fn copies_lie_beside_what_becomes_smaller_and_nothing_else() {
        let scratch = Scratch::new("compress").expect("a folder");
        let (kept, site) = (scratch.path().join("kept"), scratch.path().join("site"));
        fs::create_dir_all(site.join("js")).expect("a folder");
        let files = [
            ("index.html", TEXT),
            ("js/app.js", TEXT),
            ("config.js", TEXT),
            ("_headers", TEXT),
            (".hidden", TEXT),
            ("shard.gz", TEXT),
            ("picture.png", TEXT),
            ("tiny.json", "{}"),
        ];
        for (path, text) in files {
            fs::write(site.join(path), text).expect("a file");
        }
        fs::write(site.join("tiny.json.br"), "of an older build").expect("a file");
        let sum = compress_with(&kept, &site).expect("it works");
        let mut expected: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        for path in ["index.html", "js/app.js"] {
            for format in Format::ALL {
                expected.push(format!("{path}{}", format.ending()));
                assert_eq!(
                    unpacked(&site.join(path), format),
                    TEXT.as_bytes(),
                    "{path}"
                );
            }
        }
        expected.sort();
        assert_eq!(files::below(&site).expect("a list"), expected);
        let size = |path: &str| fs::metadata(site.join(path)).expect("a file").len();
        assert_eq!(
            sum,
            Sum {
                files: 2,
                raw: 2 * TEXT.len() as u64,
                brotli: 2 * size("index.html.br"),
                gzip: 2 * size("index.html.gz"),
            }
        );
        assert_eq!(
            size_with_brotli(&site.join("index.html")),
            Some(size("index.html.br"))
        );
        assert_eq!(size_with_brotli(&site.join("tiny.json")), None);
    }

    #[test]
    fn what_was_compressed_before_is_taken_from_the_build_folder_by_its_hash() {
        let scratch = Scratch::new("compress-kept").expect("a folder");
        let (kept, site) = (scratch.path().join("kept"), scratch.path().join("site"));
        fs::create_dir_all(&site).expect("a folder");
        let file = site.join("a.js");
        fs::write(&file, TEXT).expect("a file");
        compress_with(&kept, &site).expect("it works");
        let names = files::below(&kept).expect("a list");
        assert_eq!(names.len(), 2, "{names:?}");
        // Marked, to be known again.
        for name in &names {
            fs::write(kept.join(name), "kept").expect("a file");
        }
        compress_with(&kept, &site).expect("it works");
        let copy = |format| fs::read(beside(&file, format)).expect("a copy");
        assert_eq!(Format::ALL.map(copy), [b"kept", b"kept"]);
        fs::write(&file, format!("{TEXT}, and more")).expect("a file");
        compress_with(&kept, &site).expect("it works");
        for format in Format::ALL {
            assert_eq!(
                unpacked(&file, format),
                format!("{TEXT}, and more").as_bytes()
            );
        }
    }

    #[test]
    fn a_copy_is_known_by_the_file_beside_it() {
        let files = ["js/app.js", "mnist/train-0-00.gz"];
        let has = |path: &str| files.contains(&path);
        assert!(is_copy("js/app.js.br", has) && is_copy("js/app.js.gz", has));
        assert!(!is_copy("js/app.js", has) && !is_copy("mnist/train-0-00.gz", has));
    }
}

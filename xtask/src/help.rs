//! What `--help` prints.

/// The list of commands.
pub(crate) const ALL: &str = "\
Usage: cargo xtask <command> [options]

  serve       build the site and serve it on http://127.0.0.1:8080/
  build       build the site into dist/

`cargo xtask <command> --help` tells more about each. What a command needs and
does not find is installed once, into $DIGITLAB_CACHE or the caches folder of
the system (on Linux ~/.cache/digitlab).
";

pub(crate) const SERVE: &str = "\
Usage: cargo xtask serve [options]

Builds the site, serves it, and builds it again whenever a source changes.

  --port <port>        the port to listen on (8080)
  --address <address>  the address to listen on (127.0.0.1; 0.0.0.0 for all)
  --debug              build without optimisation: sooner ready, slower to use
";

pub(crate) const BUILD: &str = "\
Usage: cargo xtask build [options]

Builds the site into dist/, ready for any static server and any path on it, and
prints how large the engine became.

  --debug  build without optimisation
";

pub(crate) const OPTIMISE: &str = "\
Usage: cargo xtask optimise

The hook that Trunk runs after each build: optimises the wasm modules of a
release build before they reach dist/.
";

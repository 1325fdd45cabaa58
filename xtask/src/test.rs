//! Running the tests.

use crate::{
    browsers::{Chromium, Engine},
    cache::Cache,
    cargo,
    nginx::Nginx,
    node::Packages,
    parts::Parts,
    process, python,
    scratch::Scratch,
    second_try, site, tools,
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What `cargo xtask test` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Run the native tests.
    pub(crate) native: bool,
    /// Run the wasm tests.
    pub(crate) wasm: bool,
    /// Run the tests of the built site.
    pub(crate) browser: bool,
    /// Run tests of the built site that fail once more, alone.
    pub(crate) again: bool,
    /// Leave out browsers that cannot be installed here.
    pub(crate) installable: bool,
    /// The browsers to test the built site in; Chromium if none is named.
    pub(crate) engines: Vec<Engine>,
    /// Run only tests whose name contains one of these; all if there are none.
    pub(crate) filters: Vec<String>,
}

/// Runs the chosen parts, or all if none was chosen.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    let all = !(options.native || options.wasm || options.browser);
    let filters = &*options.filters;
    let mut parts = Parts::default();
    if all || options.native {
        parts.run("native tests", || native(workspace, filters));
    }
    if all || options.wasm {
        parts.run("wasm tests", || wasm(workspace, filters));
    }
    if all || options.browser {
        browsers(&mut parts, workspace, options);
    }
    parts.finish()
}

/// The folder of `xtask/node` that brings what validates the description of the routes.
const VALIDATOR: &str = "openapi";

fn native(workspace: &Workspace, filters: &[String]) -> Result<()> {
    let cache = Cache::open()?;
    let validator = Packages::ensure(&cache, workspace, VALIDATOR)?;
    let mut command = cargo::command();
    command
        .current_dir(workspace.root())
        .args([
            "test",
            "--workspace",
            "--all-features",
            "--exclude",
            BROWSER_PACKAGE,
            "--",
        ])
        .args(filters)
        .env("DIGITLAB_OPENAPI_VALIDATOR", validator.folder());
    // Python is not asked of those who only want to build and test the core.
    match python::ensure(&cache, workspace, python::READERS) {
        Ok(python) => {
            command.env("DIGITLAB_READERS", python);
        }
        Err(error) => println!("What reads data sets with real libraries is left out: {error:#}"),
    }
    match python::ensure(&cache, workspace, python::RAY) {
        Ok(python) => {
            command.env("DIGITLAB_RAY", python);
        }
        Err(error) => println!("The example of data sets on Ray is left out: {error:#}"),
    }
    process::run(&mut command)
}

fn wasm(workspace: &Workspace, filters: &[String]) -> Result<()> {
    let tests = wasm_tests(workspace)?;
    if tests.is_empty() {
        bail!("no file of tests/ has wasm tests");
    }
    tools::wasm_target()?;
    let runner = tools::wasm_bindgen(&Cache::open()?, workspace)?.join("wasm-bindgen-test-runner");
    let chromium = Chromium::ensure()?;
    let scratch = Scratch::new("wasm-tests")?;
    let capabilities = scratch.path().join("webdriver.json");
    fs::write(
        &capabilities,
        chromium.capabilities(&scratch.path().join("profile")),
    )?;
    let mut command = cargo::command();
    command
        .current_dir(workspace.root())
        .args(["test", "--package", "digitlab", "--target", tools::WASM])
        // A list, since a plain text would be split at the spaces of a path.
        .args([
            "--config",
            &format!("target.{}.runner=[{runner:?}]", tools::WASM),
        ])
        .env("CHROMEDRIVER", &chromium.driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
        // In seconds; the usual 5 and 20 are too few for a busy machine.
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    for test in tests {
        command.args(["--test", &test]);
    }
    match filters {
        [] | [_] => process::run(command.args(filters)),
        // Their runner takes one name at a time.
        _ => bail!(
            "the wasm tests take one filter, not {}",
            filters.join(" and ")
        ),
    }
}

/// Builds the site once, and tests it in one browser after another.
fn browsers(parts: &mut Parts, workspace: &Workspace, options: &Options) {
    let mut built = None;
    parts.run("the site for the browsers", || {
        built = Some(site::build_apart(workspace)?);
        Ok(())
    });
    let Some(site) = built else {
        return;
    };
    let engines = match &*options.engines {
        [] => &[Engine::Chromium],
        named => named,
    };
    for engine in engines {
        if options.installable
            && let Err(error) = Cache::open().and_then(|cache| engine.ensure(&cache))
        {
            println!("{} is left out: {error:#}", engine.title());
            continue;
        }
        parts.run(&format!("browser tests in {}", engine.title()), || {
            browser(workspace, &site, *engine, options)
        });
    }
}

fn browser(workspace: &Workspace, site: &Path, engine: Engine, options: &Options) -> Result<()> {
    let tests = suite(workspace, site, engine, &options.filters)?;
    if options.again {
        second_try::run(tests)
    } else {
        process::run(&mut tests())
    }
}

/// What runs the tests of the built site in a browser: all, or those whose names contain one of these.
pub(crate) fn suite(
    workspace: &Workspace,
    site: &Path,
    engine: Engine,
    filters: &[String],
) -> Result<impl Fn() -> Command> {
    let cache = Cache::open()?;
    let programs = engine.ensure(&cache)?;
    let axe = Packages::ensure(&cache, workspace, "axe")?;
    let onnxruntime = Packages::ensure(&cache, workspace, "onnxruntime")
        .inspect_err(|error| println!("What is compared with onnxruntime is left out: {error:#}"));
    let nginx = Nginx::ensure(&cache)
        .inspect_err(|error| println!("The recipe for nginx is not tried: {error:#}"));
    // Python is not asked of those who only want to build and test the site.
    let python = python::ensure(&cache, workspace, python::REFERENCES).inspect_err(|error| {
        println!("What is compared with Python's own reading is left out: {error:#}");
    });
    Ok(move || {
        let mut command = cargo::command();
        with_site(&mut command, site, &programs)
            .current_dir(workspace.root())
            .args(["test", "--package", BROWSER_PACKAGE, "--no-fail-fast", "--"])
            .args(filters)
            .env("DIGITLAB_AXE", axe.file("axe-core/axe.min.js"));
        if let Ok(packages) = &onnxruntime {
            command.env("DIGITLAB_ONNXRUNTIME", packages.file(ONNXRUNTIME));
        }
        if let Ok(nginx) = &nginx {
            command.env("DIGITLAB_NGINX", &nginx.program);
            command.env("DIGITLAB_NGINX_BROTLI", &nginx.brotli);
        }
        if let Ok(python) = &python {
            command.env("DIGITLAB_PYTHON", python);
        }
        command
    })
}

/// Tells a program where the built site and the programs of a browser are.
pub(crate) fn with_site<'a>(
    command: &'a mut Command,
    site: &Path,
    programs: &[(&'static str, PathBuf)],
) -> &'a mut Command {
    command
        .env("DIGITLAB_SITE", site)
        .envs(programs.iter().map(|(name, path)| (name, path)))
}

/// Where onnxruntime-web has its scripts and modules.
pub(crate) const ONNXRUNTIME: &str = "onnxruntime-web/dist";

/// The package that needs the built site.
pub(crate) const BROWSER_PACKAGE: &str = "digitlab-browser";

/// The names of the integration tests that run in the browser.
pub(crate) fn wasm_tests(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.join("tests");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let file: PathBuf = entry?.path();
        if file.extension().is_some_and(|extension| extension == "rs")
            && is_wasm_test(&fs::read_to_string(&file)?)
        {
            names.extend(
                file.file_stem()
                    .map(Path::new)
                    .map(|name| name.display().to_string()),
            );
        }
    }
    names.sort();
    Ok(names)
}

fn is_wasm_test(source: &str) -> bool {
    source
        .lines()
        .any(|line| line.trim() == "#[wasm_bindgen_test]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_tests_are_known_by_their_attribute() {
        assert!(is_wasm_test("fn a() {}\n#[wasm_bindgen_test]\nfn b() {}\n"));
        assert!(is_wasm_test(
            "mod m {\n    #[wasm_bindgen_test]\n    async fn b() {}\n}\n"
        ));
        assert!(!is_wasm_test(
            "// not a #[wasm_bindgen_test]\n#[test]\nfn b() {}\n"
        ));
    }
}

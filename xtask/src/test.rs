//! Running the tests.

use crate::{
    cache::Cache, cargo, chromium::Chromium, parts::Parts, process, python, scratch::Scratch, site,
    tools, workspace::Workspace,
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
    /// Run only tests whose name contains this.
    pub(crate) filter: Option<String>,
}

/// Runs the chosen parts, or all if none was chosen.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    let all = !(options.native || options.wasm || options.browser);
    let filter = options.filter.as_deref();
    let mut parts = Parts::default();
    if all || options.native {
        parts.run("native tests", || native(workspace, filter));
    }
    if all || options.wasm {
        parts.run("wasm tests", || wasm(workspace, filter));
    }
    if all || options.browser {
        parts.run("browser tests", || browser(workspace, filter));
    }
    parts.finish()
}

fn native(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    process::run(
        cargo::command()
            .current_dir(workspace.root())
            .args([
                "test",
                "--workspace",
                "--all-features",
                "--exclude",
                BROWSER_PACKAGE,
            ])
            .args(filter),
    )
}

fn wasm(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
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
        .args(filter)
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
    process::run(&mut command)
}

fn browser(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    let site = site::build_apart(workspace)?;
    let chromium = Chromium::ensure()?;
    let mut command = cargo::command();
    with_site(&mut command, &site, &chromium)
        .current_dir(workspace.root())
        .args(["test", "--package", BROWSER_PACKAGE])
        .args(filter);
    // Python is not asked of those who only want to build and test the site.
    match python::ensure(&Cache::open()?, workspace) {
        Ok(python) => {
            command.env("DIGITLAB_PYTHON", python);
        }
        Err(error) => println!("What is compared with Python's own reading is left out: {error:#}"),
    }
    process::run(&mut command)
}

/// Tells a program where the built site and the browser are.
pub(crate) fn with_site<'a>(
    command: &'a mut Command,
    site: &Path,
    chromium: &Chromium,
) -> &'a mut Command {
    command
        .env("DIGITLAB_SITE", site)
        .env("DIGITLAB_CHROMIUM", &chromium.browser)
        .env("DIGITLAB_CHROMEDRIVER", &chromium.driver)
}

/// The package that needs the built site.
const BROWSER_PACKAGE: &str = "digitlab-browser";

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

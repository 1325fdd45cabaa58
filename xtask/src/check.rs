//! All that finds mistakes without running the program.

use crate::{
    cache::Cache, cargo, node::Packages, parts::Parts, process, recipes, supply, test, tools,
    workspace::Workspace,
};
use anyhow::Result;
use std::process::Command;

/// The folder of `xtask/node` that brings the compiler of types and the linter.
const PACKAGES: &str = "lint";

/// The wasm modules of the site.
const MODULES: [&str; 7] = [
    "engine", "dataset", "files", "frames", "routes", READER, "trainer",
];

/// To build the runtime of models takes minutes, and that of a release build is needed for the site anyway.
const READER: &str = "reader";

/// What `cargo xtask check` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Take the types of all modules from their release build.
    pub(crate) release: bool,
}

/// Runs every check.
pub(crate) fn check(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut parts = Parts::default();
    parts.run("documents", || crate::documents::check(workspace));
    parts.run("format", || format(workspace));
    parts.run("clippy", || clippy(workspace));
    parts.run("clippy for wasm", || clippy_wasm(workspace));
    parts.run("documentation", || documentation(workspace));
    parts.run("JS types", || types(workspace, options.release));
    parts.run("JS lint", || lint(workspace));
    parts.run("licences and sources", || supply::licences(workspace));
    parts.run("advisories", || supply::advisories(workspace));
    parts.run("npm audit", || supply::npm_audit(workspace));
    parts.run("deployment recipes", || recipes::check(workspace));
    parts.finish()
}

fn format(workspace: &Workspace) -> Result<()> {
    tools::component("fmt", "rustfmt")?;
    process::run(cargo(workspace).args(["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace) -> Result<()> {
    tools::component("clippy", "clippy")?;
    process::run(
        cargo(workspace)
            .args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--keep-going",
            ])
            .args(["--", "--deny", "warnings"]),
    )
}

fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    tools::component("clippy", "clippy")?;
    tools::wasm_target()?;
    let mut command = cargo(workspace);
    command.args([
        "clippy",
        "--package",
        "digitlab",
        "--target",
        tools::WASM,
        "--lib",
        "--bins",
        "--features",
        "dataset,reader,trainer",
    ]);
    for test in test::wasm_tests(workspace)? {
        command.args(["--test", &test]);
    }
    process::run(command.args(["--", "--deny", "warnings"]))?;
    // What one module lacks may be used by the others, so each is looked at alone, too.
    for module in MODULES {
        process::run(
            cargo(workspace)
                .args(["clippy", "--package", "digitlab", "--target", tools::WASM])
                .args(["--no-default-features", "--features", module])
                .args(["--lib", "--bin", module])
                .args(["--", "--deny", "warnings"]),
        )?;
    }
    Ok(())
}

fn documentation(workspace: &Workspace) -> Result<()> {
    process::run(
        cargo(workspace)
            .args([
                "doc",
                "--workspace",
                "--no-deps",
                "--document-private-items",
                "--all-features",
            ])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

/// Checks the types of the page against those of the real engine.
fn types(workspace: &Workspace, release: bool) -> Result<()> {
    let cache = Cache::open()?;
    tools::wasm_target()?;
    let packages = Packages::ensure(&cache, workspace, PACKAGES)?;
    let bindgen = tools::wasm_bindgen(&cache, workspace)?.join("wasm-bindgen");
    for module in MODULES {
        let profile = if release || module == READER {
            "release"
        } else {
            "debug"
        };
        let mut build = cargo(workspace);
        build
            .args(["build", "--target", tools::WASM, "--bin", module])
            .args(["--no-default-features", "--features", module]);
        if profile == "release" {
            build.arg("--release");
        }
        process::run(&mut build)?;
        process::run(
            Command::new(&bindgen)
                .args(["--target", "web", "--out-dir"])
                // Where the TypeScript configuration looks for it.
                .arg(workspace.join("target/js-types"))
                .arg(
                    workspace
                        .target()
                        .join(tools::WASM)
                        .join(format!("{profile}/{module}.wasm")),
                ),
        )?;
    }
    for project in [
        "tsconfig.page.json",
        "tsconfig.worker.json",
        "tsconfig.service.json",
    ] {
        process::run(
            packages
                .script("typescript/bin/tsc", &[])
                .current_dir(workspace.root())
                .arg("--project")
                .arg(workspace.join("xtask/node").join(PACKAGES).join(project)),
        )?;
    }
    Ok(())
}

fn lint(workspace: &Workspace) -> Result<()> {
    let packages = Packages::ensure(&Cache::open()?, workspace, PACKAGES)?;
    process::run(
        packages
            .script("eslint/bin/eslint.js", &[])
            .current_dir(workspace.root())
            .arg("--config")
            .arg(
                workspace
                    .join("xtask/node")
                    .join(PACKAGES)
                    .join("eslint.config.js"),
            )
            .args(["--max-warnings", "0", "www"])
            // The configuration finds its packages there.
            .env("DIGITLAB_LINT", packages.folder()),
    )
}

fn cargo(workspace: &Workspace) -> Command {
    let mut command = cargo::command();
    command.current_dir(workspace.root());
    command
}

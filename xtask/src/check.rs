//! All that finds mistakes without running the program.

use crate::{
    cache::Cache, cargo, node::Packages, parts::Parts, process, test, tools, workspace::Workspace,
};
use anyhow::Result;
use std::process::Command;

/// The folder of `xtask/node` that brings the compiler of types and the linter.
const PACKAGES: &str = "lint";

/// The wasm modules of the site, and the profiles that they are built with to be looked
/// at. To build the runtime of models takes minutes; that of a release build is needed
/// for the site anyway.
const MODULES: [(&str, &str); 4] = [
    ("engine", "debug"),
    ("files", "debug"),
    ("frames", "debug"),
    ("reader", "release"),
];

/// Runs every check.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut parts = Parts::default();
    parts.run("format", || format(workspace));
    parts.run("clippy", || clippy(workspace));
    parts.run("clippy for wasm", || clippy_wasm(workspace));
    parts.run("documentation", || documentation(workspace));
    parts.run("JS types", || types(workspace));
    parts.run("JS lint", || lint(workspace));
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
        "reader",
    ]);
    for test in test::wasm_tests(workspace)? {
        command.args(["--test", &test]);
    }
    process::run(command.args(["--", "--deny", "warnings"]))
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
fn types(workspace: &Workspace) -> Result<()> {
    let cache = Cache::open()?;
    tools::wasm_target()?;
    let packages = Packages::ensure(&cache, workspace, PACKAGES)?;
    let bindgen = tools::wasm_bindgen(&cache, workspace)?.join("wasm-bindgen");
    for (module, profile) in MODULES {
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
    for project in ["tsconfig.page.json", "tsconfig.worker.json"] {
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

//! nginx, with which the recipe for it is tried.

use crate::{cache::Cache, process, scratch::Scratch};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The packages of Debian and its kin: the server, and what sends files that were compressed with brotli.
const PACKAGES: [&str; 2] = ["nginx", "libnginx-mod-http-brotli-static"];

/// Where they have both.
const PROGRAM: &str = "usr/sbin/nginx";
const MODULE: &str = "usr/lib/nginx/modules/ngx_http_brotli_static_module.so";

/// An nginx that can be started.
pub(crate) struct Nginx {
    /// The server.
    pub(crate) program: PathBuf,
    /// Its module for brotli.
    pub(crate) brotli: PathBuf,
}

impl Nginx {
    /// That of the system if it has the module, or else one of our own, unpacked from the packages of the system: to
    /// install them would start a server.
    pub(crate) fn ensure(cache: &Cache) -> Result<Self> {
        let system = Self::below(Path::new("/"));
        if system.answers() {
            return Ok(system);
        }
        let release = release().context(
            "nginx with its module for brotli is not installed, and only for Debian and Ubuntu it is known where both are to be had",
        )?;
        let folder = cache.ensure(
            &format!("nginx-{release}"),
            |folder| Self::below(folder).answers(),
            |staging| {
                println!("Unpacking nginx into {} (once)", staging.display());
                unpack(staging)
            },
        )?;
        Ok(Self::below(&folder))
    }

    fn below(root: &Path) -> Self {
        Self {
            program: root.join(PROGRAM),
            brotli: root.join(MODULE),
        }
    }

    /// Whether it takes its module, which must be of the very same version.
    fn answers(&self) -> bool {
        process::is_program(&self.program) && self.try_module().is_ok()
    }

    fn try_module(&self) -> Result<()> {
        let scratch = Scratch::new("nginx")?;
        let settings = scratch.path().join("nginx.conf");
        let pid = scratch.path().join("pid");
        fs::write(
            &settings,
            format!(
                "load_module {}; pid {}; error_log stderr; events {{}}",
                self.brotli.display(),
                pid.display()
            ),
        )?;
        process::output(
            Command::new(&self.program)
                .args(["-t", "-q", "-e", "stderr", "-c"])
                .arg(&settings),
        )?;
        Ok(())
    }
}

/// The name and number of a system that has the packages.
fn release() -> Option<String> {
    let text = fs::read_to_string("/etc/os-release").ok()?;
    let value = |name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .map(|value| value.trim_matches('"'))
    };
    let id = value("ID")?;
    if !["debian", "ubuntu"].contains(&id) || process::on_path("apt-get").is_none() {
        return None;
    }
    Some(format!("{id}-{}", value("VERSION_ID").unwrap_or("testing")))
}

fn unpack(folder: &Path) -> Result<()> {
    let download = || {
        process::output(
            Command::new("apt-get")
                .args(["download", "--quiet=2"])
                .args(PACKAGES)
                .current_dir(folder),
        )
    };
    if download().is_err() {
        // The lists of packages are missing or old; only root may renew them.
        process::output(Command::new("apt-get").args(["update", "--quiet=2"]))?;
        download()?;
    }
    let mut unpacked = 0;
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|ending| ending == "deb") {
            process::output(Command::new("dpkg-deb").arg("-x").arg(&file).arg(folder))?;
            fs::remove_file(&file)?;
            unpacked += 1;
        }
    }
    if unpacked != PACKAGES.len() {
        bail!(
            "apt-get brought {unpacked} of the packages {}",
            PACKAGES.join(" and ")
        );
    }
    Ok(())
}

//! Serving the site while its sources are worked on.

use crate::{finish, process, site, workspace::Workspace};
use anyhow::{Result, bail};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

/// What `cargo xtask serve` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The address to listen on.
    pub(crate) address: IpAddr,
    /// The port to listen on.
    pub(crate) port: u16,
    /// How to build it.
    pub(crate) site: site::Options,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 8080,
            site: site::Options::default(),
        }
    }
}

/// Builds the site, serves it, and builds it again when a source changes.
pub(crate) fn serve(workspace: &Workspace, options: &Options) -> Result<()> {
    let address = SocketAddr::new(options.address, options.port);
    // Asked before the long build and not after it.
    if let Err(error) = TcpListener::bind(address) {
        bail!(
            "cannot listen on {address} ({error}); stop what uses the port, or choose another one \
             with `cargo xtask serve --port {}`",
            options.port.checked_add(1).unwrap_or(8080)
        );
    }
    let mut trunk = site::trunk(workspace, &options.site)?;
    println!(
        "Building the site; it will be at http://{address}/ as soon as Trunk says that it listens"
    );
    println!("Then reload the page after a change; Ctrl-C stops it");
    process::replace(
        trunk
            // What is built anew is to be seen with the next reload.
            .env(finish::SERVED, "true")
            .arg("serve")
            .args(["--address", &options.address.to_string()])
            .args(["--port", &options.port.to_string()]),
    )
}

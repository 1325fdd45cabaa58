//! What hosts state with the files of the site, from one table for all kinds of hosts.

use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use std::{fmt::Write as _, fs, path::Path};

/// What `cargo xtask headers` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Only compare.
    pub(crate) check: bool,
}

/// The file that several static hosts read: Netlify, Cloudflare Pages, and those that do as they do.
const FILE: &str = "_headers";

/// The same for nginx.
const NGINX: &str = "docs/deploy/nginx/site.conf";

/// What the page needs of the browser, and only in windows of its own.
const USED: [&str; 3] = ["camera", "clipboard-read", "clipboard-write"];

/// What it never needs. Only names that browsers know: of others they warn.
const UNUSED: [&str; 16] = [
    "accelerometer",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
];

/// The type of a file by the end of its name; every other one is bytes.
const TYPES: [(&str, &[&str]); 13] = [
    ("application/gzip", &["gz"]),
    ("application/json", &["json"]),
    ("application/manifest+json", &["webmanifest"]),
    ("application/octet-stream", &["onnx"]),
    ("application/wasm", &["wasm"]),
    ("image/jpeg", &["jpeg", "jpg"]),
    ("image/png", &["png"]),
    ("image/svg+xml", &["svg"]),
    ("image/webp", &["webp"]),
    ("text/css; charset=utf-8", &["css"]),
    ("text/html; charset=utf-8", &["html"]),
    ("text/javascript; charset=utf-8", &["js"]),
    ("text/plain; charset=utf-8", &["txt"]),
];

/// A header, with the reason for it.
struct Header {
    name: &'static str,
    value: String,
    why: &'static str,
}

/// The headers of every file of the site, whose page says itself what it may load.
fn headers(page: &str) -> Result<Vec<Header>> {
    let policy = format!("{}; frame-ancestors 'none'", policy(page)?);
    let permissions: Vec<String> = USED
        .map(|name| format!("{name}=(self)"))
        .into_iter()
        .chain(UNUSED.map(|name| format!("{name}=()")))
        .collect();
    let header = |name, value: &str, why| Header {
        name,
        value: value.to_owned(),
        why,
    };
    Ok(vec![
        header(
            "Access-Control-Allow-Origin",
            "*",
            "Pages of other origins may import the module and use the bucket: nothing here is secret.",
        ),
        header(
            "Cache-Control",
            "no-cache",
            "No name has a hash in it: whoever kept a file asks whether it is still the same (ETag). \
             The page itself keeps files by their hash.",
        ),
        header(
            "Content-Security-Policy",
            &policy,
            "What the page says of itself, for workers and pictures, too; and no other page may frame it.",
        ),
        header(
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Pages that open this one, or are opened, share nothing with it.",
        ),
        header(
            "Permissions-Policy",
            &permissions.join(", "),
            "The camera and the clipboard, and nothing else that browsers ask people for.",
        ),
        header(
            "Referrer-Policy",
            "no-referrer",
            "Hosts of pictures do not learn which page asks for them.",
        ),
        header(
            "X-Content-Type-Options",
            "nosniff",
            "Files are what they are said to be.",
        ),
    ])
}

/// The policy that the page states in its own markup.
fn policy(page: &str) -> Result<String> {
    let tag = page
        .split('<')
        .find(|tag| tag.starts_with("meta") && tag.contains("\"Content-Security-Policy\""))
        .context("www/index.html states no Content-Security-Policy")?;
    let content = tag
        .split_once("content=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .context("the Content-Security-Policy of www/index.html has no content")?
        .0;
    let directives: Vec<String> = content
        .split(';')
        .map(|directive| directive.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|directive| !directive.is_empty())
        .collect();
    let policy = directives.join("; ");
    ensure!(
        policy.starts_with("default-src ")
            && policy.is_ascii()
            && !policy.contains(['"', '\\', '$', '&']),
        "the Content-Security-Policy of www/index.html is not one that fits into a header: {policy}"
    );
    Ok(policy)
}

/// Writes the headers into a built site.
pub(crate) fn write(site: &Path) -> Result<()> {
    let page = read(&site.join("index.html"))?;
    let file = site.join(FILE);
    fs::write(&file, for_static_hosts(&page)?)
        .with_context(|| format!("cannot write {}", file.display()))
}

/// Writes or checks what nginx is told.
pub(crate) fn nginx(workspace: &Workspace, options: &Options) -> Result<()> {
    let text = for_nginx(&read(&workspace.join("www/index.html"))?)?;
    let file = workspace.join(NGINX);
    if options.check {
        ensure!(
            read(&file)? == text,
            "{NGINX} is not what `cargo xtask headers` writes: run it, and look at the difference"
        );
        return Ok(());
    }
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn for_static_hosts(page: &str) -> Result<String> {
    let mut text = String::from(
        "# Written by `cargo xtask build`: what this site's host should send with every file.\n/*\n",
    );
    for Header { name, value, .. } in headers(page)? {
        let _ = writeln!(text, "  {name}: {value}");
    }
    Ok(text)
}

fn for_nginx(page: &str) -> Result<String> {
    let mut text = String::from(
        "# Written by `cargo xtask headers`: change xtask/src/headers.rs, or the policy of www/index.html, and run it.\n\
         # For a `server` or a `location` that serves the built site.\n\n\
         index index.html;\n\n\
         # Of the files that the build has compressed, the copies are sent.\n\
         gzip_static on;\n\
         gzip_vary on;\n",
    );
    for Header { name, value, why } in headers(page)? {
        let _ = write!(text, "\n# {why}\nadd_header {name} \"{value}\" always;\n");
    }
    text.push_str("\ndefault_type application/octet-stream;\ntypes {\n");
    for (media_type, endings) in TYPES {
        // Only a value with a space needs the quotes.
        let quote = if media_type.contains(' ') { "\"" } else { "" };
        let _ = writeln!(
            text,
            "    {quote}{media_type}{quote} {};",
            endings.join(" ")
        );
    }
    text.push_str("}\n");
    Ok(text)
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    const PAGE: &str = "<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\"\n  \
        content=\"default-src 'none';\n    script-src 'self' 'wasm-unsafe-eval';\">\n<meta name=\"viewport\" content=\"x\">";

    #[test]
    fn the_policy_is_that_of_the_page_and_forbids_frames() {
        let headers = headers(PAGE).expect("a page with a policy");
        let policy = headers
            .iter()
            .find(|header| header.name == "Content-Security-Policy");
        assert_eq!(
            policy.expect("a policy").value,
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'"
        );
    }

    #[test]
    fn a_page_without_a_policy_that_fits_is_refused() {
        let cases = [
            ("<meta charset=\"utf-8\">", "states no"),
            (
                "<meta http-equiv=\"Content-Security-Policy\">",
                "has no content",
            ),
            (
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src $host\">",
                "does not fit",
            ),
            (
                "<meta http-equiv=\"Content-Security-Policy\" content=\"\">",
                "does not fit",
            ),
        ];
        for (page, expected) in cases {
            let error = policy(page).unwrap_err().to_string();
            let expected = expected.replace("does not fit", "is not one that fits");
            assert!(error.contains(&expected), "{page}: {error}");
        }
    }

    #[test]
    fn static_hosts_get_all_headers_for_all_files() {
        let scratch = Scratch::new("headers").expect("a folder");
        fs::write(scratch.path().join("index.html"), PAGE).expect("a file");
        write(scratch.path()).expect("it works");
        let text = fs::read_to_string(scratch.path().join(FILE)).expect("the file");
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(lines[0], "/*");
        assert_eq!(lines.len(), 1 + headers(PAGE).expect("headers").len());
        for line in &lines[1..] {
            // Cloudflare takes no longer ones.
            assert!(
                line.starts_with("  ") && line.contains(": ") && line.len() <= 2000,
                "{line}"
            );
        }
        assert!(lines.contains(&"  Cache-Control: no-cache"), "{text}");
    }

    #[test]
    fn what_nginx_is_told_is_what_the_table_says() {
        nginx(&Workspace::find(), &Options { check: true }).unwrap();
    }
}

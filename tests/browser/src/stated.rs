//! What a built site asks its host to state with every file.

use std::path::Path;

/// The headers of the file that static hosts read, in its order.
///
/// # Panics
/// When the site has no such file, or it has rules for more than all files alike.
pub fn stated_headers(site: &Path) -> Vec<(String, String)> {
    let path = site.join("_headers");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("/*"), "one rule for all files");
    lines
        .map(|line| {
            let (name, value) = line
                .strip_prefix("  ")
                .and_then(|line| line.split_once(": "))
                .unwrap_or_else(|| panic!("{line:?} is no header"));
            (name.to_ascii_lowercase(), value.to_owned())
        })
        .collect()
}

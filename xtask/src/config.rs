//! The part of the site that a host may set: `www/config.js`.

use anyhow::{Result, bail, ensure};

/// The configuration with another address of the bucket.
pub(crate) fn with_bucket(source: &str, address: &str) -> Result<String> {
    let is_bucket = |line: &&str| line.trim_start().starts_with("bucket:");
    if source.lines().filter(is_bucket).count() != 1 {
        bail!("config.js has no single line for the bucket");
    }
    let value = serde_json::to_string(&folder(address)?)?;
    let mut text = String::new();
    for line in source.lines() {
        if is_bucket(&line) {
            let indent = &line[..line.len() - line.trim_start().len()];
            text.push_str(&format!("{indent}bucket: {value},\n"));
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    Ok(text)
}

/// The address as that of a folder, which names are appended to.
pub(crate) fn folder(address: &str) -> Result<String> {
    ensure!(!address.is_empty(), "the address of the bucket is empty");
    ensure!(
        !address.contains(['?', '#']) && !address.contains(char::is_whitespace),
        "{address:?} is not the address of a folder"
    );
    Ok(format!("{}/", address.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_of_the_bucket_changes() {
        let source =
            "// bucket: not this one\nexport default {\n  bucket: \"./mnist/\",\n  other: 1,\n};\n";
        let cases = [
            ("https://example.org/mnist/", "https://example.org/mnist/"),
            ("https://example.org/mnist", "https://example.org/mnist/"),
            ("../data", "../data/"),
            ("a\"b", "a\\\"b/"),
        ];
        for (address, expected) in cases {
            let text = with_bucket(source, address).unwrap();
            let expected = source.replace("./mnist/", expected);
            assert_eq!(text, expected, "{address}");
        }
    }

    #[test]
    fn the_configuration_of_this_site_has_that_line() {
        let file = crate::workspace::Workspace::find().join("www/config.js");
        let source = std::fs::read_to_string(file).unwrap();
        let text = with_bucket(&source, "https://example.org/").unwrap();
        assert!(text.contains("bucket: \"https://example.org/\","), "{text}");
    }

    #[test]
    fn what_is_no_folder_is_refused() {
        for address in [
            "",
            "https://example.org/?a",
            "https://example.org/#a",
            "a b",
        ] {
            assert!(with_bucket("bucket: 1,", address).is_err(), "{address:?}");
        }
        assert!(with_bucket("export default {};", "./mnist/").is_err());
    }
}

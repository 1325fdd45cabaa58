//! Lighthouse on the built site, served as a static host would: every place, on a phone and on a desk.

use crate::{
    browsers::Chromium, cache::Cache, node::Packages, process, site, workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use std::{fmt::Write as _, path::Path, path::PathBuf};

/// What `cargo xtask lighthouse` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// A built site to look at, instead of building one.
    pub(crate) site: Option<PathBuf>,
    /// Only this device.
    pub(crate) device: Option<String>,
    /// Only this place: the part of its address behind `#/`.
    pub(crate) place: Option<String>,
}

/// The devices that Lighthouse knows.
pub(crate) const DEVICES: [&str; 2] = ["mobile", "desktop"];

/// The places by their addresses; the first is the page as it is opened without one.
pub(crate) const PLACES: [&str; 11] = [
    "",
    "#/generate",
    "#/augment",
    "#/classify",
    "#/frames",
    "#/api",
    "#/dataset",
    "#/train",
    "#/robustness",
    "#/records",
    "#/storage",
];

/// Each category, as it is called in the results and by people, with the score that must be reached.
pub(crate) const BARS: [(&str, &str, u64); 4] = [
    ("performance", "Performance", 95),
    ("accessibility", "Accessibility", 100),
    ("best-practices", "Best practices", 95),
    ("seo", "SEO", 95),
];

/// What Lighthouse says of one place on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scores {
    /// The address of the place below the site, empty for the page itself.
    pub(crate) place: String,
    /// The device: `mobile` or `desktop`.
    pub(crate) device: String,
    /// From 0 to 100, in the order of [`BARS`].
    pub(crate) scores: [u64; BARS.len()],
    /// The audits that cost points, in words.
    pub(crate) failed: Vec<String>,
}

impl Scores {
    /// The categories that miss their bar, in words.
    pub(crate) fn misses(&self) -> Vec<String> {
        let place = place_name(&self.place);
        BARS.iter()
            .zip(self.scores)
            .filter(|((_, _, bar), score)| score < bar)
            .map(|((_, title, bar), score)| {
                format!("{place}, {}: {title} is {score}, not {bar}", self.device)
            })
            .collect()
    }

    fn read(line: &str) -> Result<Self> {
        let value: serde_json::Value = serde_json::from_str(line)
            .with_context(|| format!("Lighthouse printed no result: {line:?}"))?;
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let mut scores = [0; BARS.len()];
        for (score, (name, _, _)) in scores.iter_mut().zip(BARS) {
            *score = value["scores"][name]
                .as_u64()
                .with_context(|| format!("Lighthouse gave no score for {name}: {line}"))?;
        }
        let failed = value["failed"].as_array().into_iter().flatten();
        Ok(Self {
            place: text("place"),
            device: text("device"),
            scores,
            failed: failed
                .filter_map(|audit| audit.as_str().map(str::to_owned))
                .collect(),
        })
    }
}

/// Measures, prints the table, and fails when a bar is missed.
pub(crate) fn lighthouse(workspace: &Workspace, options: &Options) -> Result<()> {
    let folder = match &options.site {
        Some(folder) if folder.join("index.html").is_file() => folder.clone(),
        Some(folder) => bail!(
            "{} holds no index.html; --site takes the folder of a built site, such as dist",
            folder.display()
        ),
        None => site::build_apart(workspace)?,
    };
    let devices = options
        .device
        .as_deref()
        .map_or(DEVICES.to_vec(), |device| vec![device]);
    let places = match options.place.as_deref() {
        Some(place) => vec![address_of(place)?],
        None => PLACES.to_vec(),
    };
    let results = measure(workspace, &folder, &devices, &places)?;
    for result in &results {
        for failed in &result.failed {
            println!("{}, {}: {failed}", place_name(&result.place), result.device);
        }
    }
    println!("\n{}", table(&results));
    let misses: Vec<String> = results.iter().flat_map(Scores::misses).collect();
    if !misses.is_empty() {
        bail!("below the bar:\n  {}", misses.join("\n  "));
    }
    Ok(())
}

/// Runs Lighthouse on places of a built site, one after the other.
pub(crate) fn measure(
    workspace: &Workspace,
    site: &Path,
    devices: &[&str],
    places: &[&str],
) -> Result<Vec<Scores>> {
    let cache = Cache::open()?;
    let packages = Packages::ensure(&cache, workspace, "lighthouse")?;
    let chromium = Chromium::ensure()?;
    println!(
        "Running Lighthouse on {} places, which takes about half a minute each",
        devices.len() * places.len()
    );
    let said = process::output(
        packages
            .run(&workspace.join("xtask/node/lighthouse/measure.mjs"))
            .arg(packages.folder())
            .arg(site)
            .arg(&chromium.browser)
            .arg(serde_json::to_string(&chromium.arguments())?)
            .arg(serde_json::to_string(devices)?)
            .arg(serde_json::to_string(places)?),
    )?;
    said.lines().map(Scores::read).collect()
}

/// The results as a table in Markdown, with a line for each place and device.
pub(crate) fn table(results: &[Scores]) -> String {
    let mut text = String::from("| place | device |");
    for (_, title, bar) in BARS {
        // Writing into a string does not fail.
        let _ = write!(text, " {title} (at least {bar}) |");
    }
    text.push_str("\n| --- | --- |");
    text.push_str(&" --- |".repeat(BARS.len()));
    for result in results {
        let _ = write!(
            text,
            "\n| {} | {} |",
            place_name(&result.place),
            result.device
        );
        for score in result.scores {
            let _ = write!(text, " {score} |");
        }
    }
    text.push('\n');
    text
}

fn address_of(place: &str) -> Result<&'static str> {
    let found = PLACES
        .into_iter()
        .find(|address| place_name(address) == place);
    found.with_context(|| {
        let all: Vec<&str> = PLACES.into_iter().map(place_name).collect();
        format!("there is no place {place:?}, only {}", all.join(", "))
    })
}

/// What people call the place with this address.
pub(crate) fn place_name(address: &str) -> &str {
    match address.strip_prefix("#/") {
        Some(name) => name,
        None => "main page",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r##"{"place":"#/frames","device":"mobile","scores":{"performance":94,"accessibility":100,"best-practices":96,"seo":95},"failed":["performance: Speed Index (4 s)"],"runs":3}"##;

    #[test]
    fn results_are_read_and_told() {
        let scores = Scores::read(LINE).unwrap();
        assert_eq!(scores.scores, [94, 100, 96, 95]);
        assert_eq!(scores.failed, ["performance: Speed Index (4 s)"]);
        assert_eq!(
            scores.misses(),
            ["frames, mobile: Performance is 94, not 95"]
        );
        let table = table(&[scores]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[1], "| --- | --- | --- | --- | --- | --- |");
        assert_eq!(lines[2], "| frames | mobile | 94 | 100 | 96 | 95 |");
    }

    #[test]
    fn a_result_that_is_none_is_an_error() {
        for line in ["", "{", r#"{"place":"","device":"mobile","scores":{}}"#] {
            assert!(Scores::read(line).is_err(), "{line}");
        }
    }

    #[test]
    fn places_have_names() {
        assert_eq!(address_of("main page").unwrap(), "");
        assert_eq!(address_of("storage").unwrap(), "#/storage");
        let error = address_of("nowhere").unwrap_err().to_string();
        assert!(error.contains("main page, generate, augment"), "{error}");
    }
}

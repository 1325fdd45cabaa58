//! Drawings, which the browser draws, and such as would never end.

use digitlab_browser::{Failure, Site, Visit};
use serde_json::json;

const XMLNS: &str = "xmlns=\"http://www.w3.org/2000/svg\"";

#[tokio::test]
async fn drawings_are_drawn_by_the_browser_at_their_own_size() {
    let site = Site::built().start().await;
    let half = "<rect width=\"50%\" height=\"100%\" fill=\"#00f\"/>";
    let cases = [
        (
            format!("<svg {XMLNS} width=\"40\" height=\"20\">{half}</svg>"),
            [40, 20, 4],
        ),
        (
            format!("<svg {XMLNS} width=\"1in\" height=\"48pt\">{half}</svg>"),
            [96, 64, 4],
        ),
        (
            format!("<svg {XMLNS} width=\"10\" viewBox=\"0 0 2 1\">{half}</svg>"),
            [10, 5, 4],
        ),
        (
            format!("<svg {XMLNS} viewBox=\"0 0 2 1\">{half}</svg>"),
            [1024, 512, 4],
        ),
        (
            format!("<svg {XMLNS} viewBox=\"0,0,30,60\" width=\"100%\">{half}</svg>"),
            [512, 1024, 4],
        ),
        (format!("<svg {XMLNS}>{half}</svg>"), [1024, 1024, 4]),
        (
            format!(
                "<?xml version=\"1.0\"?><!-- {} --><svg {XMLNS} width=\"8\" height=\"8\">{half}<rect width=\"8\" height=\"8\"/></svg>",
                "a".repeat(2000)
            ),
            [8, 8, 3],
        ),
        (
            format!(
                "<svg {XMLNS} width=\"8\" height=\"8\">{half}<foreignObject width=\"8\" height=\"8\"><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></foreignObject></svg>"
            ),
            [8, 8, 4],
        ),
        (
            format!(
                "<svg {XMLNS} width=\"8\" height=\"8\"><style>.half {{ fill: #00f }}</style><rect id=\"half\" class=\"half\" style=\"width: 4px\" height=\"8\"/></svg>"
            ),
            [8, 8, 4],
        ),
        (
            format!(
                "<!DOCTYPE svg [<!ENTITY ns \"http://www.w3.org/2000/svg\">]><svg xmlns=\"&ns;\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"8\" height=\"8\"><defs><g id=\"half\">{half}</g></defs><use xlink:href=\"#half\"/></svg>"
            ),
            [8, 8, 4],
        ),
    ];
    let texts: Vec<&str> = cases.iter().map(|case| case.0.as_str()).collect();
    Visit::new()
        .run_lab(&site, async |lab| {
            let results = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const results = [];
                    for (const text of args) {
                      const { width, height, channels, data, found } = await lab.openPicture(new Blob([text]));
                      const at = (x, y) => [...data.subarray(channels * (y * width + x)).subarray(0, channels)];
                      results.push({ size: [width, height, channels], left: at(1, 1), right: at(width - 2, 1), found });
                    }
                    lab.close();
                    return results;",
                    json!(texts),
                )
                .await;
            for (k, (text, size)) in cases.iter().enumerate() {
                assert_eq!(results[k]["size"], json!(size), "{text}");
                assert_eq!(results[k]["found"]["format"], "SVG");
                if size[2] == 4 {
                    assert_eq!(results[k]["left"], json!([0, 0, 255, 255]), "{text}");
                    assert_eq!(results[k]["right"], json!([0, 0, 0, 0]), "{text}");
                } else {
                    assert_eq!(results[k]["right"], json!([0, 0, 0]), "{text}");
                }
            }
            let note = |k: usize| results[k]["found"]["notes"].to_string();
            assert!(note(5).contains("states no size"), "{}", note(5));
            assert!(note(7).contains("HTML inside of the drawing was left out."), "{}", note(7));
        })
        .await;
}

#[tokio::test]
async fn drawings_that_would_never_end_are_refused() {
    let site = Site::built().start().await;
    let doubled: String = (1..40)
        .map(|k| {
            format!(
                "<g id=\"a{k}\"><use href=\"#a{0}\"/><use href=\"#a{0}\"/></g>",
                k - 1
            )
        })
        .collect();
    let patterns: String = (1..30)
        .map(|k| format!("<pattern id=\"p{k}\"><rect fill=\"url(#p{0})\"/><rect style=\"fill:url('#p{0}')\"/></pattern>", k - 1))
        .collect();
    let entities: String = (1..12)
        .map(|k| format!("<!ENTITY e{k} \"{}\">", format!("&e{};", k - 1).repeat(10)))
        .collect();
    let long = "x".repeat(2000);
    let cases = [
        (
            format!(
                "<svg {XMLNS} width=\"8\" height=\"8\"><defs><rect id=\"a0\"/>{doubled}</defs><use href=\"#a39\"/></svg>"
            ),
            "limit_exceeded",
            "repeats its parts",
        ),
        (
            format!(
                "<svg {XMLNS} width=\"8\" height=\"8\"><rect id=\"p0\"/>{patterns}<rect fill=\"url(#p29)\"/></svg>"
            ),
            "limit_exceeded",
            "repeats its parts",
        ),
        (
            format!(
                "<!DOCTYPE svg [<!ENTITY e0 \"x\">{entities}]><svg {XMLNS}><text>&e11;</text></svg>"
            ),
            "invalid_file",
            "entities are made of entities",
        ),
        (
            format!(
                "<!DOCTYPE svg [<!ENTITY e0 \"{long}\">]><svg {XMLNS}><text>{}</text></svg>",
                "&e0;".repeat(3000)
            ),
            "invalid_file",
            "entities grow to",
        ),
        (
            format!("<svg {XMLNS} width=\"100000\" height=\"100000\"/>"),
            "limit_exceeded",
            "100000 x 100000 (10000 megapixels)",
        ),
        (
            "<svg width=\"8\" height=\"8\"/>".into(),
            "invalid_file",
            "<svg xmlns=",
        ),
        (
            format!("<svg {XMLNS}><rect></svg>"),
            "invalid_file",
            "not well-formed",
        ),
        (
            "<note>no drawing</note>".into(),
            "unsupported",
            "an XML or HTML text",
        ),
    ];
    let texts: Vec<&str> = cases.iter().map(|case| case.0.as_str()).collect();
    Visit::new()
        // How the browser itself shows what is not well-formed has styles.
        .expecting("Applying inline style violates")
        .run_lab(&site, async |lab| {
            let results = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const results = [];
                    for (const text of args) {
                      results.push(await lab.openPicture(new Blob([text])).then(() => ({ message: 'accepted' }), tools.failure));
                    }
                    lab.close();
                    return results;",
                    json!(texts),
                )
                .await;
            for (k, (text, code, part)) in cases.iter().enumerate() {
                let failure = Failure::from_json(&results[k]);
                let start: String = text.chars().take(120).collect();
                assert_eq!(failure.code, *code, "{start}: {failure}");
                assert!(failure.message.contains(part), "{start}: {failure}");
            }
        })
        .await;
}

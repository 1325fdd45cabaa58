//! Links, names of files, forms and texts of strangers.

use digitlab_browser::{LAB_PAGE, Site, Visit};
use serde_json::{Value, json};

use crate::page::Page;

/// Addresses that a link may hold, and what is said of each.
const LINKS: [(&str, &str); 8] = [
    (
        "#/generate?number=5&bucket=javascript:window.hacked=1",
        "bucket is \"javascript:window.hacked=1\"; allowed: an http or https address",
    ),
    (
        "#/generate?number=5&bucket=data:text/html,x",
        "bucket is \"data:text/html,x\"; allowed: an http or https address",
    ),
    (
        "#/augment?url=javascript:window.hacked=1",
        "a javascript: address; allowed: http, https, data and blob addresses.",
    ),
    (
        "#/augment?url=file:///etc/passwd",
        "a file of this machine, which a page may not open by its address",
    ),
    (
        "#/augment?pipeline=%7B%22__proto__%22:%7B%22hacked%22:1%7D%7D",
        "__proto__ is not a known field",
    ),
    (
        "#/classify?url=ftp://example.org/a.png",
        "a ftp: address; allowed: http, https, data and blob addresses.",
    ),
    (
        "#/classify?mode=%3Cimg%20src=x%20onerror=window.hacked=1%3E",
        "<img src=x onerror=window.hacked=1>",
    ),
    ("#/%3Cimg%20src=x%3E", "Not found"),
];

#[tokio::test]
async fn hostile_links_come_to_sentences() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            for (fragment, sentence) in LINKS {
                browser.open("about:blank").await;
                browser.open(&site.url(fragment)).await;
                let said = format!(
                    "(document.title + document.body.innerText).includes({})",
                    json!(sentence)
                );
                browser
                    .until(&format!("{fragment}: {sentence}"), &said)
                    .await;
                let harmed =
                    "[window.hacked, {}.hacked, document.querySelectorAll('[src=x]').length]";
                assert_eq!(
                    browser.value(harmed).await,
                    json!([null, null, 0]),
                    "{fragment}"
                );
            }
        })
        .await;
}

#[tokio::test]
async fn names_of_files_are_text_and_no_more() {
    let site = Site::built().start().await;
    let name = "=cmd|'<img src=x onerror=window.hacked=1>'.csv";
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/frames")).await;
            browser
                .until("the place is ready", "['empty', 'done'].includes(document.querySelector('#frames')?.dataset.state)")
                .await;
            browser
                .run(
                    "const files = new DataTransfer();
                     files.items.add(new File(['depth,a,b\\n1,2,3\\n2,3,4\\n'], arguments[0]));
                     const input = document.querySelector('#frames-file');
                     input.files = files.files;
                     input.dispatchEvent(new Event('change', { bubbles: true }));",
                    vec![json!(name)],
                )
                .await;
            let shown = format!("document.querySelector('#frames-name')?.textContent === {}", json!(name));
            browser.until("the log is shown by its name", &shown).await;
            let harmed = "[window.hacked, document.querySelectorAll('[src=x]').length]";
            assert_eq!(browser.value(harmed).await, json!([null, 0]));
            let made = browser
                .run(
                    "return (async (files, code, names) => {
                       const { safeFileName } = await import(files);
                       const { curlCode, fetchCode } = await import(code);
                       const file = new File(['x'], \"a'; rm -rf ~ '\\n\\u2028alert(1)//.csv\");
                       const request = (body) => ({ method: 'POST', url: new URL('image', document.baseURI), headers: [], body, answers: 'text/csv' });
                       const text = request({ kind: 'form', parts: [{ name: 'pipeline', value: '@/etc/passwd' }] });
                       return {
                         names: names.map(safeFileName),
                         program: fetchCode(request({ kind: 'file', file })).split(/[\\n\\u2028\\u2029]/).length,
                         curl: [curlCode(request({ kind: 'file', file })), curlCode(text), curlCode(request({ kind: 'text', text: '@/etc/passwd' }))],
                       };
                     })(...arguments);",
                    vec![
                        json!(site.url("js/ui/file_name.js")),
                        json!(site.url("js/api/request_code.js")),
                        json!([
                            "digit.png", "../../etc/passwd", "C:\\a.png", "a\u{0}b\n.csv", "cat\u{202e}gnp.exe", "con.txt", "...", "",
                            " .bashrc", "a".repeat(300) + ".csv.gz", "\u{1f600}".repeat(100) + ".png", "a. . ",
                        ]),
                    ],
                )
                .await;
            let expected = json!([
                "digit.png", "-..-etc-passwd", "C--a.png", "ab.csv", "catgnp.exe", "_con.txt", "download", "download",
                "bashrc", "a".repeat(193) + ".csv.gz", "\u{1f600}".repeat(49) + ".png", "a",
            ]);
            assert_eq!(made["names"], expected);
            assert_eq!(made["program"], 7, "the name of the file begins no line");
            let curl = made["curl"].as_array().expect("programs");
            let says = |at: usize, part: &str| assert!(curl[at].as_str().is_some_and(|text| text.contains(part)), "{}", curl[at]);
            says(0, "--data-binary '@a'\\''; rm -rf ~ '\\''");
            says(1, "--form-string 'pipeline=@/etc/passwd'");
            says(2, "--data-raw '@/etc/passwd'");
        })
        .await;
}

/// Any page of the web can make a browser send a form here.
#[tokio::test]
async fn forms_of_strangers_are_not_taken() {
    let site = Site::built().start().await;
    let form = format!(
        "<!doctype html><title>Stranger</title><form method=\"post\" action=\"{}\" enctype=\"multipart/form-data\"><input type=\"file\" name=\"file\"></form>",
        site.url("image?name=planted")
    );
    let stranger = Site::empty().with("form.html", form).start().await;
    Visit::new()
        .offline()
        .expecting("403")
        // Neither page names one, and browsers ask for it.
        .expecting("favicon.ico")
        .run(async |browser| {
            Page::open(browser, &site, "").await;
            browser.until("the service worker is there", "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)").await;
            browser.open(&stranger.url("form.html")).await;
            browser
                .run(
                    "const files = new DataTransfer();
                     files.items.add(new File(['depth,a,b\\n1,2,3\\n'], 'planted.csv', { type: 'text/csv' }));
                     document.querySelector('input').files = files.files;
                     document.querySelector('form').submit();",
                    vec![],
                )
                .await;
            browser.until("it is refused", "document.body?.innerText.includes('A form that leaves its page is not taken')").await;
            browser.open(&site.url(LAB_PAGE)).await;
            let list = "const lab = await Digitlab.open({ workers: 1 });
                const logs = await lab.frames.list();
                lab.close();
                return logs.length;";
            let lab = browser.lab(&site.url("digitlab.js"));
            assert_eq!(lab.get(list, Value::Null).await, 0);
        })
        .await;
}

/// What the page reads without the engine, each with what may be thrown and examples to begin with; and how the examples
/// are changed, the same in every run.
const READERS: &str = r##"return (async (module) => {
    const [boxes, svg, colours, recipe, state, ...addresses] = await Promise.all([
      "augment/box_text.js", "lab/svg.js", "frames/colour_list.js", "dataset/recipe_file.js", "dataset/recipe_state.js",
      "augment/augment_address.js", "classify/classify_address.js", "frames/frames_address.js", "generate/address.js", "dataset/dataset_address.js",
    ].map((path) => import(new URL(`js/${path}`, module).href)));
    const coco = { images: [{ id: 1, file_name: "a.png", width: 40, height: 30 }], categories: [{ id: 2, name: "cat" }], annotations: [{ image_id: 1, category_id: 2, bbox: [1, 2, 3, 4] }] };
    const voc = "<annotation><size><width>40</width><height>30</height></size><object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>8</ymax></bndbox></object></annotation>";
    const drawing = `<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20" width="3cm"><defs><g id="g"><path d="M0 0h9"/></g></defs><use href="#g"/><script>1</script><foreignObject/>&a;<image href="x"/></svg>`;
    const readers = [
      ["boxes", boxes.BoxTextError, (text) => boxes.textOfFile("boxes", text, { name: "a.png", width: 40, height: 30 }), ["cat 1 2 3 4\n# no\n0.1,0.2;0.3 0.4", JSON.stringify(coco), voc]],
      ["drawing", Error, (text) => { try { svg.prepareSvg(text, {}); } catch (error) { if (!error.code) throw new TypeError(String(error)); } }, [drawing]],
      ["colours", null, (text) => colours.coloursOf(text), ["navy, #0af, rgb(255 0 0)"]],
      ["recipe", Error, async (text) => { state.toState(await recipe.readRecipe(new File([text], "recipe.json"))); }, [
        JSON.stringify({ recipe: { count: 5, numbers: { random: [1, 4] }, subsets: { train: 8 }, pipeline: [] } }), JSON.stringify({ count: 3, numbers: { list: ["1"] }, seed: "7" }),
      ]],
      ["numbers", Error, (text) => { state.numbersIn(text); }, ["042, 7 31\n5"]],
      ...addresses.map((address, at) => [`address ${at}`, null, (text) => address.fromQuery(text), ["url=https://example.org/a.png&seed=7&mode=mine&count=12&pipeline=[{}]&image=1&depth_min=9.5&colormap=navy,red&number=5"]]),
    ];
    let seed = 1;
    const below = (most) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return Math.floor((seed / 2 ** 32) * most); };
    const words = ["", "null", "-1", "1e999", "NaN", '"', "<", ">", "&", "%", "\u0000", "\ud800", "{", "[", "]", ",", "__proto__", "constructor", "&#0;", "<svg>", "99999999999999999999", "true", "\n"];
    const changed = (text) => {
      const [from, to] = [below(text.length + 1), below(text.length + 1)].sort((a, b) => a - b);
      const word = words[below(words.length)];
      return [text.slice(0, from) + text.slice(to), text.slice(0, to) + text.slice(from), text.slice(0, from) + word + text.slice(from), text.slice(0, from) + word + text.slice(from + 1)][below(4)].slice(0, 3000);
    };
    const wrong = [];
    let tries = 0;
    for (const [name, allowed, read, examples] of readers) {
      for (const example of examples) {
        for (let k = 0, text = example; k < 300; k++) {
          text = k % 8 === 0 ? example : changed(text);
          tries += 1;
          try {
            await read(text);
          } catch (error) {
            const expected = allowed && error instanceof allowed && !(error instanceof TypeError) && !(error instanceof RangeError);
            if (!expected && wrong.length < 10) wrong.push(`${name}: ${error} of ${text}`.toWellFormed());
          }
        }
      }
    }
    if ({}.hacked !== undefined || Object.keys(Object.prototype).length > 0) wrong.push("Object.prototype has changed");
    return { tries, wrong };
  })(arguments[0]);"##;

#[tokio::test]
async fn what_the_page_reads_itself_comes_to_sentences() {
    let site = Site::built().start().await;
    Visit::new()
        // Chromium's own words in a document of broken XML have a style.
        .expecting("inline style")
        .run(async |browser| {
            browser.open(&site.url("#/records")).await;
            let found = browser
                .run(READERS, vec![json!(site.url("digitlab.js"))])
                .await;
            assert_eq!(found["wrong"], json!([]));
            assert_eq!(found["tries"], 300 * 13);
        })
        .await;
}

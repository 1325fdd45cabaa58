//! A clock that is set forwards or back while the page is open: what depends on the order of things goes by more than the clock.

use digitlab_browser::{LAB_PAGE, Site, Visit};
use serde_json::{Value, json};

/// A clock that is so many milliseconds off from now on, in this page: `shift(milliseconds)`.
const CLOCK: &str = "
    const Sound = window.Sound ??= Date;
    let off = 0;
    const shift = (milliseconds) => { off = milliseconds; };
    window.Date = class extends Sound {
      constructor(...given) {
        if (given.length === 0) super(Sound.now() + off);
        else super(...given);
      }
      static now() {
        return Sound.now() + off;
      }
    };
    const HOUR = 3600000;
";

#[tokio::test]
async fn task_ids_are_never_the_same_and_those_of_a_day_say_its_time() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let body = format!(
                "{CLOCK}
                const lab = await Digitlab.open({{ workers: 1 }});
                const noon = new Sound();
                noon.setHours(12, 0, 0, 0);
                const at = (hours) => shift(noon.getTime() + hours * HOUR - Sound.now());
                const ids = [];
                // Noon, an hour later, back by two hours, the next day at one, and three years later at two.
                for (const hours of [0, 1, -1, 13, 3 * 365 * 24 - 10]) {{
                  at(hours);
                  for (let k = 0; k < 3; k += 1) ids.push((await lab.generate({{ number: '1', image_width: 28, seed: 1 }})).taskId);
                }}
                lab.close();
                return ids;"
            );
            let found = lab.get(&body, Value::Null).await;
            let ids: Vec<&str> = found.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
            assert_eq!(ids.len(), 15, "{found}");
            let mut different = ids.clone();
            different.sort_unstable();
            different.dedup();
            assert_eq!(different.len(), 15, "{found}");
            let hours: Vec<&str> = ids.iter().map(|id| &id[..2]).collect();
            // Set back within a day, it goes on from the latest; a daylight saving may move the last by an hour.
            assert_eq!(hours[..12], ["12", "12", "12", "13", "13", "13", "13", "13", "13", "01", "01", "01"], "{found}");
            assert!(["01", "02", "03"].contains(&hours[14]), "{found}");
        })
        .await;
}

#[tokio::test]
async fn records_keep_their_order_and_filters_go_by_what_was_written_down() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let body = format!(
                "{CLOCK}
                const lab = await Digitlab.open({{ workers: 1 }});
                const times = [];
                for (const [result, hours] of [['1', 0], ['2', 48], ['3', -48], ['4', 0]]) {{
                  shift(hours * HOUR);
                  times.push(new Date((await lab.records.add({{ result }})).time).getTime() - Sound.now() - hours * HOUR);
                }}
                const order = (await lab.records.list()).records.map(({{ result }}) => result);
                const csv = (await (await lab.records.export({{ format: 'csv' }})).text()).trim().split(/\\r?\\n/).length;
                lab.close();
                return {{ order, csv, sane: times.every((apart) => Math.abs(apart) < HOUR) }};"
            );
            let found = lab.get(&body, Value::Null).await;
            assert_eq!(found, json!({ "order": ["4", "3", "2", "1"], "csv": 5, "sane": true }));
        })
        .await;
}

#[tokio::test]
async fn the_time_left_of_a_data_set_does_not_follow_the_clock() {
    let site = Site::built().start().await;
    Visit::new()
        .with_own_files()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let body = format!(
                "{CLOCK}
                const lab = await Digitlab.open({{ workers: 2 }});
                const job = await lab.datasets.start({{ count: 20000, numbers: {{ random: 6 }}, image_width: 168, seed: 1 }});
                const seen = [];
                job.addEventListener('progress', ({{ detail }}) => {{
                  seen.push(detail);
                  // Forwards and back by a day, in turns.
                  shift((seen.length % 3 - 1) * 24 * HOUR);
                }});
                const made = await job.done;
                shift(0);
                const [kept] = await lab.datasets.list();
                lab.close();
                const wrong = seen.filter(({{ rate, secondsLeft }}) => !(rate >= 0) || (secondsLeft !== null && !(secondsLeft >= 0 && secondsLeft < 4 * 3600)));
                return {{ wrong, count: seen.length, seconds: made.seconds, items: made.items, kept: kept.state }};"
            );
            let found = lab.get(&body, Value::Null).await;
            assert_eq!(found["wrong"], json!([]), "{found}");
            assert!(found["count"].as_u64() > Some(3), "{found}");
            assert!(found["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0 && seconds < 3600.0), "{found}");
            assert_eq!((&found["items"], &found["kept"]), (&json!(20_000), &json!("done")));
        })
        .await;
}

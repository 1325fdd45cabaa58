//! The pool of workers: one that panics, hangs or is cancelled costs its own call and nothing else.

use digitlab_browser::{Failure, Fault, LAB_PAGE, Lab, Site, SiteBuilder, Visit, environment};
use serde_json::{Value, json};

/// A pool of the module's own, and functions that give it work: `make` generates pictures, `catching` returns what a
/// promise is rejected with.
const POOL: &str = "
    const site = new URL('./', address);
    const part = (name) => import(new URL(`js/lab/${name}.js`, site));
    const [{ Pool }, { engineModule }, { SampleSource }, { HttpBucket }] =
      await Promise.all(['pool', 'engine_module', 'sample_source', 'bucket'].map(part));
    const script = new URL('js/lab/worker.js', site);
    const pool = new Pool({ script, module: engineModule, size: args.size, idleMs: 60000 });
    const source = new SampleSource(new HttpBucket(new URL('mnist/', site)));
    const make = async (count) => {
      const request = JSON.stringify({ number: '042', image_width: 84, seed: 7 });
      const work = { request, seed: 7n, count, microsOfDay: 0 };
      return (await pool.run((lease) => source.call(lease, 'generate', () => ({ args: work })))).widths.length;
    };
    const catching = (promise) => promise.then(() => null, tools.failure);
";

async fn on_pool(lab: &Lab<'_>, size: u32, body: &str) -> Value {
    lab.get(
        &format!("{POOL} try {{ {body} }} finally {{ pool.close(); }}"),
        json!({ "size": size }),
    )
    .await
}

#[tokio::test]
async fn a_panic_costs_one_call() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("on purpose")
        .run_lab(&site, async |lab| {
            let result = on_pool(
                lab,
                2,
                "await make(1);
                const other = make(3000);
                const failure = await catching(pool.run((lease) => lease.call('panic')));
                const results = await Promise.all([other, make(5), make(6), make(7)]);
                return { failure, results, workers: pool.workers };",
            )
            .await;
            let failure = Failure::from_json(&result["failure"]);
            assert_eq!(
                (failure.name.as_str(), failure.code.as_str()),
                ("DigitlabError", "crashed"),
                "{failure}"
            );
            assert!(failure.message.contains("on purpose"), "{failure}");
            assert_eq!(
                (&result["results"], &result["workers"]),
                (&json!([3000, 5, 6, 7]), &json!(2))
            );
        })
        .await;
}

#[tokio::test]
async fn a_hanging_worker_is_ended_at_its_timeout() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = on_pool(
                lab,
                2,
                "await make(1);
                const hanging = catching(pool.run((lease) => lease.call('hang'), { timeout: 100 }));
                const meanwhile = await make(500);
                const failure = await hanging;
                const after = await Promise.all([make(5), make(6), make(7)]);
                return { failure, results: [meanwhile, ...after], workers: pool.workers };",
            )
            .await;
            let failure = Failure::from_json(&result["failure"]);
            assert_eq!(
                (failure.code.as_str(), &failure.detail["field"]),
                ("timeout", &json!("timeout")),
                "{failure}"
            );
            assert!(failure.message.contains("100 ms"), "{failure}");
            assert_eq!(
                (&result["results"], &result["workers"]),
                (&json!([500, 5, 6, 7]), &json!(2))
            );
        })
        .await;
}

#[tokio::test]
async fn cancelling_a_hanging_worker_rejects_and_replaces_it() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = on_pool(
                lab,
                1,
                "await make(1);
                const controller = new AbortController();
                const hang = (signal) =>
                  catching(pool.run((lease) => lease.call('hang'), { signal }));
                const hanging = hang(controller.signal);
                const queued = make(4);
                const cancelled = new AbortController();
                const never = hang(cancelled.signal);
                cancelled.abort();
                const failures = [await never];
                // The only worker still hangs: nobody waited for it to reject the one in the queue.
                controller.abort();
                failures.push(await hanging);
                failures.push(await hang(AbortSignal.abort()));
                const results = [await queued, await make(5)];
                return { failures, results, workers: pool.workers };",
            )
            .await;
            for failure in result["failures"].as_array().expect("failures") {
                let failure = Failure::from_json(failure);
                assert_eq!(
                    (failure.name.as_str(), failure.code.as_str()),
                    ("AbortError", "aborted"),
                    "{failure}"
                );
            }
            assert_eq!(
                (&result["results"], &result["workers"]),
                (&json!([4, 5]), &json!(1))
            );
        })
        .await;
}

/// The site with an engine that panics for the number 666.
fn site_of_the_beast() -> SiteBuilder {
    let path = "js/lab/worker_methods.js";
    let script =
        std::fs::read_to_string(environment::site().join(path)).expect("the site has its workers");
    let (before, after) = script
        .split_once("  generate(")
        .expect("workers can generate");
    let cursed = "  generate(args) {
        if (args.request.includes('666')) engine.panicOnPurpose();
        return this.spared(args);
      },
      spared(";
    Site::built().with(path, [before, cursed, after].concat())
}

#[tokio::test]
async fn a_panic_in_the_midst_of_a_series_leaves_the_others_alone() {
    let site = site_of_the_beast().start().await;
    Visit::new()
        .expecting("on purpose")
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 2 });
                    const request = { number: '042', image_width: 84, seed: 7 };
                    const series = (async () => {
                      let made = 0;
                      for await (const _ of lab.generateMany(request, { count: 3000 })) made += 1;
                      return made;
                    })();
                    const failures = [];
                    for (let round = 0; round < 3; round += 1) {
                      const cursed = lab.generate({ ...request, number: '666' });
                      failures.push(await cursed.then(() => null, tools.failure));
                    }
                    const { label } = await lab.generate(request);
                    const results = [await series, label];
                    const { workers } = lab;
                    lab.close();
                    return { failures, results, workers };",
                    Value::Null,
                )
                .await;
            for failure in result["failures"].as_array().expect("failures") {
                let failure = Failure::from_json(failure);
                assert_eq!(failure.code, "crashed", "{failure}");
            }
            assert_eq!(result["results"], json!([3000, "042"]));
            // A worker that died after the series had ended is replaced by nobody.
            let now = result["workers"]["now"].as_u64().expect("a number");
            assert!(
                (1..=2).contains(&now),
                "{now} workers, not counting dead ones"
            );
        })
        .await;
}

#[tokio::test]
async fn idle_workers_go_away_and_come_back() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let script = "
                window.lab ??= await Digitlab.open({ workers: 2, idleMs: 50 });
                const before = window.lab.workers.now;
                const request = { number: '1', image_width: 28 };
                for await (const _ of window.lab.generateMany(request, { count: 500 }));
                return before;";
            assert_eq!(
                lab.get(script, Value::Null).await,
                0,
                "workers start with the first work"
            );
            browser
                .until("both workers go away", "window.lab.workers.now === 0")
                .await;
            assert_eq!(lab.get(script, Value::Null).await, 0);
            browser
                .until("both workers go away again", "window.lab.workers.now === 0")
                .await;
        })
        .await;
}

#[tokio::test]
async fn a_closed_lab_rejects_what_it_had_to_do() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let failures = lab
                .get(
                    "const request = { number: '042', image_width: 84, seed: 7 };
                    const catching = (promise) => promise.then(() => null, tools.failure);
                    const controller = new AbortController();
                    const failures = [];
                    for (const close of [(lab) => lab.close(), () => controller.abort()]) {
                      const lab = await Digitlab.open({ workers: 1, signal: controller.signal });
                      await lab.generate(request);
                      const endless = lab.generateMany(request, { count: 1e9 });
                      const series = async () => { for await (const _ of endless); };
                      const pending = [series(), lab.generate(request), lab.info()].map(catching);
                      close(lab);
                      failures.push(...await Promise.all(pending));
                      failures.push(await catching(lab.generate(request)));
                      if (lab.workers.now !== 0) throw new Error(`${lab.workers.now} workers left`);
                    }
                    return failures;",
                    Value::Null,
                )
                .await;
            let codes: Vec<String> = failures
                .as_array()
                .expect("a list")
                .iter()
                .map(|failure| Failure::from_json(failure).code)
                .collect();
            assert_eq!(codes, ["closed"; 8]);
        })
        .await;
}

#[tokio::test]
async fn an_engine_that_does_not_load_is_told_and_tried_again() {
    let site = Site::built().start().await;
    let whole = std::fs::read(environment::site().join("engine_bg.wasm"))
        .expect("the site has its engine")
        .len();
    let cases = [
        ("engine_bg.wasm", Fault::Status(404), "network"),
        ("engine_bg.wasm", Fault::Dropped, "network"),
        (
            "engine_bg.wasm",
            Fault::Truncated { keep: whole / 2 },
            "network",
        ),
        ("engine_bg.wasm", Fault::Cut { keep: whole / 2 }, "network"),
        ("js/lab/worker.js", Fault::Status(404), "network"),
        (
            "engine.js",
            Fault::Replaced(b"export default null; throw new Error('odd');".to_vec()),
            "crashed",
        ),
    ];
    Visit::new()
        .expecting("engine_bg.wasm")
        .expecting("worker.js")
        .expecting("engine.js")
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let script = "
                const lab = await Digitlab.open({ workers: 2 });
                try {
                  return (await lab.generate({ number: '042', image_width: 84, seed: 7 })).label;
                } finally {
                  lab.close();
                }";
            for (path, fault, code) in cases {
                // The engine is compiled once for a page.
                browser.reload().await;
                let what = format!("{path}: {fault:?}");
                site.fault(path, fault);
                let failure = lab.run(script, Value::Null).await.expect_err(&what);
                assert_eq!(failure.code, code, "{what}: {failure}");
                assert!(failure.message.len() > 30, "{what}: {failure}");
                site.heal();
                assert_eq!(
                    lab.run(script, Value::Null).await,
                    Ok(json!("042")),
                    "after {what}"
                );
            }
        })
        .await;
}

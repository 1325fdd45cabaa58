//! The parts of the pipeline builder that know no page: the tree of steps, examples of transforms, notes on digits.

use digitlab_browser::{Site, Visit};
use serde_json::{Value, json};

#[tokio::test]
async fn the_tree_is_never_changed_and_keeps_what_it_does_not_know() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const tree = await import(new URL('./js/augment/pipeline_tree.js', address).href);
                    const { EditHistory } = await import(new URL('./js/ui/edit_history.js', address).href);
                    const frozen = (node) => {
                      Object.freeze(node.options);
                      if (node.members) node.members.forEach(frozen), Object.freeze(node.members);
                      return Object.freeze(node);
                    };
                    const names = (node) => node.members
                      ? `${node.options.transform ?? ''}(${node.members.map(names).join(' ')})` : node.options.transform ?? 'raw';
                    const given = { p: 0.5, mystery: { deep: [1] }, transforms: [
                      { transform: 'A', odd: 'kept' },
                      { transform: 'G', transforms: [{ transform: 'B' }, { transform: 'C' }] },
                      { transform: 'D', transforms: 'no list' },
                      7,
                    ] };
                    const root = frozen(tree.fromJson(given));
                    const out = {
                      same: JSON.stringify(tree.toPipeline(root)) === JSON.stringify(given),
                      state: JSON.stringify(tree.toState(root)) === JSON.stringify(given),
                      start: names(root),
                      // To the end of a group, behind what is taken away, into itself, nowhere.
                      moved: [
                        [[0], [1, 2]], [[0], [2]], [[0], [1]], [[1, 0], [0]], [[1, 0], [1, 2]], [[1], [1, 0]], [[9], [0]], [[0], [99]], [[], [0]],
                      ].map(([from, to]) => names(tree.move(root, from, to))),
                      walk: [],
                      wrapped: names(tree.wrap(root, [1, 0], { transform: 'W' })),
                      unwrapped: names(tree.unwrap(root, [1])),
                      unwrappedStep: tree.unwrap(root, [0]) === root,
                      removed: names(tree.remove(root, [1, 1])),
                      removedNothing: tree.remove(root, [8]) === root,
                      steps: tree.countSteps(root),
                    };
                    let walking = root;
                    const { id } = tree.nodeAt(root, [0]);
                    for (let to; (to = tree.neighbour(walking, tree.pathOf(walking, id), 1)); ) {
                      walking = tree.move(walking, tree.pathOf(walking, id), to);
                      out.walk.push(names(walking));
                    }
                    for (let to; (to = tree.neighbour(walking, tree.pathOf(walking, id), -1)); ) {
                      walking = tree.move(walking, tree.pathOf(walking, id), to);
                    }
                    out.back = names(walking);
                    const copied = tree.duplicate(root, [1]);
                    out.copied = names(copied);
                    const ids = [];
                    const collect = (node) => (ids.push(node.id), node.members?.forEach(collect));
                    collect(copied);
                    out.ids = new Set(ids).size === ids.length;
                    const off = tree.update(tree.update(root, [1, 0], (node) => ({ ...node, off: true })), [0], (node) => ({ ...node, off: true }));
                    out.running = names(tree.fromJson(tree.toPipeline(off)));
                    out.place = tree.pathOfRunning(off, [0, 0]);
                    out.kept = names(tree.fromJson(tree.toState(off))) + tree.nodeAt(tree.fromJson(tree.toState(off)), [0]).off;
                    const noneOn = tree.update(off, [1, 1], (node) => ({ ...node, off: true }));
                    out.noneOn = tree.toPipeline(noneOn).transforms.length;
                    out.odd = [null, 5, 'x', [], {}, { transforms: 3 }].map((json) => JSON.stringify(tree.toPipeline(tree.fromJson(json))));
                    let deep = { transform: 'X' };
                    for (let k = 0; k < 5000; k++) deep = { transform: 'G', transforms: [deep] };
                    out.deep = tree.countSteps(tree.fromJson([deep]));

                    const history = new EditHistory(0, 3);
                    const log = [];
                    history.record(1, { key: 'a', now: 0 });
                    history.record(2, { key: 'a', now: 900 });
                    history.record(3, { key: 'a', now: 2500 });
                    history.held = true;
                    history.record(4, { key: 'a', now: 99000 });
                    history.held = false;
                    history.record(5, { key: 'b', now: 99001 });
                    history.record(5, { key: 'c', now: 99002 });
                    while (history.undo()) log.push(history.present);
                    history.redo();
                    log.push(history.present, history.canRedo);
                    history.record(9);
                    log.push(history.redo());
                    for (let k = 10; k < 20; k++) history.record(k);
                    let back = 0;
                    while (history.undo()) back++;
                    out.history = [...log, back, history.present];
                    return out;",
                    Value::Null,
                )
                .await;
            let start = "(A G(B C) D raw)";
            assert_eq!(result["same"], true);
            assert_eq!(result["state"], true);
            assert_eq!(result["start"], start);
            assert_eq!(
                result["moved"],
                json!([
                    "(G(B C A) D raw)",
                    "(G(B C) A D raw)",
                    start,
                    "(B A G(C) D raw)",
                    "(A G(C B) D raw)",
                    start,
                    start,
                    "(G(B C) D raw A)",
                    start
                ])
            );
            assert_eq!(
                result["walk"],
                json!([
                    "(G(A B C) D raw)",
                    "(G(B A C) D raw)",
                    "(G(B C A) D raw)",
                    "(G(B C) A D raw)",
                    "(G(B C) D A raw)",
                    "(G(B C) D raw A)"
                ])
            );
            assert_eq!(result["back"], start);
            assert_eq!(result["wrapped"], "(A G(W(B) C) D raw)");
            assert_eq!(result["unwrapped"], "(A B C D raw)");
            assert_eq!(result["unwrappedStep"], true);
            assert_eq!(result["removed"], "(A G(B) D raw)");
            assert_eq!(result["removedNothing"], true);
            assert_eq!(result["steps"], 5);
            assert_eq!(result["copied"], "(A G(B C) G(B C) D raw)");
            assert_eq!(result["ids"], true);
            assert_eq!(result["running"], "(G(C) D raw)");
            assert_eq!(result["place"], json!([1, 1]));
            assert_eq!(result["kept"], format!("{start}true"));
            assert_eq!(result["noneOn"], 2);
            assert_eq!(
                result["odd"],
                json!(vec!["{\"transforms\":[]}"; 6]),
                "what is no pipeline is an empty one"
            );
            assert_eq!(result["deep"], 1);
            assert_eq!(
                result["history"],
                json!([4, 2, 0, 2, true, false, 3, 16]),
                "edits of one thing are one, and only so many are kept"
            );
        })
        .await;
}

#[tokio::test]
async fn examples_show_what_each_transform_does() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let result = lab
                .get(
                    "const { exampleStep, neededOptions } = await import(new URL('./js/augment/transform_examples.js', address).href);
                    const { reduced } = await import(new URL('./js/lab/reduced.js', address).href);
                    const lab = await Digitlab.open({ workers: 2 });
                    const [width, height] = [240, 180];
                    const data = new Uint8Array(width * height * 3);
                    for (let y = 0; y < height; y++) {
                      for (let x = 0; x < width; x++) {
                        const square = ((x >> 5) + (y >> 5)) & 1;
                        data.set(square ? [230, 200 - y, 90] : [x, 80, 250 - y], 3 * (y * width + x));
                      }
                    }
                    const small = reduced({ width, height, channels: 3, data }, 96);
                    const out = { size: [small.width, small.height], dull: [], refused: [] };
                    const { transforms } = await lab.transforms();
                    for (const info of transforms) {
                      const { name } = info;
                      const step = { transform: name, p: 1, ...neededOptions(name, small) };
                      await lab.exportPipeline([step]).catch((error) => out.refused.push(error.message));
                      const after = await lab.augment(small, [exampleStep(info, small)], { seed: 7 });
                      if (after.width !== small.width || after.height !== small.height) continue;
                      let sum = 0;
                      for (let k = 0; k < small.data.length; k++) sum += Math.abs(after.data[k] - small.data[k]);
                      if (sum / small.data.length < 0.5) out.dull.push(name);
                    }
                    lab.close();
                    const tiny = reduced({ width: 4, height: 2, channels: 1, data: Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70) }, 2);
                    out.tiny = [tiny.width, tiny.height, ...tiny.data];
                    const line = reduced({ width: 1000, height: 1, channels: 1, data: new Uint8Array(1000).fill(9) }, 10);
                    out.line = [line.width, line.height, ...new Set(line.data)];
                    return out;",
                    Value::Null,
                )
                .await;
            assert_eq!(result["size"], json!([96, 72]));
            assert_eq!(result["refused"], json!([]), "steps are right from the start");
            assert_eq!(result["dull"], json!(["NoOp"]));
            assert_eq!(result["tiny"], json!([2, 1, 25, 45]));
            assert_eq!(result["line"], json!([10, 1, 9]));
        })
        .await;
}

#[tokio::test]
async fn steps_that_break_a_digits_label_are_told() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let steps = json!([
                [{ "transform": "HorizontalFlip" }, true],
                [{ "transform": "Transpose" }, true],
                [{ "transform": "RandomRotate90" }, true],
                [{ "transform": "Rotate" }, true],
                [{ "transform": "Rotate", "limit": [-30, 30] }, false],
                [{ "transform": "Rotate", "limit": [-31, 0] }, true],
                [{ "transform": "Rotate", "limit": 45 }, true],
                [{ "transform": "Affine" }, false],
                [{ "transform": "Affine", "rotate": [0, 40] }, true],
                [{ "transform": "ShiftScaleRotate" }, true],
                [{ "transform": "ShiftScaleRotate", "rotate_limit": [-10, 10] }, false],
                [{ "transform": "CenterCrop", "height": 14, "width": 28 }, true],
                [{ "transform": "CenterCrop", "height": 24, "width": 24 }, false],
                [{ "transform": "RandomResizedCrop", "size": [28, 28] }, true],
                [{ "transform": "RandomResizedCrop", "size": [28, 28], "scale": [0.8, 1] }, false],
                [{ "transform": "CropAndPad", "percent": [-0.3, 0] }, true],
                [{ "transform": "CropAndPad", "px": [-1, 2] }, false],
                [{ "transform": "Blur" }, false],
                [{ "transform": "toString" }, false],
                [{ "transform": "Rotate", "limit": "odd" }, true],
            ]);
            let result = lab
                .get(
                    "const { digitNote } = await import(new URL('./js/augment/digit_notes.js', address).href);
                    return args.map(([step]) => digitNote(step, { width: 28, height: 28 }));",
                    steps.clone(),
                )
                .await;
            let notes = result.as_array().expect("notes");
            for (case, note) in steps.as_array().expect("cases").iter().zip(notes) {
                let note = note.as_str().expect("a sentence");
                assert_eq!(json!(!note.is_empty()), case[1], "{}", case[0]);
                assert!(note.is_empty() || note.ends_with("the label may no longer be right."), "{note}");
            }
        })
        .await;
}

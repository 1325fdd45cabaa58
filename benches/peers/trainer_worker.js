// Trains a network by the site's own module in a worker, on one thread: `{ architecture, batch }` begins, `{ seconds }` takes as many steps
// as it can. `{ loss }` and `{ pictures, seconds, loss }` go out.
import init, { Training } from "./trainer.js";

const GROUP = 16;
let training;
let groups;
let levels;
let labels;
let numbers;

function step() {
  training.look(training.weights());
  const found = [];
  for (let at = 0; at < groups; at += 1) found.push(training.find(1, levels[at], labels[at], numbers));
  const all = new Float32Array(groups * found[0].length);
  for (const [at, one] of found.entries()) all.set(one, at * one.length);
  return training.learn(all) / (groups * GROUP);
}

onmessage = async ({ data: { architecture, batch, pictures, shown, seconds } }) => {
  try {
    if (architecture) {
      await init();
      groups = batch / GROUP;
      const settings = { architecture, epochs: 100, batch, rate: 0.003, decay: 0, smoothing: 0, average: 0.9, pipeline: [], seed: "1" };
      training = new Training(JSON.stringify(settings), 60_000);
      levels = Array.from({ length: groups }, (_, at) => pictures.slice(at * GROUP * 784, (at + 1) * GROUP * 784));
      labels = Array.from({ length: groups }, (_, at) => shown.slice(at * GROUP, (at + 1) * GROUP));
      numbers = Uint32Array.from({ length: GROUP }, (_, at) => at);
      postMessage({ loss: step() });
      return;
    }
    const start = performance.now();
    let [steps, loss, now] = [0, 0, start];
    while (now - start < seconds * 1000) {
      loss = step();
      steps += 1;
      now = performance.now();
    }
    postMessage({ pictures: steps * groups * GROUP, seconds: (now - start) / 1000, loss });
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};

// Makes sequences as the lab's workers do, and looks at each: all in this one worker, as the peer does all in one process.
// `{ request, count }` comes in, and `{ made, ink, seconds }` goes out.
import * as engine from "./engine.js";
import { unpack } from "./js/lab/batch.js";
import { reused } from "./js/lab/unit.js";
import { methods } from "./js/lab/worker_methods.js";

/** Images that are made at a time, in memory that is used again. */
const BATCH = 512;
const BUCKET = new URL("./mnist/", import.meta.url);

/** @param {string} file */
async function fetched(file) {
  const response = await fetch(new URL(file, BUCKET));
  if (!response.ok) throw new Error(`${file}: status ${response.status}`);
  return response;
}

async function start() {
  const wasm = await fetch(new URL("./engine_bg.wasm", import.meta.url));
  await methods.start({ module: await WebAssembly.compileStreaming(wasm) });
  methods.openBucket({ manifest: await (await fetched("manifest.json")).text() });
}

const ready = start();

/** A batch, after the shards that it lacks have been brought. */
async function generate(args) {
  for (;;) {
    try {
      return methods.generate(args).result;
    } catch (error) {
      if (error.code !== "shards_not_loaded") throw error;
      for (const name of error.detail.files) {
        methods.loadShard({ name, bytes: new Uint8Array(await (await fetched(name)).arrayBuffer()) });
      }
    }
  }
}

async function series({ request, count }) {
  const unit = reused(engine);
  let memory = new ArrayBuffer(BATCH * 28 * request.image_width);
  let made = 0;
  let ink = 0;
  const start = performance.now();
  while (made < count) {
    const part = { request: JSON.stringify({ ...request, index: made }), seed: 0n, count: Math.min(BATCH, count - made) };
    const batch = await generate({ ...part, microsOfDay: 0, memory });
    memory = batch.levels.buffer;
    for (const { width, pixels } of unpack(batch, unit(batch.levels))) {
      if (pixels.length !== 28 * request.image_width) throw new Error("a picture of another size");
      made += 1;
      // A row through the middle of the digits, so that a picture without ink would be noticed.
      for (let x = 0; x < width; x += 1) ink += pixels[14 * width + x];
    }
  }
  return { made, ink: ink / made / request.image_width, seconds: (performance.now() - start) / 1000 };
}

onmessage = async ({ data }) => {
  try {
    await ready;
    postMessage(await series(data));
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};

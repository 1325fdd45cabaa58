// Runs a model by onnxruntime-web in a worker, on one thread: `{ model }` loads it and answers once, `{ seconds }` answers as
// often as it can. `{ digit }` and `{ calls, seconds }` go out.
import * as ort from "./onnxruntime/ort.wasm.min.mjs";

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL("./onnxruntime/", import.meta.url).href;

const ink = new Float32Array(784).map((_, at) => (at % 28 > 12 && at % 28 < 16 && at > 140 && at < 644 ? 1 : 0));
let session;

async function answer() {
  const { scores } = await session.run({ input: new ort.Tensor("float32", ink, [1, 1, 28, 28]) });
  return scores.data.indexOf(Math.max(...scores.data));
}

onmessage = async ({ data: { model, seconds } }) => {
  try {
    if (model) {
      session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
      postMessage({ digit: await answer() });
      return;
    }
    let calls = 0;
    const start = performance.now();
    let now = start;
    while (now - start < seconds * 1000) {
      // The clock is coarse and not free.
      for (let k = 0; k < 20; k += 1) await answer();
      calls += 20;
      now = performance.now();
    }
    postMessage({ calls, seconds: (now - start) / 1000 });
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};

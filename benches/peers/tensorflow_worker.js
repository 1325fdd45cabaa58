// Trains the same network by TensorFlow.js in a worker, on one thread: `{ backend, architecture, batch, pictures, shown }` begins, `{ seconds }`
// takes as many steps as it can. `{ loss }` and `{ pictures, seconds, loss }` go out. It is no module, since these scripts are none.
importScripts(
  ...["core", "layers", "backend-cpu", "backend-wasm"].map((part) => `tensorflow/tfjs-${part}/dist/tf-${part}.min.js`),
);

let model;
let inputs;
let targets;
let batch;

/** The layers that the name of a network lists, each convolution normalised and rectified. */
function built(architecture) {
  const { layers } = tf;
  const network = tf.sequential();
  for (const [at, part] of architecture.replace("-average-10", "").split("-").entries()) {
    if (part === "pool") {
      network.add(layers.maxPooling2d({ poolSize: 2, strides: 2 }));
      continue;
    }
    const shape = at === 0 ? { inputShape: [28, 28, 1] } : {};
    network.add(layers.conv2d({ ...shape, filters: Number(part), kernelSize: 3, padding: "same", useBias: false, kernelInitializer: "heNormal" }));
    network.add(layers.batchNormalization({ epsilon: 0.001, momentum: 0.95 }));
    network.add(layers.reLU());
  }
  network.add(layers.globalAveragePooling2d({}));
  network.add(layers.dense({ units: 10, activation: "softmax" }));
  network.compile({ optimizer: tf.train.adam(0.003), loss: "categoricalCrossentropy" });
  return network;
}

const step = () => model.trainOnBatch(inputs, targets);

onmessage = async ({ data }) => {
  try {
    if (data.architecture) {
      batch = data.batch;
      tf.wasm.setWasmPaths("tensorflow/tfjs-backend-wasm/dist/");
      tf.wasm.setThreadsCount(1);
      await tf.setBackend(data.backend);
      await tf.ready();
      model = built(data.architecture);
      inputs = tf.tensor4d(Float32Array.from(data.pictures, (level) => level / 255), [batch, 28, 28, 1]);
      targets = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(Array.from(data.shown), "int32"), 10), "float32"));
      postMessage({ loss: await step() });
      return;
    }
    const start = performance.now();
    let [steps, loss, now] = [0, 0, start];
    while (now - start < data.seconds * 1000) {
      loss = await step();
      steps += 1;
      now = performance.now();
    }
    postMessage({ pictures: steps * batch, seconds: (now - start) / 1000, loss });
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};

// Runs pipelines of the built engine in a worker: `{ pipeline, width, height, channels, seconds }` comes in, and
// `{ calls, seconds }` goes out.
import init, { Augmenter, Picture } from "./engine.js";

const ready = init();

onmessage = async ({ data: { pipeline, width, height, channels, seconds } }) => {
  await ready;
  try {
    const pixels = new Uint8Array(width * height * channels).map((_, at) => (Math.imul(at, 2654435761) >>> 24) & 255);
    const augmenter = new Augmenter(pipeline);
    const picture = new Picture(width, height, channels, pixels);
    const call = (index) => {
      // The result stays where it was made, as the peers' does.
      const augmented = augmenter.run(picture, 7n, BigInt(index));
      const { width } = augmented;
      augmented.free();
      return width;
    };
    call(0);
    let calls = 0;
    const start = performance.now();
    let now = start;
    while (now - start < seconds * 1000) {
      // The clock is coarse and not free.
      for (let k = 0; k < (width < 100 ? 50 : 1); k += 1) call((calls += 1));
      now = performance.now();
    }
    augmenter.free();
    picture.free();
    postMessage({ calls, seconds: (now - start) / 1000 });
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};

// Reads a log with the built module in a worker, and stores nothing: a Blob comes in, `{ rows, seconds }` goes out.
import init, { FrameInspection } from "./frames.js";

const ready = init();
const PIECE = 2_000_000;

onmessage = async ({ data: blob }) => {
  await ready;
  const start = performance.now();
  const inspection = new FrameInspection(JSON.stringify({ name: "log.csv" }));
  for (let at = 0; at < blob.size; at += PIECE) {
    inspection.push(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
  }
  const rows = inspection.end();
  const seconds = (performance.now() - start) / 1000;
  inspection.free();
  postMessage({ rows, seconds });
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const controller = new AbortController();
  const series = async () => {
    const many = lab.generateMany({ number: "1234567890", image_width: 300, seed: 1 }, { count: 100_000, signal: controller.signal });
    for await (const { index } of many) if (index === 99) controller.abort();
  };
  const end = await series().catch((error) => error);
  show(end.name, end.code, end.message);
  // What is aborted from the start is not begun.
  const refusal = await lab.generate({ number: "7", fit: "natural" }, { signal: AbortSignal.abort() }).catch((error) => error);
  show(refusal.code);
};

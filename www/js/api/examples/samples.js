/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const seen = new Uint8Array(784).fill(255, 300, 400);
  const [{ id, digit }] = await lab.samples.add([{ seen, digit: 1, from: "API page" }]);
  show(
    digit,
    (await lab.samples.list()).some((sample) => sample.id === id),
  );
  await lab.samples.delete([id]);
};

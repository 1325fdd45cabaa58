/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const seed = lab.randomSeed();
  const [once, again] = await Promise.all([1, 2].map(() => lab.generate({ number: "42", fit: "natural", seed })));
  show(typeof seed, once.levels.join() === again.levels.join());
};

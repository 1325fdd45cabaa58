/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const pictures = [];
  for await (const sequence of lab.generateMany(
    { number: "8", fit: "natural", margin: 0, tight: false, seed: 4, split: "test" },
    { count: 20 },
  )) {
    pictures.push(sequence);
  }
  const { labels, probabilities } = await lab.classifyMany(pictures);
  show(labels.length, probabilities.length);
  show("read as 8", labels.filter((label) => label === 8).length);
};

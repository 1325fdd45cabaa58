/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const sequence = await lab.generate({ number: "042", spacing_min: 5, spacing_max: 10, image_width: 90, seed: 7 });
  show(sequence);
  show(sequence.label, sequence.width, sequence.height, sequence.pixels);
  show(sequence.digits.map(({ digit, split, index }) => `${digit} is ${split} ${index}`).join(", "));
};

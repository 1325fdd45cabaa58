/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const series = lab.generateMany({ number: "123", image_width: 100, seed: 1 }, { count: 1000, reuse: true });
  for await (const { index, label, digits } of series) {
    if (index % 333 === 0) show(`${index}: ${label} of the samples ${digits.map((digit) => digit.index).join(", ")}`);
  }
};

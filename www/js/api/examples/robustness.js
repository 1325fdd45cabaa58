/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const [first] = await lab.strengths();
  show(Object.keys(first).includes("name"));
  for await (const point of lab.robustness({ transforms: ["Rotate"], strengths: [1], pictures: 100, seed: 1 })) {
    if ("models" in point) show(point.curve, point.strength, point.models[0].right > 50 ? "mostly right" : "mostly wrong");
  }
};

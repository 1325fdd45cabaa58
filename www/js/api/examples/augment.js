/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const picture = await lab.fetchPicture("samples/spheres.jpeg");
  const pipeline = [
    { transform: "Rotate", limit: [20, 20], p: 1 },
    { transform: "GaussianBlur", sigma_limit: [3, 3], p: 1 },
  ];
  const changed = await lab.augment(picture, pipeline, { seed: 1 });
  show(changed);
  show(changed.record.map(({ transform }) => transform).join(", then "));
};

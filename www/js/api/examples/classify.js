/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const picture = await lab.fetchPicture("samples/digit.png");
  const { label, probability, model, seen } = await lab.classify(picture);
  show(seen);
  show(label, probability > 0.5, model);
  // A drawing as 28 x 28 numbers will do, too.
  const numbers = Array.from({ length: 28 }, (_, y) => Array.from({ length: 28 }, (_, x) => (y > 3 && y < 24 && x > 11 && x < 16 ? 1 : 0)));
  show((await lab.classify(numbers)).label);
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const before = await lab.models.chosen();
  await lab.models.choose("tiny");
  show(await lab.models.chosen());
  await lab.models.choose(before);
};

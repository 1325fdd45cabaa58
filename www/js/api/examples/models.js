/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const cards = await lab.models.list();
  show(cards.filter(({ kind }) => kind === "shipped").map(({ name, parameters }) => `${name} has ${parameters} parameters`));
  show(lab.models.state("tiny"));
  await lab.models.load("tiny");
  show(lab.models.state("tiny"));
};

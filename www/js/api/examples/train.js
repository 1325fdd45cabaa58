/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  if (await lab.trainings.kept()) {
    show("A training waits: go on with it, or discard it, first.");
  } else {
    const { card } = await lab.train({ size: "small", pictures: 1024, epochs: 1, seed: 1, title: "Trained by an example" });
    show(card.kind, (card.parameters ?? 0) > 1000);
    await lab.models.delete(card.name);
  }
};

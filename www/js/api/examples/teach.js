/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const { seen } = await lab.classify(await lab.fetchPicture("samples/digit.png"));
  await lab.prepareTeach("default");
  const { card, samples } = await lab.teach({ samples: [{ seen, digit: 5 }], title: "Taught by an example" });
  show(card.kind, "reads", samples.after.right, "of", samples.after.count);
  await lab.models.delete(card.name);
};

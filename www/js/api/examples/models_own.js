/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const file = await lab.models.file("tiny");
  const { best } = await lab.models.inspect(file);
  show(best !== null && best.accuracy > 0.9);
  const { name, kind } = await lab.models.add({ bytes: file, title: "A copy of tiny" });
  show(kind, (await lab.models.rename(name, "Copied")).title);
  show((await lab.classify(await lab.fetchPicture("samples/digit.png"), { model: name })).label);
  await lab.models.delete(name);
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const added = await lab.records.add({ result: "7", name: "an example", from: "API page" });
  const ids = "id" in added ? [added.id] : [];
  const kept = await lab.records.getMany(ids, { seen: true });
  show("deleted", await lab.records.delete(ids));
  await lab.records.restore(kept);
  show("there again", (await lab.records.getMany(ids)).length);
  await lab.records.delete(ids);
};

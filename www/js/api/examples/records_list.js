/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const added = await lab.records.addMany(["7", "42"].map((result) => ({ result, name: "an example", from: "API page" })));
  const filter = { from: "API page", text: "an example" };
  const { records } = await lab.records.list({ filter, limit: 10 });
  show(records.map(({ result, kind }) => `${result} is a ${kind}`));
  show(await lab.records.count(filter), (await lab.records.ids(filter)).length === records.length);
  const ids = "added" in added ? added.added.map(({ id }) => id) : [];
  const first = await lab.records.get(ids[0]);
  show(first?.name, (await lab.records.getMany(ids)).length, (await lab.records.values("from")).includes("API page"));
  await lab.records.delete(ids);
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const record = { result: "7", probability: 0.98, model: "default", name: "an example", from: "API page" };
  const one = await lab.records.add(record);
  show("id" in one ? "recorded" : one);
  const two = await lab.records.addMany([record, { ...record, result: "42" }]);
  const ids = [one, ...("added" in two ? two.added : [])].flatMap((added) => ("id" in added ? [added.id] : []));
  show("deleted", await lab.records.delete(ids));
};

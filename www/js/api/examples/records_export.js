/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const added = await lab.records.add({ result: "7", name: "an example", from: "API page" });
  const file = await lab.records.export({ format: "csv", filter: { from: "API page" } });
  show(file.type, (await file.text()).split("\n")[0].trim());
  if ("id" in added) await lab.records.delete([added.id]);
};

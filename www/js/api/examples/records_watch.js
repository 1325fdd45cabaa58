/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  let told = "";
  await lab.records.subscribe((change) => (told += `${change.kind} `), AbortSignal.timeout(60_000));
  const added = await lab.records.add({ result: "7", name: "an example", from: "API page" });
  if ("id" in added) await lab.records.delete([added.id]);
  show(told.trim());
};

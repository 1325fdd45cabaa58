/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const { records, bytes } = await lab.records.usage();
  show(records >= 0, bytes >= 0);
  show(typeof lab.records.enabled);
};

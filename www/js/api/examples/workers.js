/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  await lab.generate({ number: "7", fit: "natural" });
  const { now, most } = lab.workers;
  show(now >= 1, now <= most);
};

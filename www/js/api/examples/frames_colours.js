/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const maps = await lab.frames.colormaps();
  show(maps.map(({ name }) => name).join(", "));
  const table = await lab.frames.colorTable("viridis");
  show(table.length, Array.from(table.subarray(0, 3)));
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const rows = Array.from({ length: 40 }, (_, row) => [9000 + row / 10, row, 2 * row, 3 * row, 4 * row, 5 * row].join());
  const file = new File([["depth,a,b,c,d,e", ...rows].join("\n")], "stripes.csv");
  const id = await lab.frames.import(file, { width: 16, method: "linear" });
  const { width, height, data, firstRow } = await lab.frames.tile(id, { level: 0, index: 0, colormap: "magma" });
  show({ width, height, channels: 4, data });
  show(firstRow);
  await lab.frames.delete(id);
};

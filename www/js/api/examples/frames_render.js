/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const rows = Array.from({ length: 40 }, (_, row) => [9000 + row / 10, row, 2 * row, 3 * row, 4 * row, 5 * row].join());
  const file = new File([["depth,a,b,c,d,e", ...rows].join("\n")], "stripes.csv");
  const id = await lab.frames.import(file, { width: 16, method: "linear" });
  show(await lab.frames.render(id, { depth_min: 9001, depth_max: 9002.5, colormap: "viridis", format: "png" }));
  const { depths, pixels, width } = await lab.frames.rows(id, { depth_min: 9001, depth_max: 9001.2 });
  show(depths.length, width, pixels);
  show(await lab.frames.export(id));
  await lab.frames.delete(id);
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const rows = Array.from({ length: 40 }, (_, row) => [9000 + row / 10, row, 2 * row, 3 * row, 4 * row, 5 * row].join());
  const file = new File([["depth,a,b,c,d,e", ...rows].join("\n")], "stripes.csv");
  const id = await lab.frames.import(file, { width: 16, method: "linear" });
  await lab.frames.rename(id, "Stripes");
  const list = await lab.frames.list();
  show(list.find((image) => image.id === id)?.name);
  const { images } = await lab.frames.usage();
  show(images.some((image) => image.id === id && image.bytes > 0));
  await lab.frames.delete(id);
  show((await lab.frames.list()).some((image) => image.id === id));
};

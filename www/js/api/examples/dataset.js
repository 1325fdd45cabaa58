/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const recipe = { name: "example", count: 200, numbers: { random: [1, 4] }, image_width: 96, subsets: { train: 80, test: 20 }, seed: 7 };
  const { id, items, files } = await lab.dataset(recipe);
  for (const { name, file } of files) show(name, file instanceof File);
  show(items, files[0].items, files[0].sha256.length);
  await lab.datasets.delete(id);
};

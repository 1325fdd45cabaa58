/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const { fields, phones, formats } = await lab.datasets.describe();
  show(fields.length > 10, phones.map(({ name }) => name).includes("fr"), formats.map(({ name }) => name).join(", "));
  const recipe = { count: 100_000, numbers: { phone: "fr" }, image_width: 280, seed: 7 };
  const { name, format, subsets } = await lab.datasets.check(recipe);
  show(name, format, subsets);
  const { items, parts, bytes } = await lab.datasets.estimate(recipe, { shard: "0/1" });
  show(items, parts, bytes > 1e6);
  const { items: first } = await lab.datasets.preview(recipe, { count: 3 });
  show(first.map(({ number }) => number).join(" "));
};

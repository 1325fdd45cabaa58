/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const fields = await lab.fields();
  const width = fields.find(({ name }) => name === "image_width");
  show(fields.map(({ name }) => name).join(", "));
  show(width?.kind, width?.min, width?.max, width?.help);
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const { transforms, presets } = await lab.transforms();
  show(transforms.length > 60, presets.map(({ name }) => name).join(", "));
  const rotate = transforms.find(({ name }) => name === "Rotate");
  show(rotate?.name, rotate?.family, rotate?.help);
};

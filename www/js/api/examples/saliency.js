/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const { digit, values, width, height, most } = await lab.saliency(await lab.fetchPicture("samples/digit.png"));
  const data = Uint8Array.from(values, (value) => Math.max(0, Math.round((255 * value) / most)));
  show({ width, height, channels: 1, data });
  show("read as", digit, values);
};

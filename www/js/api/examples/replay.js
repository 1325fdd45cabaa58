/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const picture = await lab.fetchPicture("samples/spheres.jpeg");
  const { record, data } = await lab.augment(picture, "strong", { seed: 5 });
  const again = await lab.replay(picture, record);
  show(again);
  show(again.data.join() === data.join());
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const sequence = await lab.generate({ number: "31", image_width: 64, seed: 3 });
  show(await lab.encode(sequence));
  show(await lab.encode(sequence, { format: "npy" }));
  const picture = await lab.fetchPicture("samples/spheres.jpeg");
  show(await lab.encode(picture, { format: "jpeg", quality: 80 }));
};

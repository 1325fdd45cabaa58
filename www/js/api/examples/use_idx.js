/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  // Two pictures as MNIST stores them: sizes first, then grey levels; and their labels.
  const images = new Uint8Array(16 + 2 * 784);
  images.set([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]);
  for (let y = 4; y < 24; y += 1) images.fill(255, 16 + 28 * y + 12, 16 + 28 * y + 16);
  images.copyWithin(16 + 784, 16, 16 + 784);
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 1);
  const { bucket } = await lab.useIdx({ name: "Strokes", train: { images: new Blob([images]), labels: new Blob([labels]) } });
  show(bucket.name, bucket.counts.all);
  show(await lab.generate({ number: "11", seed: 1, image_width: 60 }));
};

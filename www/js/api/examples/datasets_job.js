/** @type {import("../types.js").Example} */
export default async (lab, show, signal) => {
  const recipe = { count: 200, numbers: { range: [0, 999], digits: 3 }, image_width: 90, format: "npy", seed: 7 };
  const job = await lab.datasets.start(recipe, { signal });
  await job.pause();
  const paused = (await lab.datasets.list()).find(({ id }) => id === job.id);
  show(paused?.state, paused?.total);
  const again = await lab.datasets.resume(job.id, { signal });
  const { files } = await again.done;
  show(files.map(({ name }) => name).join(", "));
  const [images] = await lab.datasets.files(job.id);
  show(images.name, images.bytes, images.bytes === images.file?.size);
  await lab.datasets.delete(job.id);
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const picture = await lab.fetchPicture("samples/spheres.jpeg");
  const jobs = [0, 1, 2].map((index) => ({ pipeline: "visible", seed: 9, index }));
  for await (const variant of lab.variants(lab.hold(picture), jobs, { fit: 160 })) {
    show("variant", variant.job.index);
    show("error" in variant ? variant.error : variant.preview);
  }
};

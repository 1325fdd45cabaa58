/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const { bucket } = await lab.info();
  show(bucket.name, bucket.licence.name);
  show("samples of each digit", bucket.counts.all);
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const { bucket } = await lab.useBucket("mnist/");
  show(bucket.name, bucket.counts.train.length);
  const refusal = await lab.useBucket("no-such-folder/").catch((error) => error);
  show(refusal.code);
};

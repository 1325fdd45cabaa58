/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const picture = await lab.fetchPicture("samples/landscape.jpeg", { limits: { bytes: 1_000_000 } });
  show(picture);
  show(picture.name, picture.bytes);
  const refusal = await lab.fetchPicture("samples/no-such.png").catch((error) => error);
  show(refusal.code, refusal.detail.status);
};

/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const picture = await lab.fetchPicture("samples/spheres.jpeg");
  const live = lab.live(picture);
  const turned = (angle = 0) => ({ pipeline: [{ transform: "Rotate", limit: [angle, angle], p: 1 }], seed: 1, index: 0 });
  const asked = [5, 15, 25].map((angle) => live.request(turned(angle), 160));
  // Of what is asked while one is made, the latest alone is made after it.
  const [first, second, third] = await Promise.all(asked);
  show(first !== null, second !== null, third !== null);
  show(third?.preview);
  live.close();
};

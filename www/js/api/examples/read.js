/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const picture = await lab.fetchPicture("samples/board.jpeg");
  const { text, digits } = await lab.read(picture);
  show(picture);
  show(text, digits.map(({ digit, box }) => `${digit} at ${Math.round(box.x)}`).join(", "));
};

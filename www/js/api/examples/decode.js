/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const file = await (await fetch("samples/digit.png")).blob();
  const picture = await lab.decode(file);
  show(picture);
  show(picture.found.format, picture.found.bits, picture.found.colours);
  const refusal = await lab.decode(new Blob(["no picture"])).catch((error) => error);
  show(refusal.code);
};

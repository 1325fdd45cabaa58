/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="30" fill="teal"/></svg>';
  const picture = await lab.openPicture(new Blob([svg], { type: "image/svg+xml" }));
  show(picture);
  show(picture.found.format);
};

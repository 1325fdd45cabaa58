/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const picture = await lab.fetchPicture("samples/card.png");
  const changed = await lab.augment(picture, [{ transform: "HorizontalFlip", p: 1 }], {
    seed: 1,
    boxes: { format: "coco", list: [{ box: [10, 20, 100, 50], label: "a corner" }] },
  });
  show(changed.boxes?.list);
};

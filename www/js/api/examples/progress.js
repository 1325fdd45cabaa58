/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  let far = "";
  const series = lab.generateMany(
    { number: "5", image_width: 40, seed: 1 },
    {
      count: 200,
      onProgress: ({ done, total, unit }) => (far = `${done} of ${total} ${unit}`),
    },
  );
  for await (const { index } of series) if (index === 199) show("the last one is here");
  show(far);
};

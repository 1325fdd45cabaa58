/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const schema = await lab.pipelineSchema();
  show(Object.keys(schema).slice(0, 4).join(", "));
};

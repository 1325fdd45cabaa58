/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const python = await lab.exportPipeline([{ transform: "HorizontalFlip", p: 0.5 }], { format: "python" });
  show(python);
  const yaml = await lab.exportPipeline([{ transform: "HorizontalFlip", p: 0.5 }], { format: "albumentations-yaml" });
  const { pipeline, format } = await lab.importPipeline(yaml);
  show(format, pipeline);
};

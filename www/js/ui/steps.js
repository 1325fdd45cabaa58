/**
 * The steps that were run on a digit, in words: each transform with what was drawn for it.
 *
 * @param {import("../lab/digitlab.js").AppliedStep[] | undefined} steps undefined for a picture that is not augmented
 */
export function stepsInWords(steps) {
  if (!steps) return "";
  if (steps.length === 0) return "plain";
  return steps.map(inWords).join(", ");
}

/** @param {import("../lab/digitlab.js").AppliedStep} step */
function inWords({ transform, drawn }) {
  const numbers = Object.entries(drawn).flatMap(([name, value]) =>
    typeof value === "number" ? [`${name.replaceAll("_", " ")} ${Number(value.toFixed(3))}`] : [],
  );
  return numbers.length > 0 ? `${transform} (${numbers.slice(0, 4).join(", ")})` : transform;
}

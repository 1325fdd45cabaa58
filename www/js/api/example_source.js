import { onSite } from "./site.js";

/**
 * The file of an example as a program that runs on any page of this site.
 *
 * @param {string} source
 */
export function programOf(source) {
  const [head = "", rest = ""] = source.split(/^export default async /m);
  const names = new Set(["Digitlab", ...[...head.matchAll(/^import \{ ([^}]+) \}/gm)].flatMap(([, list = ""]) => list.split(", "))]);
  const [, parameters = "", body = ""] = /^\(([^)]*)\) => \{\n([\s\S]*)\n\};\s*$/.exec(rest) ?? [];
  const given = parameters.split(", ").includes("lab");
  const lines = [
    `import { ${[...names].join(", ")} } from ${JSON.stringify(onSite("digitlab.js").href)};`,
    "const show = console.log;",
    ...(given ? ["const lab = await Digitlab.open();"] : []),
    "",
    // Addresses that hold on this page alone are written out.
    body.replace(/^ {2}/gm, "").replaceAll(/"((?:samples|mnist)\/[^"]*)"/g, (_, path) => JSON.stringify(onSite(path).href)),
    ...(given ? ["lab.close();"] : []),
  ];
  return lines.join("\n");
}

/** @typedef {import("../lab/digitlab.js").TransformInfo} TransformInfo */

/** What each kind of group is called by people, and what the engine takes for it besides its members. @type {(TransformInfo & { title: string })[]} */
export const GROUPS = [
  {
    name: "OneOf",
    title: "One of",
    family: "groups",
    help: "Runs one of its members. Their probabilities are weights, and the chosen one always runs.",
    p: 0.5,
    example: {},
    fields: [],
  },
  {
    name: "SomeOf",
    title: "Some of",
    family: "groups",
    help: "Takes some of its members, each as likely, in their order, and runs those that their own probability lets.",
    p: 1,
    example: {},
    fields: [
      { name: "n", label: "How many", help: "How many of the members are taken.", kind: "integer", min: 1, max: 1000, default: 1, unit: "" },
      { name: "replace", label: "Again", help: "Whether the same member may be taken more than once.", kind: "boolean", default: false },
    ],
  },
  {
    name: "Sequential",
    title: "Sequence",
    family: "groups",
    help: "Runs all its members in their order, or none of them.",
    p: 0.5,
    example: {},
    fields: [],
  },
];

/** @type {TransformInfo & { title: string }} */
const COMPOSE = { name: "Compose", title: "Pipeline", family: "groups", help: "Runs all its members in their order.", p: 1, example: {}, fields: [] };

/** @param {unknown} name */
export function groupOf(name) {
  return [...GROUPS, COMPOSE].find((group) => group.name === name);
}

/**
 * Where an address says the digits come from: another bucket, the person's own files by their name, or neither.
 *
 * @typedef {{ bucket: string | null, own: string | null }} Origin
 */

/**
 * The state of the Generate view as the query of an address: the number and the seed always, the rest where it differs
 * from a fresh page.
 *
 * @param {import("./request_form.js").RequestState} state
 * @param {import("./request_form.js").RequestState} initial
 * @param {Origin} origin
 */
export function toQuery(state, initial, { bucket, own }) {
  const query = new URLSearchParams();
  for (const [name, text] of Object.entries(state)) {
    if (name === "number" || name === "seed" || text !== initial[name]) query.set(name, text);
  }
  if (bucket !== null) query.set("bucket", bucket);
  if (own !== null) query.set("own", own);
  return query.toString();
}

/**
 * @param {string} query
 * @returns {{ state: import("./request_form.js").RequestState, origin: Origin }}
 */
export function fromQuery(query) {
  const { bucket = null, own = null, ...state } = Object.fromEntries(new URLSearchParams(query));
  return { state, origin: { bucket, own } };
}

/**
 * The state of the Generate view as the query of an address: the number and the seed always, the rest where it differs
 * from a fresh page.
 *
 * @param {import("./request_form.js").RequestState} state
 * @param {import("./request_form.js").RequestState} initial
 * @param {string | null} bucket another bucket's address
 */
export function toQuery(state, initial, bucket) {
  const query = new URLSearchParams();
  for (const [name, text] of Object.entries(state)) {
    if (name === "number" || name === "seed" || text !== initial[name]) query.set(name, text);
  }
  if (bucket !== null) query.set("bucket", bucket);
  return query.toString();
}

/**
 * @param {string} query
 * @returns {{ state: import("./request_form.js").RequestState, bucket: string | null }}
 */
export function fromQuery(query) {
  const { bucket = null, ...state } = Object.fromEntries(new URLSearchParams(query));
  return { state, bucket };
}

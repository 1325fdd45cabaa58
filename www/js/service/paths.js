/** The routes; `claims` of the module that answers them says the same. A test compares both. */
const ROUTES = [
  "health",
  "generate",
  "augment",
  "mnist/classify",
  "digitRecognition/localService/v1.0",
  "digitRecognition/localService/v1.1",
  "digitRecognition/records",
  "image",
  "image/{id}",
  "openapi.json",
].map((route) => route.split("/"));

/**
 * Whether a path below the site's base is that of a route, known at once: a request cannot be given back later.
 *
 * @param {string} path without a slash before it, as it stands in an address
 */
export function belongsToRoute(path) {
  const given = segmentsOf(path);
  return ROUTES.some((route) => route.length === given.length && route.every((name, at) => (name === "{id}" ? given[at] !== "" : name === given[at])));
}

/** @param {string} path */
function segmentsOf(path) {
  try {
    return path.replace(/\/$/, "").split("/").map(decodeURIComponent);
  } catch {
    // Bytes that are no text are no route either.
    return [];
  }
}

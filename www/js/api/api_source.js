import { readDocument } from "./api_document.js";
import { onSite } from "./site.js";

/** Where the document lies, for whoever is answered by the service worker. */
const DOCUMENT = onSite("openapi.json");

/**
 * The document of the routes: as the service worker answers it, or, where none does, from the module that it would ask.
 *
 * @param {boolean} answered
 * @returns {Promise<import("./types.js").ApiDocument>}
 */
export async function loadDocument(answered) {
  if (answered) {
    const response = await fetch(DOCUMENT);
    if (response.ok) return readDocument(await response.json());
  }
  const { default: init, openApi } = await import("../../routes.js");
  await init();
  // In pieces, so that the page answers in between.
  await turn();
  const text = openApi();
  await turn();
  return readDocument(JSON.parse(text));
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

import { reasonOf } from "../lab/errors.js";
import { copyText } from "./clipboard.js";

/**
 * Copies the address of a place's state, and says what it restores.
 *
 * @param {string} place
 * @param {string} query
 * @param {string} note a sentence on what the link restores
 * @param {import("./toast.js").Toasts} toasts
 */
export async function copyLink(place, query, note, toasts) {
  const address = new URL(location.href);
  address.search = "";
  address.hash = query ? `#/${place}?${query}` : `#/${place}`;
  try {
    await copyText(address.href);
    toasts.show(`Link copied. ${note}`);
  } catch (error) {
    toasts.show(reasonOf(error), "error");
  }
}

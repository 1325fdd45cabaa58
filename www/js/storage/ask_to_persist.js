import { recall, remember } from "../ui/settings.js";

/** Some browsers ask the person: once is enough. */
const ASKED = "persist-asked";

/**
 * Asks the browser, when something was stored that cannot be downloaded again, to delete nothing by itself. It asks once;
 * after that the person asks on the storage page.
 *
 * @returns {Promise<boolean>} whether it keeps everything
 */
export async function askToPersist() {
  if (await isPersistent()) return true;
  if (recall(ASKED) !== null) return false;
  remember(ASKED, "yes");
  return persist();
}

/** Whether the browser deletes nothing by itself; null where it does not tell. */
export async function isPersistent() {
  return (await navigator.storage?.persisted?.().catch(() => false)) ?? null;
}

/** Asks for it now. */
export async function persist() {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

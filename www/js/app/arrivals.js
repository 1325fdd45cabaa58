import { reasonOf } from "../lab/errors.js";
import { SHARED, takeShared } from "../offline/shared_files.js";

/**
 * @typedef {object} ArrivalTakers
 * @property {(file: File) => Promise<void>} picture
 * @property {(file: File) => Promise<void>} log
 * @property {import("../ui/toast.js").Toasts} toasts
 */

/** @typedef {{ files: readonly { kind: string, getFile?: () => Promise<File> }[] }} Launch */
/** @typedef {{ setConsumer: (consumer: (launch: Launch) => void) => void }} LaunchQueue */

const SITE = new URL("../../", import.meta.url);
/** What the manifest puts into the address of a page that is to open files. */
const OPENED = "opened";

/**
 * Takes what came from outside the page: a file that another app shared, or files that the system opens with this one.
 *
 * @param {ArrivalTakers} takers
 */
export async function takeArrivals(takers) {
  const asked = new URLSearchParams(location.search);
  const [shared, opened] = [asked.get(SHARED), asked.get(OPENED)];
  forget();
  try {
    if (shared !== null) await takeWhatWasShared(shared, takers);
    if (opened !== null) await takeWhatIsOpened(takers);
  } catch (error) {
    takers.toasts.show(reasonOf(error), "error");
  }
}

/** A reload must not ask for it again. */
function forget() {
  const address = new URL(location.href);
  address.searchParams.delete(SHARED);
  address.searchParams.delete(OPENED);
  history.replaceState(history.state, "", address);
}

/**
 * @param {string} how
 * @param {ArrivalTakers} takers
 */
async function takeWhatWasShared(how, takers) {
  if (how === "nothing")
    throw new Error("What was shared holds neither a file nor an address. Share a picture, a CSV file, or the address of a picture.");
  const file = how === "file" ? await takeShared(SITE) : null;
  if (!file) throw new Error("What was shared did not arrive: the browser could not keep it. Free some space, or open the file here.");
  await take(file, takers);
}

/** @param {ArrivalTakers} takers */
function takeWhatIsOpened(takers) {
  const { launchQueue } = /** @type {{ launchQueue?: LaunchQueue }} */ (/** @type {unknown} */ (globalThis));
  launchQueue?.setConsumer(({ files }) => {
    const [first] = files;
    if (!first?.getFile) return;
    first
      .getFile()
      .then((file) => take(file, takers))
      .catch((error) => takers.toasts.show(reasonOf(error), "error"));
    if (files.length > 1) takers.toasts.show(`${files.length} files were opened; the first is shown.`);
  });
}

/**
 * @param {File} file
 * @param {ArrivalTakers} takers
 */
function take(file, takers) {
  const table = /\.(csv|txt|tsv)(\.gz)?$|\.gz$/i.test(file.name) || /^(text\/|application\/(x-)?gzip)/.test(file.type);
  return table ? takers.log(file) : takers.picture(file);
}

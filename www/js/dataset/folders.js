/** What browsers have beside what the types know. */
const picker = /** @type {{ showDirectoryPicker?: (options: object) => Promise<FileSystemDirectoryHandle> }} */ (/** @type {unknown} */ (globalThis));

/** Whether this browser lets the page write into a folder of the person's. */
export const writesFolders = () => typeof picker.showDirectoryPicker === "function";

/**
 * Lets the person choose a folder to write into. Must be called right after a click.
 *
 * @returns {Promise<FileSystemDirectoryHandle | null>} null when none was chosen
 */
export async function chooseFolder() {
  if (!picker.showDirectoryPicker) throw new Error("This browser lets no page write into folders. Save the files one by one instead.");
  try {
    return await picker.showDirectoryPicker({ id: "digitlab-dataset", mode: "readwrite" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  }
}

/**
 * Writes a file into a folder; its name may say folders in it.
 *
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} name
 * @param {Blob} content
 * @param {{ signal: AbortSignal, onBytes: (bytes: number) => void }} options
 */
export async function writeInto(folder, name, content, { signal, onBytes }) {
  const path = name.split("/");
  const last = path.pop() ?? name;
  let place = folder;
  for (const part of path) place = await place.getDirectoryHandle(part, { create: true });
  const handle = await place.getFileHandle(last, { create: true });
  const stream = await handle.createWritable();
  const counted = new TransformStream({
    transform: (/** @type {Uint8Array} */ chunk, controller) => {
      onBytes(chunk.byteLength);
      controller.enqueue(chunk);
    },
  });
  // A file that was cut short is not put in its place: a stream that is aborted leaves what was there.
  await content.stream().pipeThrough(counted).pipeTo(stream, { signal });
}

/**
 * Files that another app has shared with this site: the service worker gets them, and the page takes them over. They lie
 * in between in a cache of their own. The service worker uses this too, so that it has static imports only.
 */

const CACHE = "digitlab-shared";
const NAME = "x-file-name";
/** What a page is told in its address. */
export const SHARED = "shared";

/**
 * Keeps a file until a page takes it.
 *
 * @param {URL} base the root of the site
 * @param {File} file
 */
export async function keepShared(base, file) {
  const cache = await caches.open(CACHE);
  // What an earlier page never took is of no use any more.
  for (const key of await cache.keys()) await cache.delete(key);
  const headers = { "content-type": file.type || "application/octet-stream", [NAME]: encodeURIComponent(file.name) };
  await cache.put(new URL(`?${SHARED}=file`, base), new Response(file, { headers }));
}

/**
 * The file that was kept, which is then forgotten; null when there is none.
 *
 * @param {URL} base
 * @returns {Promise<File | null>}
 */
export async function takeShared(base) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(new URL(`?${SHARED}=file`, base));
  if (!found) return null;
  const blob = await found.blob();
  const name = decodeURIComponent(found.headers.get(NAME) ?? "shared");
  await caches.delete(CACHE);
  return new File([blob], name, { type: blob.type });
}

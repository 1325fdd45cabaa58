import { SHARED, keepShared } from "../offline/shared_files.js";

/** Where the manifest sends what other apps share. */
const PATH = "share";
/** What may come in one of these fields. */
const FILES = ["picture", "log"];

/**
 * Whether a request brings something that another app has shared.
 *
 * @param {Request} request
 * @param {string | null} path below the base
 */
export function isShare({ method }, path) {
  return method === "POST" && path === PATH;
}

/**
 * Takes what was shared, and leads to the page that shows it.
 *
 * @param {Request} request
 * @param {URL} base
 * @returns {Promise<Response>}
 */
export async function shared(request, base) {
  const page = new URL(base);
  try {
    const form = await request.formData();
    const file = FILES.flatMap((name) => form.getAll(name)).find((value) => value instanceof File && value.size > 0);
    const address = ["url", "text", "title"].map((name) => addressIn(form.get(name))).find(Boolean);
    if (file instanceof File) {
      await keepShared(base, file);
      page.searchParams.set(SHARED, "file");
    } else if (address) {
      // The page opens the picture that lies there.
      page.searchParams.set("url", address);
    } else {
      page.searchParams.set(SHARED, "nothing");
    }
  } catch {
    page.searchParams.set(SHARED, "failed");
  }
  return Response.redirect(page.href, 303);
}

/** Apps put an address into any of the fields, with words around it. @param {FormDataEntryValue | null} text */
function addressIn(text) {
  return typeof text === "string" ? (/\bhttps?:\/\/\S+/i.exec(text)?.[0] ?? "") : "";
}

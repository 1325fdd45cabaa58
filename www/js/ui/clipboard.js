/**
 * Copies text, also where the modern clipboard is closed (a page served without HTTPS).
 *
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    const focused = document.activeElement;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
    if (!copied) throw new Error("This browser does not let the page copy.");
  }
}

/** @param {Promise<Blob>} picture a PNG; a promise, because some browsers only wait inside the clipboard's own call */
export async function copyPicture(picture) {
  if (!navigator.clipboard || !("write" in navigator.clipboard) || typeof ClipboardItem === "undefined") {
    throw new Error("This browser does not let the page copy pictures. Download the PNG instead.");
  }
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}

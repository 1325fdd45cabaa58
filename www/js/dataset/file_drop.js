/**
 * Takes files that are dropped anywhere on the page while a place is shown.
 *
 * @param {HTMLElement} place
 * @param {(file: File) => void} take
 * @param {AbortSignal} signal
 */
export function takeDropped(place, take, signal) {
  const away = () => place.closest("[hidden]") !== null;
  const over = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files") || away()) return;
    event.preventDefault();
    place.toggleAttribute("data-over", true);
  };
  const leave = () => place.toggleAttribute("data-over", false);
  const drop = (/** @type {DragEvent} */ event) => {
    const file = event.dataTransfer?.files[0];
    if (!file || away()) return;
    event.preventDefault();
    leave();
    take(file);
  };
  document.addEventListener("dragover", over, { signal });
  document.addEventListener("dragleave", leave, { signal });
  document.addEventListener("drop", drop, { signal });
}

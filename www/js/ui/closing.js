/**
 * Acts when a dialog has been closed, by whatever means.
 *
 * The browser tells of it a moment later, when the dialog can already be open again; that is not a closing any more.
 *
 * @param {HTMLDialogElement} dialog
 * @param {() => void} act
 * @param {AbortSignal} signal
 */
export function whenClosed(dialog, act, signal) {
  dialog.addEventListener("close", () => !dialog.open && act(), { signal });
}

const PERCENT = /^\d+ % · /;

/**
 * Says in the title of the tab how far the work is, whatever place of the page is shown.
 *
 * @param {number | null} share from 0 to 1; null when there is no work
 */
export function tellInTitle(share) {
  const plain = document.title.replace(PERCENT, "");
  const title = share === null ? plain : `${Math.floor(100 * share)} % · ${plain}`;
  if (document.title !== title) document.title = title;
}

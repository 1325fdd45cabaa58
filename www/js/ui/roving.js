/**
 * Moves the one tab stop of a group, and the focus, to another of its items; past the ends it stays where it is.
 *
 * @param {readonly HTMLElement[]} items
 * @param {number} to
 */
export function roveTo(items, to) {
  const next = items[to];
  if (!next) return;
  for (const item of items) if (item.tabIndex === 0) item.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

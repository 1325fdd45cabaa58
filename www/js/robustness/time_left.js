/** Sooner than this, a guess would jump about. */
const SETTLED = 1_500;

/**
 * Tells how long something takes yet, by how fast it went so far.
 *
 * @returns {(progress: { done: number, total: number }) => string} a few words that end with a full stop and a space, or none
 */
export function timeLeft() {
  /** @type {{ at: number, done: number } | null} */
  let first = null;
  return ({ done, total }) => {
    const now = performance.now();
    first ??= { at: now, done };
    const took = now - first.at;
    const made = done - first.done;
    if (took < SETTLED || made <= 0) return "";
    const seconds = ((total - done) * took) / made / 1_000;
    return `About ${inWords(seconds)} left. `;
  };
}

/** @param {number} seconds */
function inWords(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = seconds / 60;
  if (minutes < 60) return `${Math.round(minutes)} min`;
  return `${(minutes / 60).toFixed(1)} h`;
}

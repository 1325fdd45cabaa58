/** How often, and how long in milliseconds, a tab that is just going away is waited for. */
const TRIES = 15;
const WAIT = 100;

/**
 * Holds something for this tab; where the browser has no locks, everybody gets it.
 *
 * @param {string} name
 * @returns {Promise<(() => Promise<void>) | null>} lets go of it; null when another tab, or another part of this one, has it
 */
export async function hold(name) {
  if (!navigator.locks) return async () => {};
  for (let k = 1; ; k++) {
    const release = await tryHold(name);
    if (release || k === TRIES) return release;
    await new Promise((resolve) => setTimeout(resolve, WAIT));
  }
}

/**
 * @param {string} name
 * @returns {Promise<(() => Promise<void>) | null>}
 */
function tryHold(name) {
  return new Promise((resolve, reject) => {
    /** @type {Promise<unknown>} */
    const held = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return undefined;
      }
      /** @type {PromiseWithResolvers<void>} */
      const until = Promise.withResolvers();
      resolve(async () => {
        until.resolve();
        await held;
      });
      return until.promise;
    });
    held.catch(reject);
  });
}

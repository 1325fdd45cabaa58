/** The folder that the site lies in: the routes and the samples lie below it. */
export const SITE = new URL("../../", import.meta.url);

/** @param {string} path */
export const onSite = (path) => new URL(path, SITE);

/**
 * The files of the site with their SHA-256. `cargo xtask build` writes this file anew into the site that it builds; as it
 * stands here, nothing is kept, and the site comes from the network.
 */

/** @typedef {readonly [path: string, sha256: string, bytes: number]} SiteFile */

/** Changes with any of the files. */
export const version = "";

/** What the pages are made of. @type {readonly SiteFile[]} */
export const files = [];

/** What is kept as it is used: the module that reads digits, samples. @type {readonly SiteFile[]} */
export const extras = [];

/**
 * The service worker of the site: it answers the routes, and the site's own files where they are kept. It lies at the
 * root of the site, so that it works for all below it, wherever that is. It has static imports only: a service worker
 * may load no other code.
 */
import config from "./config.js";
import * as precache from "./precache.js";
import { Answers } from "./js/service/answers.js";
import { Host } from "./js/service/host.js";
import { belongsToRoute } from "./js/service/paths.js";
import { scope } from "./js/service/scope.js";
import { isShare, shared } from "./js/service/share.js";
import { Shell } from "./js/service/shell.js";

const base = new URL("./", import.meta.url);
const shell = new Shell({ base, precache, config });
const answers = new Answers((signal) => new Host({ base, shell, bucket: new URL(config.bucket, base), signal }));

scope.addEventListener("install", (event) => event.waitUntil(shell.install()));
scope.addEventListener("activate", (event) => event.waitUntil(shell.activate()));
scope.addEventListener("message", (event) => shell.hear(event));

scope.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isBelow = url.origin === base.origin && url.pathname.startsWith(base.pathname);
  const path = isBelow ? url.pathname.slice(base.pathname.length) : null;
  if (isShare(event.request, path)) event.respondWith(shared(event.request, base));
  else if (path !== null && belongsToRoute(path) && !shell.has(path)) event.respondWith(answers.answer(event.request, path, url));
  else shell.answer(event, url, path);
});

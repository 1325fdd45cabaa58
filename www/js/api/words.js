import { make } from "../ui/make.js";

/** @param {string} method */
export function methodTag(method) {
  return make("span", { class: "api-method", "data-method": method.toLowerCase() }, method);
}

/** Words between backticks are code. @param {string} text */
export function coded(text) {
  return text.split("`").map((part, at) => (at % 2 === 1 ? make("code", {}, part) : new Text(part)));
}

// The packages lie in the tools folder and not beside this file.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.DIGITLAB_LINT}/`);
const js = require("@eslint/js");
const globals = require("globals");

/** Ways to turn text into markup or code, which the page never needs. */
const forbidden = [
  ["MemberExpression[property.name=/^(innerHTML|outerHTML|srcdoc)$/]", "Put text in as textContent."],
  ["CallExpression[callee.property.name=/^(insertAdjacentHTML|createContextualFragment|setHTMLUnsafe)$/]", "Build elements instead."],
  ["CallExpression[callee.object.name='document'][callee.property.name=/^(write|writeln)$/]", "Build elements instead."],
  ["CallExpression[callee.property.name='setAttribute'][arguments.0.value=/^(style|on)/]", "The page's policy forbids it."],
].map(([selector, message]) => ({ selector, message }));

const services = ["www/service_worker.js", "www/js/service/**/*.js"];
const workers = ["www/**/worker.js", "www/**/*_worker.js", ...services];

export default [
  js.configs.recommended,
  {
    files: ["www/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "eqeqeq": "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-syntax": ["error", ...forbidden],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  { files: ["www/**/*.js"], ignores: workers, languageOptions: { globals: globals.browser } },
  { files: workers, languageOptions: { globals: globals.worker } },
  { files: services, languageOptions: { globals: globals.serviceworker } },
];

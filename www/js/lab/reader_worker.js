/** The script of the workers that run models. */
import { lastPanic, methods } from "./reader_methods.js";
import { serveCalls } from "./serve_calls.js";

serveCalls(methods, lastPanic);

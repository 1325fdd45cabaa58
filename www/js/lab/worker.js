/** The script of the workers that make and change pictures. */
import { serveCalls } from "./serve_calls.js";
import { lastPanic, methods } from "./worker_methods.js";

serveCalls(methods, lastPanic);

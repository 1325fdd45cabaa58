/** The script of the worker that writes the files of a data set. */
import { serveCalls } from "../serve_calls.js";
import { lastPanic, methods } from "./writer_methods.js";

serveCalls(methods, lastPanic);

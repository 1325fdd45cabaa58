/** The script of the workers that make the items of data sets. */
import { serveCalls } from "../serve_calls.js";
import { lastPanic, methods } from "./dataset_methods.js";

serveCalls(methods, lastPanic);

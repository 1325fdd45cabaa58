/** The script of the workers that teach and train networks. */
import { serveCalls } from "./serve_calls.js";
import { lastPanic, methods } from "./trainer_methods.js";

serveCalls(methods, lastPanic);

/** The script of the workers that keep and draw depth frames. */
import { framesMethods, lastPanicOfFrames } from "./frames_methods.js";
import { serveCalls } from "./serve_calls.js";

serveCalls(framesMethods, lastPanicOfFrames);

/** The worker of depth frames. */
import { framesMethods, lastPanicOfFrames } from "./frames_methods.js";
import { serve } from "./serve_worker.js";

serve(framesMethods, lastPanicOfFrames);

/** The worker of the engine: sequences, transforms, picture files. */
import { serve } from "./serve_worker.js";
import { lastPanic, methods } from "./worker_methods.js";

serve(methods, lastPanic);

import { Digitlab } from "../../../digitlab.js";

/** @type {import("../types.js").Example} */
export default async (_lab, show) => {
  const own = await Digitlab.open({ workers: 1 });
  show(own.workers.most);
  own.close();
  // What is asked of a lab that is closed is refused.
  const refusal = await own.generate({ number: "7", image_width: 40 }).catch((error) => error);
  show(refusal.code, refusal.message);
};

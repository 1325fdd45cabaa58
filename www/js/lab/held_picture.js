import { isPicture, toHandOver } from "./picture.js";

/** How many pictures a worker keeps: those of a wall and of one other thing. */
const MOST_HELD = 2;

let last = 0;

/**
 * A picture that each worker is sent once and then keeps, for many calls on the same one. Its pixels must not be
 * changed meanwhile.
 */
export class HeldPicture {
  #picture;
  #number = ++last;

  /** @param {import("./picture.js").Picture} picture */
  constructor(picture) {
    this.#picture = isPicture(picture) ? shared(picture) : toHandOver(picture);
  }

  get width() {
    return this.#picture.width;
  }

  get height() {
    return this.#picture.height;
  }

  /** What workers know it by. */
  get number() {
    return this.#number;
  }

  /**
   * Sees to it that a worker has the picture.
   * @param {import("./lease.js").Lease} lease
   */
  async sendTo(lease) {
    const { held } = lease;
    if (held.includes(this.#number)) return;
    const keep = [...held, this.#number].slice(-MOST_HELD);
    await lease.call("holdPicture", { number: this.#number, picture: this.#picture, keep });
    held.splice(0, held.length, ...keep);
  }
}

/**
 * Checked like one that is handed over, and not copied: posting it to a worker does that.
 * @param {import("./picture.js").Picture} picture
 */
function shared(picture) {
  const { data, width, height, channels = 4 } = picture;
  const size = { width, height, channels };
  toHandOver({ ...size, data: new Uint8Array(0) });
  const whole = data.byteLength === data.buffer.byteLength;
  const bytes = whole ? new Uint8Array(data.buffer, 0, data.byteLength) : new Uint8Array(data);
  return { ...size, data: bytes };
}

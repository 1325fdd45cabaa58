import { withoutAlpha } from "../lab/open_picture.js";
import { whenClosed } from "../ui/closing.js";
import { element } from "../ui/elements.js";

/** @typedef {{ width: number, height: number, channels: 3, data: Uint8Array }} Shot */

/** Why there is no picture of a camera, and what to do, by the name of the browser's error. @type {Record<string, string>} */
const REASONS = {
  NotAllowedError: "This page was not allowed to use the camera. Allow it in the browser's address bar, or choose a file instead.",
  NotFoundError: "No camera was found. Connect one, or choose a file instead.",
  NotReadableError: "The camera cannot be used: another program may hold it. Close that program, or choose a file instead.",
  OverconstrainedError: "The camera that was chosen is gone. Choose another one.",
  SecurityError: "This browser does not let pages use the camera. Choose a file instead.",
};

/** A dialog that shows what the camera sees, and takes a picture of it. */
export class Camera {
  #dialog;
  #video;
  #devices;
  #choice;
  #shoot;
  #error;
  #taken;
  /** @type {MediaStream | null} */
  #stream = null;
  #turn = 0;

  /**
   * @param {string} id of the source it belongs to
   * @param {(shot: Shot) => void} taken
   * @param {AbortSignal} signal
   */
  constructor(id, taken, signal) {
    this.#dialog = element(`${id}-camera`, HTMLDialogElement);
    this.#video = element(`${id}-video`, HTMLVideoElement);
    this.#devices = element(`${id}-device`, HTMLSelectElement);
    this.#choice = element(`${id}-device-field`, HTMLElement);
    this.#shoot = element(`${id}-shoot`, HTMLButtonElement);
    this.#error = element(`${id}-camera-error`, HTMLElement);
    this.#taken = taken;
    this.#shoot.addEventListener("click", () => this.#take(), { signal });
    element(`${id}-camera-close`, HTMLButtonElement).addEventListener("click", () => this.#dialog.close(), { signal });
    whenClosed(this.#dialog, () => this.#stop(), signal);
    this.#devices.addEventListener("change", () => this.#start(this.#devices.value), { signal });
    this.#video.addEventListener("loadeddata", () => (this.#shoot.disabled = false), { signal });
    signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  open() {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    void this.#start("");
  }

  /** @param {string} device its id; empty for any */
  async #start(device) {
    this.#stop();
    const turn = this.#turn;
    this.#error.textContent = "";
    if (!navigator.mediaDevices?.getUserMedia) {
      this.#error.textContent = "The camera is only open to pages that came over https or from this machine. Choose a file instead.";
      return;
    }
    const size = { width: { ideal: 1920 }, height: { ideal: 1080 } };
    const which = device === "" ? { facingMode: "environment" } : { deviceId: { exact: device } };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { ...size, ...which } });
      if (turn !== this.#turn) {
        end(stream);
        return;
      }
      this.#stream = stream;
      this.#video.srcObject = stream;
      await this.#video.play();
      await this.#list();
    } catch (error) {
      if (turn !== this.#turn) return;
      const { name, message } = /** @type {Error} */ (error);
      this.#stop();
      this.#error.textContent = REASONS[name] ?? `The camera cannot be used (${message || name}). Choose a file instead.`;
    }
  }

  /** The cameras there are; their names are told once one of them is in use. */
  async #list() {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    const now = this.#stream?.getVideoTracks()[0]?.getSettings().deviceId ?? "";
    this.#devices.replaceChildren(
      ...cameras.map(({ deviceId, label }, at) => new Option(label || `Camera ${at + 1}`, deviceId, false, deviceId === now)),
    );
    this.#choice.hidden = cameras.length < 2;
  }

  #take() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const context = new OffscreenCanvas(Math.max(1, width), Math.max(1, height)).getContext("2d", { willReadFrequently: true });
    if (!context || width === 0) return;
    context.drawImage(this.#video, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    this.#dialog.close();
    this.#taken({ width, height, channels: 3, data: withoutAlpha(data) });
  }

  #stop() {
    this.#turn++;
    this.#shoot.disabled = true;
    if (this.#stream) end(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }
}

/** @param {MediaStream} stream */
function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}

import { ChoiceField } from "../ui/choice_field.js";
import { element } from "../ui/elements.js";
import { bytes } from "../ui/format.js";
import { writesFolders } from "./folders.js";

/** Where a data set is written: into the browser's own storage, or into a folder of the person's. */
export class Destination {
  #field;
  #folder = element("dataset-where-folder", HTMLInputElement);
  #browser = element("dataset-where-browser", HTMLInputElement);
  #needed = false;
  #wanted = "browser";

  /**
   * @param {import("../ui/settings.js").Settings} settings
   * @param {() => void} changed
   * @param {AbortSignal} signal
   */
  constructor(settings, changed, signal) {
    const edited = () => {
      this.#wanted = this.#field.text;
      settings.set("dataset-where", this.#wanted);
      changed();
    };
    this.#field = new ChoiceField(element("dataset-where", HTMLElement), edited, signal);
    if (writesFolders()) this.#wanted = settings.get("dataset-where", "browser");
    this.#folder.disabled = !writesFolders();
    this.#show();
  }

  get isFolder() {
    return this.#field.text === "folder";
  }

  /** Whether the format can only be written into a folder. @param {boolean} needed */
  set needsFolder(needed) {
    this.#needed = needed;
    this.#browser.disabled = needed;
    this.#show();
  }

  /**
   * Says what room there is.
   *
   * @param {number} needed about how many bytes
   */
  async tellRoom(needed) {
    const { quota, usage } = await Promise.resolve(navigator.storage?.estimate?.()).then((found) => found ?? {}, () => ({ quota: undefined, usage: undefined }));
    const free = quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
    this.#show(free);
    const scarce = free !== null && needed > free && !this.#needed;
    const advice = writesFolders() && !this.isFolder ? "Choose a folder and fewer items in a file, or make fewer items." : "Make fewer items.";
    this.#field.error = scarce && !this.isFolder ? `About ${bytes(needed)} are needed, and this browser has ${bytes(free)} left for this site. ${advice}` : "";
  }

  /** @param {number | null} [free] */
  #show(free = null) {
    const folder = this.#needed || this.#wanted === "folder";
    this.#field.text = folder ? "folder" : "browser";
    const room = free === null ? "" : ` It has ${bytes(free)} left for this site.`;
    if (this.#needed) this.#field.help = "You choose the folder when you start; pictures are written straight into it.";
    else if (folder) this.#field.help = "You choose it when you start. Each file is moved there when it is whole; until then it takes room in this browser.";
    else if (writesFolders()) this.#field.help = `Files stay in this browser until you save or delete them.${room}`;
    else this.#field.help = `Files stay in this browser until you save or delete them; it lets no page write into folders.${room}`;
  }
}

/** What Windows keeps for devices, with any ending. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** The most bytes: every file system takes as many. */
const LONGEST = 200;

/**
 * A name that every file system takes and that is what it looks like: names of logs, pictures and models are anybody's.
 *
 * @param {string} name
 */
export function safeFileName(name) {
  // Characters that nobody sees can turn the others around, so that an ending looks like another.
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "").replaceAll(/[\\/:*?"<>|]/g, "-").trim();
  const visible = plain.replace(/^\.+/, "").replace(/[. ]+$/, "");
  const whole = visible === "" ? "download" : visible;
  const usual = DEVICES.test(whole) ? `_${whole}` : whole;
  const ending = /\.[\p{L}\p{N}]{1,12}(\.gz)?$/u.exec(usual)?.[0] ?? "";
  const stem = [...usual.slice(0, usual.length - ending.length)].slice(0, LONGEST);
  while (bytes(stem.join("") + ending) > LONGEST) stem.pop();
  return stem.join("") + ending;
}

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text).length;

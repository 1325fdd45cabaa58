(() => {
  const base64 = (buffer) => {
    const bytes = new Uint8Array(buffer);
    let text = "";
    for (let start = 0; start < bytes.length; start += 8192) {
      text += String.fromCharCode(...bytes.subarray(start, start + 8192));
    }
    return btoa(text);
  };
  return {
    base64,
    /** The bytes of a typed array alone, not of the whole buffer that it may share. */
    bytes: (array) => base64(array.buffer.slice(array.byteOffset, array.byteOffset + array.byteLength)),
    blob: (text) => new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))]),
    sha256: async (array) => {
      const digest = await crypto.subtle.digest("SHA-256", array);
      return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    },
    failure: (error) => ({
      name: error.name,
      code: error.code ?? "",
      message: error.message,
      detail: error.detail === undefined ? null : JSON.parse(JSON.stringify(error.detail)),
    }),
  };
})()

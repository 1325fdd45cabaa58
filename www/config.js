/**
 * What a host may set without building the site anew. Addresses are relative to
 * this file. `cargo xtask build --bucket URL` writes the bucket's here.
 */
export default {
  bucket: "./mnist/",
};

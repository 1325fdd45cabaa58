/**
 * What a host may set without building the site anew; whoever has the site already gets it with the visit after the
 * next. Addresses are relative to this file. `cargo xtask build --bucket URL` writes the bucket's here.
 */
export default {
  bucket: "./mnist/",
};

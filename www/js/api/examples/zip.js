/** @type {import("../types.js").Example} */
export default async (lab, show) => {
  const file = await lab.zip(async ({ add, finish }) => {
    const pieces = [await add("greeting.txt", "Hello from the lab."), await add("numbers.json", "[1, 2, 3]")];
    return new Blob([...pieces, await finish()], { type: "application/zip" });
  });
  show(file);
};

/** The values that the parts of the Frames page hand to each other. */

/** @typedef {import("../lab/frames.js").Frames} FramesLab */
/** @typedef {import("../lab/frames_library.js").ImageInfo} LogInfo A stored log. */
/** @typedef {import("../lab/frames_library.js").ImportReport} Report */
/** @typedef {import("../lab/frames_library.js").ImportOptions} ImportOptions */
/** @typedef {import("../lab/frames_library.js").ImportProgress} ImportProgress */
/** @typedef {Pick<import("../lab/frames_library.js").Tile, "width" | "height" | "depths" | "pixels">} Tile 256 rows of a level, the last one of a level fewer. */

/** @typedef {string | string[]} Colormap A map's name, or CSS colours. */
/** @typedef {"fixed" | "own"} Scale */
/** @typedef {{ colormap: Colormap, reverse: boolean, scale: Scale }} Look How values become colours. */
/** @typedef {{ depth_min?: number, depth_max?: number }} DepthWindow Inclusive; what is left out is unbounded. */

/** @typedef {{ top: number, bottom: number, left: number, right: number }} Box What is in sight, in rows and columns; edges may lie inside of one. */
/** @typedef {{ height: number, width: number }} Size Of a log, in rows and columns. */
/** @typedef {{ row: number, column: number }} Spot */

export {};

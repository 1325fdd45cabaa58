/** The values that the parts of the Frames page hand to each other. */

/**
 * @typedef {object} LogInfo A stored log, as `lab.frames.list` describes it.
 * @property {number} id
 * @property {string} name
 * @property {number} width Columns.
 * @property {number} height Rows.
 * @property {number} depth_min
 * @property {number} depth_max
 * @property {{ from: number, method: string }} resampling
 * @property {any} report What the import says about the file.
 * @property {string} created ISO 8601.
 * @property {number} levels How many times finer rows are averaged to coarser ones, and the finest.
 * @property {number} bytes
 */

/**
 * @typedef {object} Tile 256 rows of a level, the last one of a level fewer.
 * @property {number} width
 * @property {number} height
 * @property {number} firstRow Counted in rows of the level.
 * @property {Float32Array} depths
 * @property {Float32Array} pixels
 */

/** @typedef {string | string[]} Colormap A map's name, or CSS colours. */
/** @typedef {"fixed" | "own"} Scale */
/** @typedef {{ colormap: Colormap, reverse: boolean, scale: Scale }} Look How values become colours. */
/** @typedef {{ depth_min?: number, depth_max?: number }} DepthWindow Inclusive; what is left out is unbounded. */
/** @typedef {{ done: number, total: number, unit: "bytes", rows?: number }} ImportProgress */

/**
 * @typedef {object} ImportOptions
 * @property {string} [name]
 * @property {number} [width]
 * @property {string} [method]
 * @property {"drop" | "fail"} [policy]
 * @property {"refuse" | "clip" | "rescale"} [values]
 * @property {AbortSignal} [signal]
 * @property {(progress: ImportProgress) => void} [onProgress]
 */

/**
 * @typedef {object} FramesLab What the page needs of `lab.frames`.
 * @property {(source: Blob | Response | string | URL, options?: ImportOptions) => Promise<number>} import
 * @property {() => Promise<LogInfo[]>} list
 * @property {(id: number) => Promise<LogInfo>} get
 * @property {(id: number, name: string) => Promise<unknown>} rename
 * @property {(id: number) => Promise<unknown>} delete
 * @property {(id: number, options: DepthWindow & Partial<Look> & { format: "jpeg" | "png" | "f32" | "csv" }) => Promise<Blob>} render
 * @property {(id: number, options: { level: number, index: number }) => Promise<Tile>} tile
 * @property {() => Promise<{ name: string, title: string }[]>} colormaps
 * @property {(colormap: Colormap, reverse?: boolean) => Promise<Uint8Array>} colorTable
 * @property {() => Promise<{ bytes: number, quota: number | null }>} usage
 */

/** @typedef {{ top: number, bottom: number, left: number, right: number }} Box What is in sight, in rows and columns; edges may lie inside of one. */
/** @typedef {{ height: number, width: number }} Size Of a log, in rows and columns. */
/** @typedef {{ row: number, column: number }} Spot */

export {};

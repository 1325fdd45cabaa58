import { counted } from "../ui/format.js";

/** @type {Record<string, string>} */
export const FORMATS = {
  "png-zip": "PNG in a zip",
  "png-folder": "PNG in a folder",
  webdataset: "WebDataset",
  parquet: "Parquet",
  npz: "NumPy, .npz",
  npy: "NumPy, .npy",
  idx: "IDX",
};

/**
 * A span of time as a person says it.
 *
 * @param {number} seconds
 */
export function inTime(seconds) {
  if (seconds < 10) return "a few seconds";
  if (seconds < 55) return `${5 * Math.round(seconds / 5)} seconds`;
  const minutes = seconds / 60;
  if (minutes < 1.5) return "a minute";
  if (minutes < 59.5) return `${Math.round(minutes)} minutes`;
  const hours = Math.floor((minutes + 2.5) / 60);
  const rest = Math.max(0, 5 * Math.round((minutes - 60 * hours) / 5));
  const whole = counted(hours, "hour");
  return rest === 0 || hours >= 10 ? whole : `${whole} ${rest} minutes`;
}

/**
 * A time that something took, to the second.
 *
 * @param {number} seconds
 */
export function took(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

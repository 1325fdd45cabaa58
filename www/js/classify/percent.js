export { percent } from "../ui/percent.js";

import { count } from "../ui/format.js";

/** The weights of the subsets, and how many items each of them gets. */
export class SubsetShares {
  fields;

  /** @param {import("../ui/text_field.js").TextField[]} fields of train, validation and test */
  constructor(fields) {
    this.fields = fields;
  }

  /** @param {number | null} items null while it is not known how many */
  show(items) {
    const weights = this.fields.map(({ text }) => (/^\s*\d{1,7}\s*$/.test(text) ? Number(text) : NaN));
    const sum = weights.reduce((all, weight) => all + weight, 0);
    const filled = weights.filter((weight) => weight > 0).length;
    this.fields.forEach((field, at) => {
      const share = (weights[at] ?? 0) / sum;
      if (items === null || !Number.isFinite(share)) field.help = "";
      else if (share === 0) field.help = "None.";
      else field.help = filled === 1 ? "All items." : `About ${count(Math.round(share * items))}.`;
    });
  }
}

/** Charts as a picture of their own, drawn as they look on the page. */

const SVG = "http://www.w3.org/2000/svg";
/** What a chart takes from the page's style sheets. */
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "display"];
const GAP = 24;
const HEAD = 56;
const TITLE = 26;
/** Pixels of the file for one of the page. */
const DENSITY = 2;
/** Browsers draw no larger canvases. */
const LONGEST = 16_000;

/** @typedef {{ title: string, drawing: SVGSVGElement }} Drawn */

/**
 * A PNG of charts side by side, with a heading.
 *
 * @param {readonly Drawn[]} charts
 * @param {{ title: string, lead: string, columns: number, page: HTMLElement }} options `page` lends its colours and its font.
 * @returns {Promise<Blob>}
 */
export async function chartsPng(charts, { title, lead, columns, page }) {
  const across = Math.max(1, Math.min(columns, charts.length));
  const width = Math.max(...charts.map(({ drawing }) => drawing.width.baseVal.value));
  const height = Math.max(...charts.map(({ drawing }) => drawing.height.baseVal.value)) + TITLE;
  const down = Math.ceil(charts.length / across);
  const size = { width: across * (width + GAP) + GAP, height: HEAD + down * (height + GAP) + GAP };
  const style = getComputedStyle(page);
  const sheet = document.createElementNS(SVG, "svg");
  sheet.setAttribute("xmlns", SVG);
  sheet.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  const back = document.createElementNS(SVG, "rect");
  back.setAttribute("width", "100%");
  back.setAttribute("height", "100%");
  back.setAttribute("fill", style.backgroundColor);
  sheet.append(back, words(title, GAP, 34, 18, 600, style), words(lead, GAP, 54, 12, 400, style));
  charts.forEach((chart, at) => {
    const place = document.createElementNS(SVG, "g");
    const [x, y] = [GAP + (at % across) * (width + GAP), HEAD + GAP + Math.floor(at / across) * (height + GAP)];
    place.setAttribute("transform", `translate(${x} ${y})`);
    const inner = document.createElementNS(SVG, "g");
    inner.setAttribute("transform", `translate(0 ${TITLE})`);
    inner.append(...styled(chart.drawing));
    place.append(words(chart.title, 0, 14, 14, 600, style), inner);
    sheet.append(place);
  });
  return painted(sheet, size);
}

/**
 * Copies of a drawing's parts that carry their styles with them.
 *
 * @param {SVGSVGElement} drawing
 */
function styled(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const [originals, copies] = [drawing, copy].map((root) => [...root.querySelectorAll("*")]);
  originals?.forEach((original, at) => {
    const target = copies?.[at];
    const style = getComputedStyle(original);
    for (const name of STYLES) target?.setAttribute(name, style.getPropertyValue(name));
  });
  return copy.childNodes;
}

/**
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {number} weight
 * @param {CSSStyleDeclaration} style
 */
function words(text, x, y, size, weight, style) {
  const line = document.createElementNS(SVG, "text");
  const attributes = { x, y, "font-size": size, "font-weight": weight, "font-family": style.fontFamily, fill: style.color };
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, String(value));
  line.textContent = text;
  return line;
}

/**
 * @param {SVGSVGElement} sheet
 * @param {{ width: number, height: number }} size
 */
async function painted(sheet, { width, height }) {
  const scale = Math.min(DENSITY, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  sheet.setAttribute("width", String(canvas.width));
  sheet.setAttribute("height", String(canvas.height));
  const text = new XMLSerializer().serializeToString(sheet);
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(url);
  }
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("This browser could not draw the charts as a picture.");
  return blob;
}

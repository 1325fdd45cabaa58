/**
 * A new element.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes] false and undefined leave an attribute out, true makes it empty
 * @param {...(Node | string)} children texts become text, never markup
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * A picture of the page's sprite; it says nothing to screen readers.
 *
 * @param {string} name
 * @param {string} [className]
 */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * A button with a picture and a name for those who do not see it.
 *
 * @param {string} picture
 * @param {string} label
 * @param {() => void} press
 * @param {AbortSignal} signal
 */
export function iconButton(picture, label, press, signal) {
  const button = make("button", { class: "button button--small button--icon", type: "button", "aria-label": label, title: label }, icon(picture));
  button.addEventListener("click", press, { signal });
  return button;
}

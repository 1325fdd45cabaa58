/**
 * @typedef {object} ErrorDetail The parts of an error as data.
 * @property {string} [field] The field of the request that is wrong.
 * @property {string} [value] What it was.
 * @property {string} [allowed] What it may be.
 * @property {string} [file] The file concerned.
 * @property {string} [reason] What is wrong with the file.
 * @property {string} [url] The address concerned.
 * @property {number} [status] The HTTP status that came back.
 * @property {string[]} [files] The files that are needed.
 * @property {string} [expected] What a file should be.
 * @property {string} [found] What it is instead.
 * @property {string} [operator] The operator of a model that is not supported.
 * @property {string} [node] The step of the model that has it.
 * @property {string} [shape] The shape in a model that is not supported.
 * @property {number} [index] Which of many pictures.
 *
 * @typedef {{ code: string, message: string, detail?: ErrorDetail }} PlainError
 *   An error on its way between threads.
 */

/** The one error of the module: a stable `code`, a sentence for people, and its parts. */
export class DigitlabError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorDetail} [detail]
   * @param {{ cause?: unknown }} [options]
   */
  constructor(code, message, detail = {}, options) {
    super(message, options);
    // What is cancelled by a signal is an AbortError all over the web.
    this.name = code === "aborted" ? "AbortError" : "DigitlabError";
    this.code = code;
    this.detail = detail;
  }

  /**
   * A value that is not allowed.
   * @param {string} field
   * @param {unknown} found
   * @param {string} allowed
   */
  static invalid(field, found, allowed) {
    const value = String(found);
    return new DigitlabError("invalid_parameter", `${field} is ${value}; allowed: ${allowed}.`, { field, value, allowed });
  }

  /** @param {PlainError} plain */
  static from(plain) {
    return new DigitlabError(plain.code, plain.message, plain.detail);
  }

  /** @param {AbortSignal} signal One that was aborted. */
  static aborted(signal) {
    return new DigitlabError("aborted", "The work was cancelled.", {}, { cause: signal.reason });
  }
}

/**
 * What went wrong, in words; anything can be thrown.
 *
 * @param {unknown} error
 */
export const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

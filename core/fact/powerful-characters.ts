/**
 * What has power over a terminal or over the direction of text, as a class of a regular expression with the flag `u`:
 * control characters, marks and isolates of bidirectional text, separators of lines and paragraphs, the byte order mark.
 */
export const POWERFUL_CHARACTERS = '[\\p{Cc}\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069\\uFEFF]'

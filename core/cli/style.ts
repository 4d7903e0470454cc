/** Colours by meaning; without colour each returns its text as it is. */
export interface Style {
  readonly bold: (text: string) => string
  readonly faint: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly warning: (text: string) => string
  readonly link: (text: string) => string
}

/** SGR codes: 1 bold, 2 faint, 31 red, 32 green, 33 yellow, 36 cyan; each is closed by its own end code. */
export function styleFor(color: boolean): Style {
  const paint = (open: number, close: number) => (text: string) =>
    color && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text
  return {
    bold: paint(1, 22),
    faint: paint(2, 22),
    good: paint(32, 39),
    bad: paint(31, 39),
    warning: paint(33, 39),
    link: paint(36, 39),
  }
}

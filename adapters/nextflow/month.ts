/** Java prints month names in the machine's language; these are the ones whose short names do not contradict. */
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'da', 'nb', 'fi', 'cs', 'tr', 'ru', 'ja', 'zh']

let months: Map<string, number> | undefined

/** 0 = January; `undefined` for a name in no known language, or one that means different months. */
export function findMonth(name: string): number | undefined {
  months ??= listMonths()
  return months.get(clean(name))
}

function listMonths(): Map<string, number> {
  const found = new Map<string, number>()
  const contradicting = new Set<string>()
  for (const language of LANGUAGES) {
    const format = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' })
    for (let month = 0; month < 12; month++) {
      const name = clean(format.format(Date.UTC(2001, month, 15)))
      if ((found.get(name) ?? month) !== month) contradicting.add(name)
      else found.set(name, month)
    }
  }
  for (const name of contradicting) found.delete(name)
  return found
}

function clean(name: string): string {
  return name.toLowerCase().replaceAll('.', '')
}

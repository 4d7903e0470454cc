import type { Page } from './view.ts'

/** Rows fetched at a time. */
const PAGE = 1000

/** All pages one after another; the next is fetched when it is needed. */
export async function* eachPage<T extends { readonly uid: string }>(
  fetch: (page: Page) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  let after: string | undefined
  for (;;) {
    const page = await fetch({ limit: PAGE, ...(after === undefined ? {} : { after }) })
    yield* page
    after = page.at(-1)?.uid
    if (page.length < PAGE || after === undefined) return
  }
}

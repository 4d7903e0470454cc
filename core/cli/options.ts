import { z } from 'zod'
import { StemmaError } from '../errors.ts'
import type { Call } from './verb.ts'

/** Options that every verb takes. */
export const SharedOptions = z.object({
  database: z.string().min(1).optional(),
  json: z.boolean().default(false),
  debug: z.boolean().default(false),
})

/** A whole number as typed: `20`. */
export const Count = z
  .string()
  .regex(/^\d{1,9}$/, 'is not a whole number')
  .transform(Number)

/** A time as typed: `2026-11-24`, `2026-11-24T07:00`, with or without zone; also `3d`, `12h`, `30m` back from now. */
export const Moment = z.string().transform((text, context) => {
  const back = /^(\d{1,6})([mhdw])$/.exec(text)
  if (back !== null) return new Date(Date.now() - Number(back[1]) * (UNIT_MS[back[2] ?? ''] ?? 0))
  const time = new Date(text)
  if (!Number.isNaN(time.getTime()) && /^\d{4}-\d\d/.test(text)) return time
  context.addIssue({ code: 'custom', message: 'is not a time (2026-11-24, 2026-11-24T07:00Z, 3d, 12h)' })
  return z.NEVER
})
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `name=value`. */
export const NameAndValue = z
  .string()
  .regex(/^[^=]+=/su, 'is not name=value')
  .transform((text) => ({ name: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) }))

/** `name` or `name=value`. */
export const NameAndMaybeValue = z
  .string()
  .regex(/^[^=]/su, 'is not name or name=value')
  .transform((text) => {
    const [name = ''] = text.split('=', 1)
    return name === text ? { name } : { name, value: text.slice(name.length + 1) }
  })

/** A verb's options, parsed. Throws `usage.invalid-option`. */
export function parseOptions<Parsed>(schema: z.ZodType<Parsed>, call: Call): Parsed {
  const parsed = schema.safeParse(call.options)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const option = String(issue?.path[0] ?? '')
  const given = call.options[option]
  const name = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  throw new StemmaError(
    'usage.invalid-option',
    `option ${name} ${issue?.message ?? 'is wrong'}: ${JSON.stringify(given)}`,
    {
      detail: { option: name },
    },
  )
}

/** The name under which commander hands over a flag: `--trace-file <path>` is `traceFile`. */
export function optionName(flags: string): string {
  const long = /--(?:no-)?([a-z0-9-]+)/.exec(flags)?.[1] ?? ''
  return long.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

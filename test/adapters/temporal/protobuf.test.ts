import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { decodeMessage, NotProtobuf } from '../../../adapters/temporal/history/protobuf.ts'
import { MESSAGES } from '../../../adapters/temporal/history/protobuf-messages.ts'
import { nestingOf, scanProtobuf } from '../../../adapters/temporal/history/scan-protobuf.ts'

const Field = z.object({ id: z.number(), name: z.string(), type: z.string(), repeated: z.boolean(), map: z.boolean() })
const Descriptor = z.object({ fields: z.record(z.string(), Field) })
const Root = z.object({ lookup: z.custom<(name: string) => unknown>((value) => typeof value === 'function') })
const require = createRequire(import.meta.url)

/** Where each message of ours lies in the API; the two of Cloud Export are not part of the SDK. */
const PLACES = ['history', 'common', 'workflowservice', 'update', 'taskqueue', 'deployment', 'sdk', 'failure']

describe('the table of messages', () => {
  test('has the numbers of the API', () => {
    const root: unknown = require('@temporalio/proto/protos/json-module.js')
    const { lookup } = Root.parse(root)
    const checked: string[] = []
    for (const [name, fields] of MESSAGES) {
      const path = name === 'CallbackNexus' ? 'Callback.Nexus' : name === 'WorkflowEvent' ? 'Link.WorkflowEvent' : name
      const places = [...PLACES.map((place) => `temporal.api.${place}.v1.${path}`), `google.protobuf.${path}`]
      const found = places
        .map((place) => Descriptor.safeParse(Reflect.apply(lookup, root, [place])))
        .find(({ success }) => success)
      if (found?.success !== true) continue
      checked.push(name)
      for (const [number, field] of fields) {
        const theirs = found.data.fields[field.name]
        expect([name, field.name, theirs?.id]).toEqual([name, field.name, number])
        expect([name, field.name, theirs?.repeated, theirs?.map]).toEqual([name, field.name, field.repeated, field.map])
      }
    }
    const unknown = [...MESSAGES.keys()].filter((name) => !checked.includes(name))
    expect(unknown).toEqual(['WorkflowExecutions', 'ExportedExecution'])
  })
})

describe('bytes that are no history', () => {
  test('never crash the reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          decodeMessage('HistoryEvent', bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(NotProtobuf)
        }
        const nesting = nestingOf(bytes)
        if (nesting !== undefined) expect([...scanProtobuf(bytes, nesting)].length).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('JSON is not taken for protobuf', () => {
    for (const text of ['{"events":[]}', '[{"eventId":"1"}]', '\n{"events":[]}', '\n\n[]']) {
      expect(nestingOf(Buffer.from(text))).toBeUndefined()
    }
  })
})

import { workflowScope } from './workflow-runs.ts'
import type { Scope } from '../../../core/adapter.ts'

const WORKFLOW = /^temporal:\/\/\/namespaces\/([^/?#]+)\/workflows\/([^/?#]+)\/([^/?#]+)(?:[/?#]|$)/

/** The workflow that calls a nexus operation, from the links that its server sends along. */
export function callerIn(links: readonly { readonly url: URL }[]): Scope | undefined {
  for (const { url } of links) {
    const parts = WORKFLOW.exec(url.href)?.slice(1).map(decodeURIComponent)
    const [namespace, workflowId, runId] = parts ?? []
    if (namespace === undefined || workflowId === undefined || runId === undefined) continue
    return workflowScope({ namespace, workflowId, runId, workflowType: '(unknown)' })
  }
  return undefined
}

import { expect, test } from 'vitest'
import { policyCells, policyLines } from '#simulator/kubectl/objects/policyRules.ts'

test('rules come by their verbs, then groups, then resources, and verbs of one resource are put together', () => {
  const lines = policyLines([
    { apiGroups: [''], resources: ['namespaces', 'namespaces/status'], verbs: ['get'] },
    { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['create'] },
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list'] },
    { nonResourceURLs: ['/healthz'], verbs: ['get'] },
  ])
  expect(lines.map(line => policyCells(line).join(' | '))).toEqual([
    'deployments.apps | [] | [web] | [create]',
    'namespaces | [] | [] | [get list]',
    ' | [/healthz] | [] | [get]',
    ' | [/healthz] | [] | [get]',
    'namespaces/status | [] | [] | [get]',
  ])
})

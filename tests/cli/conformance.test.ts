import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

// Each test starts a process or two.
vi.setConfig({ testTimeout: 60_000 })

let corpora = ''

const files = {
  'kubectl/tables/ports.json': [
    { port: 80, errors: [] },
    { port: 0, errors: ['must be between 1 and 65535, inclusive'] },
    { port: 81, errors: ['a wrong answer'] },
  ],
  'services/endpoints-controller/cases.json': {
    cases: [
      {
        name: 'names no pods',
        services: [{ metadata: { name: 's' }, spec: { type: 'ExternalName', externalName: 'a.example' } }],
        pods: [],
        endpoints: [{ metadata: { name: 's' }, subsets: [] }],
      },
    ],
  },
}

beforeAll(() => {
  corpora = mkdtempSync(join(tmpdir(), 'corpora-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(corpora, path)), { recursive: true })
    writeFileSync(join(corpora, path), JSON.stringify(content))
  }
})

afterAll(() => rmSync(corpora, { recursive: true }))

function run(...args: string[]) {
  return spawnSync(process.execPath, ['src/cli/conformance.ts', ...args], { encoding: 'utf8' })
}

test('one object counts what is answered alike in each area, and nothing else is printed', () => {
  const { stdout, stderr, status } = run('--corpora', corpora, '--area', 'tables', '--json')
  expect(JSON.parse(stdout)).toEqual({ areas: { 'tables/ports': { passed: 2, total: 3 } } })
  expect(stderr).toContain('tables/quantities is not run')
  expect(status).toBe(0)
})

test('an answer of an older release counts when it is alike in the words of today, and says so', () => {
  const { stdout } = run('--corpora', corpora, '--area', 'services/endpoints-controller')
  expect(stdout).toContain('services/endpoints-controller: 1/1')
  expect(stdout).toContain('1 by release: Services of type ExternalName get no endpoints since 1.23')
})

test('differences are shown until there are enough', () => {
  const area = ['--corpora', corpora, '--area', 'tables/ports']
  expect(run(...area).stdout).toContain('- ["a wrong answer"]\n    + []')
  expect(run(...area, '--show', '0').stdout).not.toContain('a wrong answer')
})

test('without corpora only recorded sessions are played', () => {
  const { stdout, stderr } = run('--area', 'seeds/guide-placeholder-image.txt', '--json')
  expect(JSON.parse(stdout)).toEqual({ areas: { seeds: { passed: 7, total: 7 } } })
  expect(stderr).toBe('')
})

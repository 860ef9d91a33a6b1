import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { serveLab } from '../../../src/cli/serve/service.ts'
import { referenceCluster } from '../../../src/simulator/cluster/definition.ts'
import { Lab } from '../../../src/simulator/lab.ts'

const kubectl = process.env['KUBECTL'] ?? ''
const isThere = existsSync(kubectl)

if (!isThere) console.log('skipped: KUBECTL names no real kubectl')

test.skipIf(!isThere)(
  'a real kubectl makes a Deployment, waits for it and reaches a pod through a tunnel',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubehop-kubectl-'))
    const served = await serveLab(await Lab.boot({ cluster: referenceCluster, files: {} }, 1), { speed: 5 })
    try {
      writeFileSync(join(folder, 'config'), served.kubeconfig)
      served.pace.start()
      const run = async (...words: string[]) =>
        (await promisify(execFile)(kubectl, ['--kubeconfig', join(folder, 'config'), ...words])).stdout
      expect(await run('create', 'deployment', 'web', '--image=nginx:1.27')).toBe('deployment.apps/web created\n')
      expect(await run('rollout', 'status', 'deployment/web')).toMatch(/successfully rolled out\n$/)
      expect(await run('exec', 'deploy/web', '--', 'hostname')).toMatch(/^web-/)
      expect(await run('auth', 'can-i', 'get', 'pods')).toBe('yes\n')
    } finally {
      await served.close()
      rmSync(folder, { recursive: true })
    }
  },
  60_000,
)

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readLabDefinition } from '../simulator/labDefinition.ts'
import { readFolder } from './content.ts'
import { bootNow } from './serve/bootNow.ts'
import { serveLab } from './serve/service.ts'

const usage = `Usage: npm run -s serve-api -- [--lab LAB.yaml | --cni PLUGIN] [--port 6443] [--host 127.0.0.1] [--speed N] [--seed N] [--kubeconfig FILE]
Boots a lab and serves its API server over HTTPS, for a real kubectl, k9s or any other client.`

const { values } = parseArgs({
  options: {
    lab: { type: 'string' },
    cni: { type: 'string' },
    port: { type: 'string', default: '6443' },
    host: { type: 'string', default: '127.0.0.1' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    kubeconfig: { type: 'string', default: 'kubeconfig' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else await serve()

async function serve(): Promise<void> {
  const files = values.lab ? readFolder(join(dirname(values.lab), 'files')) : {}
  const cniSetting = values.cni === undefined ? '' : `cni: ${values.cni}\n`
  const definition = readLabDefinition(values.lab ? readFileSync(values.lab, 'utf8') : cniSetting, files, values.lab)
  const lab = await bootNow(definition, number('seed'))
  const served = await serveLab(lab, { port: number('port'), host: values.host, speed: number('speed') })
  writeFileSync(values.kubeconfig, served.kubeconfig, { mode: 0o600 })
  served.pace.start()
  console.log(`${served.url}\nexport KUBECONFIG=${resolve(values.kubeconfig)}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void served.close())
}

function number(name: 'port' | 'speed' | 'seed'): number {
  const value = Number(values[name])
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number, not ${values[name]}`)
  return value
}

import type { Process } from '../../machine/program.ts'
import { serveUntilAsked } from './go/server.ts'
import { anyOf, type Image } from './image.ts'
import { layDebian } from './layers/debian.ts'

/** The application of the Kubernetes tutorials. */
export const kubernetesBootcamp: Image = {
  repository: 'gcr.io/google-samples/kubernetes-bootcamp',
  mirrors: ['docker.io/jocatalin/kubernetes-bootcamp'],
  hasTag: anyOf('latest', 'v1', 'v2'),
  size: () => 83_600_000,
  settings: tag => ({
    command: ['/bin/sh', '-c', 'node server.js'],
    environment: { NPM_CONFIG_LOGLEVEL: 'info', NODE_VERSION: '6.3.1', BOOTCAMP_VERSION: tag === 'v2' ? '2' : '1' },
    ports: ['8080/tcp'],
  }),
  build(files, _tag, programs) {
    layDebian(files, programs, { commands: ['curl'] })
    files.install('/usr/local/bin/node', { name: 'node', summary: 'run server.js', run })
  },
}

async function run(process: Process): Promise<number> {
  const { hostname } = process.machine
  const version = process.env.get('BOOTCAMP_VERSION') ?? '1'
  const began = process.machine.now()
  let requests = 0
  const log: string[] = []
  await process.write(
    `Kubernetes Bootcamp App Started At: ${new Date(began).toISOString()} | Running On:  ${hostname} \n\n`,
  )
  return serveUntilAsked(
    process,
    8080,
    () => ({
      status: 200,
      headers: { 'Content-Type': 'text/plain' },
      body: `Hello Kubernetes bootcamp! | Running on: ${hostname} | v=${version}\n`,
    }),
    () => {
      const now = process.machine.now()
      requests++
      log.push(
        `Running On: ${hostname} | Total Requests: ${requests} | App Uptime: ${(now - began) / 1000} seconds | Log Time: ${new Date(now).toISOString()}\n`,
      )
      process.thread(async () => process.write(log.splice(0).join('')))
    },
  )
}

import type { Process } from '../../machine/program.ts'
import { json, missing, plain, serveKestrel } from './dotnet/server.ts'
import { anyOf, type Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'

/** Tells a random number to everybody who asks, until it falls ill when it was told to. */
export const kiamolNumbersApi: Image = {
  repository: 'docker.io/kiamol/ch03-numbers-api',
  hasTag: anyOf('latest'),
  size: () => 46_300_000,
  settings: () => ({
    entrypoint: ['dotnet', '/app/Numbers.Api.dll'],
    environment: { ASPNETCORE_URLS: 'http://+:80', DOTNET_RUNNING_IN_CONTAINER: 'true', FailAfterCallCount: '0' },
    workingDirectory: '/app',
    ports: ['80/tcp'],
  }),
  build(files, _tag, programs) {
    layAlpine(files, programs, '3.12.0')
    files.mkdir('/app')
    files.writeText('/app/Numbers.Api.dll', '')
    files.install('/usr/bin/dotnet', { name: 'dotnet', summary: 'run a .NET program', run })
  },
}

const numberPaths = new Set(['/rng', '/sixeyed/kiamol/master/ch03/numbers/rng'])

function run(process: Process): Promise<number> {
  const limit = Number(process.env.get('FailAfterCallCount') ?? 0)
  let calls = 0
  let isHealthy = true
  const unhealthy = json(500, { message: 'Unhealthy' })
  return serveKestrel(process, ({ path }) => {
    const place = path.toLowerCase()
    if (place === '/healthz' || place === '/health') return isHealthy ? plain('Ok') : unhealthy
    if (place === '/reset') {
      isHealthy = true
      return plain('Ok')
    }
    if (!numberPaths.has(place)) return missing
    calls++
    if (!isHealthy) {
      process.thread(async () => process.write('warn: Numbers.Api.Controllers.RngController[0]\n      Unhealthy!\n'))
      return unhealthy
    }
    if (limit > 0 && calls >= limit) isHealthy = false
    return json(200, process.kernel.random.below(100))
  })
}

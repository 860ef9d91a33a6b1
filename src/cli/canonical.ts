import type { CommandStep, Transcript } from './transcript.ts'

/** Letters of generated names: no vowels and no look-alikes. */
const safe = '[bcdfghjklmnpqrstvwxz2456789]'

/**
 * Replaces what differs from run to run by numbered placeholders: the same value, the same number within one
 * transcript. The forms are listed in the README under "Canonical forms".
 */
export class Canonicalizer {
  #places = new Map<string, string>()
  #counts = new Map<string, number>()

  line(line: string): string {
    let text = line
    for (const [pattern, replace] of forms) text = text.replace(pattern, (...match) => replace(this.#place, match))
    return text.replace(/ {2,}/g, '  ').trimEnd()
  }

  #place = (kind: string, value: string): string => {
    const key = `${kind} ${value}`
    let place = this.#places.get(key)
    if (place === undefined) {
      const count = (this.#counts.get(kind) ?? 0) + 1
      this.#counts.set(kind, count)
      place = `<${kind}-${count}>`
      this.#places.set(key, place)
    }
    return place
  }
}

type Place = (kind: string, value: string) => string
type Form = readonly [RegExp, (place: Place, match: string[]) => string]

const numbered =
  (kind: string) =>
  (place: Place, [whole = '']: string[]) =>
    place(kind, whole)
const fixed = (text: string) => () => text

/** In order: later forms see what earlier ones left. */
const forms: readonly Form[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, numbered('uid')],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/g, fixed('<time>')],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(?: [+-]\d{4}| GMT)?/g,
    fixed('<time>'),
  ],
  [/\b[a-z]+:\/\/[0-9a-f]{64}\b/g, fixed('<container-id>')],
  [/sha256:[0-9a-f]{64}/g, fixed('<digest>')],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, numbered('mac')],
  [/\b(?:veth|cali|lxc)[0-9a-f]{6,12}\b/g, numbered('veth')],
  [/\bKUBE-(SVC|SEP|EXT|FW|SVL|XLB)-[A-Z2-7]{16}\b/g, (place, [all = '', chain]) => place(`chain-${chain}`, all)],
  [/\b10\.244\.\d{1,3}\.\d{1,3}\b/g, numbered('pod-ip')],
  [
    /\b10\.(?:9[6-9]|1[01]\d)\.\d{1,3}\.\d{1,3}\b/g,
    (place, [all = '']) => (all === '10.96.0.1' || all === '10.96.0.10' ? all : place('service-ip', all)),
  ],
  [
    new RegExp(`\\b((?:[a-z0-9]+-)+?)(${safe}{6,10})-(${safe}{5})\\b`, 'g'),
    (place, [, name, hash = '', tail]) => `${name}${place('hash', hash)}-${place('suffix', hash + tail)}`,
  ],
  [
    new RegExp(`\\b((?:[a-z0-9]+-)+)(${safe}{8,10})\\b`, 'g'),
    (place, [all = '', name, hash = '']) => (/\d/.test(hash) ? `${name}${place('hash', hash)}` : all),
  ],
  [
    new RegExp(`\\b([a-z0-9]+(?:-[a-z0-9]+)*-)(${safe}{5})(?![a-z0-9-])`, 'g'),
    (place, [, name, tail = '']) => `${name}${place('suffix', tail)}`,
  ],
  [/after \d+ (ms|milliseconds)/g, (_, [, unit]) => `after <n> ${unit}`],
  [/(\b\d+\.\d+\.\d+\.\d+|<[a-z]+-ip-\d+>):(?:3[3-9]|[45]\d|6[0-4])\d{3}\b/g, (_, [, host]) => `${host}:<port>`],
  [/worker process \d+/g, fixed('worker process <pid>')],
  [/, id \d+, seq/g, fixed(', id <n>, seq')],
  [/\b\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/g, fixed('<time>')],
  [/\b\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\b/g, fixed('<time>')],
  [
    new RegExp(`\\b(pod-template-hash[=:] ?)"?(${safe}{6,10})"?`, 'g'),
    (place, [, key, hash = '']) => `${key}${place('hash', hash)}`,
  ],
  [/\b3[0-2]\d{3}\b/g, (place, [all = '']) => (Number(all) <= 32767 ? place('node-port', all) : all)],
  [/\bresourceVersion: "\d+"/g, fixed('resourceVersion: "<rv>"')],
  [/"resourceVersion": "\d+"/g, fixed('"resourceVersion": "<rv>"')],
  [/\b(?:\d+d)?(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?(?:ms|us|µs|s)\b(?!\/)/g, fixed('<age>')],
  [/\b\d+m\b(?=\s|$)/g, fixed('<age>')],
  [/<invalid>/g, fixed('<age>')],
  [/\bnginx\/\d+\.\d+\.\d+/g, fixed('nginx/<version>')],
  [/time=[\d.]+ ms/g, fixed('time=<ms>')],
  [/= [\d.]+\/[\d.]+\/[\d.]+(?:\/[\d.]+)? ms/g, fixed('= <ms>')],
]

/** How one command's answer compares with the recorded one. */
export interface Comparison {
  readonly line: number
  readonly run: string
  readonly isEqual: boolean
  /** Both answers in canonical form, stderr after `! `, the exit status after `? `. */
  readonly expected: readonly string[]
  readonly actual: readonly string[]
}

/** Compares every command of a recording, in order, with what another transcript of the same commands holds. */
export function compareTranscripts(recorded: Transcript, played: Transcript): Comparison[] {
  const [recordedForms, playedForms] = [new Canonicalizer(), new Canonicalizer()]
  const answers = played.steps.filter((step): step is CommandStep => 'run' in step)
  const results: Comparison[] = []
  let index = 0
  for (const step of recorded.steps) {
    if (!('run' in step)) continue
    const answer = answers[index++]
    const expected = canonical(step, recordedForms)
    const actual = answer ? canonical(answer, playedForms) : undefined
    if (step.compare === 'skip') continue
    results.push({
      line: step.line,
      run: step.run,
      isEqual: actual !== undefined && isEqual(expected, actual, step.compare),
      expected: shown(expected),
      actual: actual ? shown(actual) : ['! <not run>'],
    })
  }
  return results
}

interface Answer {
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  readonly exit: number
}

function canonical(step: CommandStep, forms: Canonicalizer): Answer {
  return {
    stdout: step.stdout.map(line => forms.line(line)),
    stderr: step.stderr.map(line => forms.line(line)),
    exit: step.exit,
  }
}

function isEqual(expected: Answer, actual: Answer, compare: CommandStep['compare']): boolean {
  if (expected.exit !== actual.exit) return false
  if (compare === 'status') return true
  const order = compare === 'rows' ? unordered : (lines: readonly string[]) => lines
  const same = (a: readonly string[], b: readonly string[]) => order(a).join('\n') === order(b).join('\n')
  return same(expected.stdout, actual.stdout) && same(expected.stderr, actual.stderr)
}

/** Rows in any order: placeholders lose their numbers, since those follow from the order. */
function unordered(lines: readonly string[]): string[] {
  return lines
    .map(line => line.replace(/<(suffix|hash|pod-ip|service-ip|node-port|uid|mac|veth|chain-\w+)-\d+>/g, '<$1>'))
    .sort()
}

function shown(answer: Answer): string[] {
  return [
    ...answer.stdout,
    ...answer.stderr.map(line => `! ${line}`),
    ...(answer.exit === 0 ? [] : [`? ${answer.exit}`]),
  ]
}

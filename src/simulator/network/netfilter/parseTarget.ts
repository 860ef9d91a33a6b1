import type { NatRange, RejectWith, Target } from './rule.ts'
import { readAddresses, readMark, readNumber, readPorts } from './values.ts'
import { RuleSyntaxError, type WordReader } from './words.ts'

type Draft = Record<string, unknown> & { kind: string }

/** Names of targets that are not chains. */
const targetNames = [
  'ACCEPT',
  'DROP',
  'RETURN',
  'REJECT',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'MARK',
  'CONNMARK',
  'NOTRACK',
  'CT',
  'LOG',
  'NFLOG',
]

/** Begins a target by the name after `-j`; a name that is none of iptables' own is a chain. */
export function draftTarget(name: string): Draft {
  if (!targetNames.includes(name)) return { kind: 'jump', chain: name }
  switch (name) {
    case 'REJECT':
      return { kind: name, with: 'icmp-port-unreachable' }
    case 'CT':
      return { kind: 'NOTRACK', isFromCt: true }
    case 'LOG':
    case 'NFLOG':
      return { kind: name, prefix: '' }
    default:
      return { kind: name }
  }
}

/** Offers an option to a target; false when the target does not know it. */
export function readTargetOption(draft: Draft, option: string, words: WordReader): boolean {
  return readers[draft.kind]?.(draft, option, words) ?? false
}

/** The target that a draft has become; throws when something that it needs is missing. */
export function finishTarget(draft: Draft): Target {
  const { kind } = draft
  if (kind === 'DNAT' && draft['first'] === undefined && !draft['ports'])
    throw new RuleSyntaxError('DNAT: option "--to-destination" must be specified')
  if (kind === 'SNAT' && draft['first'] === undefined)
    throw new RuleSyntaxError('SNAT: option "--to-source" must be specified')
  if (kind === 'MARK' && draft['value'] === undefined)
    throw new RuleSyntaxError('MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required')
  if (kind === 'CONNMARK' && !draft['operation']) throw new RuleSyntaxError('CONNMARK target: No operation specified')
  const { isFromCt, ...target } = draft
  if (isFromCt && !draft['notrack']) throw new RuleSyntaxError('CT without --notrack is not simulated here')
  delete (target as Draft)['notrack']
  return target as unknown as Target
}

const rejections: Readonly<Record<string, RejectWith>> = {
  'icmp-net-unreachable': 'icmp-net-unreachable',
  'net-unreach': 'icmp-net-unreachable',
  'icmp-host-unreachable': 'icmp-host-unreachable',
  'host-unreach': 'icmp-host-unreachable',
  'icmp-proto-unreachable': 'icmp-proto-unreachable',
  'proto-unreach': 'icmp-proto-unreachable',
  'icmp-port-unreachable': 'icmp-port-unreachable',
  'port-unreach': 'icmp-port-unreachable',
  'icmp-net-prohibited': 'icmp-net-prohibited',
  'net-prohib': 'icmp-net-prohibited',
  'icmp-host-prohibited': 'icmp-host-prohibited',
  'host-prohib': 'icmp-host-prohibited',
  'icmp-admin-prohibited': 'icmp-admin-prohibited',
  'admin-prohib': 'icmp-admin-prohibited',
  'tcp-reset': 'tcp-reset',
  'tcp-rst': 'tcp-reset',
}

const readers: Readonly<Record<string, (draft: Draft, option: string, words: WordReader) => boolean>> = {
  REJECT(draft, option, words) {
    if (option !== '--reject-with') return false
    const name = words.value(option)
    const rejection = rejections[name]
    if (!rejection) throw new RuleSyntaxError(`unknown reject type "${name}"`)
    draft['with'] = rejection
    return true
  },
  DNAT: (draft, option, words) => readNatOption(draft, option, words, '--to-destination'),
  SNAT: (draft, option, words) => readNatOption(draft, option, words, '--to-source'),
  MASQUERADE: (draft, option, words) => readNatOption(draft, option, words, undefined),
  REDIRECT: (draft, option, words) => readNatOption(draft, option, words, undefined),
  MARK(draft, option, words) {
    const change = readMarkChange(option, words)
    if (!change) return false
    Object.assign(draft, change)
    return true
  },
  CONNMARK(draft, option, words) {
    const change = readMarkChange(option, words)
    if (change) Object.assign(draft, change, { operation: 'set', packetMask: 0xffffffff })
    else if (option === '--save-mark' || option === '--restore-mark')
      Object.assign(draft, {
        operation: option === '--save-mark' ? 'save' : 'restore',
        value: 0,
        mask: draft['mask'] ?? 0xffffffff,
        packetMask: draft['packetMask'] ?? 0xffffffff,
      })
    else if (option === '--mask' || option === '--ctmask' || option === '--nfmask') {
      const mask = readNumber(words.value(option), option)
      if (option !== '--nfmask') draft['mask'] = mask
      if (option !== '--ctmask') draft['packetMask'] = mask
    } else return false
    return true
  },
  NOTRACK(draft, option) {
    if (option !== '--notrack' || !draft['isFromCt']) return false
    draft['notrack'] = true
    return true
  },
  LOG(draft, option, words) {
    if (option === '--log-prefix') draft['prefix'] = words.value(option)
    else if (option === '--log-level') draft['level'] = readLogLevel(words.value(option))
    else return false
    return true
  },
  NFLOG(draft, option, words) {
    if (option === '--nflog-prefix') draft['prefix'] = words.value(option)
    else if (option === '--nflog-group') draft['group'] = readNumber(words.value(option), option)
    else return false
    return true
  },
}

/** What `--set-mark`, `--or-mark` and the like do to a mark: bits to clear, then bits to turn round. */
function readMarkChange(option: string, words: WordReader): { value: number; mask: number } | undefined {
  const number = () => readNumber(words.value(option), option)
  switch (option) {
    case '--set-xmark':
    case '--set-mark': {
      const [value, mask] = readMark(words.value(option), option)
      return { value, mask: option === '--set-mark' ? (value | mask) >>> 0 : mask }
    }
    case '--or-mark': {
      const value = number()
      return { value, mask: value }
    }
    case '--xor-mark':
      return { value: number(), mask: 0 }
    case '--and-mark':
      return { value: 0, mask: ~number() >>> 0 }
    default:
      return undefined
  }
}

function readNatOption(draft: Draft, option: string, words: WordReader, addresses: string | undefined): boolean {
  if (option === addresses) Object.assign(draft, readNatRange(words.value(option)))
  else if (option === '--to-ports' && !addresses) draft['ports'] = readPorts(words.value(option), '-')
  else if (option === '--random' || option === '--random-fully') draft['random'] = option.slice(2)
  else if (option === '--persistent' && addresses) draft['isPersistent'] = true
  else return false
  return true
}

function readNatRange(text: string): NatRange {
  const [addresses = '', ports] = text.split(':')
  const [first, last] = addresses === '' ? [undefined, undefined] : readAddresses(addresses)
  return {
    ...(first === undefined ? {} : { first }),
    ...(last === undefined || last === first ? {} : { last }),
    ...(ports === undefined ? {} : { ports: readPorts(ports, '-') }),
  }
}

const logLevels = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug']

function readLogLevel(text: string): number {
  const named = logLevels.indexOf(text)
  return named >= 0 ? named : readNumber(text, '--log-level')
}

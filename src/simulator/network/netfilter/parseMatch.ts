import { maskOf, parseIpv4 } from '../address.ts'
import { tcpFlag } from '../packet.ts'
import { addressTypes, connectionStates, type Match, type PortRange } from './rule.ts'
import {
  readAddresses,
  readFlags,
  readList,
  readMark,
  readNumber,
  readPorts,
  readPrefix,
  readProtocol,
} from './values.ts'
import { RuleSyntaxError, type WordReader } from './words.ts'

/** A match while its options are read. */
type Draft = Record<string, unknown>

/** Takes one option of a match; false when the option is not its own. */
type OptionReader = (draft: Draft, option: string, isNegated: boolean, words: WordReader) => boolean

/** Whether there is a match of that name. */
export function isMatchName(name: string): boolean {
  return Object.hasOwn(readers, name)
}

/** An empty match. */
export function draftMatch(name: string): Draft & { kind: string } {
  if (!isMatchName(name)) throw new RuleSyntaxError(`Couldn't load match \`${name}':No such file or directory`)
  return { kind: name, ...defaults[name] }
}

/** Offers an option to a match; false when the match does not know it. */
export function readMatchOption(
  draft: Draft & { kind: string },
  option: string,
  isNegated: boolean,
  words: WordReader,
): boolean {
  return readers[draft.kind]!(draft, option, isNegated, words)
}

/** The match that a draft has become; throws when something that it needs is missing. */
export function finishMatch(draft: Draft & { kind: string }): Match {
  const missing = required[draft.kind]?.(draft)
  if (missing) throw new RuleSyntaxError(missing)
  return draft as Match
}

const conntrackPrefixes: Readonly<Record<string, string>> = {
  '--ctorigsrc': 'originalSource',
  '--ctorigdst': 'originalDestination',
  '--ctreplsrc': 'replySource',
  '--ctrepldst': 'replyDestination',
}

const defaults: Readonly<Record<string, Draft>> = {
  recent: { reap: false, name: 'DEFAULT', mask: 0xffffffff, side: 'rsource' },
  limit: { rate: '3/hour', burst: 5 },
}

const required: Readonly<Record<string, (draft: Draft) => string | undefined>> = {
  mark: draft => (draft['mark'] ? undefined : 'mark: option "--mark" must be specified'),
  connmark: draft => (draft['mark'] ? undefined : 'connmark: option "--mark" must be specified'),
  set: draft => (draft['name'] ? undefined : "You must specify `--match-set' with proper arguments"),
  multiport: draft => (draft['ports'] ? undefined : 'multiport expection an option'),
  recent: draft =>
    draft['action'] ? undefined : "recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'",
  statistic: draft => (draft['mode'] ? undefined : 'statistic: option "--mode" must be specified'),
}

const readers: Readonly<Record<string, OptionReader>> = {
  comment(draft, option, _, words) {
    if (option !== '--comment') return false
    draft['text'] = words.value(option)
    return true
  },
  tcp(draft, option, isNegated, words) {
    if (option === '--syn') {
      const { syn, reset, acknowledgement, fin } = tcpFlag
      draft['flags'] = { value: { mask: syn | reset | acknowledgement | fin, set: syn }, isNegated }
      return true
    }
    if (option !== '--tcp-flags') return readPortOption(draft, option, isNegated, words)
    const mask = readFlags(words.value(option))
    draft['flags'] = { value: { mask, set: readFlags(words.value(option)) }, isNegated }
    return true
  },
  udp: readPortOption,
  sctp: readPortOption,
  icmp(draft, option, isNegated, words) {
    if (option !== '--icmp-type') return false
    draft['type'] = { value: readIcmpType(words.value(option)), isNegated }
    return true
  },
  multiport(draft, option, isNegated, words) {
    const direction = multiportDirections[option]
    if (!direction) return false
    draft['direction'] = direction
    const ranges: PortRange[] = words
      .value(option)
      .split(',')
      .map(text => readPorts(text))
    draft['ports'] = { value: ranges, isNegated }
    return true
  },
  mark: readMarkOption,
  connmark: readMarkOption,
  conntrack(draft, option, isNegated, words) {
    const prefix = conntrackPrefixes[option]
    if (prefix) draft[prefix] = { value: readPrefix(words.value(option)), isNegated }
    else if (option === '--ctstate')
      draft['states'] = { value: readList(words.value(option), connectionStates, 'ctstate'), isNegated }
    else if (option === '--ctproto') draft['protocol'] = { value: readProtocol(words.value(option)), isNegated }
    else if (option === '--ctorigsrcport')
      draft['originalSourcePort'] = { value: readPorts(words.value(option)), isNegated }
    else if (option === '--ctorigdstport')
      draft['originalDestinationPort'] = { value: readPorts(words.value(option)), isNegated }
    else if (option === '--ctstatus')
      draft['status'] = {
        value: readList(words.value(option), ['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED'], 'ctstatus'),
        isNegated,
      }
    else if (option === '--ctdir') draft['direction'] = readList(words.value(option), ['ORIGINAL', 'REPLY'], 'ctdir')[0]
    else return false
    return true
  },
  state(draft, option, isNegated, words) {
    if (option !== '--state') return false
    draft['states'] = { value: readList(words.value(option), connectionStates, 'state'), isNegated }
    return true
  },
  statistic(draft, option, isNegated, words) {
    if (option === '--mode') {
      const mode = words.value(option)
      if (mode !== 'random' && mode !== 'nth') throw new RuleSyntaxError(`Bad mode "${mode}"`)
      draft['mode'] = mode
      if (mode === 'nth') draft['packet'] ??= 0
    } else if (option === '--probability')
      draft['probability'] = { value: Math.round(0x80000000 * Number(words.value(option))), isNegated }
    else if (option === '--every') draft['every'] = { value: readNumber(words.value(option), option), isNegated }
    else if (option === '--packet') draft['packet'] = readNumber(words.value(option), option)
    else return false
    return true
  },
  addrtype(draft, option, isNegated, words) {
    if (option === '--src-type' || option === '--dst-type')
      draft[option === '--src-type' ? 'source' : 'destination'] = {
        value: readList(words.value(option), addressTypes, 'address type'),
        isNegated,
      }
    else if (option === '--limit-iface-in') draft['limit'] = 'in'
    else if (option === '--limit-iface-out') draft['limit'] = 'out'
    else return false
    return true
  },
  physdev(draft, option, isNegated, words) {
    if (option === '--physdev-in') draft['in'] = { value: words.value(option), isNegated }
    else if (option === '--physdev-out') draft['out'] = { value: words.value(option), isNegated }
    else if (option === '--physdev-is-in') draft['isIn'] = { value: true, isNegated }
    else if (option === '--physdev-is-out') draft['isOut'] = { value: true, isNegated }
    else if (option === '--physdev-is-bridged') draft['isBridged'] = { value: true, isNegated }
    else return false
    return true
  },
  set(draft, option, isNegated, words) {
    if (option !== '--match-set') return false
    draft['name'] = { value: words.value(option), isNegated }
    draft['fields'] = words.value(option).split(',')
    return true
  },
  recent(draft, option, isNegated, words) {
    if (option === '--set' || option === '--rcheck' || option === '--update' || option === '--remove')
      draft['action'] = { value: option.slice(2), isNegated }
    else if (option === '--seconds') draft['seconds'] = readNumber(words.value(option), option)
    else if (option === '--hitcount') draft['hitCount'] = readNumber(words.value(option), option)
    else if (option === '--reap') draft['reap'] = true
    else if (option === '--name') draft['name'] = words.value(option)
    else if (option === '--mask') draft['mask'] = parseIpv4(words.value(option)) ?? maskOf(32)
    else if (option === '--rsource' || option === '--rdest') draft['side'] = option.slice(2)
    else return false
    return true
  },
  nfacct(draft, option, _, words) {
    if (option !== '--nfacct-name') return false
    draft['name'] = words.value(option)
    return true
  },
  limit(draft, option, _, words) {
    if (option === '--limit') draft['rate'] = readRate(words.value(option))
    else if (option === '--limit-burst') draft['burst'] = readNumber(words.value(option), option)
    else return false
    return true
  },
  mac(draft, option, isNegated, words) {
    if (option !== '--mac-source') return false
    draft['source'] = { value: words.value(option).toLowerCase(), isNegated }
    return true
  },
  iprange(draft, option, isNegated, words) {
    if (option !== '--src-range' && option !== '--dst-range') return false
    const [first, last] = readAddresses(words.value(option))
    draft[option === '--src-range' ? 'source' : 'destination'] = { value: [first, last ?? first], isNegated }
    return true
  },
  owner(draft, option, isNegated, words) {
    if (option === '--uid-owner') draft['user'] = { value: readNumber(words.value(option), option), isNegated }
    else if (option === '--gid-owner') draft['group'] = { value: readNumber(words.value(option), option), isNegated }
    else return false
    return true
  },
}

const multiportDirections: Readonly<Record<string, string>> = {
  '--sports': 'source',
  '--source-ports': 'source',
  '--dports': 'destination',
  '--destination-ports': 'destination',
  '--ports': 'either',
}

function readPortOption(draft: Draft, option: string, isNegated: boolean, words: WordReader): boolean {
  if (option === '--sport' || option === '--source-port')
    draft['sourcePort'] = { value: readPorts(words.value(option)), isNegated }
  else if (option === '--dport' || option === '--destination-port')
    draft['destinationPort'] = { value: readPorts(words.value(option)), isNegated }
  else return false
  return true
}

function readMarkOption(draft: Draft, option: string, isNegated: boolean, words: WordReader): boolean {
  if (option !== '--mark') return false
  const [value, mask] = readMark(words.value(option), option)
  draft['mark'] = { value, isNegated }
  draft['mask'] = mask
  return true
}

const icmpNames: Readonly<Record<string, readonly [type: number, code: number | undefined]>> = {
  any: [255, undefined],
  'echo-reply': [0, undefined],
  pong: [0, undefined],
  'destination-unreachable': [3, undefined],
  'network-unreachable': [3, 0],
  'host-unreachable': [3, 1],
  'port-unreachable': [3, 3],
  'fragmentation-needed': [3, 4],
  redirect: [5, undefined],
  'echo-request': [8, undefined],
  ping: [8, undefined],
  'time-exceeded': [11, undefined],
  'ttl-exceeded': [11, undefined],
}

function readIcmpType(text: string): readonly [type: number, code: number | undefined] {
  const named = icmpNames[text]
  if (named) return named
  const [type = '', code] = text.split('/')
  if (!/^\d+$/.test(type)) throw new RuleSyntaxError(`Unknown ICMP type \`${text}'`)
  return [Number(type), code === undefined ? undefined : readNumber(code, '--icmp-type')]
}

/** A rate as iptables prints it back: `5/minute` becomes `5/min`. */
function readRate(text: string): string {
  const [count = '', unit = 'second'] = text.split('/')
  const short = ['sec', 'min', 'hour', 'day'].find(
    name => name.startsWith(unit.slice(0, 3)) || unit.startsWith(name) || name.startsWith(unit),
  )
  if (!/^\d+$/.test(count) || !short) throw new RuleSyntaxError(`bad rate "${text}"'`)
  return `${Number(count)}/${short}`
}

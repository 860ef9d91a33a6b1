import { bytesOf } from '../../../machine/bytes.ts'
import { digestOf } from '../../../machine/digest.ts'

/** The longest name of a chain that iptables takes. */
const longestChainName = 28
/** The longest name of a set that ipset takes. */
const longestSetName = 31

/** The node's end of a pod's cable: `cali` and the beginning of a digest of whose pod it is. */
export function interfaceNameOf(namespace: string, pod: string): string {
  return `cali${digestOf('sha1', bytesOf(`${namespace}.${pod}`)).slice(0, 11)}`
}

/** The chain of a policy: `cali-pi-` for what comes in, `cali-po-` for what goes out. */
export function policyChainName(direction: 'i' | 'o', namespace: string, policy: string): string {
  return chainNameOf(`cali-p${direction}-`, `knp/${namespace}/${policy}`)
}

/** The chain of what a namespace (`kns.default`) or a service account (`ksa.default.web`) allows by itself. */
export function profileChainName(direction: 'i' | 'o', profile: string): string {
  return chainNameOf(`cali-pr${direction}-`, profile)
}

/** The set of all addresses that a selector chooses. */
export function selectorSetName(selector: string): string {
  return setNameOf('s', selector)
}

/** The set of all addresses that a selector chooses, with the port of a name. */
export function namedPortSetName(selector: string, protocol: string, port: string): string {
  return setNameOf('n', `${uniqueId('s', selector)},${protocol}:${port}`)
}

/** A name as it stands, or a digest of it where it would be too long (GetLengthLimitedID of Calico's hash package). */
function chainNameOf(prefix: string, name: string): string {
  if (prefix.length + name.length <= longestChainName) return prefix + name
  return `${prefix}_${base64Digest('sha256', bytesOf(name)).slice(0, longestChainName - 1 - prefix.length)}`
}

function setNameOf(kind: 's' | 'n', content: string): string {
  return `cali40${uniqueId(kind, content)}`.slice(0, longestSetName)
}

function uniqueId(prefix: string, content: string): string {
  return `${prefix}:${base64Digest('sha224', bytesOf(`${prefix}:${content}`))}`
}

/**
 * The comments of a chain's rules, by which felix knows them again: each digest goes on from the one before
 * (RuleHashes of felix).
 */
export function ruleIdentifiers(chain: string, rules: readonly string[]): string[] {
  let before = bytesOfDigest(bytesOf(chain))
  return rules.map(rule => {
    const text = bytesOf(`-A ${chain} HASH ${rule}`)
    const joined = new Uint8Array(before.length + text.length)
    joined.set(before)
    joined.set(text, before.length)
    before = bytesOfDigest(joined)
    return base64(before).slice(0, 16)
  })
}

function bytesOfDigest(bytes: Uint8Array): Uint8Array {
  return bytesOfHex(digestOf('sha224', bytes))
}

function base64Digest(name: 'sha224' | 'sha256', bytes: Uint8Array): string {
  return base64(bytesOfHex(digestOf(name, bytes)))
}

function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g)!, pair => Number.parseInt(pair, 16))
}

/** Base64 for names in URLs, without padding (RFC 4648, section 5). */
function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

import { forEachChild, parse, type SyntaxNode } from 'unbash'

/** Programs that do the same on any Linux machine. */
const ordinary = new Set(
  `kubectl awk base64 basename bash cat cp cut date diff dirname echo env export expr false find grep head jq kill ls
  mkdir mktemp mv printf read rm sed seq set sh sleep sort stat tail tee test [ timeout touch tr true uniq unset wait wc
  xargs yes : cd pwd`.split(/\s+/),
)

/** Addresses of the lab's own network; only the API server's is served here too. */
const labAddress = /192\.168\.64\.(?!10:6443)|\b10\.(96|244)\./

/** Whether a command line needs only a kubectl and a Linux machine, none of the lab's own network and nodes. */
export function isWithinReach(command: string): boolean {
  if (labAddress.test(command)) return false
  const names: string[] = []
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command') names.push(node.name?.value ?? ':')
    forEachChild(node, visit)
  }
  try {
    visit(parse(command))
  } catch {
    return true
  }
  if (!names.includes('kubectl')) return names.every(name => ordinary.has(name))
  // What kubectl forwards to this machine can be reached from it.
  const isForwarding = /kubectl (port-forward|proxy)/.test(command)
  return names.every(name => ordinary.has(name) || (name === 'curl' && isForwarding))
}

import { type Authorizer, type Identity, identityOf } from '../authorization.ts'
import type { Asked } from './server.ts'

interface ResourceAttributes {
  readonly verb?: string
  readonly group?: string
  readonly resource?: string
  readonly subresource?: string
  readonly name?: string
  readonly namespace?: string
}

interface ReviewSpec {
  readonly resourceAttributes?: ResourceAttributes
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string }
  readonly user?: string
  readonly groups?: readonly string[]
  readonly namespace?: string
  readonly token?: string
}

const paths = /^\/apis\/(authorization|authentication)\.k8s\.io\/v1\/(?:namespaces\/[^/]+\/)?(\w+)$/

/** Answers the questions of `kubectl auth`: who am I, and may I. Undefined for other requests. */
export function answerReview({ path, method, body }: Asked, who: Identity, authorizer: Authorizer): unknown {
  const name = method === 'POST' ? paths.exec(path)?.[2] : undefined
  const object = (typeof body === 'object' && body !== null ? body : {}) as { spec?: ReviewSpec }
  const spec = object.spec ?? {}
  switch (name) {
    case 'selfsubjectreviews':
      return {
        kind: 'SelfSubjectReview',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: {},
        status: { userInfo: { username: who.name, groups: who.groups } },
      }
    case 'selfsubjectaccessreviews':
      return { ...object, status: decision(authorizer, who, spec) }
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews':
      return { ...object, status: decision(authorizer, identityOf(spec.user ?? '', spec.groups), spec) }
    case 'selfsubjectrulesreviews': {
      const rules = authorizer.rulesFor(who, spec.namespace)
      return {
        ...object,
        status: {
          resourceRules: rules.filter(rule => !rule.nonResourceURLs?.length),
          nonResourceRules: rules.filter(rule => rule.nonResourceURLs?.length),
          incomplete: false,
        },
      }
    }
    case 'tokenreviews':
      return { ...object, status: tokenStatus(spec.token ?? '') }
    default:
      return undefined
  }
}

function decision(authorizer: Authorizer, who: Identity, spec: ReviewSpec): { allowed: boolean; reason?: string } {
  const { resourceAttributes: wanted, nonResourceAttributes: plain } = spec
  const intent = plain
    ? { verb: plain.verb ?? '', group: '', resource: '', path: plain.path ?? '' }
    : {
        verb: wanted?.verb ?? '',
        group: wanted?.group ?? '',
        resource: wanted?.resource ?? '',
        ...(wanted?.subresource && { subresource: wanted.subresource }),
        ...(wanted?.name && { name: wanted.name }),
        ...(wanted?.namespace && { namespace: wanted.namespace }),
      }
  return { allowed: authorizer.allows(who, intent) }
}

interface TokenClaims {
  readonly sub: string
  readonly aud: unknown
  readonly jti?: string
  readonly 'kubernetes.io'?: {
    readonly serviceaccount?: { readonly uid?: string }
    readonly pod?: { readonly name?: string; readonly uid?: string }
    readonly node?: { readonly name?: string; readonly uid?: string }
  }
}

/** What else a token says of its bearer. */
function extraOf(claims: TokenClaims): Record<string, readonly string[]> {
  const { pod, node } = claims['kubernetes.io'] ?? {}
  const facts = {
    'credential-id': claims.jti && `JTI=${claims.jti}`,
    'node-name': node?.name,
    'node-uid': node?.uid,
    'pod-name': pod?.name,
    'pod-uid': pod?.uid,
  }
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value ? [[`authentication.kubernetes.io/${name}`, [value]]] : [],
    ),
  )
}

/** Whom a token speaks for. */
function tokenStatus(token: string): unknown {
  try {
    const text = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))
    const claims = JSON.parse(text) as TokenClaims
    const { name, groups } = identityOf(claims.sub)
    const { serviceaccount } = claims['kubernetes.io'] ?? {}
    const uid = serviceaccount?.uid
    return {
      authenticated: true,
      user: { username: name, ...(uid && { uid }), groups, extra: extraOf(claims) },
      audiences: claims.aud,
    }
  } catch {
    return { user: {}, error: '[invalid bearer token]' }
  }
}

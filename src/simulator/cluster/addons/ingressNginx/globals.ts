import type { Globals } from './model.ts'
import { usualSettings } from './settings.ts'

const known = new Set(
  `allow-snippet-annotations denylist-source-range enable-access-log-for-default-backend force-ssl-redirect hsts
  hsts-include-subdomains hsts-max-age hsts-preload proxy-body-size proxy-connect-timeout proxy-next-upstream
  proxy-next-upstream-tries proxy-read-timeout proxy-send-timeout server-tokens ssl-redirect strict-validate-path-type
  use-forwarded-headers whitelist-source-range`.split(/\s+/),
)

/** Reads the controller's ConfigMap; the second value names the settings that have no effect here. */
export function readGlobals(data: Readonly<Record<string, string>>): [Globals, readonly string[]] {
  const flag = (name: string, otherwise: boolean) => (name in data ? data[name]!.trim() === 'true' : otherwise)
  const number = (name: string, otherwise: number) => (/^\d+$/.test(data[name] ?? '') ? Number(data[name]) : otherwise)
  const list = (name: string) =>
    (data[name] ?? '')
      .split(/[,\s]+/)
      .filter(Boolean)
      .sort()
  const globals: Globals = {
    hsts: flag('hsts', true),
    hstsMaxAge: number('hsts-max-age', 31_536_000),
    hstsIncludeSubdomains: flag('hsts-include-subdomains', true),
    hstsPreload: flag('hsts-preload', false),
    serverTokens: flag('server-tokens', false),
    useForwardedHeaders: flag('use-forwarded-headers', false),
    allowSnippets: flag('allow-snippet-annotations', false),
    strictPathTypes: flag('strict-validate-path-type', true),
    defaults: {
      ...usualSettings,
      sslRedirect: flag('ssl-redirect', true),
      forceSslRedirect: flag('force-ssl-redirect', false),
      bodySize: data['proxy-body-size'] ?? usualSettings.bodySize,
      connectTimeout: number('proxy-connect-timeout', usualSettings.connectTimeout),
      sendTimeout: number('proxy-send-timeout', usualSettings.sendTimeout),
      readTimeout: number('proxy-read-timeout', usualSettings.readTimeout),
      nextUpstream: data['proxy-next-upstream'] ?? usualSettings.nextUpstream,
      nextUpstreamTries: number('proxy-next-upstream-tries', usualSettings.nextUpstreamTries),
      allow: list('whitelist-source-range'),
      deny: list('denylist-source-range'),
    },
  }
  return [
    globals,
    Object.keys(data)
      .filter(name => !known.has(name))
      .sort(),
  ]
}

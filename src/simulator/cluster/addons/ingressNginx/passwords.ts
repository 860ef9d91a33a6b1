import { bytesOf } from '../../../machine/bytes.ts'
import { digestBytes, md5Crypt } from '../../../machine/md5Crypt.ts'

// Simplified: of htpasswd's schemes bcrypt and the old crypt are not known; such passwords never fit.
/** Whether a password is the one of a line of htpasswd: `$apr1$…`, `{SHA}…` or `{PLAIN}…`. */
export function isPasswordOf(stored: string, password: string): boolean {
  const value = stored.trim()
  if (value.startsWith('{PLAIN}')) return value.slice('{PLAIN}'.length) === password
  if (value.startsWith('{SHA}'))
    return btoa(latin(digestBytes('sha1', bytesOf(password)))) === value.slice('{SHA}'.length)
  const [, magic, salt] = /^(\$(?:apr1|1)\$)([^$]{0,8})\$/.exec(value) ?? []
  return magic !== undefined && salt !== undefined && md5Crypt(password, salt, magic) === value
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

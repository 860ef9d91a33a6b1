import type { Credential } from './authority.ts'

/** The file from which kubectl and its like learn where a cluster is and who they are. */
export function kubeconfig(server: string, authority: string, user: string, credential: Credential): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: ${base64(authority)}
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: ${user}
  name: ${user}@kubernetes
current-context: ${user}@kubernetes
users:
- name: ${user}
  user:
    client-certificate-data: ${base64(credential.certificate)}
    client-key-data: ${base64(credential.key)}
`
}

import { readLabDefinition } from '#simulator/labDefinition.ts'
import type { LessonPack } from '../terminal/protocol.ts'

/** The playground stands where a lesson would. */
export const playground = 'playground'

/** The lab.yaml that it begins with. */
export const usualSettings = `cni:
  plugin: flannel
  backend: vxlan
proxy: iptables
nodes: 3
`

const files = {
  'client.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: client
  labels:
    app: client
spec:
  containers:
  - name: tools
    image: nicolaka/netshoot:v0.13
    command: ["sleep", "infinity"]
`,
  'web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: registry.k8s.io/e2e-test-images/agnhost:2.53
        args: ["netexec", "--http-port=8080"]
        ports:
        - containerPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
`,
  'deny.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny
spec:
  podSelector: {}
  policyTypes: ["Ingress"]
`,
}

/** What the worker of the playground fetches. */
export function playgroundPack(): LessonPack {
  return { folder: undefined, definition: readLabDefinition(usualSettings, files), takesSettings: true }
}

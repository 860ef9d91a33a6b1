import { Lab } from '../../../../src/simulator/lab.ts'
import { readLabSettings } from '../../../../src/simulator/labDefinition.ts'

/** A lab with a mesh, and what tests ask of it. */
export class MeshLab {
  readonly lab: Lab

  private constructor(lab: Lab) {
    this.lab = lab
  }

  static async boot(addons: string, files: Readonly<Record<string, string>>, seed = 1): Promise<MeshLab> {
    return new MeshLab(await Lab.boot({ cluster: readLabSettings({ addons }), files }, seed))
  }

  /** Runs a command line on the workstation and gives all that it printed. */
  async run(command: string): Promise<string> {
    const { stdout, stderr } = await this.lab.run(command)
    return stdout + stderr
  }

  /** Applies files and lets what they change take its course. */
  async apply(...files: string[]): Promise<void> {
    await this.run(`kubectl apply ${files.map(file => `-f ${file}`).join(' ')}`)
    await this.lab.settle()
    await this.lab.advance(5000)
  }

  /** Runs a shell command in the client's pod. */
  client(command: string): Promise<string> {
    return this.run(`kubectl exec deploy/client -- sh -c '${command}'`)
  }

  /** How many of some requests got which answer: `18 v1, 2 v2`. */
  async count(times: number, request: string): Promise<string> {
    const text = await this.client(`for i in $(seq ${times}); do ${request}; done`)
    const counts = new Map<string, number>()
    for (const line of text.trim().split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
    return [...counts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([line, count]) => `${count} ${line}`)
      .join(', ')
  }
}

/** A Deployment with one container, as YAML. */
export function deploymentYaml(
  name: string,
  container: string,
  labels: Readonly<Record<string, string>> = { app: name },
  annotations: Readonly<Record<string, string>> = {},
): string {
  const text = JSON.stringify(labels)
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: ${text}}
  template:
    metadata: {labels: ${text}, annotations: ${JSON.stringify(annotations)}}
    spec:
      containers:
      - ${container}
---
`
}

/** A Service for the pods of an app, as YAML. */
export function serviceYaml(name: string, port: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [${port}]}
---
`
}

/** A pod from which nothing but the shell is wanted. */
export const clientContainer = '{name: client, image: "nicolaka/netshoot:v0.13", command: [sleep, infinity]}'

/** A server that answers with a text. */
export function echoContainer(text: string, more = ''): string {
  return `{name: web, image: "hashicorp/http-echo:1.0", args: ["-text=${text}"], ports: [{containerPort: 5678}]${more}}`
}

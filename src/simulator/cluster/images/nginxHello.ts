import { anyOf, type Image } from './image.ts'
import { layNginx, nginxSettings } from './nginx/layer.ts'

/** Tells which server answers; a demonstration of the makers of nginx. */
export const nginxHello = hello('docker.io/nginxdemos/hello', 80)

/** The same on a port that everybody may use. */
export const nginxHelloUnprivileged = hello('docker.io/nginxdemos/nginx-hello', 8080)

function hello(repository: string, port: number): Image {
  return {
    repository,
    hasTag: anyOf('latest', 'plain-text', '0.2', '0.3', '0.4', '0.3-plain-text', '0.4-plain-text'),
    size: () => 17_200_000,
    settings: () => ({ ...nginxSettings, ports: [`${port}/tcp`] }),
    // Simplified: the page is as short as the plain text.
    build: (files, tag, programs) =>
      layNginx(files, programs, '1.27.5', { isAlpine: true, server: serverOf(port, tag.includes('plain-text')) }),
  }
}

const facts = ['Server address: $server_addr:$server_port', 'Server name: $hostname', 'Date: $time_local']
const lines = [...facts, 'URI: $request_uri', 'Request ID: $request_id']

function serverOf(port: number, isPlain: boolean): string {
  const paragraphs = lines.map(line => `<p>${line}</p>\n`).join('')
  const text = isPlain
    ? `${lines.join('\n')}\n`
    : `<!DOCTYPE html>\n<html>\n<head>\n<title>Hello World</title>\n</head>\n<body>\n${paragraphs}</body>\n</html>\n`
  return `server {
    listen       ${port};
    listen  [::]:${port};

    location / {
        default_type ${isPlain ? 'text/plain' : 'text/html'};
        expires -1;
        return 200 '${text}';
    }
}
`
}

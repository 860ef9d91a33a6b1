// What many people use and this lab does not run.
const official =
  `adminer almalinux amazonlinux amazoncorretto archlinux bash cassandra centos chronograf clojure consul couchbase couchdb
  dart docker drupal eclipse-temurin elasticsearch elixir erlang fedora flink friendica gcc ghost golang gradle groovy haproxy
  haskell hello-world hylang influxdb irssi jenkins jetty joomla jruby julia kapacitor kibana kong logstash mariadb
  matomo maven mediawiki memcached mongo mongo-express mysql nats neo4j nextcloud node odoo openjdk oraclelinux percona perl
  photon php phpmyadmin postgres pypy python r-base rabbitmq redmine registry rethinkdb rocket.chat rockylinux ruby rust
  sonarqube solr spark storm swift swipl telegraf tomcat tomee traefik varnish vault wordpress xwiki znc zookeeper caddy
  alt opensuse`.split(/\s+/)
const makers =
  `apache argoproj bitnami bitnamilegacy calico cilium citusdata clickhouse confluentinc datadog dockersamples dockercoins
  envoyproxy fluent gitlab grafana hashicorp hazelcast istio jaegertracing jenkins jpetazzo k3s kennethreitz kindest kiamol
  kong langchain linkerd linuxserver mccutchen mendhak metallb minio nginx nginxinc ollama openebs openzipkin portainer
  prom prometheuscommunity pytorch rancher rook selenium sonatype strimzi temporalio tensorflow traefik vllm weaveworks
  ealen paulbouwer nginxdemos dgkanatsios vad1mo wbitt praqma`.split(/\s+/)
const registries = `registry.k8s.io gcr.io ghcr.io quay.io mcr.microsoft.com public.ecr.aws docker.elastic.co
  us-docker.pkg.dev mirror.gcr.io cgr.dev nvcr.io registry.gitlab.com lscr.io`.split(/\s+/)

/** Whether an image is one that the world has, as far as one can tell, while the lab has not. */
export function isElsewhere(repository: string): boolean {
  const [domain, owner, name] = repository.split('/')
  if (domain !== 'docker.io') return registries.includes(domain!)
  return owner === 'library' ? official.includes(name!) : makers.includes(owner!)
}

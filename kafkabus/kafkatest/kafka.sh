#!/usr/bin/env bash
# Apache Kafka (KRaft, broker and controller in one process) on loopback, from Maven's jars. Needs Java 17 and mvn.
#
#   kafka.sh start [1|3]   format and start nodes; print their addresses; return when all of them listen
#   kafka.sh kill N        kill -9 node N
#   kafka.sh back N        start it again on the same data
#   kafka.sh stop          end all nodes and delete their data
#   kafka.sh format [1|3]  only write configuration and format
#   kafka.sh run N         run a formatted node in the foreground
#
# Environment:
#   KAFKA_PORT   node i listens on KAFKA_PORT-1+i (default 9092); 10 above for controllers, 20 above for SASL,
#                30 above for TLS, 40 above for SASL over TLS
#   KAFKA_DIR    configuration, data, logs (default /tmp/landfall-kafka-PORT)
#   KAFKA_LIBS   the jars, about 45 MB, downloaded once (default ~/.cache/landfall/kafka-4.1.1)
#   KAFKA_SASL   a user:password: the SASL listeners stand, with PLAIN and both SCRAM mechanisms
#   KAFKA_PEM    a folder with ca.pem and node.pem (key, then certificate): the TLS listeners stand; the plain one of
#                them wants a client certificate
set -euo pipefail
port=${KAFKA_PORT:-9092}
dir=${KAFKA_DIR:-/tmp/landfall-kafka-$port}
libs=${KAFKA_LIBS:-${XDG_CACHE_HOME:-$HOME/.cache}/landfall/kafka-4.1.1}
here=$(cd "$(dirname "$0")" && pwd)

java_() { java -Xms192m -Xmx384m -XX:ActiveProcessorCount=2 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$libs/*" "$@"; }

jars() {
  mkdir -p "$libs"
  exec 9>"$libs/.lock"
  if command -v flock >/dev/null; then flock 9; fi
  if [ ! -f "$libs/.done" ]; then
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$libs" >&2
    touch "$libs/.done"
  fi
  exec 9>&-
}

properties() { # node, nodes
  local i=$1 n=$2 isr=1 listeners protocols
  if [ "$n" -ge 3 ]; then isr=2; fi
  at() { echo "$1://127.0.0.1:$((port - 1 + $2 + i))"; }
  listeners=$(at BROKER 0)
  protocols=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
  if [ -n "${KAFKA_SASL:-}" ]; then
    listeners+=,$(at SASL 20) protocols+=,SASL:SASL_PLAINTEXT
  fi
  if [ -n "${KAFKA_PEM:-}" ]; then
    listeners+=,$(at TLS 30) protocols+=,TLS:SSL
  fi
  if [ -n "${KAFKA_SASL:-}" ] && [ -n "${KAFKA_PEM:-}" ]; then
    listeners+=,$(at SASLTLS 40) protocols+=,SASLTLS:SASL_SSL
  fi
  cat <<P
process.roles=broker,controller
node.id=$i
controller.quorum.voters=$(for j in $(seq "$n"); do printf '%s%d@127.0.0.1:%d' "$([ "$j" -gt 1 ] && echo , || true)" "$j" $((port + 9 + j)); done)
listeners=$listeners,$(at CONTROLLER 10)
advertised.listeners=$listeners
listener.security.protocol.map=$protocols
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
log.dirs=$dir/data$i
auto.create.topics.enable=false
default.replication.factor=$n
min.insync.replicas=$isr
offsets.topic.replication.factor=$n
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=$n
transaction.state.log.min.isr=$isr
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=2
log.retention.check.interval.ms=2000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
controller.quorum.election.timeout.ms=1000
controller.quorum.fetch.timeout.ms=1500
P
  security
}

security() {
  local l
  if [ -n "${KAFKA_SASL:-}" ]; then
    echo 'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'
    for l in sasl sasltls; do
      echo "listener.name.$l.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_${KAFKA_SASL%%:*}=\"${KAFKA_SASL#*:}\";"
      echo "listener.name.$l.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;"
      echo "listener.name.$l.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;"
    done
  fi
  if [ -n "${KAFKA_PEM:-}" ]; then
    echo "ssl.keystore.type=PEM"
    echo "ssl.keystore.location=$KAFKA_PEM/node.pem"
    echo "ssl.truststore.type=PEM"
    echo "ssl.truststore.location=$KAFKA_PEM/ca.pem"
    echo "listener.name.tls.ssl.client.auth=required"
  fi
}

format() { # nodes
  local n=$1 i id scram=()
  jars
  mkdir -p "$dir"
  if [ -n "${KAFKA_SASL:-}" ]; then
    local user="name=${KAFKA_SASL%%:*},password=${KAFKA_SASL#*:}"
    scram=(--add-scram "SCRAM-SHA-256=[$user]" --add-scram "SCRAM-SHA-512=[$user]")
  fi
  id=$(java_ kafka.tools.StorageTool random-uuid | tail -n 1)
  for i in $(seq "$n"); do
    properties "$i" "$n" >"$dir/node$i.properties"
    rm -rf "$dir/data$i" "$dir/node$i.log"
    java_ kafka.tools.StorageTool format -t "$id" -c "$dir/node$i.properties" "${scram[@]}" >"$dir/format$i.log" 2>&1 || { cat "$dir/format$i.log" >&2; return 1; }
  done
}

run() { # node
  exec java -Xms192m -Xmx384m -XX:ActiveProcessorCount=2 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$libs/*" \
    kafka.Kafka "$dir/node$1.properties" >>"$dir/node$1.log" 2>&1
}

launch() { # node
  (trap '' HUP; run "$1") </dev/null >/dev/null 2>&1 &
  echo $! >"$dir/node$1.pid"
}

await() { # node
  for _ in $(seq 600); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$((port - 1 + $1))") 2>/dev/null; then return; fi
    sleep 0.2
  done
  echo "node $1 does not listen; see $dir/node$1.log" >&2
  return 1
}

case ${1:-} in
format) format "${2:-1}" ;;
run) run "$2" ;;
start)
  n=${2:-1}
  format "$n"
  for i in $(seq "$n"); do launch "$i"; done
  for i in $(seq "$n"); do await "$i"; done
  for i in $(seq "$n"); do printf '%s127.0.0.1:%d' "$([ "$i" -gt 1 ] && echo , || true)" $((port - 1 + i)); done
  echo ;;
kill) kill -9 "$(cat "$dir/node$2.pid")" ;;
back) launch "$2"; await "$2" ;;
stop)
  for p in "$dir"/node*.pid; do
    if [ -f "$p" ]; then kill -9 "$(cat "$p")" 2>/dev/null || true; fi
  done
  rm -rf "$dir" ;;
*) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" | grep -v '^set '; exit 2 ;;
esac

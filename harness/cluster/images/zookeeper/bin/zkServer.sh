#!/bin/bash
# Runs the server in the foreground, or asks a running one for its mode.
set -eu
. /opt/zookeeper/bin/zkEnv.sh

case "${1:-}" in
  start-foreground)
    exec ${JAVA} ${LOGGING} -cp "${CLASSPATH}" ${JVMFLAGS} \
      org.apache.zookeeper.server.quorum.QuorumPeerMain "${ZOOCFG}"
    ;;
  status)
    port="$(sed -n 's/^clientPort=//p' "${ZOOCFG}")"
    printf srvr | nc 127.0.0.1 "${port}" | grep '^Mode: ' || { echo 'It is not serving.'; exit 1; }
    ;;
  *)
    echo 'Usage: zkServer.sh start-foreground | status' >&2
    exit 1
    ;;
esac

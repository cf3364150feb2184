#!/bin/bash
# The client of the distribution: one command given as arguments, or a session.
set -eu
. /opt/zookeeper/bin/zkEnv.sh
exec ${JAVA} -Xmx64m ${LOGGING} -cp "${CLASSPATH}" org.apache.zookeeper.ZooKeeperMain "$@"

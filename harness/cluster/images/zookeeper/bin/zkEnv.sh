# Sourced by the other scripts: where the configuration is, and what Java needs to know.
: "${ZOOCFGDIR:=/opt/zookeeper/conf}"
: "${ZOO_LOG_DIR:=/var/log/zookeeper}"
: "${ZOO_LOG4J_PROP:=INFO,CONSOLE}"
JVMFLAGS="${JVMFLAGS:-}"
if [ -f "${ZOOCFGDIR}/java.env" ]; then . "${ZOOCFGDIR}/java.env"; fi
ZOOCFG="${ZOOCFGDIR}/zoo.cfg"
LOGGING="-Dzookeeper.log.dir=${ZOO_LOG_DIR} -Dzookeeper.root.logger=${ZOO_LOG4J_PROP}"
CLASSPATH="${ZOOCFGDIR}:/opt/zookeeper/lib/*"
# Small virtual machines that start fast: several of them share a machine.
JAVA="java -XX:+UseSerialGC -XX:TieredStopAtLevel=1"

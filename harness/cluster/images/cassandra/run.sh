#!/bin/bash
# Writes what the environment says into the configuration, and becomes the server.
set -eu

conf=/etc/cassandra
data=/cassandra_data
config=${conf}/cassandra.yaml

: "${POD_IP:=$(hostname -i | cut -d' ' -f1)}"
: "${CASSANDRA_CLUSTER_NAME:=Test Cluster}"
: "${CASSANDRA_NUM_TOKENS:=32}"
: "${CASSANDRA_RPC_ADDRESS:=0.0.0.0}"
: "${CASSANDRA_LISTEN_ADDRESS:=${POD_IP}}"
: "${CASSANDRA_BROADCAST_ADDRESS:=${POD_IP}}"
: "${CASSANDRA_BROADCAST_RPC_ADDRESS:=${POD_IP}}"
: "${CASSANDRA_SEED_PROVIDER:=org.apache.cassandra.locator.SimpleSeedProvider}"
: "${CASSANDRA_SEEDS:=${POD_IP}}"
: "${CASSANDRA_AUTO_BOOTSTRAP:=true}"
: "${CASSANDRA_RING_DELAY:=30000}"
: "${CASSANDRA_MIGRATION_WAIT:=1}"

# Sets a key of the first level, be it there, in a comment, or not at all.
write() {
  local value
  value=$(printf '%s' "$2" | sed 's/[&\\|]/\\&/g')
  if grep -qE "^(# *)?$1:" "${config}"; then
    sed -i -E "0,/^(# *)?$1:/s|^(# *)?$1:.*|$1: ${value}|" "${config}"
  else
    printf '%s: %s\n' "$1" "$2" >> "${config}"
  fi
}

if [ -n "${CASSANDRA_DC:-}" ] && [ -n "${CASSANDRA_RACK:-}" ]; then
  printf 'dc=%s\nrack=%s\n' "${CASSANDRA_DC}" "${CASSANDRA_RACK}" > "${conf}/cassandra-rackdc.properties"
  rm -f "${conf}/cassandra-topology.properties"
  CASSANDRA_ENDPOINT_SNITCH=GossipingPropertyFileSnitch
fi

write cluster_name "'${CASSANDRA_CLUSTER_NAME}'"
for key in auto_bootstrap broadcast_address broadcast_rpc_address compaction_throughput_mb_per_sec concurrent_compactors \
  concurrent_reads concurrent_writes counter_cache_size_in_mb disk_optimization_strategy endpoint_snitch gc_warn_threshold_in_ms \
  internode_compression key_cache_size_in_mb listen_address listen_interface memtable_allocation_type memtable_cleanup_threshold \
  memtable_flush_writers num_tokens rpc_address rpc_interface; do
  variable=CASSANDRA_${key^^}
  [ -z "${!variable:-}" ] || write "${key}" "${!variable}"
done

sed -i -E "s|^( *- class_name: ).*(SeedProvider)$|\1${CASSANDRA_SEED_PROVIDER}|; s|^( *- seeds: ).*|\1\"${CASSANDRA_SEEDS}\"|" "${config}"

sed -i '/^data_file_directories:/,/^ *- /d' "${config}"
printf 'data_file_directories:\n    - %s/data\n' "${data}" >> "${config}"
write commitlog_directory "${data}/commitlog"
write saved_caches_directory "${data}/saved_caches"
write hints_directory "${data}/hints"
write cdc_raw_directory "${data}/cdc_raw"

options="-Dcassandra.ring_delay_ms=${CASSANDRA_RING_DELAY} -Dcassandra.migration_task_wait_in_seconds=${CASSANDRA_MIGRATION_WAIT} -Djava.rmi.server.hostname=${POD_IP}"
[ -z "${CASSANDRA_REPLACE_NODE:-}" ] || options+=" -Dcassandra.replace_address=${CASSANDRA_REPLACE_NODE}"
[ -z "${CASSANDRA_MAX_HEAP:-}" ] || { export MAX_HEAP_SIZE=${CASSANDRA_MAX_HEAP}; export HEAP_NEWSIZE=${HEAP_NEWSIZE:-100M}; }
if [ "${CASSANDRA_GC_STDOUT:-false}" != true ]; then sed -i '/^-XX:+Print/d' "${conf}/jvm.options"; fi
if [ "${CASSANDRA_OPEN_JMX:-false}" = true ]; then
  export LOCAL_JMX=no
  options+=' -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false'
fi
export JVM_EXTRA_OPTS="${JVM_EXTRA_OPTS:-} ${options}"

chmod 700 "${data}"
chown -R cassandra "${data}" "${conf}"
exec setpriv --reuid=cassandra --regid=cassandra --init-groups "${CASSANDRA_HOME}/bin/cassandra" -f

#!/bin/bash
# What `mysql:8.0` does before it serves, as its documentation has it: an empty data directory is made a database, with the passwords, the
# database and the user that the MYSQL_* variables name, by a server that nobody can reach over the network; a directory with a database
# in it is served as it is, whatever the variables say.
set -eo pipefail

data=/var/lib/mysql
socket=/var/run/mysqld/mysqld.sock

# value NAME DEFAULT: what NAME says, or what is in the file that NAME_FILE names; never both.
value() {
  local name=$1 file="${1}_FILE"
  if [ -n "${!name}" ] && [ -n "${!file}" ]; then refuse "both $name and $file are set, and only one may be"; fi
  if [ -n "${!file}" ]; then cat "${!file}"; else printf '%s' "${!name:-$2}"; fi
}

say() {
  printf 'entrypoint: %s\n' "$*"
}

refuse() {
  printf 'entrypoint: %s\n' "$*" >&2
  exit 1
}

# A string as SQL has it: between quotes, which are doubled within, as backslashes are.
quoted() {
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\'\'}"
}

identifier() {
  printf '`%s`' "${1//\`/\`\`}"
}

sql() {
  mysql --no-defaults --socket="$socket" --user=root --comments "$@"
}

initialise() {
  local root_password database user password root_host
  root_password=$(value MYSQL_ROOT_PASSWORD '')
  database=$(value MYSQL_DATABASE '')
  user=$(value MYSQL_USER '')
  password=$(value MYSQL_PASSWORD '')
  root_host=$(value MYSQL_ROOT_HOST '%')
  if [ -z "$root_password$MYSQL_ALLOW_EMPTY_PASSWORD$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
    refuse 'the database is not there yet, and none of MYSQL_ROOT_PASSWORD, MYSQL_ALLOW_EMPTY_PASSWORD and MYSQL_RANDOM_ROOT_PASSWORD is set'
  fi
  if [ "$user" = root ]; then refuse 'MYSQL_USER is root, who is there anyway: MYSQL_ROOT_PASSWORD is for that user'; fi
  if [ -n "$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
    root_password=$(head -c 24 /dev/urandom | base64)
    say "GENERATED ROOT PASSWORD: $root_password"
  fi

  say 'initialising the data directory'
  mysqld --initialize-insecure
  say 'starting a server without a network'
  mysqld --skip-networking --daemonize --log-error=/tmp/temporary-server.log

  local password_of_root
  password_of_root=$(quoted "$root_password")
  {
    if [ -n "$database" ]; then printf 'CREATE DATABASE IF NOT EXISTS %s;\n' "$(identifier "$database")"; fi
    if [ -n "$user" ] && [ -n "$password" ]; then
      printf 'CREATE USER %s@%s IDENTIFIED BY %s;\n' "$(quoted "$user")" "'%'" "$(quoted "$password")"
      if [ -n "$database" ]; then
        # In GRANT an underscore is any letter unless it is escaped.
        printf 'GRANT ALL ON %s.* TO %s@%s;\n' "$(identifier "${database//_/\\_}")" "$(quoted "$user")" "'%'"
      fi
    fi
    if [ -n "$root_host" ] && [ "$root_host" != localhost ]; then
      printf 'CREATE USER root@%s IDENTIFIED BY %s;\n' "$(quoted "$root_host")" "$password_of_root"
      printf 'GRANT ALL ON *.* TO root@%s WITH GRANT OPTION;\n' "$(quoted "$root_host")"
    fi
    # Last, since from here on this connection's user has a password.
    printf 'ALTER USER root@localhost IDENTIFIED BY %s;\n' "$password_of_root"
  } | sql
  local script
  for script in /docker-entrypoint-initdb.d/*.sql; do
    if [ -e "$script" ]; then
      say "running $script"
      MYSQL_PWD=$root_password sql "$database" < "$script"
    fi
  done
  say 'stopping the server without a network'
  MYSQL_PWD=$root_password mysqladmin --no-defaults --socket="$socket" --user=root shutdown
  while [ -e /var/run/mysqld/mysqld.pid ]; do sleep 0.1; done
  say 'the database is made'
}

if [ "${1:0:1}" = - ]; then set -- mysqld "$@"; fi
if [ "$1" = mysqld ]; then
  if [ "$(id -u)" = 0 ]; then
    find "$data" \! -user mysql -exec chown mysql:mysql '{}' +
    exec gosu mysql "$0" "$@"
  fi
  if [ ! -d "$data/mysql" ]; then initialise; fi
fi
exec "$@"

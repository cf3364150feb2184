#!/bin/bash
# What `wordpress:6.2.1-apache` does before it serves, as its documentation has it: an empty /var/www/html gets WordPress's files, and
# a configuration that reads the WORDPRESS_* variables where one of them is set. What is there already is left as it is.
set -eo pipefail

source=/usr/src/wordpress

copy_site() {
  echo "entrypoint: copying WordPress to $PWD" >&2
  local skipped=()
  local theme_or_plugin
  # Themes and plugins that somebody put there before count more than those that come with WordPress.
  for theme_or_plugin in wp-content/*/*/; do
    if [ -d "$theme_or_plugin" ]; then skipped+=(--exclude="./${theme_or_plugin%/}"); fi
  done
  # The file by which the next start knows that all was copied comes last.
  tar --create --directory "$source" "${skipped[@]}" --exclude ./index.php . | tar --extract --no-overwrite-dir
  cp --preserve "$source/index.php" index.php
}

configure() {
  local text salt
  text=$(cat wp-config-docker.php)
  while [[ $text == *'put your unique phrase here'* ]]; do
    salt=$(head -c 40 /dev/urandom | sha256sum | cut -d ' ' -f 1)
    text=${text/put your unique phrase here/$salt}
  done
  printf '%s\n' "$text" > wp-config.php
  chown www-data:www-data wp-config.php
}

if [[ $1 == apache2* ]]; then
  if [ ! -e index.php ]; then copy_site; fi
  if [ ! -s wp-config.php ] && compgen -e | grep -q '^WORDPRESS_'; then configure; fi
fi
exec "$@"

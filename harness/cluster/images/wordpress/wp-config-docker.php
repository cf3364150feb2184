<?php
/**
 * WordPress's configuration, read from the container's environment at every request. A variable WORDPRESS_X may come as WORDPRESS_X_FILE,
 * which names a file that holds the value.
 */
function from_environment(string $name, string $default): string
{
    $file = getenv($name . '_FILE');
    if ($file !== false) {
        return rtrim(file_get_contents($file), "\r\n");
    }
    $value = getenv($name);
    return $value === false ? $default : $value;
}

define('DB_NAME', from_environment('WORDPRESS_DB_NAME', 'wordpress'));
define('DB_USER', from_environment('WORDPRESS_DB_USER', 'example username'));
define('DB_PASSWORD', from_environment('WORDPRESS_DB_PASSWORD', 'example password'));
define('DB_HOST', from_environment('WORDPRESS_DB_HOST', 'mysql'));
define('DB_CHARSET', from_environment('WORDPRESS_DB_CHARSET', 'utf8mb4'));
define('DB_COLLATE', from_environment('WORDPRESS_DB_COLLATE', ''));

define('AUTH_KEY', from_environment('WORDPRESS_AUTH_KEY', 'put your unique phrase here'));
define('SECURE_AUTH_KEY', from_environment('WORDPRESS_SECURE_AUTH_KEY', 'put your unique phrase here'));
define('LOGGED_IN_KEY', from_environment('WORDPRESS_LOGGED_IN_KEY', 'put your unique phrase here'));
define('NONCE_KEY', from_environment('WORDPRESS_NONCE_KEY', 'put your unique phrase here'));
define('AUTH_SALT', from_environment('WORDPRESS_AUTH_SALT', 'put your unique phrase here'));
define('SECURE_AUTH_SALT', from_environment('WORDPRESS_SECURE_AUTH_SALT', 'put your unique phrase here'));
define('LOGGED_IN_SALT', from_environment('WORDPRESS_LOGGED_IN_SALT', 'put your unique phrase here'));
define('NONCE_SALT', from_environment('WORDPRESS_NONCE_SALT', 'put your unique phrase here'));

$table_prefix = from_environment('WORDPRESS_TABLE_PREFIX', 'wp_');

define('WP_DEBUG', (bool) from_environment('WORDPRESS_DEBUG', ''));

/* The cluster may have no way to the internet; a page that asks wordpress.org for news of itself would wait for it. */
define('WP_HTTP_BLOCK_EXTERNAL', true);

$extra = from_environment('WORDPRESS_CONFIG_EXTRA', '');
if ($extra !== '') {
    eval($extra);
}

if (! defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}

require_once ABSPATH . 'wp-settings.php';
